"""Options of `run` that no other command has: what the logits are made of, and what is made of them."""

from pathlib import Path
from typing import Annotated

import typer

ModelArgument = Annotated[
    str, typer.Argument(help="A timm model (arch.tag), or any name with --onnx or --logits.")
]

# images
ImagesOption = Annotated[
    str | None, typer.Option("--images", help="Fit images: folder, .tar, hfds/..., wds/...")
]
HoldoutOption = Annotated[
    str,
    typer.Option(
        "--holdout", help="Held-out images: a folder or archive, or the fraction to hold out."
    ),
]

# the network, or an array in its place
WeightsOption = Annotated[
    Path | None,
    typer.Option("--weights", help="Checkpoint: .safetensors, or .pth of tensors."),
]
OnnxOption = Annotated[Path | None, typer.Option("--onnx", help="ONNX file with output `logits`.")]
LogitsOption = Annotated[
    Path | None, typer.Option("--logits", help="Logits of any classifier, .npy (N, n).")
]
FeaturesOption = Annotated[
    Path | None,
    typer.Option(
        "--features", help="In place of --logits: what --head makes them of, .npy (N, d)."
    ),
]
HeadOption = Annotated[
    Path | None,
    typer.Option("--head", help="Linear last layer of --features, .npz or .safetensors."),
]
KeepFeaturesOption = Annotated[
    bool | None,
    typer.Option(
        "--keep-features/--no-features",
        help="Keep features and a linear last layer in place of logits; by itself with more than 4,096 "
        "categories.",
    ),
]

# names and truth
LabelsOption = Annotated[
    Path | None, typer.Option("--labels", help="Category names, one per line.")
]
TruthOption = Annotated[
    Path | None,
    typer.Option("--truth", help="True categories of --logits, .npy (N,), -1 unknown."),
]
ImageIdsOption = Annotated[
    Path | None, typer.Option("--image-ids", help="Image names of --logits, one per line.")
]

# how an ONNX file wants its pixels
InputSizeOption = Annotated[
    int | None, typer.Option("--input-size", help="--onnx: pixels per side.")
]
CropOption = Annotated[
    float | None, typer.Option("--crop-pct", help="--onnx: part of the image that is kept.")
]
InterpolationOption = Annotated[
    str | None, typer.Option("--interpolation", help="--onnx: bilinear, bicubic ...")
]
MeanOption = Annotated[
    str | None, typer.Option("--mean", help="--onnx: channel means of 0..1 images, R,G,B.")
]
StdOption = Annotated[str | None, typer.Option("--std", help="--onnx: channel deviations, R,G,B.")]

# the work
DeviceOption = Annotated[
    str,
    typer.Option(
        "--device",
        help="auto, cpu, cuda, cuda:1 ...: where the network runs, and where its equations are solved "
        "if that is a CUDA GPU (auto: of 4,000 categories and more).",
    ),
]
WeightPositivesOption = Annotated[
    float | None,
    typer.Option(
        "--weight-positives",
        help="Share (0 to 1) that a target's own images have in its equation: keeps classification. "
        "Makes a model of its own, MODEL+positives-SHARE.",
    ),
]
SurvivalCategoriesOption = Annotated[
    int,
    typer.Option(
        "--survival-categories",
        min=2,
        help="Categories that are replaced to see whether classification survives; one in six of "
        "them by up to 300 parents.",
    ),
]
