"""From an equation to a verdict on it, within a network and between two: one way through."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from explorer.answers.evidence import heldout
from explorer.answers.evidence.bootstrap import Interval, bootstrap
from explorer.answers.evidence.heldout import HeldOutFigures, Holdout
from explorer.answers.evidence.replaced import replaced
from explorer.answers.network_pair import Subject
from explorer.answers.verdicts.replacement import replacement


@dataclass(frozen=True)
class Evidence:
    """What N held-out images say about an equation of the subject."""

    subject: Subject
    equation: pd.DataFrame  # columns source and coefficient
    images: Holdout  # in the target network's logits
    predicted: np.ndarray  # (N,) what the equation says
    # The same sources by least squares, where these are the lasso's.
    refit: "Evidence | None" = None

    @classmethod
    def of(
        cls, subject: Subject, equation: pd.DataFrame, images: Holdout, sources: Holdout
    ) -> "Evidence":
        """`images` and `sources` are the same images in the target and in the source network's logits,
        row by row (`heldout.shared`)."""
        return cls(subject, equation, images, subject.predicted(equation, sources.logits))

    @classmethod
    def at(
        cls, subject: Subject, position: float, refit: bool, images: Holdout, sources: Holdout
    ) -> "Evidence":
        """The same of the subject's equation at a position of its path."""
        by_least_squares = cls.of(subject, subject.equation(position, True), images, sources)
        if refit:
            return by_least_squares
        found = cls.of(subject, subject.equation(position, False), images, sources)
        return replace(found, refit=by_least_squares)

    @cached_property
    def truth(self) -> np.ndarray:
        """The network's own logit (N,)."""
        return self.images.logits[:, self.subject.target].astype(np.float64)

    @cached_property
    def sd(self) -> float:
        """Standard deviation of the logit over these images."""
        return float(self.truth.std())

    @cached_property
    def shows(self) -> np.ndarray:
        """Which images show the category (N,) bool, by label or else by the network's own top-1."""
        return self.images.truth == self.subject.target

    @cached_property
    def figures(self) -> HeldOutFigures:
        return heldout.measure(
            self.images, self.subject.target, self.predicted, self.sd, self.subject.origin
        )

    @cached_property
    def intervals(self) -> dict[str, Interval]:
        """95% interval of the figures that have one."""
        return bootstrap(self.truth, self.predicted, self.subject.origin)

    @property
    def control_error(self) -> float | None:
        """Held-out error of the same search on shuffled targets, with at most as many parents."""
        rows = self.subject.evaluation
        found = rows.loc[rows["n_parents"] <= max(len(self.equation), 1), "control_error"]
        return float(found.iat[-1]) if len(found) else None

    @property
    def verdict(self) -> tuple[bool | None, str]:
        """Whether classification survives the replacement (None: cannot be told), and a sentence."""
        found = replaced(self.images, self.subject.target, self.predicted)
        return replacement(self.figures, found, self.subject.name, self.images.has_labels)
