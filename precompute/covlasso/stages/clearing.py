"""The inequality that clears all sources outside a working set of a part in a stage of the path (numba).

A stage runs from mu_a to mu_b through knots m, with coefficients b_m of which those outside the working
set are zero. They solve the CovLasso if |c_m,j| <= mu_m at every knot and for every source j outside, where
c_m = g - M b_m: between knots |c_j| - mu is convex. Looked up one by one that would take as long as
the path over all sources. But let f = (mu_a - mu_m) / (mu_a - mu_b), mu_m = (1-f) mu_a + f mu_b, and

    d_m = b_m - (1-f) b_a - f b_b,    so that    c_m = (1-f) c_a + f c_b - M d_m.

M is a second moment E[xx'], so |(Md)_j| = |E[x_j x'd]| <= sqrt(M_jj) sqrt(d'Md) by Cauchy and Schwarz. A
source of the support throughout has c_j = +-mu at a, m and b, so (Md)_j = 0, and only those that joined
or dropped add to d'Md = sum_j d_j (Md)_j. With rho the largest sqrt(d_m' M d_m) of the stage, j is
cleared if

    |c_a,j| + rho sqrt(M_jj) <= mu_a    and    |c_b,j| + rho sqrt(M_jj) <= mu_b:

the same mixture of both says |c_m,j| <= mu_m. So c is needed at the two ends only, and float32 will do:
the eps of `precompute.covlasso.stages.coarse` is added to rho. What is not cleared (one source in fifty) is
looked up in float64.
"""

import numpy as np

from precompute.covlasso.compiled import combine_rows, inlined, kernel, reduction
from precompute.covlasso.stages.coarse import GLANCE, HALF_UNIT, MORE_ROUNDINGS, sweep
from precompute.covlasso.stages.stage import list_flagged, read_knots, sort_out

# What rounding may have done to d'Md, whose M is float32's in part, as a part of (sum |d_j| sqrt(M_jj))^2.
ROUNDING = 2.0**-23
# mu less what rounding may do to the inequality itself.
BELOW = 1.0 - 2.0**-20
# |c_j| beyond mu by a smaller part of mu_max is rounding.
BEYOND = 1e-13
# |c_j| of a source of the support may differ from mu by this part of mu_max.
STAYING = 1e-13


@reduction
def total(x, weights, n):
    """sum_j |x_j| weights_j over j < n."""
    result = 0.0
    for j in range(n):
        result += abs(x[j]) * weights[j]
    return result


@reduction
def product_and_length(x, y, n):
    """x'y and sum_j |x_j| over j < n."""
    result, length = 0.0, 0.0
    for j in range(n):
        result += x[j] * y[j]
        length += abs(x[j])
    return result, length


@inlined
def spread(stage, working, deviation, n_changing, last, mu_max):
    """rho: how far knots of the stage are from the straight line between its ends."""
    coefs, mu, difference, width = stage.coefs, stage.mu, stage.difference, working.width[0]
    rho = 0.0
    for m in range(1, last):
        f = (mu[0] - mu[m]) / (mu[0] - mu[last]) if mu[0] > mu[last] else 0.0
        for slot in range(width):
            difference[slot] = coefs[m, slot] - (1.0 - f) * coefs[0, slot] - f * coefs[last, slot]
        for i in range(n_changing):
            stage.d[i] = difference[stage.changing[i]]
        combine_rows(working.rows, stage.changing, stage.d, n_changing, width, stage.product)
        square, length = product_and_length(difference, stage.product, width)
        size = total(difference, deviation, width)
        square += STAYING * mu_max * length
        rho = max(rho, np.sqrt(max(square, 0.0) + ROUNDING * size * size))
    return rho


@inlined
def rounding_error(stage, deviation, power, width, knot):
    """eps of c at a knot."""
    size = np.sqrt(power) + total(stage.coefs[knot], deviation, width)
    return (stage.n_involved[0] + MORE_ROUNDINGS) * HALF_UNIT * size


@inlined
def find_suspects(stage, working, coarse, excluded, start_margin, end_margin, last):
    """List the sources that the inequality does not clear; return how many."""
    deviation, c_start, c_end, flags = coarse.deviation, stage.c_start, stage.c_end, stage.flags
    unit = np.sqrt(coarse.scale)
    margin_start, margin_end = np.float32(start_margin * unit), np.float32(end_margin * unit)
    limit_start = np.float32(stage.mu[0] * coarse.scale * BELOW)
    limit_end = np.float32(stage.mu[last] * coarse.scale * BELOW)
    for j in range(len(c_end)):
        flags[j] = (abs(c_start[j]) + deviation[j] * margin_start > limit_start) | (
            abs(c_end[j]) + deviation[j] * margin_end > limit_end
        )
    # The working set itself needs no clearing.
    for slot in range(working.size[0]):
        flags[working.names[slot]] = 0
    if excluded >= 0:
        flags[excluded] = 0
    return list_flagged(stage)


@inlined
def find_violators(stage, working, g, allowance, n_suspects, last):
    """Of the suspects, list those that were beyond mu at some knot; return how many."""
    coefs, exact, column, violators = stage.coefs, stage.exact, stage.column, 0
    for start in range(0, n_suspects, GLANCE):
        end = min(GLANCE, n_suspects - start)
        for s in range(end):
            for m in range(last + 1):
                exact[m, s] = g[stage.listed[start + s]]
        for i in range(stage.n_involved[0]):
            slot = stage.involved[i]
            source = working.names[slot]
            for s in range(end):
                column[s] = working.moment[source, stage.listed[start + s]]
            for m in range(1, last + 1):
                weight = coefs[m, slot]
                for s in range(GLANCE):
                    exact[m, s] -= weight * column[s]
        for s in range(end):
            beyond = False
            for m in range(1, last + 1):
                beyond |= abs(exact[m, s]) > stage.mu[m] + allowance
            if beyond:
                stage.listed[violators] = stage.listed[start + s]
                violators += 1
    return violators


@kernel
def clear(
    stage, start, working, deviation, buffer, coarse, g, power, excluded, mu_max, knot
):  # fmt: skip
    """List the violators of the stage whose knots begin with `knot`; return how many there are."""
    last, width = read_knots(stage, start, working, buffer, knot), working.width[0]
    n_changing, n_left = sort_out(stage, working, last)
    rho = spread(stage, working, deviation, n_changing, last, mu_max)
    sweep(stage, coarse, excluded, n_left)
    n_suspects = find_suspects(
        stage, working, coarse, excluded,
        rho + rounding_error(stage, deviation, power, width, 0),
        rho + rounding_error(stage, deviation, power, width, last),
        last,
    )  # fmt: skip
    return find_violators(stage, working, g, BEYOND * mu_max, n_suspects, last)
