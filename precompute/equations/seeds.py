"""Seeds of independent draws, all from the one that the user gives."""

from precompute.atlas.files import digest


def seed_of(seed: int, name: str, purpose: str) -> int:
    """A seed for one purpose on one network (or pair of networks): other names draw otherwise."""
    return int(digest(str(seed), name, purpose)[:16], 16)
