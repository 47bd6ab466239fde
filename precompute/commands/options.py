"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_OUT = Path("exports")

AtlasOption = Annotated[Path, typer.Option("--atlas", help="Folder of results.")]
ModelsOption = Annotated[
    list[str] | None, typer.Option("--model", help="Only this model; may be given several times.")
]
OutOption = Annotated[Path, typer.Option("--out", help="Folder of the files.")]
OverwriteOption = Annotated[
    bool, typer.Option("--overwrite", help="Replace files that are there already.")
]
