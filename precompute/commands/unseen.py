"""`precompute unseen`: the command line of one experiment on unseen categories."""

from typing import Annotated

import typer
from rich.console import Console

from precompute.atlas.progress import DEFAULT_ATLAS, TerminalReport, finished
from precompute.commands.options import AtlasOption
from precompute.runs.unseen import MAX_PARENTS, UnseenRun


def unseen(
    student: Annotated[str, typer.Argument(help="Model that has to score unseen categories.")],
    teacher: Annotated[str, typer.Argument(help="Model that knows them.")],
    categories: Annotated[
        str, typer.Option(help="random:100, or a file with a name or synset id per line.")
    ],
    atlas: AtlasOption = DEFAULT_ATLAS,
    max_parents: Annotated[int, typer.Option(min=1, help="Where the paths end.")] = MAX_PARENTS,
    seed: Annotated[int, typer.Option(min=0, help="Seed of draw, folds and bootstrap.")] = 0,
) -> None:
    """Let STUDENT score categories that it never learned, by equations fitted to TEACHER's logits."""
    from precompute.atlas.store import Atlas
    from precompute.equations.fit import FitOptions

    options = FitOptions(max_parents=max_parents, seed=seed)
    with TerminalReport.open(Console(stderr=True)) as report:
        UnseenRun(Atlas(atlas), student, teacher, categories, options, report).run()
    finished(atlas)
