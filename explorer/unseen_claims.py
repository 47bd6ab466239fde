"""What the figures of an experiment say about hopes, in words; a hope that fails is said to fail."""

import numpy as np
import pandas as pd

from explorer.unseen import CEILING, RIDGE, Experiment, MapKey, has, metric

ALONE = "It works without calibration"
SPARSE = "Few parents lose nothing against a dense map"
LEARNED = "As good as having learned the categories"

Verdict = tuple[str, bool | None, str]  # hope, whether it holds (None: not decided), the figures


def verdicts(experiment: Experiment, key: MapKey, calibration: str) -> list[Verdict]:
    """Each hope that one may have of these equations, and what held-out images say.

    It holds where the figure reaches what it is compared with, fails where even the upper end of its
    95% interval does not, and is undecided in between.
    """
    raw, own = metric(experiment, key, "none"), metric(experiment, key, calibration)
    ridge = metric(experiment, RIDGE, calibration)
    said = [
        (
            ALONE,
            _reaches(raw, "U", float(own["U"])),
            f"Without calibration, {_percent(raw['U'])} of the images of unseen categories are named "
            f"rightly when all categories compete; with it {_percent(own['U'])}"
            f"{_interval(own, 'U')}, while the seen ones go from {_percent(raw['S'])} to "
            f"{_percent(own['S'])}.",
        ),
        (
            SPARSE,
            _reaches(own, "unseen_top1", float(ridge["unseen_top1"])),
            f"Among the unseen categories alone, {key.n_parents} parents reach "
            f"{_percent(own['unseen_top1'])}{_interval(own, 'unseen_top1')}, a dense map over all "
            f"{experiment.info['n_seen']} seen logits {_percent(ridge['unseen_top1'])}.",
        ),
    ]
    if has(experiment, CEILING):
        top = metric(experiment, CEILING, calibration)
        said.append(
            (
                LEARNED,
                _reaches(own, "H", float(top["H"])),
                f"The student's own head, had it not been masked, reaches H = {top['H']:.2f}; the "
                f"equations reach {own['H']:.2f}{_interval(own, 'H', as_percent=False)}.",
            )
        )
    return said


def _reaches(row: pd.Series, name: str, wanted: float) -> bool | None:
    if row[name] >= wanted:
        return True
    return None if row[f"{name}_high"] >= wanted else False


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _interval(row: pd.Series, name: str, as_percent: bool = True) -> str:
    low, high = float(row[f"{name}_low"]), float(row[f"{name}_high"])
    if not np.isfinite(low + high):
        return ""
    return f" ({100 * low:.0f}–{100 * high:.0f} %)" if as_percent else f" ({low:.2f}–{high:.2f})"
