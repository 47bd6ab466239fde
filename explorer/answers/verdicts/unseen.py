"""What the figures of an experiment say about hopes, in words; a hope that fails is said to fail."""

import numpy as np

from explorer.answers import unseen
from explorer.answers.category_draws import resamples
from explorer.answers.unseen import Experiment
from precompute.unseen import seen_unseen_curve
from precompute.unseen.map_key import CEILING, NONE, RIDGE, STACKING, MapKey

ALONE = "It works without calibration"
SPARSE = "As good as a dense map"
LEARNED = "As good as having learned the categories"

MARGIN = 0.02  # what may be lost and still count as nothing
LEVEL = (2.5, 97.5)  # percentiles

Verdict = tuple[str, bool | None, str]  # hope, whether it holds (None: not decided), the figures


def verdicts(experiment: Experiment, key: MapKey, calibration: str) -> list[Verdict]:
    """Each hope that one may have of these equations, and what held-out images say.

    Both maps of a comparison are judged on the same draws of images (paired bootstrap). A hope holds
    where the whole 95% interval of the difference lies above -MARGIN, fails where it lies below zero,
    and is undecided otherwise.
    """
    own = _MapFigures(experiment, key, calibration)
    said = [
        _verdict(
            ALONE, own, "H", _MapFigures(experiment, key, NONE), reverse=True,
            text=lambda own, raw: (
                f"Without calibration {_percent(raw['U'])} of the images of unseen categories are named "
                f"rightly when all categories compete, and {_percent(raw['S'])} of the seen ones; with it "
                f"{_percent(own['U'])} and {_percent(own['S'])}."
            ),
        ),
        _verdict(
            SPARSE, own, "unseen_top1", _MapFigures(experiment, RIDGE, calibration),
            text=lambda own, dense: (
                f"Among the unseen categories alone {key.n_parents} parents reach "
                f"{_percent(own['unseen_top1'])}, a dense map over all {experiment.info['n_seen']} seen "
                f"logits {_percent(dense['unseen_top1'])}."
            ),
        ),
    ]  # fmt: skip
    if unseen.has(experiment, CEILING):
        said.append(_verdict(
            LEARNED, own, "H", _MapFigures(experiment, CEILING, calibration),
            text=lambda own, top: (
                f"The equations reach H = {_percent(own['H'])}, the student's own head, had it not been "
                f"masked, {_percent(top['H'])}."
            ),
        ))  # fmt: skip
    return said


class _MapFigures:
    """Figures of one map under one calibration, on all held-out images and on every draw of them."""

    def __init__(self, experiment: Experiment, key: MapKey, calibration: str):
        kind = unseen.calibrated(key, calibration)
        gamma = float(unseen.metric(experiment, key, kind)["gamma"])
        # Raw scores are those of stacking, with no constant taken off.
        result = unseen.outcome_of(experiment, key, STACKING if kind == NONE else kind)
        self.figures = seen_unseen_curve.rates(result, gamma)
        self.drawn = seen_unseen_curve.rates(result, gamma, resamples(result))


def _verdict(hope, own: _MapFigures, name: str, other: _MapFigures, text, reverse=False) -> Verdict:
    """`reverse`: it is the other one that is hoped to lose nothing."""
    ahead = (other, own) if reverse else (own, other)
    low, high = np.percentile(ahead[0].drawn[name] - ahead[1].drawn[name], LEVEL)
    point = float(ahead[0].figures[name] - ahead[1].figures[name])
    holds = True if low >= -MARGIN else False if high < 0 else None
    said = text(own.figures, other.figures)
    return (
        hope,
        holds,
        f"{said} The difference is {_points(point)} ({_points(low)} to {_points(high)}).",
    )


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _points(value: float) -> str:
    return f"{100 * value:+.1f}".replace("-", "−") + " points"
