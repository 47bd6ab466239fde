"""From what `run` was asked for to a source of logits."""

from pathlib import Path

from precompute.atlas.labels import LabelSet, from_names, read_names
from precompute.atlas.progress import Report
from precompute.atlas.store import Atlas
from precompute.errors import UserError
from precompute.runs.logits import sides_of_others
from precompute.sources.arrays import ArraySource
from precompute.sources.protocol import LogitSource
from precompute.sources.request import Request, fraction_of


def open_source(request: Request, report: Report) -> LogitSource:
    """The source that a request names. Raises UserError where its options do not fit together."""
    if request.logits is not None:
        return _array(request, request.logits, report)
    if request.images is None:
        raise UserError(
            f"Model '{request.model}' needs images: give --images (a folder, .tar, hfds/... or wds/...), "
            "or --logits with an array that you computed."
        )
    _refuse(request, "without", "truth", "image_ids")
    overrides = {name: value for name, value in request.input_config.items() if value is not None}
    if request.onnx is None and overrides:
        name = next(iter(overrides)).replace("_", "-")
        raise UserError(f"--{name} is for --onnx; '{request.model}' has timm's own data config.")
    if request.onnx is not None and request.weights is not None:
        raise UserError("--onnx holds its own weights: leave --weights away.")
    from precompute.inference.source import open_image_source

    return open_image_source(request, overrides, _labels(request), report)


def _array(request: Request, logits: Path, report: Report) -> ArraySource:
    _refuse(request, "with", "images", "onnx", "weights")
    fraction = fraction_of(request.holdout)
    if fraction is None:
        raise UserError(
            f"--logits holds out a fraction of its rows; --holdout {request.holdout} is none."
        )
    labels = _labels(request)
    if labels is None:
        raise UserError(
            f"--logits {logits} needs category names: give --labels with one name per line."
        )
    ids = None if request.image_ids is None else read_names(request.image_ids)
    sides = _known_sides(request, ids or [], report)
    return ArraySource(
        request.model,
        logits,
        labels,
        truth=request.truth,
        image_ids=ids,
        holdout=fraction,
        seed=request.seed,
        sides=sides,
    )


def _known_sides(request: Request, ids: list[str], report: Report) -> dict[str, str]:
    """The split of those images that the atlas has already."""
    if not ids:
        return {}
    known = sides_of_others(Atlas(request.atlas), request.model)
    sides = {name: known[name] for name in ids if name in known}
    if sides:
        report.say(
            f"{len(sides)} of {len(ids)} images are in the atlas already and stay on their side; "
            "the others are split at random"
        )
    return sides


def _labels(request: Request) -> LabelSet | None:
    return None if request.labels is None else from_names(read_names(request.labels))


def _refuse(request: Request, side: str, *names: str) -> None:
    for name in names:
        if getattr(request, name) is not None:
            option = "--" + name.replace("_", "-")
            raise UserError(f"{option} has no meaning {side} --logits: leave it away.")
