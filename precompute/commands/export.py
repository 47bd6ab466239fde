"""`precompute export`: the dependencies of every model as files, by the writers of the pages."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from precompute.atlas.files import replacing, safe_name
from precompute.atlas.known_models import checked_model
from precompute.atlas.progress import DEFAULT_ATLAS, Report, TerminalReport
from precompute.atlas.store import Atlas
from precompute.commands.from_pages import dependencies_file
from precompute.commands.options import (
    DEFAULT_OUT,
    AtlasOption,
    Choice,
    ChoiceOption,
    ModelsOption,
    OutOption,
    OverwriteOption,
)
from precompute.errors import UserError


class Suffix(StrEnum):
    """The formats of `explorer.files.export`, by the suffix of their files."""

    CSV = "csv"
    PARQUET = "parquet"
    JSON = "json"
    GRAPHML = "graphml"
    GEXF = "gexf"


def export(
    form: Annotated[Suffix, typer.Option("--format", help="Format of the files.")],
    choice: ChoiceOption = Choice.READABLE,
    model: ModelsOption = None,
    out: OutOption = DEFAULT_OUT,
    overwrite: OverwriteOption = False,
    atlas: AtlasOption = DEFAULT_ATLAS,
) -> None:
    """Write each model's dependencies, as the pages show them, to OUT/MODEL.FORMAT."""
    with TerminalReport.open(Console(stderr=True)) as report:
        export_models(Atlas(atlas), form, model, out, report, choice=choice, overwrite=overwrite)


def export_models(
    atlas: Atlas, form: Suffix, models: list[str] | None, out: Path, report: Report, *,
    choice: Choice = Choice.READABLE, overwrite: bool = False,
) -> list[Path]:  # fmt: skip
    """One file per model (None: all of them), each written whole or not at all.

    Raises UserError for an atlas without models, a model that it lacks, and, unless `overwrite`,
    a file that is there already; then nothing has been written.
    """
    files = {model: out / f"{safe_name(model)}.{form}" for model in chosen_models(atlas, models)}
    if not overwrite:
        refuse_existing(files.values())
    for done, (model, file) in enumerate(files.items()):
        report.progress("models", done, len(files))
        content, count = dependencies_file(atlas, model, choice, form)
        with replacing(file, "--out") as temporary:
            temporary.write_bytes(content)
        report.say(f"{file}: {count} dependencies of {model}, {choice}")
    report.progress("models", len(files), len(files))
    return list(files.values())


def refuse_existing(files: Iterable[Path]) -> None:
    """Raises UserError if one of these files is there already."""
    there = next((file for file in files if file.exists()), None)
    if there is not None:
        raise UserError(
            f"{there} is there already. Replace it with --overwrite, or choose another folder with --out."
        )


def chosen_models(atlas: Atlas, models: list[str] | None) -> list[str]:
    """The models that were asked for, each once; all where None were. Raises UserError for unknown ones."""
    wanted = models or atlas.models()[:1] or [""]  # an atlas without any is refused
    for model in wanted:
        checked_model(atlas, model)
    return list(dict.fromkeys(models or atlas.models()))
