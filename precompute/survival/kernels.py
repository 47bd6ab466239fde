"""The loop over held-out images, compiled by numba."""

import numpy as np
from numba import njit, prange


@njit(cache=True, parallel=True)
def count_replaced(
    target, ptr, source, coefficient, intercept, constant, logits, best, reference, counts
):
    """Add one batch of held-out images to the counts (m, 4) of every equation, in place: hits and false
    positives with the logit replaced, and the same with `constant` (m,) added.

    `logits` (n, B) are raw, image by column; `best` (B, 4) is `two_best`; `reference` (B,) the category
    that each image shows, or -1. Of equal logits the lower category wins, as for argmax.
    """  # fmt: skip
    for row in prange(target.size):
        i = target[row]
        # float32, as the logits are: they were stored as float16, which is far coarser.
        predicted = np.full(logits.shape[1], intercept[row], dtype=np.float32)
        for a in range(ptr[row], ptr[row + 1]):
            weight = np.float32(coefficient[a])
            column = logits[source[a]]
            for image in range(predicted.size):
                predicted[image] += weight * column[image]
        hits = alarms = 0
        hits_with = alarms_with = 0
        for image in range(predicted.size):
            if reference[image] < 0:
                continue
            second = 2 if best[image, 0] == i else 0
            rival, logit = int(best[image, second]), best[image, second + 1]
            moved = predicted[image] + constant[row]
            wins = predicted[image] > logit or (predicted[image] == logit and i < rival)
            wins_with = moved > logit or (moved == logit and i < rival)
            own = reference[image] == i
            hits += wins and own
            alarms += wins and not own
            hits_with += wins_with and own
            alarms_with += wins_with and not own
        counts[row, 0] += hits
        counts[row, 1] += alarms
        counts[row, 2] += hits_with
        counts[row, 3] += alarms_with
