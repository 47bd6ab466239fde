"""A target network, a source network, and the equations that write the first in the second.

Within one network both are the same; between two, the rest is the same.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from explorer.answers import dependencies, neighbourhood
from explorer.answers.yardsticks import stability
from explorer.tables.link import Link
from explorer.tables.network import Network
from explorer.tables.target_path import PathIndex, TargetPath
from explorer.tables.target_rows import TargetRows


@dataclass(frozen=True)
class NetworkPair:
    """The stored equations of one (target network, source network)."""

    name: str
    target: Network
    source: Network
    info: dict  # the row of model.parquet or of link.parquet
    choice: str  # few, readable or best: the sparsity of the next two
    dependencies: pd.DataFrame  # every target's equation
    chosen: pd.DataFrame  # evaluation.parquet of every target
    every_sparsity: TargetRows  # the rows of evaluation.parquet of a target
    paths: PathIndex
    # Mean logits of targets and sources on the fit images, where equations have a constant.
    means: tuple[np.ndarray, np.ndarray] | None

    @classmethod
    def within(cls, network: Network) -> "NetworkPair":
        """A network's categories in its own logits."""
        mean = network.categories["mean"].to_numpy(float)
        means = (mean, mean) if network.centred else None
        return cls(
            network.name, network, network, network.info, network.choice, network.edges,
            network.chosen, network.every_sparsity, network.paths, means,
        )  # fmt: skip

    @classmethod
    def between(cls, target: Network, source: Network, link: Link) -> "NetworkPair":
        """A network's categories in the logits of another, by the link that the atlas has."""
        return cls(
            link.name, target, source, link.info, link.choice, link.dependencies, link.chosen,
            link.every_sparsity, link.paths, link.means,
        )  # fmt: skip

    def predicted(self, logits: np.ndarray, refit: bool) -> np.ndarray:
        """What the stored equations make of one image's source logits (m,): (n_targets,) float64, nan
        for a target without an equation."""
        target, source = (self.dependencies[end].to_numpy(int) for end in ("target", "source"))
        weights = self.dependencies["refit" if refit else "coefficient"].to_numpy(np.float64)
        terms, n = weights * logits.astype(np.float64)[source], len(self.target.categories)
        result = np.bincount(target, weights=terms, minlength=n)
        result += self.intercepts(target, source, weights)
        result[np.bincount(target, minlength=n) == 0] = np.nan
        return result

    def intercepts(self, target: np.ndarray, source: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Constants (n_targets,) of equations in raw logits: mean_target - sum_j w_j mean_j between two
        networks, and within one that is centred, else 0. The equations are given by the ends and the
        weight of each term."""
        if self.means is None:
            return np.zeros(len(self.target.categories))
        targets, sources = self.means
        terms = weights * sources[source]
        return targets - np.bincount(target, weights=terms, minlength=len(targets))


@dataclass(frozen=True)
class Subject:
    """One target of a pair."""

    pair: NetworkPair
    target: int

    @property
    def name(self) -> str:
        return self.pair.target.name_of(self.target)

    @property
    def row(self) -> pd.Series:
        """Its row of categories.parquet."""
        return self.pair.target.categories.iloc[self.target]

    @cached_property
    def _path(self) -> TargetPath | None:
        return self.pair.paths[self.target]

    @property
    def explained(self) -> bool:
        """Whether any source tells something about it, so that it has a path."""
        return self._path is not None

    @property
    def path(self) -> TargetPath:
        """Raises ValueError for a target that is not `explained`."""
        if self._path is None:
            raise ValueError(f"Nothing explains {self.name}: it has no path.")
        return self._path

    @property
    def evaluation(self) -> pd.DataFrame:
        """Its rows of evaluation.parquet."""
        return self.pair.every_sparsity[self.target]

    @property
    def max_parents(self) -> int:
        """The largest support that the pair's paths may reach."""
        return int(self.pair.info["max_parents"])

    @property
    def chosen(self) -> int:
        """The number of parents at the reader's choice; the most where nothing was chosen."""
        found = self.pair.chosen.loc[self.pair.chosen["target"] == self.target, "n_parents"]
        return int(found.iat[0]) if len(found) else self.max_parents

    @property
    def stopped(self) -> bool:
        """Whether its path stopped with the cross-validated error still falling."""
        return bool(self.evaluation["stopped"].any())

    def more_would_help(self, size: float) -> bool:
        """Whether an equation of `size` parents is only the best of a path that `stopped`: at its end, and
        where cross-validation chose the number."""
        chosen = self.pair.choice != "readable" and size == self.chosen
        return self.stopped and (chosen or size >= int(self.evaluation["n_parents"].max()))

    @property
    def origin(self) -> float:
        """What the power of its logit is measured from: 0, or its mean where the pair is centred."""
        if not self.pair.info["center"] or self.pair.means is None:
            return 0.0
        return float(self.pair.means[0][self.target])

    def equation(self, position: float, refit: bool) -> pd.DataFrame:
        """Its equation at a position of its path, with names (`neighbourhood.equation`), and with the
        `stability` of its sources where the position is that of the reader's choice."""
        stored = self.pair.dependencies
        here = self.path.position_of_size(self.chosen) == position
        same = stored[stored["target"] == self.target] if here else stored[:0]
        found = neighbourhood.equation(self.path, position, refit)
        found = stability.of_equation(found, same)
        return dependencies.named(found, self.pair.target.categories, self.pair.source.categories)

    def intercept(self, equation: pd.DataFrame) -> float | None:
        """Constant of an equation in raw logits; None within a network that was fitted on raw ones, whose
        equations have none."""
        if self.pair.means is None:
            return None
        source, weights = equation["source"].to_numpy(int), equation["coefficient"].to_numpy(float)
        target = np.full(len(source), self.target)
        return float(self.pair.intercepts(target, source, weights)[self.target])

    def predicted(self, equation: pd.DataFrame, logits: np.ndarray) -> np.ndarray:
        """What an equation makes of the source logits (N, m) of images: (N,) float64."""
        terms = logits[:, equation["source"].to_numpy(int)].astype(np.float64)
        return terms @ equation["coefficient"].to_numpy(float) + (self.intercept(equation) or 0.0)
