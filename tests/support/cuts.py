"""The tables of a cut network as `precompute cut` leaves them, with figures that a test may choose."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from precompute.atlas import schema
from precompute.atlas.contract import schema_robustness as contract
from precompute.atlas.files import safe_name
from precompute.atlas.store import Atlas

SCORES = ("max_softmax", "max_logit", "energy", "dependency", "permuted_sources")
PAIRS = ((0, 8, 0.5), (0, 9, 0.5), (3, 17, 0.4))  # target, source, lambda

Tables = dict[schema.Table, pd.DataFrame]


def cut_tables(
    model: str = "anynet",
    name: str = "anynet+cut-12ab",
    pairs: Sequence[tuple[int, int, float]] = PAIRS,
    *,
    asked: str = "suspicious 3",
    n_seeds: int = 3,
    sets: Sequence[str] = ("textures", "noise"),
    n_holdout: int = 400,
    n_foreign: int = 100,
    gain: float = 0.02,
    width: float = 0.01,
    still: float = 0.0,
    top1: tuple[float, float, float] = (0.8, 0.79, 0.788),
    epochs: int = 4,
) -> Tables:
    """Every table of cut/<name>/: `gain` is that of every score, its interval as wide as `width` on each
    side; `still` the share of the pairs that the last ones of make up; `top1` is before, control, after."""
    seeds = [("before", 0), *((side, s) for s in range(n_seeds) for side in ("control", "after"))]
    accuracy = dict(zip(contract.SIDES, top1, strict=True))
    left = round(still * len(pairs))
    cut = {
        "model": model, "cut_model": name, "pairs": asked, "weights_sha256": "0" * 64,
        "n_pairs": len(pairs), "n_targets": len({pair[0] for pair in pairs}), "beta": 3.0, "margin": 0.1,
        "epochs": epochs, "head_only": True, "learning_rate": 0.01, "batch_size": 64, "n_seeds": n_seeds,
        "n_trained": 300, "n_fit": 400, "n_holdout": n_holdout,
    }  # fmt: skip
    return {
        contract.CUT: pd.DataFrame([cut]),
        contract.PAIRS: pd.DataFrame([
            _pair(side, seed, *pair, there=side != "after" or k >= len(pairs) - left)
            for side, seed in seeds for k, pair in enumerate(pairs)
        ]),
        contract.CUT_SIDES: pd.DataFrame([
            {
                "side": side, "seed": seed, "top1_fit": 0.9,
                "top1_holdout": accuracy[side] + 0.001 * (seed - 1) * (side != "before"),
                "still_selected": left / len(pairs) if side == "after" else 1.0,
                "kept": {"before": 1.0, "control": 0.95, "after": 0.93}[side],
                "coefficient_change": {"before": 0.0, "control": 0.05, "after": 0.08}[side],
                "r2": 0.6, "power": 1.0,
            }
            for side, seed in seeds
        ]),
        contract.CUT_DETECTION: _detection(seeds, sets, gain),
        contract.GAIN: _gain(sets, gain, width, n_holdout, n_foreign),
        contract.TRAINING: pd.DataFrame([
            {
                "side": side, "seed": seed, "epoch": epoch, "cross_entropy": 1.0 / epoch,
                "penalty": 0.5 / epoch**2 if side == "after" else np.nan,
            }
            for side, seed in seeds[1:] for epoch in range(1, epochs + 1)
        ]),
    }  # fmt: skip


def _pair(side: str, seed: int, target: int, source: int, lam: float, there: bool) -> dict:
    coefficient = 0.3 + 0.01 * seed if there else 0.0
    return {
        "side": side, "seed": seed, "target": target, "source": source, "lambda": lam,
        "pull": (2.0 if there else 0.8) + 0.05 * seed, "coefficient": coefficient,
        "coefficient_scaled": coefficient, "coefficient_holdout": 0.9 * coefficient,
        "detour": 12 if side == "after" else -1, "detour_coefficient": 0.04 * (side == "after"),
    }  # fmt: skip


def _detection(seeds, sets: Sequence[str], gain: float) -> pd.DataFrame:
    columns = ["side", "seed", "set", "score", "auroc", "aupr", "fpr95"]
    rows = [
        (side, seed, each, score, 0.85 + 0.001 * seed + gain * (side == "after"), 0.8, 0.4)
        for side, seed in seeds
        for each in sets
        for score in SCORES
    ]
    return pd.DataFrame(rows, columns=columns)


def _gain(sets: Sequence[str], gain: float, width: float, n_holdout: int, n_foreign: int):
    columns = ["set", "score", "gain", "low", "high", "n_images"]
    rows = [
        (each, score, gain, gain - width, gain + width,
         n_holdout + n_foreign * (1 if each else len(sets)))
        for each in ((*sets, "") if sets else ())
        for score in SCORES
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def write_cut(atlas: Atlas, model: str, mark: str = "12ab", **options) -> str:
    """Put a cut network into an atlas, its tables made up, its own folder a copy of the network that it was
    cut from; its name."""
    name = f"{model}{contract.CUT_MARK}{mark}"
    for table in schema.MODEL_TABLES:
        rows = atlas.read(table, model)
        if table is schema.MODEL:
            rows = rows.assign(name=name)
        atlas.write(table, rows, {}, Atlas.model_folder(name))
    for table, rows in cut_tables(model, name, **options).items():
        atlas.write(table, rows, {}, f"cut/{safe_name(name)}")
    return name
