"""What to cite: the paper, this program, and what the shown numbers were made from."""

from precompute.schema import SCHEMA_VERSION

PAPER = """@inproceedings{feng2023neural,
  title     = {Neural Dependencies Emerging from Learning Massive Categories},
  author    = {Feng, Ruili and Zheng, Kecheng and Zhu, Kai and Shen, Yujun and Zhao, Jian and
               Huang, Yukun and Zhao, Deli and Zhou, Jingren and Jordan, Michael and Zha, Zheng-Jun},
  booktitle = {CVPR},
  note      = {arXiv:2211.12339},
  year      = {2023}
}"""

PROGRAM = f"""@software{{neural_dependency_explorer,
  title = {{Neural Dependency Explorer}},
  note  = {{Neural dependencies (arXiv:2211.12339), atlas schema version {SCHEMA_VERSION}}}
}}"""


def made_from(info: dict) -> str:
    """What the numbers of one network were made from, in words; `info` is its row of model.parquet."""
    labelled = f"{info['n_labelled']} of all images labelled"
    return "\n".join((
        f"model: {info['name']} ({info['architecture']}, {info['n_categories']} categories)",
        f"weights: {info['weights']}",
        f"weights SHA-256: {info['weights_sha256']}",
        f"images: fitted on {info['n_fit']}, judged on {info['n_holdout']} others; {labelled}",
        f"options: at most {info['max_parents']} parents, seed {info['seed']}, "
        f"logits {'centred' if info['center'] else 'not centred'}",
        f"atlas schema version: {SCHEMA_VERSION}",
    ))  # fmt: skip
