"""Options that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_OUT = Path("exports")


class Choice(StrEnum):
    """The choices of schema.CHOICES."""

    FEW = "few"
    READABLE = "readable"
    BEST = "best"


def _folder(given: str) -> Path:
    """Raises BadParameter, before any work, for what can be no folder: a file, or the nothing that is left
    of a shell's variable without a value."""
    folder = Path(given)
    if not str(given).strip():
        raise typer.BadParameter("it is empty. Name a folder, or leave it away.")
    try:
        taken = next((path for path in (folder, *folder.parents) if path.is_file()), None)
    except OSError as error:  # a name that is too long, a folder above that may not be entered
        raise typer.BadParameter(f"{folder}: {error.strerror}. Name another folder.") from error
    if taken is not None:
        raise typer.BadParameter(f"{taken} is a file. Name a folder, there or yet to be made.")
    return folder


AtlasOption = Annotated[
    Path, typer.Option("--atlas", parser=_folder, metavar="PATH", help="Folder of results.")
]
ModelsOption = Annotated[
    list[str] | None, typer.Option("--model", help="Only this model; may be given several times.")
]
ChoiceOption = Annotated[
    Choice,
    typer.Option(
        "--choice",
        help="Sparsity of every equation. few: the fewest parents within one standard error of the least "
        "cross-validated error. readable: 8. best: the least.",
    ),
]
OutOption = Annotated[Path, typer.Option("--out", help="Folder of the files.")]
OverwriteOption = Annotated[
    bool, typer.Option("--overwrite", help="Replace files that are there already.")
]
MaxParentsOption = Annotated[
    int, typer.Option("--max-parents", min=1, help="Largest support on the paths.")
]
CenterOption = Annotated[
    bool,
    typer.Option(
        "--center", help="Solve about the mean logits, with an intercept (which links always have)."
    ),
]
SeedOption = Annotated[
    int, typer.Option("--seed", min=0, help="Seed of split, folds, control and layout.")
]
BatchSizeOption = Annotated[int, typer.Option("--batch-size", min=1, help="Images per batch.")]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=0, help="Processes that read images.")
]
