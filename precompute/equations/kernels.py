"""The loops that numpy has no words for, compiled by numba."""

import numpy as np
from numba import njit, prange

# Cholesky pivots below this part of a category's own power mean that the support is singular.
_SINGULAR = 1e-12


@njit(cache=True, parallel=True)
def residual_power(target, ptr, source, coefficient, moment, cross, power):
    """power_i - 2 w'c + w'Pw for every row (m,)."""
    result = np.empty(target.size)
    # Each row sums the few entries of M that its sources pick: BLAS would want them copied together first.
    for row in prange(target.size):
        i, first, last = target[row], ptr[row], ptr[row + 1]
        total = power[i]
        for a in range(first, last):
            inner = -2.0 * cross[source[a], i]
            for b in range(first, last):
                inner += moment[source[a], source[b]] * coefficient[b]
            total += coefficient[a] * inner
        result[row] = total
    return result


@njit(cache=True)
def _least_squares(matrix, right):
    """Solve a small positive semi-definite system; least norm where it is singular.

    Cholesky, written out. In numba, np.linalg.solve is LAPACK's LU by way of scipy, which copies both sides
    first: 2.4 us for 8 unknowns against 0.5 us here, and the same 9 us for 32. It raises where the matrix
    is singular, so that one such row would end all; here it falls back on least norm.
    """
    k = right.size
    lower = np.zeros((k, k))
    for a in range(k):
        for b in range(a + 1):
            value = matrix[a, b]
            for c in range(b):
                value -= lower[a, c] * lower[b, c]
            if a == b:
                # Not `< 0`: what rounding leaves of a pivot that should be zero may have either sign.
                if value <= _SINGULAR * matrix[a, a]:
                    return np.linalg.lstsq(matrix, right, _SINGULAR)[0]
                lower[a, a] = np.sqrt(value)
            else:
                lower[a, b] = value / lower[b, b]
    solution = right.copy()
    for a in range(k):
        for c in range(a):
            solution[a] -= lower[a, c] * solution[c]
        solution[a] /= lower[a, a]
    for a in range(k - 1, -1, -1):
        for c in range(a + 1, k):
            solution[a] -= lower[c, a] * solution[c]
        solution[a] /= lower[a, a]
    return solution


@njit(cache=True, parallel=True)
def refit(target, ptr, source, coefficient, moment, cross):
    """Least-squares coefficients on the non-zeros of every row; zeros stay zero (nnz,)."""
    result = np.zeros(coefficient.size)
    for row in prange(target.size):
        first, last = ptr[row], ptr[row + 1]
        # A knot may store a zero, where a source only enters: it is no part of the support.
        support = first + np.flatnonzero(coefficient[first:last])
        k = support.size
        matrix, right = np.empty((k, k)), np.empty(k)
        for a in range(k):
            right[a] = cross[source[support[a]], target[row]]
            for b in range(k):
                matrix[a, b] = moment[source[support[a]], source[support[b]]]
        if k > 0:
            result[support] = _least_squares(matrix, right)
    return result


@njit(cache=True, parallel=True)
def refit_weighted(target, ptr, source, coefficient, moment, own_ptr, own_images, share):
    """`refit` within a network, in the second moment of each row's own target: (1 - share) M and `share` on
    its own images, which lie at own_ptr[i]:own_ptr[i + 1] of own_images (m, n); M itself without any."""
    result = np.zeros(coefficient.size)
    for row in prange(target.size):
        first, last, i = ptr[row], ptr[row + 1], target[row]
        support = first + np.flatnonzero(coefficient[first:last])
        k = support.size
        mine, end = own_ptr[i], own_ptr[i + 1]
        plain = 1.0 - share if end > mine else 1.0
        each = share / max(end - mine, 1)
        matrix, right = np.empty((k, k)), np.empty(k)
        for a in range(k):
            one = source[support[a]]
            right[a] = plain * moment[one, i]
            for image in range(mine, end):
                right[a] += each * own_images[image, one] * own_images[image, i]
            for b in range(k):
                other = source[support[b]]
                matrix[a, b] = plain * moment[one, other]
                for image in range(mine, end):
                    matrix[a, b] += each * own_images[image, one] * own_images[image, other]
        if k > 0:
            result[support] = _least_squares(matrix, right)
    return result


