"""What the parts of the page share: one network, and one set of foreign images that it has looked at."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from explorer.files import caption
from explorer.tables.foreign import ForeignSet
from explorer.tables.network import Network
from explorer.theme import Palette
from explorer.words.formatting import count


@dataclass(frozen=True)
class Trial:
    """A set in the eyes of a network, and `standing` rows of its scores."""

    root: Path
    network: Network
    found: ForeignSet
    scores: pd.DataFrame
    colours: Palette

    @property
    def stem(self) -> str:
        """Of the names of its files."""
        return f"{self.network.name}-{self.found.info['set']}"

    @property
    def lines(self) -> tuple[str, ...]:
        """Below its figures: whose they are, and on what."""
        info = self.found.info
        return (
            f"{count(info['n_foreign'])} foreign images ({info['set']}) and {count(info['n_holdout'])} "
            f"held-out ones in {self.network.name}.",
            caption.of_network(self.network),
        )
