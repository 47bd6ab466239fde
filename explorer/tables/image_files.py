"""Image files of an atlas, as pages read them: the bytes of a picture, if it is no larger than this."""

from precompute.sources.image_files import Place, find, read

__all__ = ["MAX_BYTES", "MAX_PIXELS", "Place", "find", "read"]

MAX_BYTES, MAX_PIXELS = 8 * 2**20, 40_000_000  # of a picture that is shown or looked at
