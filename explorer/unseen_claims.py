"""What the figures of an experiment say about hopes, in words; a hope that fails is said to fail."""

import numpy as np
import pandas as pd

from explorer.unseen import CEILING, RIDGE, Experiment, MapKey, has, metric

HOPES = (
    "It works without calibration",
    "Few parents lose nothing against a dense map",
    "As good as having learned the categories",
)


def verdicts(experiment: Experiment, key: MapKey, calibration: str) -> list[tuple[bool, str]]:
    """What the figures say about the hopes that one may have, and whether each holds."""
    raw, own = metric(experiment, key, "none"), metric(experiment, key, calibration)
    ridge = metric(experiment, RIDGE, calibration)
    said = [
        (
            bool(raw["U"] >= 0.5 * own["U"]),
            f"Without calibration, {_percent(raw['U'])} of the images of unseen categories are named "
            f"rightly when all categories compete; with it {_percent(own['U'])}"
            f"{_interval(own, 'U')}, while the seen ones go from {_percent(raw['S'])} to "
            f"{_percent(own['S'])}.",
        ),
        (
            bool(own["unseen_top1_high"] >= ridge["unseen_top1"]),
            f"Among the unseen categories alone, {key.n_parents} parents reach "
            f"{_percent(own['unseen_top1'])}{_interval(own, 'unseen_top1')}, a dense map over all "
            f"{experiment.info['n_seen']} seen logits {_percent(ridge['unseen_top1'])}.",
        ),
    ]
    if has(experiment, CEILING):
        top = metric(experiment, CEILING, calibration)
        said.append(
            (
                bool(own["H_high"] >= top["H"]),
                f"The student's own head, had it not been masked, reaches H = {top['H']:.2f}; the "
                f"equations reach {own['H']:.2f}{_interval(own, 'H', as_percent=False)}.",
            )
        )
    return said


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _interval(row: pd.Series, name: str, as_percent: bool = True) -> str:
    low, high = float(row[f"{name}_low"]), float(row[f"{name}_high"])
    if not np.isfinite(low + high):
        return ""
    return f" ({100 * low:.0f}–{100 * high:.0f} %)" if as_percent else f" ({low:.2f}–{high:.2f})"
