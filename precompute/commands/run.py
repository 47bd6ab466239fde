"""`precompute run`: the dependencies of one classifier on a set of images."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from precompute.atlas.progress import DEFAULT_ATLAS, TerminalReport, finished
from precompute.commands.options import AtlasOption, CenterOption, MaxParentsOption, SeedOption
from precompute.errors import UserError


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
    features: Annotated[
        Path | None,
        typer.Option(help="In place of --logits: what --head makes them of, .npy (N, d)."),
    ] = None,
    head: Annotated[
        Path | None, typer.Option(help="Linear last layer of --features, .npz or .safetensors.")
    ] = None,
    keep_features: Annotated[
        bool | None,
        typer.Option(
            "--keep-features/--no-features",
            help="Keep features and a linear last layer in place of logits; by itself with more than 4,096 "
            "categories.",
        ),
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
    device: Annotated[
        str,
        typer.Option(
            help="auto, cpu, cuda, cuda:1 ...: where the network runs, and where its equations are solved "
            "if that is a CUDA GPU."
        ),
    ] = "auto",
    batch_size: Annotated[int, typer.Option(min=1, help="Images per batch.")] = 64,
    workers: Annotated[int | None, typer.Option(min=0, help="Processes that read images.")] = None,
    max_parents: MaxParentsOption = 64,
    center: CenterOption = False,
    seed: SeedOption = 0,
    weight_positives: Annotated[
        float | None,
        typer.Option(
            help="Share (0 to 1) that a target's own images have in its equation: keeps classification. "
            "Makes a model of its own, MODEL+positives-SHARE."
        ),
    ] = None,
    survival_categories: Annotated[
        int,
        typer.Option(
            min=2,
            help="Categories that are replaced to see whether classification survives; one in six of "
            "them by up to 300 parents.",
        ),
    ] = 100,
) -> None:
    """Solve the dependencies of one classifier on a set of images. Run it again to go on or to update."""
    from precompute.atlas.store import Atlas
    from precompute.equations.fit import FitOptions
    from precompute.runs.consensus import compare_models
    from precompute.runs.model import ModelRun
    from precompute.runs.open_source import open_source
    from precompute.runs.weighted import WeightedSource, checked_share
    from precompute.sources.request import Request
    from precompute.team.torchrun import joined

    request = Request(
        model=model, images=images, holdout=holdout, weights=weights, onnx=onnx, logits=logits,
        features=features, head=head, labels=labels, truth=truth, image_ids=image_ids,
        device=device, batch_size=batch_size, workers=workers, seed=seed, atlas=atlas, input_config={
            "input_size": input_size, "crop_pct": crop_pct, "interpolation": interpolation,
            "mean": mean, "std": std,
        },
    )  # fmt: skip
    console = Console(stderr=True)
    with TerminalReport.open(console) as report:
        with joined() as team:
            console.quiet = not team.leads
            if weight_positives is not None:
                checked_share(weight_positives)
                if keep_features:
                    raise UserError(
                        "--weight-positives weighs images by their logits: leave --keep-features away."
                    )
                keep_features = False
            device = team.device(device)
            source = open_source(replace(request, device=device), report)
            solver = device if device.startswith(("auto", "cuda")) else "cpu"
            options = FitOptions(max_parents=max_parents, center=center, seed=seed, device=solver)
            if weight_positives is not None:
                source = WeightedSource(Atlas(atlas), source, weight_positives)
                options = replace(options, weight_positives=weight_positives)
            ModelRun(
                Atlas(atlas),
                source,
                options,
                report,
                tried=survival_categories,
                features=keep_features,
            ).run()
        if team.leads:
            compare_models(Atlas(atlas), report)
    if team.leads:
        finished(atlas)
