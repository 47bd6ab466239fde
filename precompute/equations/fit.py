"""How equations are fitted: the options, what the solver sees of the images, and about which point an
equation is judged.

The same functions serve dependencies within a network and links between two: only the moments, the
source that each target may not use and the constant differ.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from precompute.covlasso import CovLassoPaths, covlasso_path
from precompute.covlasso.devices import picked
from precompute.covlasso.solve import follow
from precompute.covlasso.validation import Inputs, checked_inputs
from precompute.equations.batches import Batch
from precompute.equations.evaluation import Spread
from precompute.equations.moments import CentredMoments, Moments, SecondMoments
from precompute.equations.shared_paths import solved_together
from precompute.equations.weighting import WeightedMoments, weighted, weighted_paths


@dataclass(frozen=True)
class FitOptions:
    """What decides the equations, besides the images. `weight_positives` is the share of the second
    moment's mass that a target's own images have in its equation, 0 for no weight
    (`precompute.equations.weighting`). `device` is where they are solved, as of `covlasso_path`, but for
    weighted ones, whose targets share no second moment: those are always solved on the CPU."""

    max_parents: int = 64
    min_lambda_ratio: float = 1e-3
    center: bool = False
    seed: int = 0
    weight_positives: float = 0.0
    device: str = "cpu"


def checked_device(device: str) -> None:
    """Raises UserError where equations cannot be solved on this device."""
    picked(device, n_sources=0)


def solve(moments: CentredMoments, exclude: np.ndarray, options: FitOptions) -> CovLassoPaths:
    """The CovLasso path of every target; `exclude[i]` is the source that target i may not use."""

    # Within a network nothing is copied, and of very many categories there is no room for a copy.
    within = moments.cross is moments.moment

    def some(targets: np.ndarray) -> CovLassoPaths:
        return covlasso_path(
            moments.moment,
            targets,
            cross=None if within else moments.cross,
            power=None if within else moments.power,
            exclude=exclude,
            max_parents=options.max_parents,
            min_lambda_ratio=options.min_lambda_ratio,
            device=options.device,
        )

    return solved_together(some, np.arange(len(exclude)))


@dataclass(frozen=True)
class Problem:
    """What is solved on any set of images, be it all fit images, a fold or a half of them.

    `exclude[i]` is the source that target i may not use, or -1. With `constant` every equation has an
    intercept, also where the solver is not centred: two networks' logits need not share their zero.
    """

    exclude: np.ndarray
    options: FitOptions
    constant: bool = False

    def seen(self, images: SecondMoments) -> CentredMoments:
        """Moments as CovLasso sees them."""
        seen = images.centred(on_mean=self.options.center)
        share = self.options.weight_positives
        if not share or not isinstance(images, Moments):
            return seen
        return weighted(seen, images, share)

    def judged(self, images: SecondMoments) -> CentredMoments:
        """Moments of fit images as equations are refitted and judged on them: about the means where the
        equations have a constant. Errors stay relative to the power that the solver sees."""
        return self._scaled(images.centred(on_mean=self.options.center or self.constant), images)

    def held_out(self, images: SecondMoments, fit: CentredMoments) -> CentredMoments:
        """Moments of other images about the same point as `fit`, which `judged` gave."""
        return self._scaled(images.centred(like=fit), images)

    def spread(self, images: Iterable[Batch], fit: CentredMoments) -> Spread:
        """Of the targets on other images, as errors on them are judged."""
        raw = self.constant and not self.options.center
        return Spread.of(images, fit.target_mean, raw_scale=raw)

    def solve(self, seen: CentredMoments) -> CovLassoPaths:
        """The path of every target on checked moments."""
        if isinstance(seen, WeightedMoments):
            checked_inputs(seen.moment)
            return self._weighted_paths(seen, np.arange(len(self.exclude)))
        return solve(seen, self.exclude, self.options)

    def solve_part(
        self, images: SecondMoments, targets: np.ndarray, max_parents: int | None = None
    ) -> CovLassoPaths:
        """The paths of some targets, to `max_parents`, on a part of images whose whole `solve` has
        checked."""
        seen, depth = self.seen(images), max_parents or self.options.max_parents
        if isinstance(seen, WeightedMoments):
            return self._weighted_paths(seen, targets, depth)
        rows = seen.moment if images.within else np.ascontiguousarray(seen.cross.T)
        inputs = Inputs(seen.moment, rows, seen.power, self.exclude.astype(np.int64))
        return self.follow(inputs, targets, depth)

    def follow(
        self, inputs: Inputs, targets: np.ndarray, max_parents: int | None = None
    ) -> CovLassoPaths:
        """The paths of some targets of checked inputs, to `max_parents`."""
        depth, ratio = max_parents or self.options.max_parents, self.options.min_lambda_ratio
        return solved_together(
            lambda some: follow(inputs, some, depth, ratio, self.options.device), targets
        )

    def _weighted_paths(
        self, seen: WeightedMoments, targets: np.ndarray, max_parents: int | None = None
    ) -> CovLassoPaths:
        depth, ratio = max_parents or self.options.max_parents, self.options.min_lambda_ratio
        return solved_together(lambda some: weighted_paths(seen, some, depth, ratio), targets)

    def _scaled(self, moments: CentredMoments, images: SecondMoments) -> CentredMoments:
        if self.options.center or not self.constant:
            return moments
        return replace(moments, scale=images.mean_square())
