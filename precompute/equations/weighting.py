"""The second moment in which a category's own images weigh more: `M_i = (1 - s) M + s E[f f' | own]`.

In M an image of the category is one of thousands, so the squared error hardly hears of it, and the equation
misses just where its category must win. With share s of the mass on the few images that show the
category, it does not. s = 0 is the paper's problem. M_i is what M would be had those images been there more
often.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from precompute.atlas.store import Atlas
from precompute.covlasso import CovLassoPaths, certificate
from precompute.covlasso.solve import follow
from precompute.covlasso.validation import Inputs
from precompute.equations.batches import Batch, own_batches
from precompute.equations.moments import CentredMoments, Moments
from precompute.equations.two_best import reference_of
from precompute.threads import in_threads

# Images of one category that share its weight: the first ones. Their mean is all that counts, and each has
# to be at hand.
MOST_OWN = 128


def weighted_moment(moment: np.ndarray, own: np.ndarray, share: float) -> np.ndarray:
    """M_i (n, n) from M (n, n) and the logits of the category's own images (m, n), about the same point;
    M itself where there are none, or the share is 0."""
    if share == 0.0 or not len(own):
        return moment
    result = (own.T * (share / len(own) / (1.0 - share))) @ own
    # In place: of these 8 MB and more, every copy costs as much as a short path.
    result += moment
    result *= 1.0 - share
    return result


def replication(share: float, n_images: int, n_own: int) -> float:
    """How many times each of the category's `n_own` images stands among `n_images` (all of them, itself
    once) in the data set whose plain second moment is M_i, up to a factor: 1 + s N / ((1 - s) m)."""
    return 1.0 + share * n_images / ((1.0 - share) * n_own)


@dataclass(frozen=True)
class WeightedMoments(CentredMoments):
    """Moments of a network's images, and what makes M_i of its M: images of category i lie at
    own_ptr[i]:own_ptr[i + 1] of `own_images` (m, n), about the same point."""

    share: float
    own_ptr: np.ndarray
    own_images: np.ndarray

    def of(self, target: int) -> np.ndarray:
        """M_i (n, n)."""
        own = self.own_images[self.own_ptr[target] : self.own_ptr[target + 1]]
        return weighted_moment(self.moment, own, self.share)


def weighted(moments: CentredMoments, images: Moments, share: float) -> CentredMoments:
    """The moments of `images` with weight on those of them that are to have it; as they are without any."""
    if not images.own:
        return moments
    categories = np.array([category for category, _ in images.own.values()])
    order = np.argsort(categories, kind="stable")
    rows = np.stack([logits for _, logits in images.own.values()]).astype(np.float64)[order]
    counts = np.bincount(categories, minlength=len(moments.power))
    ptr = np.r_[0, np.cumsum(counts)].astype(np.int64)
    return WeightedMoments(
        **vars(moments), share=share, own_ptr=ptr, own_images=rows - moments.source_mean
    )


@dataclass(frozen=True)
class WeightedPaths(CovLassoPaths):
    """Paths of which each was solved from a moment of its own."""

    weighted: WeightedMoments | None = None

    def duality_gap(self) -> np.ndarray:
        """As of CovLassoPaths, each target against its own moment."""
        assert self.weighted is not None
        gaps = np.zeros(len(self.targets))
        for place, target in enumerate(self.targets.tolist()):
            first, last = self.target_ptr[place : place + 2]
            knots = certificate.Knots(
                np.array([target]), np.array([0, last - first]), self.lambdas[first:last],
                self.knot_ptr[first : last + 1], self.sources, self.coefs,
            )  # fmt: skip
            gaps[place] = certificate.duality_gap(knots, _inputs(self.weighted, target))[0]
        return gaps


def weighted_paths(
    moments: WeightedMoments, targets: np.ndarray, max_parents: int, min_lambda_ratio: float
) -> CovLassoPaths:
    """The CovLasso path of each target over its own M_i."""

    def solve(target: int) -> CovLassoPaths:
        inputs = _inputs(moments, target)
        paths = follow(inputs, np.array([target]), max_parents, min_lambda_ratio)
        return replace(paths, inputs=None)  # or all targets' moments would stay in memory

    parts = in_threads(solve, targets.tolist())
    return WeightedPaths(
        n_sources=len(moments.moment),
        targets=targets,
        target_ptr=np.r_[0, np.cumsum([len(part.lambdas) for part in parts])],
        lambdas=np.concatenate([part.lambdas for part in parts]),
        knot_ptr=np.r_[0, np.cumsum(np.concatenate([np.diff(part.knot_ptr) for part in parts]))],
        sources=np.concatenate([part.sources for part in parts]),
        coefs=np.concatenate([part.coefs for part in parts]),
        status=np.concatenate([part.status for part in parts]),
        weighted=moments,
    )


def weighing_batches(atlas: Atlas, model: str, split: str) -> Iterator[Batch]:
    """`own_batches` in which every fit image weighs for the category it shows: by label, or by the
    network's own top-1 where no fit image has a label; at most MOST_OWN images for one category."""
    if split != "fit":
        yield from own_batches(atlas, model, split)
        return
    by_label = any((batch.labels >= 0).any() for batch in own_batches(atlas, model, split))
    seen: dict[int, int] = {}
    number = 0
    for batch in own_batches(atlas, model, split):
        category = reference_of(batch, by_label).astype(np.int64)
        for row, one in enumerate(category.tolist()):
            seen[one] = seen.get(one, 0) + 1
            if seen[one] > MOST_OWN:
                category[row] = -1
        numbers = np.arange(number, number + len(category))
        number += len(category)
        yield Batch(
            batch.targets, batch.sources, batch.labels, np.column_stack([category, numbers])
        )


def _inputs(moments: WeightedMoments, target: int) -> Inputs:
    matrix = moments.of(target)
    return Inputs(matrix, matrix, matrix.diagonal().copy(), np.arange(len(matrix)))
