"""What products between images tell of a second moment that is too large to be taken apart.

M = F'F / N of N images (n categories) and K = FF' / N share all eigenvalues that are not zero, and ridge
regression on n sources is one on N images (the kernel trick; Saunders, Gammerman & Vovk, ICML 1998). With
n = 21,841 and a few thousand images that is a hundredth of the work.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from precompute.equations.batches import Batch, chosen
from precompute.equations.moments import CentredMoments, add_products, mirror

# Images that are taken, drawn at random where there are more: eigenvalues cost their cube.
MOST_IMAGES = 4096
_AT_ONCE = 1024  # sources or targets


class ImageProducts:
    """Logits of a sample of images about the point of a fit, and the products of each two of them."""

    def __init__(self, batches: Iterator[Batch], n_images: int, fit: CentredMoments, seed: int):
        drawn = np.random.default_rng(seed).permutation(n_images)[:MOST_IMAGES]
        taken = np.zeros(n_images, dtype=bool)
        taken[drawn] = True
        self.sources, self.targets = about_point(batches, taken, fit)

    def __len__(self) -> int:
        return len(self.sources)

    @cached_property
    def products(self) -> np.ndarray:
        """F F' (N, N) over the sources."""
        result = np.zeros((len(self), len(self)))
        for start in range(0, self.sources.shape[1], _AT_ONCE):
            add_products(result, self.sources[:, start : start + _AT_ONCE].T.astype(np.float64))
        mirror(result)
        return result

    def eigenvalues(self, n: int) -> np.ndarray:
        """The n eigenvalues of the sample's M, largest first."""
        found = np.linalg.eigvalsh(self.products / len(self))[::-1][:n]
        return np.r_[found, np.zeros(n - len(found))]

    def ridge_errors(
        self,
        fitted: np.ndarray,
        held: tuple[np.ndarray, np.ndarray],
        products: np.ndarray,
        problem: tuple[np.ndarray, np.ndarray, float],
    ) -> np.ndarray:
        """Mean squared error (B,) of ridge regression from some images of the sample on others.

        Parameters
        ----------
        fitted : numbers of the images of the sample that are fitted on
        held : (sources, targets) of the others, about the same point
        products : (held, fitted), of their sources
        problem : targets (B,), the source that each may not use or -1 (B,), and the penalty as a sum of
            squares per image

        With A = M + penalty, A^-1 = (I - F' K^-1 F / N) / penalty where K = FF'/N + penalty. A target that
        may not use source e has weights w - w_e (A^-1)_e / (A^-1)_ee.
        """
        targets, exclude, penalty = problem
        n = len(fitted)
        inner = self.products[np.ix_(fitted, fitted)] / n
        inner[np.diag_indices(n)] += penalty
        factor = cho_factor(inner, lower=True, overwrite_a=True, check_finite=False)
        errors = np.empty(len(targets))
        for start in range(0, len(targets), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            errors[part] = self._errors(
                factor, fitted, held, products / n, targets[part], exclude[part]
            )
        return errors

    def _errors(self, factor, fitted, held, across, targets, exclude) -> np.ndarray:
        n, barred = len(fitted), np.flatnonzero(exclude >= 0)
        e = exclude[barred]
        wanted = self.targets[np.ix_(fitted, targets)].astype(np.float64)
        solved = cho_solve(factor, wanted, check_finite=False)
        guess = across @ solved.astype(across.dtype)
        left = held[1][:, targets] - guess
        forbidden, own, barred_guess = wanted, solved, guess
        if self.targets is not self.sources or not np.array_equal(e, targets):
            forbidden = self.sources[np.ix_(fitted, e)].astype(np.float64)
            own = cho_solve(factor, forbidden, check_finite=False)
            barred_guess = across @ own.astype(across.dtype)
        share = np.einsum("ij,ij->j", forbidden, own) / n  # 1 - penalty * (A^-1)_ee
        weight = np.einsum("ij,ij->j", forbidden, solved[:, barred]) / n  # w_e
        rest = held[0][:, e] - barred_guess
        left[:, barred] += rest * (weight / np.maximum(1.0 - share, np.finfo(float).tiny))
        return np.einsum("ij,ij->j", left, left, dtype=np.float64) / len(left)


def about_point(
    batches: Iterator[Batch], taken: np.ndarray, fit: CentredMoments
) -> tuple[np.ndarray, np.ndarray]:
    """Logits of the sources and of the targets of some images about the point of a fit, float32."""
    parts = [
        (
            (batch.sources - fit.source_mean).astype(np.float32),
            None if batch.within else (batch.targets - fit.target_mean).astype(np.float32),
        )
        for batch in chosen(batches, taken)
    ]
    sources = np.concatenate([source for source, _ in parts])
    targets = [target for _, target in parts if target is not None]
    return sources, np.concatenate(targets) if targets else sources


def between(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Products of all images of the first (N, n) with all of the second, float32 as they are: half the time
    of float64, and summed up a thousand categories at a time."""
    result = np.zeros((len(first), len(second)), np.float32)
    for start in range(0, first.shape[1], _AT_ONCE):
        columns = slice(start, start + _AT_ONCE)
        result += first[:, columns] @ second[:, columns].T
    return result
