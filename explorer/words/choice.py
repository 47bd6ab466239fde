"""The choice of the sparsity in words: what stands below graphs and in files, and where a path stopped."""

from collections.abc import Iterable

from explorer.words.formatting import count
from precompute.atlas.schema import READABLE

MEANINGS = {
    "few": "fewest parents within one standard error of the least cross-validated error",
    "readable": f"{READABLE} parents, or as many below that as there are",
    "best": "least cross-validated error",
}


def said(choice: str) -> str:
    """ "readable (8 parents, ...)", as captions and files say it."""
    return f"{choice} ({MEANINGS[choice]})"


def coefficients(refit: bool) -> str:
    """Which coefficients an equation has."""
    return f"{'refit' if refit else 'CovLasso'} coefficients"


def stopped_count(choice: str, stopped_paths: Iterable[bool], most: int) -> str:
    """For how many categories cross-validation would take more parents than the paths have; empty at the
    choice that does not ask it, and where no path stopped too early."""
    flags = list(stopped_paths)
    if choice == "readable" or not any(flags):
        return ""
    return f"{choice}: for {count(sum(flags))} of {count(len(flags))} categories the path {stopped(most)}."


def stopped(most: int) -> str:
    """What an equation says whose path stopped at so many parents with the error still falling."""
    return f"stopped at {most} parents; more would still help"
