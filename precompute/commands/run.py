"""`precompute run`: the dependencies of one classifier on a set of images."""

from dataclasses import replace
from typing import TYPE_CHECKING

from rich.console import Console

from precompute.atlas.progress import DEFAULT_ATLAS, Report, TerminalReport, finished
from precompute.commands import run_options as its
from precompute.commands.options import (
    AtlasOption,
    BatchSizeOption,
    CenterOption,
    MaxParentsOption,
    SeedOption,
    WorkersOption,
)
from precompute.errors import UserError

if TYPE_CHECKING:
    from precompute.equations.fit import FitOptions
    from precompute.sources.request import Request


def run(
    model: its.ModelArgument,
    images: its.ImagesOption = None,
    holdout: its.HoldoutOption = "0.2",
    weights: its.WeightsOption = None,
    onnx: its.OnnxOption = None,
    logits: its.LogitsOption = None,
    features: its.FeaturesOption = None,
    head: its.HeadOption = None,
    keep_features: its.KeepFeaturesOption = None,
    labels: its.LabelsOption = None,
    truth: its.TruthOption = None,
    image_ids: its.ImageIdsOption = None,
    input_size: its.InputSizeOption = None,
    crop_pct: its.CropOption = None,
    interpolation: its.InterpolationOption = None,
    mean: its.MeanOption = None,
    std: its.StdOption = None,
    atlas: AtlasOption = DEFAULT_ATLAS,
    device: its.DeviceOption = "auto",
    batch_size: BatchSizeOption = 64,
    workers: WorkersOption = None,
    max_parents: MaxParentsOption = 64,
    center: CenterOption = False,
    seed: SeedOption = 0,
    weight_positives: its.WeightPositivesOption = None,
    survival_categories: its.SurvivalCategoriesOption = 100,
) -> None:
    """Solve the dependencies of one classifier on a set of images. Run it again to go on or to update."""
    from precompute.atlas.store import Atlas
    from precompute.equations.fit import FitOptions
    from precompute.runs.consensus import compare_models
    from precompute.sources.request import Request
    from precompute.team.torchrun import joined

    request = Request(
        model=model, images=images, holdout=holdout, weights=weights, onnx=onnx, logits=logits,
        features=features, head=head, labels=labels, truth=truth, image_ids=image_ids,
        batch_size=batch_size, workers=workers, seed=seed, atlas=atlas, input_config={
            "input_size": input_size, "crop_pct": crop_pct, "interpolation": interpolation,
            "mean": mean, "std": std,
        },
    )  # fmt: skip
    options = FitOptions(max_parents=max_parents, center=center, seed=seed)
    console = Console(stderr=True)
    with TerminalReport.open(console) as report:
        with joined() as team:
            console.quiet = not team.leads
            if weight_positives is not None:
                options = _weighted(options, weight_positives, keep_features)
                keep_features = False
            solver = device if device.startswith(("auto", "cuda", "torch")) else "cpu"
            request = replace(request, device=team.device(device))
            options = replace(options, device=solver)
            _solve(request, options, report, keep_features, survival_categories)
        if team.leads:
            compare_models(Atlas(atlas), report)
    if team.leads:
        finished(atlas)


def _weighted(options: "FitOptions", share: float, keep_features: bool | None) -> "FitOptions":
    """The options with a weight for a target's own images. Raises UserError where it is no share, or where
    features were asked for."""
    from precompute.runs.weighted import checked_share

    checked_share(share)
    if keep_features:
        raise UserError(
            "--weight-positives weighs images by their logits: leave --keep-features away."
        )
    return replace(options, weight_positives=share)


def _solve(
    request: "Request", options: "FitOptions", report: Report, features: bool | None, tried: int
) -> None:
    """Every table of the model: `features` in place of logits or not (None: by itself), `tried` categories
    replaced."""
    from precompute.atlas.store import Atlas
    from precompute.runs.model import ModelRun
    from precompute.runs.open_source import open_source
    from precompute.runs.weighted import WeightedSource

    atlas, source = Atlas(request.atlas), open_source(request, report)
    if options.weight_positives:
        source = WeightedSource(atlas, source, options.weight_positives)
    ModelRun(atlas, source, options, report, tried=tried, features=features).run()
