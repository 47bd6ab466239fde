"""What came of a cut, in short: were the dependencies dropped, what did it cost, did robustness improve."""

import math

import pandas as pd

from explorer.answers.cutting import whole
from explorer.answers.cutting.seeds import Difference, after_less_control, means
from explorer.tables.cut import CutTables
from explorer.words.formatting import count, number, percent
from precompute.claims.rules.cutting import LEAST_SEEDS, LOSS, STILL, beside_before, over_before


def sentence(cut: CutTables) -> str:
    """All of it, for a reader who reads no further."""
    return " ".join((dropped(cut), accuracy(cut), others(cut), robust(cut)))


def worked(cut: CutTables) -> bool:
    """Whether so many of the dependencies are gone that the rest says something about cutting."""
    return means(cut.sides, "still_selected")["after"] <= STILL + 1e-6


def dropped(cut: CutTables) -> str:
    """Whether CovLasso has let go of the cut dependencies at the same lambda."""
    n, still = int(cut.info["n_pairs"]), means(cut.sides, "still_selected")
    seeds = int(cut.info["n_seeds"])
    asked = f"at least {percent(1 - STILL, 0)}"
    verdict = f"{asked} are gone, as asked for" if worked(cut) else f"{asked} were to go"
    beside = f"in the control {percent(1 - still['control'], 0)}"
    return (
        f"At the same λ, CovLasso drops {percent(1 - still['after'], 0)} of {count(n)} cut "
        f"{'dependency' if n == 1 else 'dependencies'} (mean over {seeds} "
        f"{'seed' if seeds == 1 else 'seeds'}; {beside}): {verdict}."
    )


def accuracy(cut: CutTables) -> str:
    """Whether accuracy stayed within half a point of the control."""
    found = after_less_control(cut.sides, "top1_holdout")
    if not found.n:
        return "What it did to accuracy is not known: no held-out image has a label."
    within = "within" if found.mean >= -LOSS - 1e-6 else "more than"
    which = "half a point" + ("" if within == "within" else " lost")
    return f"Top-1 on held-out images, less the control's: {points(found)}, {within} {which}."


def others(cut: CutTables) -> str:
    """What became of all other dependencies."""
    kept = means(cut.sides, "kept")
    return (
        f"Of all other readable dependencies {percent(kept['after'], 0)} are still there (control "
        f"{percent(kept['control'], 0)})."
    )


def robust(cut: CutTables) -> str:
    """Whether foreign images are told better, plainly where they are not, or only beside the control."""
    if cut.detection.empty:
        return (
            "Whether it is more robust was not tested: the network has looked at no foreign images "
            f"(python -m precompute ood {cut.info['model']} --images FOLDER, then cut again)."
        )
    row = whole.robustness(cut)
    before = beside_before(cut.detection, row is not None and row["low"] > 0)
    if row is None:
        return f"Whether robustness improved cannot be told without an interval: {before}"
    figure = f"AUROC of max softmax {signed(row['gain'])} ({signed(row['low'])} to {signed(row['high'])})"
    if not worked(cut):
        return f"Whether cutting makes it more robust was not tested, since too little was cut: {figure}."
    against = f"{figure} against the control, mean over the sets of foreign images. {before}"
    if int(cut.info["n_seeds"]) < LEAST_SEEDS:
        return f"Whether robustness improved cannot be told from fewer than {LEAST_SEEDS} seeds: {against}"
    if row["low"] > 0:
        better = over_before(cut.detection) > 0
        said = (
            "Robustness improved" if better else "More robust than the control, but not than before"
        )
    elif row["high"] < 0:
        said = "Robustness did not improve, it fell"
    else:
        said = "Whether robustness improved cannot be told"
    return f"{said}: {against}"


def points(found: Difference) -> str:
    """A difference of shares in points, with its interval."""
    if math.isnan(found.mean):
        return "–"
    mean = f"{signed(100 * found.mean, 1)} points"
    if math.isnan(found.low):
        return f"{mean} (one seed, without an interval)"
    return f"{mean} ({signed(100 * found.low, 1)} to {signed(100 * found.high, 1)} over seeds)"


def signed(value: float, digits: int = 3) -> str:
    """A difference with its sign, also where its digits are 0: the sign decides; a dash where there is
    none."""
    if pd.isna(value):
        return "–"
    return f"+{number(value, digits)}" if value > 0 else number(value, digits)
