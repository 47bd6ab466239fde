"""What a network makes of images, kept part by part, so that a run that was killed goes on."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from precompute.atlas.parts import Columns, Parts
from precompute.atlas.progress import Report
from precompute.atlas.store import replacing
from precompute.errors import UserError
from precompute.sources.protocol import OnBad

MOST_BAD = 0.10


class Looks(NamedTuple):
    """What is looked for, in how many images, and how: numbers (B,) of the readable ones among some, in
    order, with all columns of the table; the function of its second argument hears of the others."""

    stage: str
    total: int
    batches: Callable[[range, OnBad], Iterator[tuple[np.ndarray, Columns]]]


def keep(
    target: Path,
    columns: dict[str, pa.DataType],
    made_from: dict,
    looks: Looks,
    report: Report,
    before: Callable[[], None] = lambda: None,
) -> None:
    """Make a table part by part, then join the parts; `before` is called when nothing can go wrong any
    more and the old file is about to be replaced.

    Raises UserError where more than MOST_BAD of the images cannot be read.
    """
    parts = Parts(target.with_suffix(".parts"), made_from, columns)
    _compute(parts, looks, report)
    before()
    with replacing(target) as temporary:
        parts.join(temporary)
    parts.clear()
    _tell(report, parts.bad)


def rounded(values: np.ndarray, ids: np.ndarray, model: str, what: str = "logit") -> np.ndarray:
    """Values (B, n) of images as the atlas keeps them, float16. Raises UserError for those that it cannot
    hold."""
    with np.errstate(over="ignore"):
        found = values.astype(np.float16)
    if not np.isfinite(found).all():
        row = np.flatnonzero(~np.isfinite(found).all(axis=1))[0]
        value = values[row][~np.isfinite(found[row])][0]
        raise UserError(
            f"Model '{model}' gives the {what} {value} for image {ids[row]}; {what}s must be finite and "
            "below 65504 (float16). Check the weights and the input configuration."
        )
    return found


def _compute(parts: Parts, looks: Looks, report: Report) -> None:
    """Look at the images that no part holds yet; in between, whatever is finished becomes a part."""
    stage, total, batches = looks
    report.progress(stage, parts.stop, total)
    rest = range(parts.stop, total)
    for rows, columns in batches(rest, parts.skip) if rest else ():
        parts.add(columns)
        _few_enough(parts.bad, total)
        if parts.is_full:
            parts.write(int(rows[-1]) + 1)
        report.progress(stage, int(rows[-1]) + 1, total)
    _few_enough(parts.bad, total)
    parts.write(total)
    report.progress(stage, total, total)


def _few_enough(bad: dict[str, str], total: int) -> None:
    if len(bad) > MOST_BAD * total:
        image, reason = next(iter(bad.items()))
        raise UserError(
            f"{len(bad)} of {total} images cannot be read, more than {MOST_BAD:.0%}. "
            f"The first: {image}: {reason}. Check the image set."
        )


def _tell(report: Report, bad: dict[str, str]) -> None:
    for image, reason in list(bad.items())[:10]:
        report.say(f"skipped {image}: {reason}")
    if len(bad) > 10:
        report.say(f"... and {len(bad) - 10} more unreadable images")