@njit(cache=True, parallel=True)
def nested_residual_power(target, order, sizes, moment, cross, held_moment, held_cross, held_power):
    """Held-out residual power (m, n_sizes) of least squares on the first k sources of each row's order
    (m, K; filled up with -1), for every k of the rising sizes.

    One Cholesky factor serves them all, as the factor of a leading block is the leading block of the
    factor. A source that depends on those before it takes no part.
    """
    m, width = order.shape
    result = np.empty((m, sizes.size))
    for row in prange(m):
        i, available = target[row], np.sum(order[row] >= 0)
        lower, held = np.zeros((width, width)), np.empty((width, width))
        forward, weights = np.empty(width), np.empty(width)
        done = 0
        for s in range(sizes.size):
            k = min(sizes[s], available)
            for a in range(done, k):
                source = order[row, a]
                pivot = moment[source, source]
                right = cross[source, i]
                for b in range(a):
                    value = moment[source, order[row, b]]
                    for c in range(b):
                        value -= lower[a, c] * lower[b, c]
                    # A zero on the diagonal marks a source that depends on others: no row, no column.
                    lower[a, b] = value / lower[b, b] if lower[b, b] > 0 else 0.0
                    pivot -= lower[a, b] ** 2
                    right -= lower[a, b] * forward[b]
                    held[a, b] = held_moment[source, order[row, b]]
                held[a, a] = held_moment[source, source]
                if pivot > _SINGULAR * moment[source, source]:
                    lower[a, a] = np.sqrt(pivot)
                    forward[a] = right / lower[a, a]
                else:
                    lower[a, : a + 1] = 0.0
                    forward[a] = 0.0
            done = max(done, k)
            total = held_power[i]
            for a in range(k - 1, -1, -1):
                value = forward[a]
                for c in range(a + 1, k):
                    value -= lower[c, a] * weights[c]
                weights[a] = value / lower[a, a] if lower[a, a] > 0 else 0.0
            for a in range(k):
                inner = held[a, a] * weights[a] - 2.0 * held_cross[order[row, a], i]
                for b in range(a):
                    inner += 2.0 * held[a, b] * weights[b]
                total += weights[a] * inner
            result[row, s] = max(total, 0.0)
    return result


@njit(cache=True)
def _predicted(row, ptr, source, coefficient, intercept, sources):
    """What the equation of a row makes of every image (B,), from `sources` (n_sources, B)."""
    result = np.full(sources.shape[1], intercept[row])
    # Source by source, so that the inner loop runs along memory.
    for a in range(ptr[row], ptr[row + 1]):
        weight, column = coefficient[a], sources[source[a]]
        for image in range(result.size):
            result[image] += weight * column[image]
    return result


@njit(cache=True, parallel=True)
def add_squares(target, ptr, source, coefficient, intercept, sources, targets, squares):
    """Add the squared residuals of one batch of images to those of every row (m,), in place; `sources`
    (n_sources, B) and `targets` (n_targets, B) as for `count_held_out`."""
    for row in prange(target.size):
        predicted = _predicted(row, ptr, source, coefficient, intercept, sources)
        for image in range(predicted.size):
            squares[row] += (targets[target[row], image] - predicted[image]) ** 2


@njit(cache=True, parallel=True)
def count_held_out(
    target,
    ptr,
    source,
    coefficient,
    intercept,
    sd,
    sources,
    targets,
    top,
    reference,
    counts,
    squares,
):
    """Add one batch of held-out images to the counts (m, 5) and the squared residuals (m,) of every row, in
    place:

    within 0.5 sd, within 1 sd, right after replacement, hits of the target, false alarms of the target.
    `sources` (n_sources, B) and `targets` (n_targets, B) are logits, image by column; `top` (B, 4) holds
    best category, its logit, second category, its logit; `reference` (B,) the true category or -1.

    All that replacing one logit can change is whether it beats the best of the others, which is the
    image's best or, where that is the target itself, its second: so no image's logits are sorted anew.
    """
    for row in prange(target.size):
        i = target[row]
        exact = _predicted(row, ptr, source, coefficient, intercept, sources)
        for image in range(exact.size):
            squares[row] += (targets[i, image] - exact[image]) ** 2
        # float32, as the logits are: a copy of another logit then ties with it.
        predicted = exact.astype(np.float32)
        half = whole = right = hits = alarms = 0
        for image in range(predicted.size):
            error = abs(targets[i, image] - predicted[image])
            half += error < 0.5 * sd[i]
            whole += error < sd[i]
            true = reference[image]
            if true < 0:
                continue
            second = 2 if top[image, 0] == i else 0
            rival, logit = int(top[image, second]), top[image, second + 1]
            # argmax takes the first of equals.
            wins = predicted[image] > logit or (predicted[image] == logit and i < rival)
            right += (i if wins else rival) == true
            hits += wins and true == i
            alarms += wins and true != i
        counts[row, 0] += half
        counts[row, 1] += whole
        counts[row, 2] += right
        counts[row, 3] += hits
        counts[row, 4] += alarms
