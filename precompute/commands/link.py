"""`precompute link`: one model's logits written in another's."""

from typing import Annotated

import typer
from rich.console import Console

from precompute.atlas.progress import DEFAULT_ATLAS, TerminalReport, finished
from precompute.commands.options import AtlasOption, CenterOption, MaxParentsOption, SeedOption


def link(
    target_model: Annotated[
        str | None, typer.Argument(help="Model whose logits are written.")
    ] = None,
    source_model: Annotated[
        str | None, typer.Argument(help="Model in whose logits they are written.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every ordered pair of the atlas's models.")
    ] = False,
    both: Annotated[bool, typer.Option("--both", help="The opposite direction, too.")] = False,
    allow_same: Annotated[
        bool, typer.Option("--allow-same", help="Let the source model's own category in.")
    ] = False,
    atlas: AtlasOption = DEFAULT_ATLAS,
    max_parents: MaxParentsOption = 32,
    center: CenterOption = False,
    seed: SeedOption = 0,
) -> None:
    """Write each logit of one model in the logits of another, on the images both have."""
    from precompute.atlas.store import Atlas
    from precompute.equations.fit import FitOptions
    from precompute.runs.link import chosen_pairs, link_models

    pairs = chosen_pairs(Atlas(atlas), target_model, source_model, every=every, both=both)
    options = FitOptions(max_parents=max_parents, center=center, seed=seed)
    with TerminalReport.open(Console(stderr=True)) as report:
        link_models(Atlas(atlas), pairs, options, report, allow_same=allow_same)
    finished(atlas)
