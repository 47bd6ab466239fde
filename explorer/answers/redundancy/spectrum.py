"""The headline figures of a spectrum, and the sentence on its power law."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from explorer.words.formatting import count, number
from precompute.redundancy.spectrum import (
    PowerLaw,
    effective_rank,
    participation_ratio,
    power_law,
)


@dataclass(frozen=True)
class Headline:
    """Figures of spectrum.parquet."""

    law: PowerLaw | None
    effective_rank: float
    participation_ratio: float


def headline(spectrum: pd.DataFrame) -> Headline:
    """Them, from the table."""
    values = spectrum["eigenvalue"].to_numpy()
    return Headline(power_law(spectrum), effective_rank(values), participation_ratio(values))


def marks(info: Mapping[str, Any]) -> dict[str, int]:
    """Ranks that a spectrum is read against: what the last layer allows, and how many categories and images
    there are; `info` is the row of model.parquet."""
    n, width, images = int(info["n_categories"]), info["n_features"], int(info["n_fit"])
    found = {}
    if pd.notna(width) and width + 1 < n:
        found[f"d + 1 = {count(width + 1)}"] = int(width) + 1
    if images < n:
        found[f"N = {count(images)} fit images"] = images
    return found | {f"n = {count(n)} categories": n}


def said(law: PowerLaw | None) -> str:
    """The power law in a sentence."""
    if law is None:
        return "The spectrum is too short for a power law."
    spread = f"from {number(law.head)} in its first half to {number(law.tail)} in its second"
    if law.holds:
        return f"One power law describes the spectrum: its steepness goes {spread}."
    return (
        f"No single power law describes the spectrum: its steepness goes {spread} (halves of the ranks "
        f"{law.first} to {count(law.last)} on the logarithmic axis). The exponent is their average."
    )
