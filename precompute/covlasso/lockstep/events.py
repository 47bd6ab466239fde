"""What happens first on the way down of each of T targets: the rules of `homotopy` side by side (torch)."""

from dataclasses import dataclass

import torch
from torch import Tensor

from precompute.covlasso.lockstep.supports import Supports
from precompute.covlasso.thresholds import STILL


@dataclass(frozen=True)
class Events:
    """The next event of each target: after `step` source `joins`, or the source in slot `drops`; -1 is
    neither, and both where the path ends."""

    step: Tensor  # (T,)
    joins: Tensor  # (T,) int64
    drops: Tensor  # (T,) int64


def next_events(
    c: Tensor,
    slope: Tensor,
    barred: Tensor,
    supports: Supports,
    direction: Tensor,
    mu: Tensor,
    limit: Tensor,
    tie: Tensor,
) -> Events:
    """The first events within `limit`, of simultaneous ones that of the lowest source (Murty's rule: it
    cannot cycle). c, slope and barred are (T, n), direction is (T, w), the rest (T,)."""
    step, slot = _first_drops(supports, direction, limit, tie)
    # Beyond the drop by more than a tie: else no source could be found that joins together with it.
    reach = torch.maximum(step, 2.0 * tie)
    h, source = _first_joins(c, slope, barred, mu, reach, tie)
    dropping = supports.members.gather(1, slot.clamp(min=0)[:, None])[:, 0]
    waits = (h == step) & (slot >= 0) & (dropping < source)
    joins = (h < reach) & (h <= step) & ~waits
    return Events(
        step=torch.where(joins, h, step),
        joins=torch.where(joins, source, -1),
        drops=torch.where(joins, -1, slot),
    )


def _first_drops(
    supports: Supports, direction: Tensor, limit: Tensor, tie: Tensor
) -> tuple[Tensor, Tensor]:
    """After which step a coefficient first meets zero, and its slot; (limit, -1) if none within it."""
    speed = direction * supports.signs
    fastest = direction.abs().amax(1, keepdim=True)
    # Only what shrinks can meet zero; the rest would give a step that is negative or infinite.
    h = -supports.beta * supports.signs / speed
    h.masked_fill_(~(speed < -STILL * fastest), torch.inf)
    h.masked_fill_(h <= tie[:, None], 0.0)
    step = h.amin(1)
    last = torch.iinfo(supports.members.dtype).max
    slot = supports.members.masked_fill(h > step[:, None], last).argmin(1)
    within = step < limit
    return torch.where(within, step, limit), torch.where(within, slot, -1)


def _first_joins(
    c: Tensor, slope: Tensor, barred: Tensor, mu: Tensor, reach: Tensor, tie: Tensor
) -> tuple[Tensor, Tensor]:
    """After which step a source's |c| first meets mu, and the source; infinity if none within `reach`.

    |c_j| - mu is convex in the step: a source can join within `reach` only if it is above zero there.
    """
    mu, reach = mu[:, None], reach[:, None]
    ahead = torch.addcmul(c, slope, reach, value=-1.0)
    # Which of mu and -mu it meets is known from where it will be, as it may cross zero first.
    side = ahead.sign()
    closing = 1.0 - side * slope
    out = (ahead.abs_() <= mu - reach).logical_or_(closing <= STILL).logical_or_(barred)
    h = torch.addcmul(mu, side, c, value=-1.0).div_(closing)
    h.masked_fill_(h <= tie[:, None], 0.0).masked_fill_(out, torch.inf)
    # Of equals the first, as torch.argmin promises: the lowest source.
    source = h.argmin(1, keepdim=True)
    return h.gather(1, source)[:, 0], source[:, 0]
