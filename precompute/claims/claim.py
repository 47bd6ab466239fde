"""A claim of the paper's abstract: our words for it, how it is tested here, and what decides.

The rules are written down before any result is looked at. They speak of thresholds and never of a network.
"""

from dataclasses import dataclass

HOLDS, PARTLY, FAILS = "holds", "holds partly", "does not hold"
UNTESTABLE = "cannot be tested with this atlas"
VERDICTS = (HOLDS, PARTLY, FAILS, UNTESTABLE)

# What one verdict is about.
NETWORK, PAIR, ATLAS = "network", "pair", "atlas"
CUT = "cut network"  # and the network that it was made of


@dataclass(frozen=True)
class Claim:
    """What does not depend on an atlas."""

    id: str
    title: str  # the claim in our words
    short: str  # the same in at most 30 letters, for a narrow column
    place: str  # where in the paper's abstract it stands
    test: str  # how it is tested here
    statistic: str  # name of the figure that decides
    over: str  # what its interval is taken over
    rule: str  # when it holds, when it does not, and what is asked for at least
    subject: str  # NETWORK, PAIR, ATLAS or CUT
    page: str  # the page of the explorer where its evidence lives
    form: str = "number"  # how the figure is written: number, share, parents or difference
