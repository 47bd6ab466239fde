"""What a network is worth before and after: its cut dependencies, all others, and foreign images."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from precompute.atlas.schema import READABLE
from precompute.cutting.pull import Cuts, lambda_max, pulls, selected, solution
from precompute.equations.equations import Equations
from precompute.equations.fit import FitOptions, Problem
from precompute.equations.moments import CentredMoments, Moments


class Labelled(NamedTuple):
    """Logits (N, n) of a part of the images, and their true categories (N,), -1 where unknown."""

    logits: np.ndarray
    labels: np.ndarray

    @property
    def top1(self) -> float:
        """Accuracy on the labelled images; nan where none has a label."""
        known = self.labels >= 0
        right = self.logits.argmax(axis=1) == self.labels
        return float(right[known].mean()) if known.any() else float("nan")


@dataclass(frozen=True)
class Seen:
    """One network on the fit and the held-out images, and how its equations are fitted."""

    fit: Labelled
    holdout: Labelled
    options: FitOptions

    @cached_property
    def moments(self) -> CentredMoments:
        """Of the fit images."""
        return _moments(self.fit.logits).centred(on_mean=self.options.center)

    @cached_property
    def held_out(self) -> CentredMoments:
        """Of the held-out images, about the same point."""
        return _moments(self.holdout.logits).centred(like=self.moments)

    @cached_property
    def readable(self) -> Equations:
        """The equation of every target with at most READABLE parents."""
        n, depth = len(self.moments.power), min(READABLE, self.options.max_parents)
        problem = Problem(np.arange(n), replace(self.options, max_parents=depth))
        levels = Equations.from_solved(problem.solve(self.moments)).levels()
        rows = levels.rows_with(np.arange(n), np.full(n, READABLE))
        return levels.take(rows[rows >= 0])

    @cached_property
    def edges(self) -> pd.DataFrame:
        """The readable dependencies: target, source, coefficient, refit, intercept_refit."""
        found, refit = self.readable, self.readable.refit(self.moments)
        lengths = np.diff(found.ptr)
        return pd.DataFrame(
            {
                "target": np.repeat(found.target, lengths),
                "source": found.source,
                "coefficient": found.coefficient,
                "refit": refit.coefficient,
                "intercept_refit": np.repeat(refit.intercept(self.moments), lengths),
            }
        )

    @property
    def r2(self) -> float:
        """Median over the targets of the held-out R2 of their readable equations, refit."""
        found = self.readable.refit(self.moments).r2(self.held_out)
        return float(np.median(found)) if len(found) else float("nan")


def pair_table(network: Seen, before: Seen, cuts: Cuts) -> pd.DataFrame:
    """Columns of pairs.parquet but side and seed: each pair in a network."""
    moment = network.moments.moment
    largest = np.array([lambda_max(moment, t) for t in cuts.target])
    first = np.array([lambda_max(before.moments.moment, t) for t in cuts.target])
    scaled = Cuts(cuts.target, cuts.source, cuts.lam * largest / first)
    each = zip(cuts.target.tolist(), cuts.source.tolist(), cuts.lam.tolist(), strict=True)
    ways = [_detour(moment, target, source, lam) for target, source, lam in each]
    return pd.DataFrame(
        {
            "target": cuts.target,
            "source": cuts.source,
            "lambda": cuts.lam,
            "pull": np.abs(pulls(moment, cuts)) / cuts.lam,
            "coefficient": selected(moment, cuts),
            "coefficient_scaled": selected(moment, scaled),
            "coefficient_holdout": selected(network.held_out.moment, cuts),
            "detour": [third for third, _ in ways],
            "detour_coefficient": [product for _, product in ways],
        }
    )


def side_row(network: Seen, before: Seen, cuts: Cuts, pairs: pd.DataFrame) -> dict:
    """Columns of sides.parquet but side and seed; `pairs` is the network's own `pair_table`."""
    others = _without(before.edges, cuts)
    now = network.edges.set_index(["target", "source"])["coefficient"]
    found = now.reindex(pd.MultiIndex.from_frame(others[["target", "source"]])).to_numpy()
    old = others["coefficient"].to_numpy()
    change = (
        np.square(np.nan_to_num(found) - old).mean() / np.square(old).mean() if len(old) else 0.0
    )
    return {
        "top1_fit": network.fit.top1,
        "top1_holdout": network.holdout.top1,
        "still_selected": float((pairs["coefficient"] != 0).mean()),
        "kept": float(np.isfinite(found).mean()) if len(old) else float("nan"),
        "coefficient_change": float(np.sqrt(change)),
        "r2": network.r2,
        "power": float(np.median(_ratio(network.moments.power, before.moments.power))),
    }


def _detour(moment: np.ndarray, target: int, source: int, lam: float) -> tuple[int, float]:
    """The third category through which most of a source comes back into an equation, and the product of
    both coefficients on that way; -1 and 0 where no way leads through one category."""
    parents = solution(moment, target, lam)
    ways = np.zeros(len(moment))
    for third in np.flatnonzero(parents):
        if third != source:
            ways[third] = parents[third] * solution(moment, int(third), lam)[source]
    best = int(np.abs(ways).argmax())
    return (best, float(ways[best])) if ways[best] else (-1, 0.0)


def _without(edges: pd.DataFrame, cuts: Cuts) -> pd.DataFrame:
    """The edges that were not to be cut."""
    n = 1 + max(int(edges.to_numpy()[:, :2].max(initial=0)), int(np.max(cuts.source, initial=0)))
    mine, gone = edges["target"] * n + edges["source"], cuts.target * n + cuts.source
    return edges[~mine.isin(gone)]


def _moments(logits: np.ndarray) -> Moments:
    found = Moments(logits.shape[1])
    found.update(logits)
    return found


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.ones_like(part), where=whole > 0)
