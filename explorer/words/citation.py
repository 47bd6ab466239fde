"""What to cite: the paper, this program, and what the shown numbers were made from."""

import subprocess
from pathlib import Path

from precompute.atlas.schema import SCHEMA_VERSION

YEAR = 2026  # of this program's last change

PAPER = """@inproceedings{feng2023neural,
  title     = {Neural Dependencies Emerging from Learning Massive Categories},
  author    = {Feng, Ruili and Zheng, Kecheng and Zhu, Kai and Shen, Yujun and Zhao, Jian and
               Huang, Yukun and Zhao, Deli and Zhou, Jingren and Jordan, Michael and Zha, Zheng-Jun},
  booktitle = {CVPR},
  note      = {arXiv:2211.12339},
  year      = {2023}
}"""


def program(repository: Path) -> str:
    """This program. It has no release and no public address of its own, so that its version is the git
    revision, where it runs from a clone, and no address is given."""
    commit = revision(repository)
    version = f"git revision {commit[:12]}" if commit else f"atlas schema version {SCHEMA_VERSION}"
    return f"""@software{{neural_dependency_explorer,
  title   = {{Neural Dependency Explorer}},
  author  = {{{{The maintainers of the Neural Dependency Explorer}}}},
  year    = {{{YEAR}}},
  version = {{{version}}},
  note    = {{Neural dependencies (arXiv:2211.12339), atlas schema version {SCHEMA_VERSION}}}
}}"""


def revision(repository: Path) -> str | None:
    """The commit that a clone stands at, as git says; None where this is no clone, or git is not here."""
    command = ["git", "-C", str(repository), "rev-parse", "--show-toplevel", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    # An installed copy may lie inside a clone of something else.
    top, _, commit = done.stdout.strip().partition("\n")
    own = done.returncode == 0 and Path(top).resolve() == repository.resolve()
    return commit if own else None


PROGRAM = program(Path(__file__).parents[2])  # as it was when it was started


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
