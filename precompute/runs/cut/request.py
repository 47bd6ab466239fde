"""What `cut` was asked for: the pairs and how to fine-tune, and the name that this gives the cut model."""

import math
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from precompute.atlas.contract.schema_robustness import CUT_MARK
from precompute.atlas.files import digest
from precompute.cutting.pairs import read_pairs, suspicious
from precompute.errors import UserError

LEARNING_RATES = {True: 1e-2, False: 1e-3}  # by head_only
LEAST_SEEDS = 3  # of which an interval can be had


@dataclass(frozen=True)
class Options:
    """How to fine-tune; see `python -m precompute cut --help`."""

    beta: float = 0.1
    margin: float = 0.1
    epochs: int = 20
    head_only: bool = False
    learning_rate: float | None = None
    batch_size: int = 100
    seeds: int = LEAST_SEEDS

    def __post_init__(self) -> None:
        if self.seeds < LEAST_SEEDS:
            raise UserError(
                f"--seeds {self.seeds} gives no interval: at least {LEAST_SEEDS} are needed."
            )
        if not (0 < self.rate < math.inf):
            raise UserError(
                f"--learning-rate {self.rate:g} must be above 0. Try {LEARNING_RATES[True]:g}."
            )
        if not (0 <= self.beta < math.inf):
            raise UserError(f"--beta {self.beta:g} must be 0 or more. Try {Options.beta:g}.")

    @property
    def rate(self) -> float:
        """The learning rate, that of the kind of fine-tuning where none is given."""
        given = self.learning_rate
        return LEARNING_RATES[self.head_only] if given is None else given

    @property
    def told(self) -> dict:
        """All that decides the weights, for `made_from`."""
        return asdict(self) | {"learning_rate": self.rate}


@dataclass(frozen=True)
class Asked:
    """Which pairs: the `suspicious` strongest ones, or those of a file."""

    suspicious: int | None = None
    pairs: Path | None = None

    def __post_init__(self) -> None:
        if (self.suspicious is None) == (self.pairs is None):
            raise UserError(
                "Say which dependencies to cut, in one way: --suspicious N for the N strongest ones "
                "between categories that WordNet holds far apart, or --pairs FILE."
            )

    @property
    def words(self) -> str:
        """In the user's words."""
        return f"suspicious {self.suspicious}" if self.pairs is None else self.pairs.name

    def find(self, dependencies: pd.DataFrame, categories: pd.DataFrame) -> pd.DataFrame:
        """target, source, lambda of the pairs."""
        if self.pairs is not None:
            return read_pairs(self.pairs, dependencies, categories)
        assert self.suspicious is not None
        return suspicious(dependencies, categories, self.suspicious)


def cut_name(model: str, pairs: pd.DataFrame, options: Options) -> str:
    """The name of the cut model in the atlas: as good as a new one for other pairs or options."""
    ends = pairs[["target", "source"]].to_numpy().ravel()
    mark = digest(model, *map(str, ends), str(sorted(options.told.items())))[:8]
    return f"{model}{CUT_MARK}{mark}"
