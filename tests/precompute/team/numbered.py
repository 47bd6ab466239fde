"""One of several processes that hears nothing of the others."""

from precompute.team.current import Team


class Numbered(Team):
    """Process `rank` of `size`."""

    def __init__(self, rank: int, size: int):
        self.rank, self.size = rank, size
