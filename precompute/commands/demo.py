"""`precompute demo`: an atlas for which no network connection is needed."""

from typing import Annotated

import typer
from rich.console import Console

from precompute.atlas.progress import DEFAULT_ATLAS, TerminalReport, finished
from precompute.commands.options import AtlasOption, CenterOption
from precompute.errors import UserError


def demo(
    atlas: AtlasOption = DEFAULT_ATLAS,
    characters: Annotated[
        bool,
        typer.Option(
            "--characters",
            help="In place of them a recogniser of 18,708 characters (wheel rapidocr) on characters drawn "
            "from this machine's fonts. Give it an --atlas of its own.",
        ),
    ] = False,
    images_per_character: Annotated[
        int | None,
        typer.Option(
            min=2,
            help="--characters: typefaces that each is drawn in, one of them held out. Default: 3.",
        ),
    ] = None,
    center: CenterOption = False,
) -> None:
    """Build the atlas of seven real ImageNet networks from their bundled logits: no network needed."""
    from precompute.runs.characters import PER_CHARACTER, build_characters
    from precompute.runs.demo import build_demo

    given = {"images-per-character": images_per_character is not None, "center": center}
    for option in (name for name, there in given.items() if there and not characters):
        raise UserError(f"--{option} is for --characters: give both, or neither.")
    with TerminalReport.open(Console(stderr=True)) as report:
        if characters:
            build_characters(atlas, images_per_character or PER_CHARACTER, report, center=center)
        else:
            build_demo(atlas, report)
    finished(atlas)
