"""What every solver of CovLasso goes by: what rounding may do to an event, and how a path can end."""

STATUSES = ("max_parents", "min_lambda", "no_correlation", "stalled")
MAX_PARENTS, MIN_LAMBDA, NO_CORRELATION, STALLED = range(4)

# Events closer than this part of mu_max are simultaneous: rounding alone would order them.
TIE = 1e-14
# Coefficients that move slower than this part of the fastest, and |c_j| that nears mu slower than this
# part of mu's own speed, stand still: rounding alone moves them.
STILL = 1e-13
# A wrong sign is rounding where it costs less than this part of E[target^2], and a drop otherwise.
WRONG_SIGN = 1e-15
# Equations found wrong by more than this part of mu have left c behind.
STALE = 1e-13
# A Schur pivot below this part of the terms that it is the difference of is rounding (some fifty times
# float64's, for a sum of as many terms): the source depends linearly on the support.
DEPENDENT = 1e-14
# Zero-length steps in a row, per parent, that no honest tie needs. Murty's rule cannot cycle, but
# rounding can break it: events that float64 cannot order may come back for ever.
PATIENCE = 50
