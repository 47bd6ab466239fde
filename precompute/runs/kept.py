"""What a network makes of images, kept part by part, so that a run that was killed goes on."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from precompute.atlas.files import replacing
from precompute.atlas.parts import Columns, Parts
from precompute.atlas.progress import Report
from precompute.errors import UserError
from precompute.sources.protocol import OnBad
from precompute.team.current import current

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
    more and the old file is about to be replaced. Each process of a team makes the parts of its share of
    the images, and their leader joins all.

    Raises UserError where more than MOST_BAD of the images cannot be read.
    """
    team, folder = current(), target.with_suffix(".parts")
    mine = team.share(looks.total)
    parts = Parts(folder, made_from, columns, range(mine.start, mine.stop))
    _compute(parts, looks, report)
    bad = {image: reason for found in team.gather(parts.bad) for image, reason in found.items()}
    _few_enough(bad, looks.total)
    if not team.leads:
        return
    whole = Parts(folder, made_from, columns, range(looks.total))
    if whole.stop < looks.total:
        raise UserError(
            f"{folder} does not hold what all processes made, only the first {whole.stop} of {looks.total} "
            "images. --atlas must be a folder that all machines share."
        )
    before()
    with replacing(target) as temporary:
        whole.join(temporary)
    whole.clear()
    _tell(report, bad)


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
    first, end = parts.rows.start, parts.rows.stop
    report.progress(stage, parts.stop - first, end - first)
    rest = range(parts.stop, end)
    for rows, columns in batches(rest, parts.skip) if rest else ():
        parts.add(columns)
        _few_enough(parts.bad, total)
        if parts.is_full:
            parts.write(int(rows[-1]) + 1)
        report.progress(stage, int(rows[-1]) + 1 - first, end - first)
    _few_enough(parts.bad, total)
    parts.write(end)
    report.progress(stage, end - first, end - first)


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
