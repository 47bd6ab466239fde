"""What pulls a source into an equation, by the conditions of CovLasso's optimum.

Source j stays out of the equation of target i at a penalty lambda as long as its pull

    |2 E[f_j r_i]| <= lambda,    r_i = f_i - sum_k w_k f_k,

with w the solution at lambda without j, and without whatever else is to be cut from the equation of i
(Karush, Kuhn and Tucker; design.md, section 2).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from precompute.covlasso.solve import follow
from precompute.covlasso.validation import Inputs

FIRST_TRY = 64  # parents that a path may have by lambda, before it is followed further


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
        rows[pairs] = -solution(moment, target, cuts.lam[pairs[0]], without=cuts.source[pairs])
        rows[pairs, target] = 1.0
    return rows


def pulls(moment: np.ndarray, cuts: Cuts, rows: np.ndarray | None = None) -> np.ndarray:
    """2 E[f_j r_i] (P,) of every pair, with its sign; the source is selected where it exceeds lambda.
    `rows` are the `residual_weights`, if they are known."""
    rows = residual_weights(moment, cuts) if rows is None else rows
    return 2.0 * np.einsum("pn,np->p", rows, moment[:, cuts.source])


def selected(moment: np.ndarray, cuts: Cuts) -> np.ndarray:
    """The coefficient (P,) of every pair's source in CovLasso's equation at lambda, nothing left out."""
    found = np.zeros(len(cuts))
    for target, pairs in cuts.of_targets():
        found[pairs] = solution(moment, target, cuts.lam[pairs[0]])[cuts.source[pairs]]
    return found


def lambda_max(moment: np.ndarray, target: int) -> float:
    """The penalty from which on the equation of a target is empty."""
    return 2.0 * float(np.abs(np.delete(moment[target], target)).max(initial=0.0))


def solution(
    moment: np.ndarray, target: int, lam: float, without: Sequence[int] | np.ndarray = ()
) -> np.ndarray:
    """CovLasso's coefficients (n,) of one equation at one penalty, the sources `without` left out.

    `moment` (n, n) float64 is a second moment, which is not checked.
    """
    if len(without):
        moment = moment.copy()
        # A source without power correlates with nothing, and so never enters.
        moment[without, :] = moment[:, without] = 0.0
    largest = lambda_max(moment, target)
    if largest <= lam:
        return np.zeros(len(moment))
    inputs = Inputs(moment, moment, moment.diagonal().copy(), np.arange(len(moment)))
    parents = FIRST_TRY
    while True:
        paths = follow(inputs, np.array([target]), parents, 0.99 * lam / largest)
        if paths.status[0] != "max_parents" or paths.lambdas[-1] <= lam:
            break
        parents *= 2
    # A path that ends early, in ties that float64 cannot tell, is taken at its end.
    return paths.coefficients(target, max(lam, paths.lambdas.min(initial=np.inf)))
