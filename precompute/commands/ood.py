"""`precompute ood`: whether a network's dependencies break on foreign images."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from precompute.atlas.progress import DEFAULT_ATLAS, TerminalReport, finished
from precompute.commands.options import AtlasOption, BatchSizeOption, WorkersOption


def ood(
    model: Annotated[str, typer.Argument(help="A model of the atlas.")],
    images: Annotated[
        str | None, typer.Option(help="Foreign images: folder, .tar, hfds/..., wds/...")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--set", help="What to call them; by default as their folder.")
    ] = None,
    logits: Annotated[
        Path | None, typer.Option(help="Their logits in this model, .npy (F, n), if you have them.")
    ] = None,
    weights: Annotated[
        Path | None, typer.Option(help="The model's checkpoint, where the atlas was given one.")
    ] = None,
    onnx: Annotated[Path | None, typer.Option(help="The model's ONNX file, if it is one.")] = None,
    vim: Annotated[
        bool,
        typer.Option(
            "--vim", help="The score ViM, too: the atlas's own images are read once more."
        ),
    ] = False,
    images_dir: Annotated[
        Path | None, typer.Option(help="Where the atlas's own images are, if they were moved.")
    ] = None,
    atlas: AtlasOption = DEFAULT_ATLAS,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1 ...")] = "auto",
    batch_size: BatchSizeOption = 64,
    workers: WorkersOption = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the controls' sources.")] = 0,
) -> None:
    """Show MODEL images unlike those it knows: do its dependencies break, and does that give them away?"""
    from precompute.atlas.contract.schema_robustness import BROKEN, DETECTION, OOD
    from precompute.atlas.store import Atlas
    from precompute.runs.ood.foreign import Request
    from precompute.runs.ood.run import OodRun

    request = Request(
        images=images, set=name, logits=logits, weights=weights, onnx=onnx, vim=vim,
        images_dir=images_dir, device=device, batch_size=batch_size, workers=workers, seed=seed,
    )  # fmt: skip
    with TerminalReport.open(Console(stderr=True)) as report:
        run = OodRun(Atlas(atlas), model, request, report)
        run.run()
    detection, broken, info = (
        Atlas(atlas).read(table, folder=run.folder) for table in (DETECTION, BROKEN, OOD)
    )
    show(detection, broken, info, Console(highlight=False, markup=False))
    finished(atlas)


def show(
    detection: pd.DataFrame, broken: pd.DataFrame, info: pd.DataFrame, console: Console
) -> None:
    """detection.parquet at a glance, and what it says, with broken.parquet and ood.parquet."""
    from precompute.ood.scores import NAMES
    from precompute.ood.verdict import at_choice, verdict

    scores = at_choice(detection).sort_values("auroc", ascending=False, kind="stable")
    table = Table("score", "AUROC", "95% interval", "FPR at 95%")
    for row in scores.itertuples():
        ends = f"{row.auroc_low:.3f} to {row.auroc_high:.3f}"
        table.add_row(NAMES[row.score], f"{row.auroc:.3f}", ends, f"{row.fpr95:.3f}")
    console.print(table)
    n_foreign, n_holdout = int(info["n_foreign"].iat[0]), int(info["n_holdout"].iat[0])
    found = verdict(scores, at_choice(broken), n_foreign, n_holdout)
    console.print(found.said, soft_wrap=True)
