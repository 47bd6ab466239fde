"""What pulls a source into an equation, by the conditions of CovLasso's optimum.

Source j stays out of the equation of target i at a penalty lambda as long as its pull

    |2 E[f_j r_i]| <= lambda,    r_i = f_i - sum_k w_k f_k,

with w the solution at lambda without j, and without whatever else is to be cut from the equation of i
(Karush, Kuhn and Tucker; design.md, section 2).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from precompute.covlasso import covlasso_path


@dataclass(frozen=True)
class Cuts:
    """P pairs to be cut: source[p] is to leave the equation of target[p] at the penalty lam[p], which is
    the same for all pairs of a target."""

    target: np.ndarray  # (P,) int
    source: np.ndarray  # (P,) int
    lam: np.ndarray  # (P,) float64

    def __len__(self) -> int:
        return len(self.target)

    def of_targets(self) -> Iterator[tuple[int, np.ndarray]]:
        """Every target with the numbers of its pairs."""
        for target in np.unique(self.target):
            yield int(target), np.flatnonzero(self.target == target)


def residual_weights(moment: np.ndarray, cuts: Cuts) -> np.ndarray:
    """Rows (P, n) so that logits (N, n) @ rows.T are the residuals r (N, P) of every pair's target, its
    cut sources left out; from the second moment (n, n) of the logits."""
    rows = np.zeros((len(cuts), len(moment)))
    for target, pairs in cuts.of_targets():
        free = np.setdiff1d(np.arange(len(moment)), cuts.source[pairs])
        mine = np.zeros(len(moment))
        mine[free] = -solution(
            moment[np.ix_(free, free)], int(np.searchsorted(free, target)), cuts.lam[pairs[0]]
        )
        mine[target] = 1.0
        rows[pairs] = mine
    return rows


def pulls(moment: np.ndarray, cuts: Cuts) -> np.ndarray:
    """2 E[f_j r_i] (P,) of every pair, with its sign; the source is selected where it exceeds lambda."""
    rows = residual_weights(moment, cuts)
    return 2.0 * np.einsum("pn,np->p", rows, moment[:, cuts.source])


def selected(moment: np.ndarray, cuts: Cuts) -> np.ndarray:
    """The coefficient (P,) of every pair's source in CovLasso's equation at lambda, nothing left out."""
    found = np.zeros(len(cuts))
    for target, pairs in cuts.of_targets():
        found[pairs] = solution(moment, target, cuts.lam[pairs[0]])[cuts.source[pairs]]
    return found


def solution(moment: np.ndarray, target: int, lam: float) -> np.ndarray:
    """CovLasso's coefficients (n,) of one equation at one penalty."""
    largest = 2.0 * np.abs(np.delete(moment[target], target)).max(initial=0.0)
    if largest <= lam:
        return np.zeros(len(moment))
    # Far enough down that lambda is on the path, whatever the number of parents there.
    paths = covlasso_path(
        moment, [target], max_parents=len(moment) - 1, min_lambda_ratio=0.99 * lam / largest
    )
    return paths.coefficients(target, lam)
