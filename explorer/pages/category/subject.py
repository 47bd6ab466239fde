"""What the views of the category page share: one category of one network, and its equation."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from explorer.answers import heldout
from explorer.files import category_file
from explorer.session import cache
from explorer.tables.network import Network
from explorer.tables.target_path import TargetPath
from explorer.theme import Palette


@dataclass(frozen=True)
class Subject:
    """The category that the page is about."""

    root: Path
    network: Network
    target: int
    colours: Palette

    @property
    def name(self) -> str:
        return self.network.name_of(self.target)

    @property
    def row(self) -> pd.Series:
        """Its row of categories.parquet."""
        return self.network.categories.iloc[self.target]

    @cached_property
    def path(self) -> TargetPath | None:
        return self.network.paths[self.target]

    @property
    def sd(self) -> float:
        """Standard deviation of its logit on the held-out images."""
        return float(self.row["sd"])

    @property
    def origin(self) -> float:
        """What the power of its logit is measured from: 0, or the mean logit of a centred model."""
        return float(self.row["mean"]) if self.network.centred else 0.0

    @property
    def evaluation(self) -> pd.DataFrame:
        """Its rows of evaluation.parquet."""
        return self.network.every_sparsity[self.target]

    def intercept(self, equation: pd.DataFrame) -> float:
        """Constant of an equation in raw logits: 0 unless the model was fitted on centred logits."""
        if not self.network.centred:
            return 0.0
        return category_file.intercept(self.network.categories, self.target, equation)


@dataclass(frozen=True)
class Evidence:
    """An equation of the subject on the held-out images."""

    images: heldout.Holdout
    truth: np.ndarray  # (N,) the network's logit
    predicted: np.ndarray  # (N,) what the equation says
    judged: heldout.Judgement

    @classmethod
    def of(cls, subject: Subject, equation: pd.DataFrame) -> "Evidence":
        """`equation` has columns source and coefficient."""
        images = cache.holdout(subject.root, subject.network.name)
        predicted = heldout.predict(
            images,
            equation["source"].to_numpy(),
            equation["coefficient"].to_numpy(),
            subject.intercept(equation),
        )
        judged = heldout.judge(images, subject.target, predicted, subject.sd, subject.origin)
        truth = images.logits[:, subject.target].astype(np.float64)
        return cls(images, truth, predicted, judged)
