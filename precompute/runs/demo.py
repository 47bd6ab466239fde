"""The whole pipeline on the bundled logits: no network connection, no torch."""

from dataclasses import replace
from pathlib import Path

from precompute.atlas.progress import Report, Silent
from precompute.atlas.store import Atlas
from precompute.equations.fit import FitOptions
from precompute.runs.claims.run import judge_claims
from precompute.runs.consensus import compare_models
from precompute.runs.link import chosen_pairs, link_models
from precompute.runs.model import ModelRun
from precompute.runs.unseen import MAX_PARENTS, UnseenRun
from precompute.sources.bundled import BundledSource, bundled_models

LINK_PARENTS = 32  # at most: there are 42 links
STUDENT_AND_TEACHER = ("tf_efficientnet_lite0.in1k", "tf_efficientnet_lite2.in1k")


def build_demo(
    root: str | Path, report: Report | None = None, options: FitOptions | None = None
) -> None:
    """Build the atlas of the seven bundled networks in `root`. Raises UserError if it can't be written."""
    report, options = report or Silent(), options or FitOptions()
    atlas, files = Atlas(root), bundled_models()
    for done, file in enumerate(files):
        report.progress("networks", done, len(files))
        ModelRun(atlas, BundledSource(file), options, report).run()
        report.progress("networks", done + 1, len(files))
    compare_models(atlas, report)
    unseen = FitOptions(max_parents=MAX_PARENTS, seed=options.seed)
    UnseenRun(atlas, *STUDENT_AND_TEACHER, "random:100", unseen, report).run()
    shorter = replace(options, max_parents=min(LINK_PARENTS, options.max_parents))
    link_models(atlas, chosen_pairs(atlas, None, None, every=True, both=False), shorter, report)
    judge_claims(atlas, report)
