"""An equation's evidence in one sentence: how much it explains beside its yardsticks, what it does on
images of its own category, and how firm its parents are. What is not known is left out, not guessed."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from explorer.words.formatting import count, number, percent


class Yardsticks(NamedTuple):
    """Held-out R² that others reach with as many parents; None where the atlas does not say."""

    n_parents: int = 0
    shuffled: float | None = None
    random: float | None = None
    correlated: float | None = None
    dense: float | None = None
    # The equation's own by least squares, as the last three; None if it is that already.
    refit: float | None = None


class OwnImages(NamedTuple):
    """What the equation says of the held-out images that show its category."""

    n: int
    off: float  # mean of equation less network, in standard deviations of the logit
    labelled: bool  # by label; else the network itself takes them for it


class Parent(NamedTuple):
    """One parent of the equation, and where else it is found."""

    name: str
    role: str  # "strongest", or "farthest" by WordNet
    networks: tuple[int, int] | None = None  # in how many, of how many
    half_samples: tuple[int, int] | None = None


class Firmness(NamedTuple):
    """How many of the equation's parents come back in at least 80 % of the half-samples."""

    n_stable: int
    n_parents: int


def sentence(
    name: str,
    r2: float,
    n_images: int,
    beside: Yardsticks,
    own: OwnImages,
    parents: Sequence[Parent] = (),
    firm: Firmness | None = None,
) -> str:
    """The sentence; `r2` is the equation's own, a share of the variance of the logit on `n_images`."""
    parts = [explains(name, r2, n_images, beside), on_own_images(name, own)]
    known = [said for parent in parents if (said := of_parent(parent))]
    if firm is not None and firm.n_parents > 1:
        stable = "none" if not firm.n_stable else count(firm.n_stable)
        known.append(f"{stable} of its {count(firm.n_parents)} parents stable")
    return "; ".join([*parts, *known]) + "."


def explains(name: str, r2: float, n_images: int, beside: Yardsticks) -> str:
    """How much of the logit the equation explains, beside what others reach."""
    images = f"{count(n_images)} held-out {_of(n_images, 'image')}"
    if not math.isfinite(r2):
        return f"The logit of {name} is the same on all {images}, so nothing can be explained"
    much = f"{_share(r2)} of {name}'s logit" if r2 > 0 else f"nothing of {name}'s logit"
    k = beside.n_parents
    most = "the most correlated one" if k == 1 else f"the {count(k)} most correlated"
    figures = (
        (beside.shuffled, "shuffled"),
        (beside.random, f"{count(k)} random {_of(k, 'parent')}"),
        (beside.correlated, most),
        (beside.dense, "the dense map"),
    )
    known = [(value, who) for value, who in figures if value is not None]
    others = ", ".join(f"{who} {_share(value)}" for value, who in known)
    own = "refit" if beside.refit is None else f"refit {_share(beside.refit)}"
    return f"Explains {much} on {images}" + (f" ({own}; {others})" if others else "")


def on_own_images(name: str, own: OwnImages) -> str:
    """What it does where its category is on the image: there classification is decided."""
    kind = "of" if own.labelled else "that the network takes for"
    if own.n == 0:
        return f"no held-out image {'shows' if own.labelled else 'is taken for'} {name}"
    which = f"on the one image {kind} {name}" if own.n == 1 else (
        f"on the {count(own.n)} images {kind} {name}"
    )  # fmt: skip
    if not math.isfinite(own.off):
        return f"{which} the miss has no unit, as the logit never varies"
    size = abs(own.off)
    if size < 0.05:
        return f"{which} neither too high nor too low"
    side = "low" if own.off < 0 else "high"
    mean = "" if own.n == 1 else " on average"
    return f"{which}{mean} {number(size, 1)} sd too {side}"


def of_parent(parent: Parent) -> str:
    """Where else a parent is found; empty where nothing is known of that."""
    found = []
    if parent.networks is not None and parent.networks[1] > 1:
        found.append(f"in {parent.networks[0]} of {parent.networks[1]} networks")
    if parent.half_samples is not None and parent.half_samples[1]:
        found.append(f"in {parent.half_samples[0]} of {parent.half_samples[1]} half-samples")
    which = {"strongest": "its strongest parent", "farthest": "its farthest parent in WordNet"}
    return f"{which[parent.role]}, {parent.name}, {', '.join(found)}" if found else ""


def _share(r2: float) -> str:
    """Below zero an equation explains nothing."""
    return percent(max(r2, 0.0), 0)


def _of(n: int, word: str) -> str:
    return word if n == 1 else f"{word}s"
