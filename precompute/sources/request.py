"""What `run` was asked for, checked, and turned into a source of logits."""

from dataclasses import dataclass, field
from pathlib import Path

from precompute.atlas.progress import DEFAULT_ATLAS
from precompute.errors import UserError


@dataclass(frozen=True)
class Request:
    """The options of `run` that decide where logits come from; see `python -m precompute run --help`."""

    model: str
    images: str | None = None
    holdout: str = "0.2"
    weights: Path | None = None
    onnx: Path | None = None
    logits: Path | None = None
    features: Path | None = None
    head: Path | None = None
    labels: Path | None = None
    truth: Path | None = None
    image_ids: Path | None = None
    device: str = "auto"
    batch_size: int = 64
    workers: int | None = None
    seed: int = 0
    atlas: Path = DEFAULT_ATLAS
    input_config: dict = field(default_factory=dict)


def fraction_of(holdout: str) -> float | None:
    """The fraction that --holdout asks for, or None where it names images."""
    if holdout.endswith("%"):
        raise UserError(f"--holdout {holdout}: write it as a fraction, 0.2 for 20%.")
    try:
        return float(holdout)
    except ValueError:
        return None
