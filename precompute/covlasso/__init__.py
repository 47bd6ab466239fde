"""The solver: exact CovLasso paths of every target over one second moment, each with its certificate."""

from precompute.covlasso.paths import CovLassoPaths
from precompute.covlasso.solve import covlasso_path

__all__ = ["CovLassoPaths", "covlasso_path"]
