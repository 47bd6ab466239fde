"""The whole pipeline on the bundled logits: no network connection, no torch."""

from dataclasses import replace
from functools import partial
from itertools import permutations
from pathlib import Path

from precompute.atlas.progress import Report, Silent
from precompute.atlas.store import Atlas
from precompute.equations.fit import FitOptions
from precompute.runs.claims.run import judge_claims
from precompute.runs.consensus import compare_models
from precompute.runs.link import link_jobs
from precompute.runs.model import ModelRun
from precompute.runs.side_by_side.compiled import compiling
from precompute.runs.side_by_side.jobs import Job, do_all
from precompute.runs.unseen import MAX_PARENTS, UnseenRun
from precompute.sources.bundled import BundledSource, bundled_models

LINK_PARENTS = 32  # at most: there are 42 links
STUDENT_AND_TEACHER = ("tf_efficientnet_lite0.in1k", "tf_efficientnet_lite2.in1k")


def build_demo(
    root: str | Path, report: Report | None = None, options: FitOptions | None = None
) -> None:
    """Build the atlas of the seven bundled networks in `root`. Raises UserError if it can't be written."""
    report, options = report or Silent(), options or FitOptions()
    do_all(_jobs(Path(root), options), report)
    judge_claims(Atlas(root), report)


def _jobs(root: Path, options: FitOptions) -> list[Job]:
    """Every network on its own, and what needs several as soon as they are there."""
    files = {file.stem: file for file in bundled_models()}
    every = sorted({*files, *Atlas(root).plain_models()})
    shorter = replace(options, max_parents=min(LINK_PARENTS, options.max_parents))
    pairs = list(permutations(every, 2))
    first = compiling()
    compiled = frozenset(job.name for job in first)
    return [
        *first,
        *(
            Job(name, partial(_network, root, file, options), "networks", compiled)
            for name, file in files.items()
        ),
        Job("consensus", partial(_consensus, root), needs=frozenset(files)),
        Job("unseen", partial(_unseen, root, options.seed), needs=frozenset(STUDENT_AND_TEACHER)),
        *link_jobs(Atlas(root), pairs, shorter, needs=lambda model: model if model in files else None),
    ]  # fmt: skip


def _network(root: Path, file: Path, options: FitOptions, report: Report) -> None:
    ModelRun(Atlas(root), BundledSource(file), options, report).run()


def _consensus(root: Path, report: Report) -> None:
    compare_models(Atlas(root), report)


def _unseen(root: Path, seed: int, report: Report) -> None:
    options = FitOptions(max_parents=MAX_PARENTS, seed=seed)
    UnseenRun(Atlas(root), *STUDENT_AND_TEACHER, "random:100", options, report).run()
