"""One network as the claims see it: its held-out logits, its readable equations, and what judges them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from precompute.atlas import schema
from precompute.atlas.contract.schema_survival import SURVIVAL
from precompute.atlas.store import Atlas
from precompute.claims.bootstrap import Spread
from precompute.claims.rules import (
    architectures,
    prediction,
    redundancy,
    sparsity,
    survival,
    unrelated,
)
from precompute.claims.rules.prediction import Equations, MedianR2
from precompute.claims.trial import Trial
from precompute.survival.pooled import pooled

CHOICE = "readable"
EQUATION_COLUMNS = ["target", "source", "refit", "intercept_refit"]
_ENDS = ["target", "source"]
_JUDGED = [
    "target", "n_parents", CHOICE, "stopped", "holdout_error_refit", "r2", "r2_refit",
    *prediction.YARDSTICKS, "dense_error",
]  # fmt: skip


class NetworkOnTrial:
    """The tables of one model, read when a claim first asks for them."""

    def __init__(self, atlas: Atlas, name: str):
        self.atlas, self.name = atlas, name
        self.info = atlas.read(schema.MODEL, name).iloc[0].to_dict()
        self.family = architectures.family(name, self.info["architecture"])

    @cached_property
    def held_out(self) -> tuple[list[str], np.ndarray]:
        """Image ids, and logits (N, n) float16, of the held-out images."""
        ids, _, logits = self.atlas.logits(self.name, "holdout")
        return ids, logits

    @cached_property
    def spread(self) -> Spread:
        """How the logits vary over all of them."""
        return Spread.of(self.held_out[1])

    def trials(self, shared: "Shared") -> dict[str, Trial]:
        """The claims about one network, by name."""
        n_images = len(self.held_out[0])
        every = self.atlas.read(schema.EVALUATION, self.name, columns=_JUDGED)
        readable = every[every[CHOICE]]
        categories = self.atlas.read(schema.CATEGORIES, self.name)
        n, longest = int(self.info["n_categories"]), int(self.info["max_parents"])
        return {
            "within": self._within(readable),
            "survival": survival.trial(pooled(self.atlas.read(SURVIVAL, self.name))),
            "redundancy": redundancy.trial(
                readable,
                categories["floor"].to_numpy(float),
                categories["power"].to_numpy(float),
                n_images,
            ),
            "sparsity": sparsity.trial(every, n, n_images, longest),
            "unrelated": unrelated.trial(
                shared.beside(self.readable([*_ENDS, "coefficient", "stability"]), shared.found),
                shared.beside(self.shuffled, shared.of_shuffled),
                categories,
                shared.n_networks,
                n_images,
            ),
        }

    def readable(self, columns: list[str]) -> pd.DataFrame:
        """Columns of its readable equations."""
        return self._of_choice(schema.DEPENDENCIES, columns)

    @cached_property
    def shuffled(self) -> pd.DataFrame:
        """The readable equations of its shuffled targets."""
        return self._of_choice(schema.CONTROL, [*_ENDS, "coefficient"])

    def _of_choice(self, table: schema.Table, columns: list[str]) -> pd.DataFrame:
        chosen = [("choice", "==", CHOICE)]
        return self.atlas.read(table, self.name, columns=columns, filters=chosen)

    def _within(self, judged: pd.DataFrame) -> Trial:
        equations = Equations(self.readable(EQUATION_COLUMNS), judged)
        _, logits = self.held_out
        median = MedianR2.of(equations, logits, logits, self.spread)
        width = self.info["n_features"]
        remark = prediction.forced(
            int(self.info["rank"]), int(self.info["n_categories"]),
            None if pd.isna(width) else int(width),
        )  # fmt: skip
        return prediction.trial(median, prediction.medians_beside(judged), remark)


@dataclass(frozen=True)
class Shared:
    """How many networks of a label set have a dependency: of their own equations, and of those of their
    shuffled targets (target, source, n_models)."""

    found: pd.DataFrame
    of_shuffled: pd.DataFrame
    n_networks: int

    @classmethod
    def of(cls, networks: Iterable[NetworkOnTrial], label_set: str) -> "Shared":
        """Counted over the networks of one label set that are on trial."""
        alike = [network for network in networks if network.info["label_set"] == label_set]
        own = _counted([network.readable(_ENDS) for network in alike])
        return cls(own, _counted([network.shuffled[_ENDS] for network in alike]), len(alike))

    def beside(self, edges: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
        """A network's edges with `n_models`."""
        return edges.merge(counts, "left", _ENDS)


def _counted(edges: list[pd.DataFrame]) -> pd.DataFrame:
    together = pd.concat(edges, ignore_index=True)
    return together.groupby(_ENDS, as_index=False).size().rename(columns={"size": "n_models"})
