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
    # M is symmetric: half of them say all.
    for row in prange(target.size):
        i, first, last = target[row], ptr[row], ptr[row + 1]
        total = power[i]
        for a in range(first, last):
            inner = moment[source[a], source[a]] * coefficient[a] - 2.0 * cross[source[a], i]
            for b in range(first, a):
                inner += 2.0 * moment[source[a], source[b]] * coefficient[b]
            total += coefficient[a] * inner
        result[row] = total
    return result


@njit(cache=True)
def _least_squares(matrix, right):
    """Solve a small positive definite system, and say whether it is one: if not, nothing is solved.

    Cholesky, written out. In numba, np.linalg.solve is LAPACK's LU by way of scipy, which copies both sides
    first: 2.4 us for 8 unknowns against 0.5 us here. It raises where the matrix is singular, so that one
    such row would end all.
    """
    k = right.size
    # Its transpose, so that the inner loop runs along memory.
    upper = np.empty((k, k))
    for b in range(k):
        upper[b, b:] = matrix[b, b:]
        for c in range(b):
            weight = upper[c, b]
            for a in range(b, k):
                upper[b, a] -= weight * upper[c, a]
        # Not `< 0`: what rounding leaves of a pivot that should be zero may have either sign.
        if upper[b, b] <= _SINGULAR * matrix[b, b]:
            return np.zeros(k), False
        upper[b, b:] /= np.sqrt(upper[b, b])
    solution = right.copy()
    for b in range(k):
        solution[b] /= upper[b, b]
        for a in range(b + 1, k):
            solution[a] -= upper[b, a] * solution[b]
    for a in range(k - 1, -1, -1):
        for c in range(a + 1, k):
            solution[a] -= upper[a, c] * solution[c]
        solution[a] /= upper[a, a]
    return solution, True


@njit(cache=True, parallel=True)
def refit(target, ptr, source, coefficient, moment, cross):
    """Least-squares coefficients on the non-zeros of every row; zeros stay zero (nnz,). And the rows (m,)
    bool whose support is singular: theirs are zero, too."""
    result, singular = np.zeros(coefficient.size), np.zeros(target.size, dtype=np.bool_)
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
            solution, found = _least_squares(matrix, right)
            result[support] = solution
            singular[row] = not found
    return result, singular


@njit(cache=True, parallel=True)
def refit_weighted(target, ptr, source, coefficient, moment, own_ptr, own_images, share):
    """`refit` within a network, in the second moment of each row's own target: (1 - share) M and `share` on
    its own images, which lie at own_ptr[i]:own_ptr[i + 1] of own_images (m, n); M itself without any."""
    result, singular = np.zeros(coefficient.size), np.zeros(target.size, dtype=np.bool_)
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
            solution, found = _least_squares(matrix, right)
            result[support] = solution
            singular[row] = not found
    return result, singular


@njit(cache=True, parallel=True)
def nested_least_squares(target, order, sizes, moment, cross):
    """Coefficients (m, n_sizes, K) of least squares on the first k sources of each row's order (m, K;
    filled up with -1), for every k of the rising sizes; zero beyond.

    One Cholesky factor serves them all, as the factor of a leading block is the leading block of the
    factor. A source that depends on those before it takes no part.
    """
    m, width = order.shape
    result = np.zeros((m, sizes.size, width))
    for row in prange(m):
        i, available = target[row], np.sum(order[row] >= 0)
        lower, forward = np.zeros((width, width)), np.empty(width)
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
                if pivot > _SINGULAR * moment[source, source]:
                    lower[a, a] = np.sqrt(pivot)
                    forward[a] = right / lower[a, a]
                else:
                    lower[a, : a + 1] = 0.0
                    forward[a] = 0.0
            done = max(done, k)
            weights = result[row, s]
            for a in range(k - 1, -1, -1):
                value = forward[a]
                for c in range(a + 1, k):
                    value -= lower[c, a] * weights[c]
                weights[a] = value / lower[a, a] if lower[a, a] > 0 else 0.0
    return result


@njit(cache=True)
def _predicted(row, ptr, source, coefficient, intercept, sources):
    """What the equation of a row makes of every image (B,), from `sources` (n_sources, B)."""
    result = np.full(sources.shape[1], intercept[row])
    first, end = ptr[row], ptr[row + 1]
    whole = first + (end - first) // 4 * 4
    # Along memory, and four sources at a time: the loop waits for `result` to be read and written.
    for a in range(first, whole, 4):
        w0, w1 = coefficient[a], coefficient[a + 1]
        w2, w3 = coefficient[a + 2], coefficient[a + 3]
        c0, c1, c2, c3 = (
            sources[source[a]],
            sources[source[a + 1]],
            sources[source[a + 2]],
            sources[source[a + 3]],
        )
        for image in range(result.size):
            result[image] += w0 * c0[image] + w1 * c1[image] + w2 * c2[image] + w3 * c3[image]
    for a in range(whole, end):
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
