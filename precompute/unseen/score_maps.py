"""Linear maps from a student's seen logits to scores of unseen categories: sparse ones and a dense one."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from precompute.equations.equations import Equations
from precompute.equations.fit import FitOptions, solve
from precompute.equations.moments import Moments, Problem

# Ridge penalties that cross-validation chooses from, relative to the mean power of a source.
_PENALTIES = np.logspace(-3, 1, 9)


# A map's name: method, n_parents and refit, the last two for dependencies only. The maps of one fit are
# a dict from key to weights (n_seen, n_unseen): scores = seen logits @ weights.
Key = tuple[str, int | None, bool | None]
RIDGE: Key = ("ridge", None, None)
CEILING: Key = ("ceiling", None, None)


def levels_up_to(max_parents: int) -> list[int]:
    """1, 2, 4, 8, 16, 32 and, as the end of all paths, `max_parents`."""
    return [k for k in (1, 2, 4, 8, 16, 32) if k < max_parents] + [max_parents]


def dependency_table(problem: Problem, options: FitOptions) -> pd.DataFrame:
    """The equations of every target at every level of `levels_up_to`: n_parents, target, source,
    coefficient, refit, lambda, relative_error, relative_error_refit, duality_gap."""
    paths = solve(problem, np.full(problem.cross.shape[1], -1), options)
    gaps = np.zeros(problem.cross.shape[1])
    gaps[paths.targets] = paths.duality_gap()
    levels = Equations.from_path(paths.to_frame()).levels()
    sizes = pd.DataFrame({"target": levels.target, "n": levels.n_parents})
    parts = []
    for n_parents in levels_up_to(options.max_parents):
        last = sizes[sizes["n"] <= n_parents].groupby("target")["n"].idxmax()
        equations = levels.take(last.to_numpy())
        refit = equations.refit(problem)
        lengths = np.diff(equations.ptr)
        each = {
            "target": equations.target,
            "lambda": equations.lam,
            "relative_error": equations.relative_error(problem),
            "relative_error_refit": refit.relative_error(problem),
            "duality_gap": gaps[equations.target],
        }
        part = pd.DataFrame({name: np.repeat(values, lengths) for name, values in each.items()})
        part["source"], part["n_parents"] = equations.source, n_parents
        part["coefficient"], part["refit"] = equations.coefficient, refit.coefficient
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def dependency_maps(table: pd.DataFrame, n_seen: int, n_unseen: int) -> dict[Key, np.ndarray]:
    """The maps of a `dependency_table`, two for each level."""
    maps = {}
    for n_parents, rows in table.groupby("n_parents"):
        for refit in (False, True):
            weights = np.zeros((n_seen, n_unseen))
            weights[rows["source"], rows["target"]] = rows["refit" if refit else "coefficient"]
            maps["dependency", int(n_parents), refit] = weights
    return maps


def ridge_map(problem: Problem, penalty: float) -> np.ndarray:
    """Weights (n_seen, n_unseen) of least squares with all seen logits.

    `penalty` is relative to the mean power of a source.
    """
    return next(_ridge_maps(problem, [penalty]))


def _ridge_maps(problem: Problem, penalties: Sequence[float]) -> Iterator[np.ndarray]:
    """One decomposition of the second moment serves every penalty."""
    values, vectors = np.linalg.eigh(problem.moment)
    turned = vectors.T @ problem.cross
    mean_power = max(values.mean(), np.finfo(float).tiny)
    for penalty in penalties:
        yield vectors @ (turned / (values.clip(0) + penalty * mean_power)[:, None])


def choose_penalty(folds: Sequence[Moments]) -> float:
    """The penalty of the dense map with the smallest squared error on folds left out."""
    whole = sum(folds[1:], folds[0])
    errors = np.zeros(len(_PENALTIES))
    for fold in folds:
        train, test = (whole - fold).problem(), fold.problem()
        maps = _ridge_maps(train, _PENALTIES)
        errors += [fold.n_images * squared_error(weights, test) for weights in maps]
    return float(_PENALTIES[errors.argmin()])


def squared_error(weights: np.ndarray, problem: Problem) -> float:
    """Sum over targets of E[(a - W'b)^2]."""
    explained = weights * (2 * problem.cross - problem.moment @ weights)
    return float(problem.power.sum() - explained.sum())
