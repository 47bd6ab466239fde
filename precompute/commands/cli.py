"""The command line: parses, calls the pipeline, and turns a UserError into one line and exit code 2."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from precompute.atlas.progress import DEFAULT_ATLAS, TerminalReport, finished
from precompute.commands.export import export
from precompute.commands.figure import figure
from precompute.commands.options import AtlasOption
from precompute.commands.unseen import unseen
from precompute.errors import UserError

app = typer.Typer(
    name="precompute",
    help="Neural dependencies of a classifier: computed once, then explored with `streamlit run app.py`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

MaxParentsOption = Annotated[
    int, typer.Option("--max-parents", min=1, help="Largest support on the paths.")
]
CenterOption = Annotated[
    bool, typer.Option("--center", help="Subtract mean logits, add an intercept.")
]
SeedOption = Annotated[
    int, typer.Option("--seed", min=0, help="Seed of split, folds, control and layout.")
]
INTERRUPTED = 130


@app.command()
def demo(atlas: AtlasOption = DEFAULT_ATLAS) -> None:
    """Build the atlas of seven real ImageNet networks from their bundled logits: no network needed."""
    from precompute.runs.demo import build_demo

    with TerminalReport.open(Console(stderr=True)) as report:
        build_demo(atlas, report)
    finished(atlas)


@app.command()
def run(
    model: Annotated[
        str, typer.Argument(help="A timm model (arch.tag), or any name with --onnx or --logits.")
    ],
    images: Annotated[
        str | None, typer.Option(help="Fit images: folder, .tar, hfds/..., wds/...")
    ] = None,
    holdout: Annotated[
        str, typer.Option(help="Held-out images: a folder or archive, or the fraction to hold out.")
    ] = "0.2",
    weights: Annotated[
        Path | None, typer.Option(help="Checkpoint: .safetensors, or .pth of tensors.")
    ] = None,
    onnx: Annotated[Path | None, typer.Option(help="ONNX file with output `logits`.")] = None,
    logits: Annotated[
        Path | None, typer.Option(help="Logits of any classifier, .npy (N, n).")
    ] = None,
    labels: Annotated[Path | None, typer.Option(help="Category names, one per line.")] = None,
    truth: Annotated[
        Path | None, typer.Option(help="True categories of --logits, .npy (N,), -1 unknown.")
    ] = None,
    image_ids: Annotated[
        Path | None, typer.Option(help="Image names of --logits, one per line.")
    ] = None,
    input_size: Annotated[int | None, typer.Option(help="--onnx: pixels per side.")] = None,
    crop_pct: Annotated[
        float | None, typer.Option(help="--onnx: part of the image that is kept.")
    ] = None,
    interpolation: Annotated[str | None, typer.Option(help="--onnx: bilinear, bicubic ...")] = None,
    mean: Annotated[
        str | None, typer.Option(help="--onnx: channel means of 0..1 images, R,G,B.")
    ] = None,
    std: Annotated[str | None, typer.Option(help="--onnx: channel deviations, R,G,B.")] = None,
    atlas: AtlasOption = DEFAULT_ATLAS,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1 ...")] = "auto",
    batch_size: Annotated[int, typer.Option(min=1, help="Images per batch.")] = 64,
    workers: Annotated[int | None, typer.Option(min=0, help="Processes that read images.")] = None,
    max_parents: MaxParentsOption = 32,
    center: CenterOption = False,
    seed: SeedOption = 0,
) -> None:
    """Solve the dependencies of one classifier on a set of images. Run it again to go on or to update."""
    from precompute.atlas.store import Atlas
    from precompute.equations.fit import FitOptions
    from precompute.runs.consensus import compare_models
    from precompute.runs.model import ModelRun
    from precompute.sources.request import Request, open_source

    request = Request(
        model=model, images=images, holdout=holdout, weights=weights, onnx=onnx, logits=logits,
        labels=labels, truth=truth, image_ids=image_ids, device=device, batch_size=batch_size,
        workers=workers, seed=seed, atlas=atlas, input_config={
            "input_size": input_size, "crop_pct": crop_pct, "interpolation": interpolation,
            "mean": mean, "std": std,
        },
    )  # fmt: skip
    with TerminalReport.open(Console(stderr=True)) as report:
        source = open_source(request, report)
        options = FitOptions(max_parents=max_parents, center=center, seed=seed)
        ModelRun(Atlas(atlas), source, options, report).run()
        compare_models(Atlas(atlas), report)
    finished(atlas)


@app.command()
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


app.command()(unseen)
app.command()(export)
app.command()(figure)


def main() -> None:
    """Run the command line; bad input ends with one line and exit code 2, Ctrl-C with 130."""
    errors = Console(stderr=True)
    try:
        code = app(standalone_mode=False)
    except UserError as error:
        errors.print(f"Error: {error}", markup=False, emoji=False, highlight=False, soft_wrap=True)
        code = 2
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except Exception as error:
        if not hasattr(error, "show"):
            raise
        errors.print(
            f"Error: {error.format_message()}",
            markup=False,
            emoji=False,
            highlight=False,
            soft_wrap=True,
        )
        code = error.exit_code
    # Some versions of typer raise on Ctrl-C, others return this code.
    if code == INTERRUPTED:
        errors.print("Interrupted. The same command goes on where this one stopped.")
    sys.exit(code or 0)
