"""From what `run` was asked for to a source of logits."""

from precompute.atlas.labels import LabelSet, from_names, read_names
from precompute.atlas.progress import Report
from precompute.atlas.store import Atlas
from precompute.equations.fit import checked_device
from precompute.errors import UserError
from precompute.runs.logits import sides_of_others
from precompute.sources.arrays import ArraySource, Rows
from precompute.sources.feature_arrays import FeatureArraySource
from precompute.sources.protocol import LogitSource
from precompute.sources.request import Request, fraction_of


def open_source(request: Request, report: Report) -> LogitSource:
    """The source that a request names. Raises UserError where its options do not fit together."""
    if request.logits is not None or request.features is not None:
        return _array(request, report)
    if request.head is not None:
        raise UserError("--head is the layer behind --features: give both, or leave it away.")
    if request.images is None:
        raise UserError(
            f"Model '{request.model}' needs images: give --images (a folder, .tar, hfds/... or wds/...), "
            "or --logits with an array that you computed, or --features and --head."
        )
    _refuse(request, "without --logits", "truth", "image_ids")
    overrides = {name: value for name, value in request.input_config.items() if value is not None}
    if request.onnx is None and overrides:
        name = next(iter(overrides)).replace("_", "-")
        raise UserError(f"--{name} is for --onnx; '{request.model}' has timm's own data config.")
    if request.onnx is not None and request.weights is not None:
        raise UserError("--onnx holds its own weights: leave --weights away.")
    from precompute.inference.source import open_image_source

    return open_image_source(request, overrides, _labels(request), report)


def _array(request: Request, report: Report) -> LogitSource:
    file = request.logits or request.features
    option = "--logits" if request.logits else "--features"
    assert file is not None, "one of them is there"
    checked_device(request.device)  # with images, whoever looks at them says what it can use
    if request.logits and (request.features or request.head):
        raise UserError("--features and --head make logits: leave them away, or --logits.")
    if request.features and request.head is None:
        raise UserError(
            f"--features {file} needs the layer that makes logits of them: give --head, a .npz or "
            ".safetensors file with its weights and its bias."
        )
    _refuse(request, f"with {option}", "images", "onnx", "weights")
    fraction = fraction_of(request.holdout)
    if fraction is None:
        raise UserError(
            f"{option} holds out a fraction of its rows; --holdout {request.holdout} is none."
        )
    labels = _labels(request)
    if labels is None:
        raise UserError(
            f"{option} {file} needs category names: give --labels with one name per line."
        )
    ids = None if request.image_ids is None else read_names(request.image_ids)
    sides = _known_sides(request, ids or [], report)
    if request.head is not None:
        rows = Rows(labels, request.truth, ids, fraction, request.seed, sides)
        return FeatureArraySource(request.model, file, request.head, rows)
    return ArraySource(
        request.model,
        file,
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
            raise UserError(f"{option} has no meaning {side}: leave it away.")
