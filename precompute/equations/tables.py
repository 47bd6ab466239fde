"""Solved equations as the tables of the atlas: path.parquet and dependencies.parquet."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from precompute.atlas.schema import CHOICES
from precompute.covlasso import CovLassoPaths
from precompute.equations.equations import Equations
from precompute.equations.moments import CentredMoments
from precompute.equations.sparsity.sizes import thinned
from precompute.equations.yardsticks.stability import Stability


def path_table(paths: CovLassoPaths, moments: CentredMoments, sizes: Sequence[int]) -> pd.DataFrame:
    """path.parquet: the stored knots with CovLasso coefficients and the refit on their supports."""
    knots = thinned(Equations.from_solved(paths), sizes)
    lengths = np.diff(knots.ptr)
    return pd.DataFrame(
        {
            "target": np.repeat(knots.target, lengths),
            "knot": np.repeat(knots.knot, lengths),
            "lambda": np.repeat(knots.lam, lengths),
            "source": knots.source,
            "coefficient": knots.coefficient,
            "refit": knots.refit(moments).coefficient,
        }
    )


def dependency_table(
    chosen: dict[str, Equations],
    refit: dict[str, Equations],
    moments: CentredMoments,
    duality_gap: np.ndarray,
    stability: dict[str, Stability],
) -> pd.DataFrame:
    """dependencies.parquet, sorted by choice (in alphabetical order), target and source.

    `refit` are the chosen equations by least squares on their supports, `duality_gap` (n_targets,) is that
    of whole paths, `moments` are those that equations are judged on.
    """
    parts = []
    for name in sorted(CHOICES):
        part = _rows(chosen[name], refit[name], moments, duality_gap)
        part["stability"], part["n_half_samples"] = stability[name].share, stability[name].n_halves
        parts.append(part.sort_values(["target", "source"]).assign(choice=name))
    return pd.concat(parts, ignore_index=True)


def _rows(
    chosen: Equations, refit: Equations, moments: CentredMoments, duality_gap: np.ndarray
) -> pd.DataFrame:
    each = {
        "target": chosen.target,
        "intercept": chosen.intercept(moments),
        "intercept_refit": refit.intercept(moments),
        "lambda": chosen.lam,
        "relative_error": chosen.relative_error(moments),
        "duality_gap": duality_gap[chosen.target],
    }
    lengths = np.diff(chosen.ptr)
    table = pd.DataFrame({name: np.repeat(values, lengths) for name, values in each.items()})
    return table.assign(
        source=chosen.source, coefficient=chosen.coefficient, refit=refit.coefficient
    )
