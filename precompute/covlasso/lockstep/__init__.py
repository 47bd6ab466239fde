"""The CovLasso paths of many targets at once, one event each per round, in torch: what a GPU is good at."""

from precompute.covlasso.lockstep.chunks import follow_paths

__all__ = ["follow_paths"]
