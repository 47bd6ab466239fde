"""Whether cutting dependencies makes a network more robust: whether, once they are cut, it tells foreign
images better from held-out ones than a control that was fine-tuned the same way without cutting.

The score is max softmax, which the literature judges by (Hendrycks and Gimpel 2017); those of max logit and
of the dependencies stand beside it. Where the cut failed, or cost accuracy, nothing was tested. Fine-tuning
by itself may cost robustness, so that a network may be ahead of its control and yet be no better than
before: the remark says which.
"""

import pandas as pd

from precompute.atlas.contract.schema_robustness import SIDES
from precompute.claims.trial import LEAST_IMAGES, Trial

SCORE = "max_softmax"
BESIDE = {"max_logit": "max logit", "dependency": "dependency score"}
LEAST_SEEDS = 3
STILL = 0.1  # share of the cut dependencies that may be left
LOSS = 0.005  # of top-1 against the control: half a point
_ROUNDING = 1e-6  # tables hold float32


def trial(cut: dict, sides: pd.DataFrame, gain: pd.DataFrame, detection: pd.DataFrame) -> Trial:
    """`cut` is the row of cut.parquet of a cut model, the others are its tables of these names."""
    together = gain[gain["set"] == ""].set_index("score")
    n_images = int(together["n_images"].get(SCORE, 0))
    if lacking := _lacking(cut, gain) or _failed(cut, sides):
        return Trial(untestable=lacking, n_images=n_images)
    value, low, high = (float(together.at[SCORE, end]) for end in ("gain", "low", "high"))
    beside = {
        name: float(together.at[score, "gain"])
        for score, name in BESIDE.items()
        if score in together.index
    }
    return Trial(
        value, low, high, 0.0, 0.0, n_images, yardsticks=beside, ends=(-1.0, 1.0),
        remark=f"{_made_from(cut, gain)} {beside_before(detection, low > 0)}",
    )  # fmt: skip


def auroc(detection: pd.DataFrame) -> dict[str, float]:
    """AUROC of SCORE before, in the control and after, mean over sets and seeds."""
    rows = detection[detection["score"] == SCORE]
    return {str(side): float(mean) for side, mean in rows.groupby("side")["auroc"].mean().items()}


def over_before(detection: pd.DataFrame) -> float:
    """AUROC of SCORE after, less before; no more of it than its three digits show."""
    found = auroc(detection)
    return round(found["after"] - found["before"], 3)


def beside_before(detection: pd.DataFrame, ahead: bool) -> str:
    """Whether the cut network is better than the one that it was made of, too, and not only than its
    control, of which it is `ahead` by more than chance allows."""
    before, control, after = (auroc(detection)[side] for side in SIDES)
    said = f"AUROC {before:.3f} before, {control:.3f} in the control, {after:.3f} after"
    if over_before(detection) > 0:
        return f"{said}: better than before."
    if not ahead:
        return f"{said}: no better than before."
    if after >= before:
        return f"{said}: as good as before, cutting gave back what fine-tuning lost."
    share = f"{(after - control) / (before - control):.0%}".replace("%", " %")
    return f"{said}: no better than before, cutting gave back {share} of what fine-tuning lost."


def _lacking(cut: dict, gain: pd.DataFrame) -> str:
    """What the fine-tunings or the images do not suffice for; empty where they do."""
    model, n_seeds, n_holdout = cut["model"], int(cut["n_seeds"]), int(cut["n_holdout"])
    if n_seeds < LEAST_SEEDS:
        return (
            f"{cut['cut_model']} comes from {n_seeds} {'seed' if n_seeds == 1 else 'seeds'}; at least "
            f"{LEAST_SEEDS} are asked for: run python -m precompute cut {model} with --seeds {LEAST_SEEDS}."
        )
    of_score = gain[(gain["score"] == SCORE) & (gain["set"] != "")]
    if of_score.empty:
        return (
            f"{cut['cut_model']} looked at no foreign images: run python -m precompute ood {model} "
            "--images FOLDER, and cut it again."
        )
    if n_holdout < LEAST_IMAGES:
        return f"{n_holdout} held-out images; at least {LEAST_IMAGES} are asked for."
    fewest = of_score.loc[of_score["n_images"].idxmin()]
    n_foreign = int(fewest["n_images"]) - n_holdout
    if n_foreign < LEAST_IMAGES:
        return (
            f"{n_foreign} foreign images in {fewest['set']}; at least {LEAST_IMAGES} are asked for."
        )
    return ""


def _failed(cut: dict, sides: pd.DataFrame) -> str:
    """Why the network is no test of cutting; empty where it is one."""
    means = sides.groupby("side")[["still_selected", "top1_holdout"]].mean()
    name, still = cut["cut_model"], float(means.at["after", "still_selected"])
    if still > STILL + _ROUNDING:
        return (
            f"Nothing was tested: CovLasso still selects {still:.0%} of the dependencies that were to be "
            f"cut from {name}. Cut harder, with a larger --beta."
        ).replace("%", " %")
    after, control = means.at["after", "top1_holdout"], means.at["control", "top1_holdout"]
    if pd.isna(after) or pd.isna(control):
        return f"No held-out image has a label, so nobody can say whether {name} kept its accuracy."
    if after < control - LOSS - _ROUNDING:
        return (
            f"Nothing was tested: {name} lost {100 * (control - after):.1f} points of top-1 against its "
            "control. Cut more gently, with a smaller --beta or fewer dependencies."
        )
    return ""


def _made_from(cut: dict, gain: pd.DataFrame) -> str:
    n_sets, n_pairs = gain.loc[gain["set"] != "", "set"].nunique(), int(cut["n_pairs"])
    return (
        f"{n_pairs} {'dependency' if n_pairs == 1 else 'dependencies'} cut, {int(cut['n_seeds'])} seeds, "
        f"{n_sets} {'set' if n_sets == 1 else 'sets'} of foreign images."
    )
