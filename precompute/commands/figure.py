"""`precompute figure`: categories as pictures and pages, drawn as the buttons of the pages draw them."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from precompute.atlas.files import replacing, safe_name
from precompute.atlas.progress import DEFAULT_ATLAS, Report, TerminalReport
from precompute.atlas.store import Atlas
from precompute.commands.export import chosen_models, refuse_existing
from precompute.commands.from_pages import category_file, pdf
from precompute.commands.options import (
    DEFAULT_OUT,
    AtlasOption,
    Choice,
    ChoiceOption,
    ModelsOption,
    OutOption,
    OverwriteOption,
)


class Kind(StrEnum):
    """What a figure can be."""

    SVG = "svg"
    HTML = "html"
    PDF = "pdf"


def figure(
    categories: Annotated[list[str], typer.Argument(help="Names or WordNet ids.")],
    model: ModelsOption = None,
    kind: Annotated[
        Kind, typer.Option("--format", help="svg: the graph. html, pdf: with equation and table.")
    ] = Kind.SVG,
    choice: ChoiceOption = Choice.READABLE,
    parents: Annotated[
        float | None, typer.Option(min=0, help="Parents in the equation; else those of --choice.")
    ] = None,
    refit: Annotated[bool, typer.Option("--refit", help="Refit coefficients.")] = False,
    out: OutOption = DEFAULT_OUT,
    overwrite: OverwriteOption = False,
    atlas: AtlasOption = DEFAULT_ATLAS,
) -> None:
    """Write each category's equation and neighbourhood in each model to OUT/MODEL-CATEGORY.FORMAT."""
    with TerminalReport.open(Console(stderr=True)) as report:
        draw_figures(
            Atlas(atlas), categories, model, kind, out, report,
            choice=choice, parents=parents, refit=refit, overwrite=overwrite,
        )  # fmt: skip


def draw_figures(
    atlas: Atlas,
    categories: list[str],
    models: list[str] | None,
    kind: Kind,
    out: Path,
    report: Report,
    *,
    choice: Choice = Choice.READABLE,
    parents: float | None = None,
    refit: bool = False,
    overwrite: bool = False,
) -> list[Path]:
    """One file per model (None: all of them) and category, each written whole or not at all.

    Raises UserError as `category_file` does, for an unknown model, for a file that is there already
    unless `overwrite`, and where nothing can print; what cannot be read is said before anything is written.
    """
    drawn = [
        category_file(atlas, model, category, choice, parents, refit)
        for model in chosen_models(atlas, models)
        for category in categories
    ]
    files = [out / f"{safe_name(found.stem)}.{kind}" for found in drawn]
    if not overwrite:
        refuse_existing(files)
    for done, (found, file) in enumerate(zip(drawn, files, strict=True)):
        report.progress("figures", done, len(files))
        content = _content(found, kind)
        with replacing(file, "--out") as temporary:
            temporary.write_bytes(content)
        report.say(f"{file}: {found.name} and {len(found.edges)} dependencies")
    report.progress("figures", len(files), len(files))
    return files


def _content(found, kind: Kind) -> bytes:
    if kind == Kind.PDF:
        return pdf(found.html())
    return (found.svg() if kind == Kind.SVG else found.html()).encode()
