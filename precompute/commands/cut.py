"""`precompute cut`: fine-tuning that makes chosen sources leave equations."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from precompute.atlas.progress import DEFAULT_ATLAS, TerminalReport, finished
from precompute.commands.options import AtlasOption, WorkersOption


def cut(
    model: Annotated[str, typer.Argument(help="A model of the atlas, of timm.")],
    pairs: Annotated[
        Path | None, typer.Option(help="File of target,source: the dependencies to cut.")
    ] = None,
    suspicious: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Cut the N strongest stable ones between categories that WordNet holds far apart.",
        ),
    ] = None,
    beta: Annotated[
        float, typer.Option(min=0, help="Weight of the penalty; the control has 0.")
    ] = 0.1,
    margin: Annotated[
        float,
        typer.Option(
            min=0, max=0.99, help="Push pulls so far below lambda that unseen images agree."
        ),
    ] = 0.1,
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the fit images.")] = 20,
    head_only: Annotated[
        bool, typer.Option("--head-only", help="Only the last layer: minutes on a CPU.")
    ] = False,
    learning_rate: Annotated[
        float | None,
        typer.Option(help="At the beginning; by default 0.01 with --head-only, else 0.001."),
    ] = None,
    batch_size: Annotated[int, typer.Option(min=1, help="Most images per step.")] = 100,
    seeds: Annotated[int, typer.Option(help="Fine-tunings with the penalty, and without.")] = 3,
    weights: Annotated[
        Path | None, typer.Option(help="The model's checkpoint, where the atlas was given one.")
    ] = None,
    images_dir: Annotated[
        Path | None, typer.Option(help="Where the atlas's own images are, if they were moved.")
    ] = None,
    atlas: AtlasOption = DEFAULT_ATLAS,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1 ...")] = "auto",
    workers: WorkersOption = None,
) -> None:
    """Fine-tune MODEL so that chosen dependencies go, beside a control: a new model of the atlas."""
    from precompute.atlas.contract.schema_robustness import CUT_SIDES, GAIN
    from precompute.atlas.store import Atlas
    from precompute.runs.cut.opening import Means, open_for_cutting
    from precompute.runs.cut.request import Asked, Options
    from precompute.runs.cut.run import CutRun

    asked = Asked(suspicious, pairs)
    options = Options(beta, margin, epochs, head_only, learning_rate, batch_size, seeds)
    means = Means(weights, images_dir, device, workers=workers)
    with TerminalReport.open(Console(stderr=True)) as report:
        opened = open_for_cutting(Atlas(atlas), model, means, report, head_only=head_only)
        run = CutRun(Atlas(atlas), opened, asked, options, report)
        run.run()
    read = Atlas(atlas).read
    show(read(CUT_SIDES, folder=run.folder), read(GAIN, folder=run.folder), run.name)
    finished(atlas)


def show(sides: pd.DataFrame, gain: pd.DataFrame, name: str) -> None:
    """What came of it, at a glance: means over the seeds."""
    console = Console(highlight=False, markup=False)
    table = Table("", "cut ones still selected", "others kept", "top-1 held out")
    for side in ("before", "control", "after"):
        row = sides[sides["side"] == side].mean(numeric_only=True)
        table.add_row(
            side, f"{row['still_selected']:.0%}", f"{row['kept']:.0%}", f"{row['top1_holdout']:.1%}"
        )
    console.print(table)
    over_all = gain[gain["set"] == ""].set_index("score")
    for score in ("max_softmax", "max_logit", "dependency"):
        if score in over_all.index:
            row = over_all.loc[score]
            console.print(
                f"AUROC of {score} on foreign images, after less control: {row['gain']:+.3f} "
                f"({row['low']:+.3f} to {row['high']:+.3f})"
            )
    if over_all.empty:
        console.print(
            "No foreign images judged it: run `python -m precompute ood` first, then this again."
        )
    console.print(f"The cut model is {name}. For the verdict run `python -m precompute claims`.")
