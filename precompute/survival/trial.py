"""The trial: a sample of categories, each replaced by its equations of every size, kind and weighting.

Equations and constants see fit images only; held-out images count hits and false positives, and nothing
else.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from precompute.atlas.contract.schema_survival import SURVIVAL
from precompute.equations.batches import Batch
from precompute.equations.moments import CentredMoments
from precompute.equations.two_best import reference_of, two_best
from precompute.equations.weighting import weighted_moment
from precompute.survival.constant import Margins, Others, allowed, constant, margins
from precompute.survival.fit_images import FitImages, fit_images
from precompute.survival.kernels import count_replaced
from precompute.survival.sources import Scene, Scenes
from precompute.survival.sparse import sparse_equations
from precompute.threads import in_threads

Batches = Callable[[str], Iterator[Batch]]

WEIGHTINGS = (0.0, 0.1, 0.3)  # shares of the second moment's mass on a category's own images
SIZES = (1, 2, 4, 8, 16, 32, 64, 100, 128, 200, 300)
# A path to 300 parents takes thirty times as long as one to 128, so only every so-many-th category goes
# there.
DEEP_FROM, DEEP_EVERY = 200, 6
N_CATEGORIES = 100


@dataclass(frozen=True)
class Own:
    """Of every category: held-out images, those the model gives it, and images of others that it gives
    it."""

    n_images: np.ndarray
    hits: np.ndarray
    false: np.ndarray
    reference: str  # label or top1


@dataclass(frozen=True)
class Equation:
    """One equation of the trial, ready to be judged."""

    category: int
    share: float
    kind: str
    n_parents: int | None  # None: the dense map
    sources: np.ndarray
    coefficients: np.ndarray
    margins: Margins

    @property
    def rule(self) -> tuple:
        """What has a constant of its own."""
        return (self.share, self.kind, self.n_parents)


def survival_table(
    batches: Batches,
    fit: CentredMoments,
    rank: int,
    seed: int,
    n_categories: int = N_CATEGORIES,
    weightings: Sequence[float] = WEIGHTINGS,
) -> pd.DataFrame:
    """survival.parquet of one network: `batches` are its own, `fit` the moments of its fit images and
    `rank` theirs. A seeded sample of `n_categories` of those that have held-out images is tried."""
    held = held_out_as_it_is(batches, len(fit.power))
    candidates = np.flatnonzero(held.n_images)
    order = np.random.default_rng(seed).permutation(candidates)[:n_categories]
    images = fit_images(batches, order, seed)
    equations = _equations(fit, images, order, allowed_sizes(len(fit.power), rank), weightings)
    pools: dict[tuple, list[Margins]] = {}
    for equation in equations:
        pools.setdefault(equation.rule, []).append(equation.margins)
    constants = {rule: constant(pool) for rule, pool in pools.items()}
    counts = _judged(equations, constants, fit, batches, held.reference == "label")
    total = int(held.n_images.sum())
    rows = [
        {
            "category": e.category,
            "weighting": e.share,
            "kind": e.kind,
            "n_parents": e.n_parents,
            "n_used": len(e.sources),
            "added": constants[e.rule],
            "n_own": len(images.own[e.category]),
            "n_images": held.n_images[e.category],
            "n_others": total - held.n_images[e.category],
            "hits_before": held.hits[e.category],
            "false_before": held.false[e.category],
        }
        for e in equations
    ]
    table = pd.DataFrame(rows).assign(
        hits_after=counts[:, 0],
        false_after=counts[:, 1],
        hits_with_constant=counts[:, 2],
        false_with_constant=counts[:, 3],
        reference=held.reference,
        own_reference=images.kind,
        n_candidates=len(candidates),
    )
    table["n_parents"] = table["n_parents"].astype("Int64")
    return table.sort_values(
        ["weighting", "kind", "n_parents", "category"], ignore_index=True, na_position="last"
    )[SURVIVAL.columns]


def allowed_sizes(n_categories: int, rank: int) -> list[int]:
    """The SIZES at which an equation says something: below n, and with fewer parents than make any logit of
    a network of this rank exact."""
    return [size for size in SIZES if size == 1 or size < min(n_categories, rank - 1)]


def held_out_as_it_is(batches: Batches, n: int) -> Own:
    """What the model as it is makes of the held-out images."""
    by_label = any((batch.labels >= 0).any() for batch in batches("holdout"))
    n_images, hits, false = (np.zeros(n, dtype=int) for _ in range(3))
    for batch in batches("holdout"):
        true, top = reference_of(batch, by_label), batch.targets.argmax(axis=1)
        true, top = true[true >= 0], top[true >= 0]
        n_images += np.bincount(true, minlength=n)
        hits += np.bincount(true[top == true], minlength=n)
        false += np.bincount(top[top != true], minlength=n)
    return Own(n_images, hits, false, "label" if by_label else "top1")


def _equations(
    fit: CentredMoments,
    images: FitImages,
    order: np.ndarray,
    sizes: list[int],
    shares: Sequence[float],
) -> list[Equation]:
    """Every equation of the trial, category by category in the threads that numba has."""
    shallow = [size for size in sizes if size < DEEP_FROM] or sizes
    # No pool makes more false positives than all categories' images together allow.
    false = np.isin(images.best[:, 0], order) & (images.best[:, 0] != images.reference)
    most = allowed(len(order) * len(images.logits), int(false.sum())) + 1
    found: list[Equation] = []
    for share in shares:
        scenes = Scenes(fit, images, share)

        def solve(place: int, share: float = share, scenes: Scenes = scenes) -> list[Equation]:
            target = int(order[place])
            if share and not len(images.own[target]):
                return []
            asked = shallow if place % DEEP_EVERY else sizes
            others, mean = Others.of(target, images), fit.target_mean[target]
            return [
                Equation(
                    target, share, kind, size, sources, weights, margins(left_out + mean, others, most)
                )
                for kind, size, sources, weights, left_out in _solved(
                    scenes.of(target), asked, share, images.n_images
                )
            ]  # fmt: skip

        # A thread for each category: BLAS's own threads would only wait for each other.
        with threadpool_limits(1, "blas"):
            found += [e for equations in in_threads(solve, range(len(order))) for e in equations]
    return found


def _solved(scene: Scene, sizes: list[int], share: float, n_images: int) -> list[tuple]:
    """(kind, size, sources, coefficients, left_out) of every equation of one target."""
    moment = weighted_moment(scene.moment, scene.own, share)
    weight = (1.0 - share) / n_images
    found: list[tuple] = [
        (e.kind, e.size, scene.categories[e.sources], e.coefficients, e.left_out)
        for e in sparse_equations(moment, scene.target, sizes, scene.logits, weight)
    ]
    dense = scene.maps.of(scene.target, scene.own)
    rest = np.flatnonzero(np.arange(len(scene.categories)) != scene.target)
    found.append(("dense", None, scene.categories[rest], dense.weights[rest], dense.left_out))
    return found


def _judged(
    equations: list[Equation],
    constants: dict,
    fit: CentredMoments,
    batches: Batches,
    by_label: bool,
) -> np.ndarray:
    """Counts (m, 4) on held-out images, as `count_replaced` has them."""
    target = np.array([e.category for e in equations], dtype=np.int32)
    ptr = np.r_[0, np.cumsum([len(e.sources) for e in equations])].astype(np.int64)
    source = np.concatenate([e.sources for e in equations]).astype(np.int32)
    coefficient = np.concatenate([e.coefficients for e in equations]).astype(np.float64)
    weighted = np.r_[0.0, np.cumsum(coefficient * fit.source_mean[source])]
    intercept = fit.target_mean[target] - (weighted[ptr[1:]] - weighted[ptr[:-1]])
    added = np.array([constants[e.rule] for e in equations])
    counts = np.zeros((len(equations), 4), dtype=np.int64)
    for batch in batches("holdout"):
        logits = np.ascontiguousarray(batch.targets.T, dtype=np.float32)
        count_replaced(
            target, ptr, source, coefficient, intercept, added, logits, two_best(batch.targets),
            reference_of(batch, by_label), counts,
        )  # fmt: skip
    return counts
