"""The rounds: every target that is on its way takes the step to its next event (torch).

The mathematics, the thresholds and what counts as an event are those of `precompute.covlasso.homotopy`,
which follows one target after the other.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from precompute.covlasso.lockstep.events import Events, next_events
from precompute.covlasso.lockstep.supports import (
    Grams,
    Supports,
    combine_rows,
    schur_pivots,
    wrong_signs,
)
from precompute.covlasso.lockstep.tape import Tape, Written
from precompute.covlasso.thresholds import (
    DEPENDENT,
    MAX_PARENTS,
    MIN_LAMBDA,
    NO_CORRELATION,
    PATIENCE,
    STALE,
    STALLED,
    TIE,
    WRONG_SIGN,
)

GOING = -1


@dataclass(frozen=True)
class Problem:
    """Second moments of n sources and m targets, and how far to go."""

    moment: Tensor  # (n, n)
    rows: Tensor  # (m, n), g of each target
    power: Tensor  # (m,)
    exclude: Tensor  # (m,) int64, the source that a target may not use, or -1
    max_parents: int
    min_lambda_ratio: float


@dataclass
class Walkers:
    """The targets that are on their way."""

    place: Tensor  # (T,) int64, which of the problem's m targets
    mu_max: Tensor  # (T,)
    mu: Tensor  # (T,)
    waited: Tensor  # (T,) int64, steps of length zero in a row
    c: Tensor  # (T, n), g - M beta; anything at barred sources
    barred: Tensor  # (T, n), sources that cannot join: excluded, in the support or dependent on it
    supports: Supports

    @classmethod
    def of(cls, problem: Problem) -> "Walkers":
        """All targets that a source correlates with, each at its lambda_max."""
        c = problem.rows.clone()
        barred = _marks(problem.exclude[:, None], c)
        mu_max = c.masked_fill(barred, 0.0).abs().amax(1)
        place = torch.arange(len(c), device=c.device)
        none = torch.zeros_like(place)
        every = cls(place, mu_max, mu_max, none, c, barred, Supports.empty(c))
        return every.take(mu_max > 0.0)

    def __len__(self) -> int:
        return len(self.place)

    def take(self, rows: Tensor) -> "Walkers":
        """Some of them, by a mask (T,)."""
        parts = {name: part[rows] for name, part in vars(self).items() if name != "supports"}
        return Walkers(**parts, supports=self.supports.take(rows))


@torch.inference_mode()
def follow(problem: Problem) -> Written:
    """The paths of all targets of a problem, round after round until the last has ended."""
    tape = Tape()
    status = torch.full_like(problem.exclude, NO_CORRELATION)
    walkers = Walkers.of(problem)
    while len(walkers):
        ways = _round(problem, walkers, tape)
        status[walkers.place] = ways
        if (ways != GOING).any():
            walkers = walkers.take(ways == GOING)
    return tape.paths(status)


def _round(problem: Problem, walkers: Walkers, tape: Tape) -> Tensor:
    """Take everybody to the next event and record it; (T,), how each path ended, or GOING."""
    grams = Grams.of(problem.moment, walkers.supports)
    direction, _ = grams.solve(walkers.supports.signs)
    slope = combine_rows(problem.moment, walkers.supports, direction)
    mu_min, tie = problem.min_lambda_ratio * walkers.mu_max, TIE * walkers.mu_max
    event = next_events(
        walkers.c, slope, walkers.barred, walkers.supports, direction, walkers.mu,
        walkers.mu - mu_min, tie,
    )  # fmt: skip
    depends = _depends(problem, walkers, grams, event.joins)
    _bar(walkers, event.joins, depends)
    event = _without(event, depends)
    ends = (event.joins < 0) & (event.drops < 0) & ~depends
    _advance(walkers, event, direction, slope)
    walkers.mu = torch.where(ends, mu_min, walkers.mu)
    # Nothing has happened to those that must look for another source.
    walkers.waited = torch.where(depends, walkers.waited, (walkers.waited + 1) * (event.step == 0))
    signs = torch.where(walkers.c.gather(1, _column(event.joins))[:, 0] > 0.0, 1.0, -1.0)
    moved = ~depends
    dropped = _make_exact(problem, walkers, grams, event.drops, moved)
    tape.record(
        walkers.place[moved],
        2.0 * walkers.mu[moved],
        walkers.supports.take(moved),
        event.joins[moved],
    )
    ways = _ways(problem, walkers, event, ends)
    joins = (event.joins >= 0) & ~dropped & (ways == GOING)
    walkers.supports = walkers.supports.joined(joins, event.joins, signs)
    _bar(walkers, event.joins, joins)
    return ways


def _depends(problem: Problem, walkers: Walkers, grams: Grams, joining: Tensor) -> Tensor:
    """(T,), where the source that is to join depends linearly on the support."""
    pivot, magnitude = schur_pivots(problem.moment, walkers.supports, grams, joining.clamp(min=0))
    return (joining >= 0) & ~(pivot > DEPENDENT * magnitude)


def _without(event: Events, out: Tensor) -> Events:
    """No event, and no step, where `out` (T,)."""
    return Events(
        event.step.masked_fill(out, 0.0),
        event.joins.masked_fill(out, -1),
        event.drops.masked_fill(out, -1),
    )


def _bar(walkers: Walkers, sources: Tensor, these: Tensor) -> None:
    """Take one source out of the search of each target where `these` (T,); `_refresh` lets it in again."""
    column = _column(sources)
    walkers.barred.scatter_(1, column, walkers.barred.gather(1, column) | these[:, None])


def _advance(walkers: Walkers, event: Events, direction: Tensor, slope: Tensor) -> None:
    """Let mu fall by the step along the segment."""
    supports, step = walkers.supports, event.step[:, None]
    walkers.mu = walkers.mu - event.step
    walkers.c.addcmul_(slope, step, value=-1.0)
    walkers.supports = replace(supports, beta=supports.beta + step * direction)


def _make_exact(
    problem: Problem, walkers: Walkers, grams: Grams, drops: Tensor, moved: Tensor
) -> Tensor:
    """Drop the source of each slot (T,) (-1: none) and any wrong sign, and solve for beta at mu.

    Returns (T,), whether a source dropped.
    """
    place, mu = walkers.place, walkers.mu
    allowance = WRONG_SIGN * problem.power[place]
    walkers.supports, error = _settle(problem, place, mu, walkers.supports, grams)
    wrong = wrong_signs(walkers.supports, mu, allowance).where(moved, -1)
    slots = drops.where(drops >= 0, wrong)
    rows = torch.nonzero(slots >= 0)[:, 0]
    slots, dropped = slots[rows], torch.zeros_like(moved)
    # Each pass takes one source out of these supports, so there are at most as many as they have.
    while len(rows):
        dropped[rows] = True
        fewer = walkers.supports.take(rows).without(slots)
        fewer, _ = _settle(problem, place[rows], mu[rows], fewer, Grams.of(problem.moment, fewer))
        walkers.supports.put(rows, fewer)
        slots = wrong_signs(fewer, mu[rows], allowance[rows])
        rows, slots = rows[slots >= 0], slots[slots >= 0]
    stale = moved & (error > STALE * mu)
    _refresh(problem, walkers, torch.nonzero(dropped | stale)[:, 0])
    return dropped


def _settle(
    problem: Problem, place: Tensor, mu: Tensor, supports: Supports, grams: Grams
) -> tuple[Supports, Tensor]:
    """Correct beta until M_AA beta = g_A - mu*signs; also the error (T,) found at first."""
    g = problem.rows[place[:, None], supports.members] * supports.used
    beta, error = grams.solve(g - mu[:, None] * supports.signs, supports.beta)
    return replace(supports, beta=beta), error


def _refresh(problem: Problem, walkers: Walkers, rows: Tensor) -> None:
    """Compute c of some targets from its definition; dependent sources get another chance."""
    supports, place = walkers.supports.take(rows), walkers.place[rows]
    walkers.c[rows] = problem.rows[place] - combine_rows(problem.moment, supports, supports.beta)
    out = supports.members.masked_fill(~supports.used, -1)
    out = torch.cat([out, problem.exclude[place, None]], dim=1)
    walkers.barred[rows] = _marks(out, walkers.c)


def _ways(problem: Problem, walkers: Walkers, event: Events, ends: Tensor) -> Tensor:
    """(T,), how each path ends here, or GOING."""
    ways = torch.full_like(walkers.place, GOING)
    ways.masked_fill_(walkers.waited > PATIENCE * problem.max_parents, STALLED)
    full = (event.joins >= 0) & (walkers.supports.size == problem.max_parents)
    return ways.masked_fill_(full, MAX_PARENTS).masked_fill_(ends, MIN_LAMBDA)


def _marks(sources: Tensor, like: Tensor) -> Tensor:
    """(T, n), which sources are named in (T, k); -1 names none."""
    t, n = len(sources), like.shape[1]
    marks = torch.zeros(t, n + 1, dtype=torch.bool, device=like.device)
    return marks.scatter_(1, sources.where(sources >= 0, n), True)[:, :n].contiguous()


def _column(sources: Tensor) -> Tensor:
    """Indices (T, 1) to gather from; -1, no source, looks at source 0."""
    return sources.clamp(min=0)[:, None]
