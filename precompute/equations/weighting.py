"""The second moment in which a category's own images weigh more: `M_i = (1 - s) M + s E[f f' | own]`.

In M an image of the category is one of thousands, so the squared error hardly hears of it, and the equation
misses just where its category must win. With share s of the mass on the few images that show the category,
it does not. s = 0 is the paper's problem. M_i is what M would be had those images been there more often.
"""

import numpy as np


def weighted_moment(moment: np.ndarray, own: np.ndarray, share: float) -> np.ndarray:
    """M_i (n, n) from M (n, n) and the logits of the category's own images (m, n), about the same point;
    M itself where there are none, or the share is 0."""
    if share == 0.0 or not len(own):
        return moment
    weighted = (own.T * (share / len(own) / (1.0 - share))) @ own
    # In place: of these 8 MB and more, every copy costs as much as a short path.
    weighted += moment
    weighted *= 1.0 - share
    return weighted


def replication(share: float, n_images: int, n_own: int) -> float:
    """How many times each of the category's `n_own` images stands among `n_images` (all of them, itself
    once) in the data set whose plain second moment is M_i, up to a factor: 1 + s N / ((1 - s) m)."""
    return 1.0 + share * n_images / ((1.0 - share) * n_own)
