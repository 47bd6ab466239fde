"""Do broken dependencies give foreign images away? A verdict with its sentence, from detection.parquet.

It holds where the dependency score is ahead of each of its controls, which have its form without the
dependencies; where it is no better than one of them, what tells is not the dependencies.
"""

from collections.abc import Iterable

import pandas as pd

from explorer.answers.foreign.standing import CONTROL, DENSE, KINDS, NAMES, OTHER, OWN
from explorer.words.formatting import count, number

HOPE = "Broken dependencies give these foreign images away"
LEAST = 20  # images of either kind, below which nothing is said


def verdict(rows: pd.DataFrame, n_foreign: int, n_holdout: int) -> tuple[bool | None, str]:
    """Of `standing` rows, one for each score: whether it holds, None where that is not decided, and why."""
    kind = rows["score"].map(KINDS)
    own, controls = rows[kind == OWN], rows[kind == CONTROL]
    if own.empty or controls.empty:
        return None, "The dependency score or its controls are not among the tables of this set."
    images = f"{_images(n_foreign, 'foreign')} and {_images(n_holdout, 'held-out')}"
    if min(n_foreign, n_holdout) < LEAST:
        return (
            None,
            f"{images[:1].upper()}{images[1:]} are too few to say; at least {LEAST} of each are needed.",
        )
    found = own.iloc[0]
    said = [
        _tells(found, images),
        _beside_controls(controls),
        _beside_others(rows[kind == OTHER], found),
    ]
    return _holds(found, controls), " ".join(filter(None, said))


def _holds(own: pd.Series, controls: pd.DataFrame) -> bool | None:
    if own["auroc_high"] < 0.5 or (controls["ahead_high"] < 0).any():
        return False
    return True if own["auroc_low"] > 0.5 and (controls["ahead_low"] > 0).all() else None


def _tells(own: pd.Series, images: str) -> str:
    ends = f"{_three(own['auroc_low'])} to {_three(own['auroc_high'])}"
    figure = f"AUROC {_three(own['auroc'])} ({ends})"
    if own["auroc_low"] > 0.5:
        return f"The dependency score tells {images} apart: {figure}."
    if own["auroc_high"] < 0.5:
        return f"The dependency score takes foreign images for the more usual ones: {figure} on {images}."
    return f"The dependency score does not tell {images} apart: {figure}, and guessing is 0.5."


def _beside_controls(controls: pd.DataFrame) -> str:
    behind, ahead = controls[controls["ahead_high"] < 0], controls[controls["ahead_low"] > 0]
    level = controls.drop([*behind.index, *ahead.index])
    if len(ahead) == len(controls):
        return f"It is ahead of every control: {_list(controls)}."
    said = []
    if len(behind):
        said.append(f"It is worse than its {_of(behind, 'control')} {_list(behind)}")
    if len(level):
        said.append(
            f"{'it' if said else 'It'} is no better than its {_of(level, 'control')} {_list(level)}"
        )
    rest = f", and only ahead of {_list(ahead)}" if len(ahead) else ""
    return f"{' and '.join(said)}{rest}: what tells here is not the dependencies."


def _beside_others(others: pd.DataFrame, own: pd.Series) -> str:
    """Which score is the best, and which others do better, beyond chance, than the dependency score."""
    larger = others[others["auroc"] > own["auroc"]].sort_values("auroc", ascending=False)
    if larger.empty:
        return "No other score has a larger AUROC."
    first, rest = larger[:1], larger[1:]
    clear = "" if first["ahead_high"].iat[0] < 0 else ", though not by more than chance allows"
    rest = rest[rest["ahead_high"] < 0]
    verb = "does" if len(rest) == 1 else "do"
    also = f"; {_list(rest)} {verb} better, too" if len(rest) else ""
    return f"Best of all is {_list(first)}{clear}{also}."


def _list(rows: pd.DataFrame) -> str:
    return _joined(
        f"{NAMES[row.score]}{' (dense)' if row.score in DENSE else ''} {_three(row.auroc)}"
        for row in rows.itertuples()
    )


def _joined(parts: Iterable[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _of(rows: pd.DataFrame, word: str) -> str:
    return word if len(rows) == 1 else f"{word}s"


def _images(n: int, which: str) -> str:
    return f"{count(n)} {which} image{'' if n == 1 else 's'}"


def _three(value: float) -> str:
    return number(float(value), 3)
