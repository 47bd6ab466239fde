"""How an image enters a network that does not say so itself, in timm's words, checked."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from timm.data import resolve_data_config

from precompute.errors import UserError

INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "lanczos")
CROP_MODES = ("center", "squash", "border")


def data_config(file: Path, sides: list, given: dict) -> dict:
    """timm's data config of an ONNX graph that takes images of `sides` [3, H, W].

    What is `given` goes before FILE.json beside the graph. mean and std must come from one of them, and
    so must input_size where the graph leaves it open; crop_pct is 0.875, crop_mode center and
    interpolation bicubic unless told.

    Raises `UserError` for what is missing, unknown or makes no sense.
    """
    told = _beside(file) | given
    fixed = all(isinstance(side, int) for side in sides)
    if fixed:
        told = {"input_size": sides} | told
    missing = [key for key in ("input_size", "mean", "std") if key not in told]
    if missing:
        raise UserError(
            f"How images enter '{file}' is not known: no {', '.join(missing)}. Give "
            f"{', '.join('--' + key.replace('_', '-') for key in missing)}, or write "
            f"{json.dumps(dict.fromkeys(missing, '...'))} into '{file.name}.json' beside it."
        )
    config: dict[str, Any] = {key: _checked(file, key, value) for key, value in told.items()}
    if fixed and list(config["input_size"]) != sides:
        raise UserError(
            f"'{file}' takes images of {sides[1]} x {sides[2]} pixels only. Leave input_size away."
        )
    return resolve_data_config(config)


def _beside(file: Path) -> dict:
    path = file.with_name(f"{file.name}.json")
    if not path.exists():
        return {}
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"Cannot read '{path}' as JSON ({error}).") from error
    if not isinstance(config, dict):
        raise UserError(f"'{path}' must hold one JSON object with {', '.join(_CHECKS)}.")
    return config


def _checked(file: Path, key: str, value: Any) -> Any:
    if key not in _CHECKS:
        raise UserError(f"'{key}' of '{file}' is unknown; there are {', '.join(_CHECKS)}.")
    check, wanted = _CHECKS[key]
    try:
        return check(value)
    except (TypeError, ValueError) as error:
        raise UserError(f"{key} of '{file}' is {value!r}, but must be {wanted}.") from error


def _size(value: Any) -> tuple[int, int, int]:
    channels, height, width = (3, value, value) if isinstance(value, int) else value
    sides = (channels, height, width)
    if channels != 3 or not all(isinstance(side, int) and side > 0 for side in sides):
        raise ValueError
    return sides


def _fraction(value: Any) -> float:
    if not 0 < float(value) <= 1:
        raise ValueError
    return float(value)


def _colours(value: Any) -> tuple[float, float, float]:
    parts = value.split(",") if isinstance(value, str) else value
    red, green, blue = (float(part) for part in parts)
    return red, green, blue


def _positive_colours(value: Any) -> tuple[float, float, float]:
    colours = _colours(value)
    if min(colours) <= 0:
        raise ValueError
    return colours


def _one_of(choices: tuple[str, ...]) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in choices:
            raise ValueError
        return value

    return check


_CHECKS = {
    "input_size": (_size, "pixels per side, or [3, height, width]"),
    "crop_pct": (_fraction, "above 0 and at most 1"),
    "crop_mode": (_one_of(CROP_MODES), f"one of {', '.join(CROP_MODES)}"),
    "interpolation": (_one_of(INTERPOLATIONS), f"one of {', '.join(INTERPOLATIONS)}"),
    "mean": (_colours, "three numbers, of images that reach from 0 to 1"),
    "std": (_positive_colours, "three numbers above 0, of images that reach from 0 to 1"),
}
