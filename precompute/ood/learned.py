"""From an atlas's tables and fit images to the scores of a network, at one choice of the sparsity."""

import numpy as np
import pandas as pd

from precompute.equations.equations import Equations
from precompute.equations.moments import CentredMoments, Moments
from precompute.ood.scores import LinearMap, PrincipalSpace, Scores


def scores_of(dependencies: pd.DataFrame, fit: np.ndarray, center: bool, seed: int) -> Scores:
    """Scores by the refit equations of one choice (rows of dependencies.parquet), with their scale and
    controls from fit images' logits (N, n)."""
    n, rng = fit.shape[1], np.random.default_rng(seed)
    judged = _moments(fit).centred(on_mean=center)
    return Scores(
        equations=stored_map(dependencies, n),
        permuted=permuted_map(dependencies, n, rng),
        random=random_map(dependencies, judged, rng),
        space=principal_space(fit),
    )


def principal_space(fit: np.ndarray) -> PrincipalSpace:
    """Of fit images' logits (N, n)."""
    return PrincipalSpace.of(fit.mean(axis=0), _moments(fit).centred(on_mean=True).moment)


def stored_map(dependencies: pd.DataFrame, n: int) -> LinearMap:
    """The equations as they are stored; a category without one is predicted by 0."""
    return LinearMap.of(
        n, dependencies["target"].to_numpy(), dependencies["source"].to_numpy(),
        dependencies["refit"].to_numpy(float), _constants(dependencies, n),
    )  # fmt: skip


def permuted_map(dependencies: pd.DataFrame, n: int, rng: np.random.Generator) -> LinearMap:
    """The same coefficients on other sources: one permutation of the categories, the same for all
    equations; a source that would become the target becomes what the target becomes."""
    target, source = dependencies["target"].to_numpy(), dependencies["source"].to_numpy()
    becomes = rng.permutation(n)
    moved = np.where(becomes[source] == target, becomes[target], becomes[source])
    return LinearMap.of(
        n, target, moved, dependencies["refit"].to_numpy(float), _constants(dependencies, n)
    )


def random_map(
    dependencies: pd.DataFrame, moments: CentredMoments, rng: np.random.Generator
) -> LinearMap:
    """As many random sources for every target, least squares on the fit images."""
    n = len(moments.moment)
    target, n_parents = np.unique(dependencies["target"].to_numpy(), return_counts=True)
    drawn_for = [
        np.sort(rng.choice(np.delete(np.arange(n), t), k, replace=False))
        for t, k in zip(target, n_parents, strict=True)
    ]
    source = np.concatenate([*drawn_for, np.array([], dtype=int)])
    ptr = np.r_[0, np.cumsum(n_parents)].astype(np.int64)
    drawn = Equations(
        target.astype(np.int32), np.zeros(len(target), np.int32), np.zeros(len(target)), ptr,
        source.astype(np.int32), np.ones(len(source)),
    ).refit(moments)  # fmt: skip
    constant = np.zeros(n)
    constant[target] = drawn.intercept(moments)
    return LinearMap.of(n, np.repeat(target, n_parents), source, drawn.coefficient, constant)


def _moments(fit: np.ndarray) -> Moments:
    moments = Moments(fit.shape[1], fit.shape[1])
    moments.update(fit, fit)
    return moments


def _constants(dependencies: pd.DataFrame, n: int) -> np.ndarray:
    constant = np.zeros(n)
    constant[dependencies["target"].to_numpy()] = dependencies["intercept_refit"].to_numpy(float)
    return constant
