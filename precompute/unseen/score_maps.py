"""Linear maps from a student's seen logits to scores of unseen categories: sparse ones and a dense one."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from precompute.equations.equations import Equations
from precompute.equations.fit import FitOptions, solve
from precompute.equations.moments import CentredMoments, Moments
from precompute.unseen.map_key import MapKey

# Ridge penalties that cross-validation chooses from, relative to the mean power of a source.
_PENALTIES = np.logspace(-3, 1, 9)


def levels_up_to(max_parents: int) -> list[int]:
    """1, 2, 4, 8, 16, 32 and, as the end of all paths, `max_parents`."""
    return [k for k in (1, 2, 4, 8, 16, 32) if k < max_parents] + [max_parents]


def level_table(moments: CentredMoments, options: FitOptions) -> pd.DataFrame:
    """The equations of every target at every level of `levels_up_to`: n_parents, target, source,
    coefficient, refit, lambda, relative_error, relative_error_refit, duality_gap."""
    paths = solve(moments, np.full(moments.cross.shape[1], -1), options)
    gaps = np.zeros(moments.cross.shape[1])
    gaps[paths.targets] = paths.duality_gap()
    levels = Equations.from_path(paths.to_frame()).levels()
    sizes = pd.DataFrame({"target": levels.target, "n": levels.n_parents})
    parts = []
    for n_parents in levels_up_to(options.max_parents):
        last = sizes[sizes["n"] <= n_parents].groupby("target")["n"].idxmax()
        equations = levels.take(last.to_numpy())
        refit = equations.refit(moments)
        lengths = np.diff(equations.ptr)
        each = {
            "target": equations.target,
            "lambda": equations.lam,
            "relative_error": equations.relative_error(moments),
            "relative_error_refit": refit.relative_error(moments),
            "duality_gap": gaps[equations.target],
        }
        part = pd.DataFrame({name: np.repeat(values, lengths) for name, values in each.items()})
        part["source"], part["n_parents"] = equations.source, n_parents
        part["coefficient"], part["refit"] = equations.coefficient, refit.coefficient
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def dependency_maps(table: pd.DataFrame, n_seen: int, n_unseen: int) -> dict[MapKey, np.ndarray]:
    """Weights (n_seen, n_unseen) of the maps of a `level_table`, two for each level.

    Scores are seen logits @ weights.
    """
    maps = {}
    for n_parents, rows in table.groupby("n_parents"):
        for refit in (False, True):
            weights = np.zeros((n_seen, n_unseen))
            weights[rows["source"], rows["target"]] = rows["refit" if refit else "coefficient"]
            maps[MapKey("dependency", int(n_parents), refit)] = weights
    return maps


def ridge_map(moments: CentredMoments, penalty: float) -> np.ndarray:
    """Weights (n_seen, n_unseen) of least squares with all seen logits.

    `penalty` is relative to the mean power of a source.
    """
    return next(_ridge_maps(moments, [penalty]))


def _ridge_maps(moments: CentredMoments, penalties: Iterable[float]) -> Iterator[np.ndarray]:
    """One decomposition of the second moment serves every penalty."""
    values, vectors = np.linalg.eigh(moments.moment)
    turned = vectors.T @ moments.cross
    mean_power = max(values.mean(), np.finfo(float).tiny)
    for penalty in penalties:
        yield vectors @ (turned / (values.clip(0) + penalty * mean_power)[:, None])


def choose_penalty(folds: Sequence[Moments]) -> float:
    """The penalty of the dense map with the smallest squared error on folds left out."""
    whole = sum(folds[1:], folds[0])
    errors = np.zeros(len(_PENALTIES))
    for fold in folds:
        train, test = (whole - fold).centred(), fold.centred()
        maps = _ridge_maps(train, _PENALTIES)
        errors += [fold.n_images * squared_error(weights, test) for weights in maps]
    return float(_PENALTIES[errors.argmin()])


def squared_error(weights: np.ndarray, moments: CentredMoments) -> float:
    """Sum over targets of E[(a - W'b)^2]."""
    explained = weights * (2 * moments.cross - moments.moment @ weights)
    return float(moments.power.sum() - explained.sum())
