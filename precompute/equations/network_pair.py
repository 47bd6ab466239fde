"""All that is computed from the logits of a target network and a source network on the same images.

Within one network both are the same; between two, the rest is the same.
"""

from collections.abc import Callable, Iterator
from functools import cached_property

import numpy as np
import pandas as pd

from precompute.atlas import schema
from precompute.atlas.progress import Report
from precompute.covlasso import CovLassoPaths
from precompute.equations.batches import Batch
from precompute.equations.equations import Equations
from precompute.equations.evaluation import baseline, control, evaluation_table
from precompute.equations.fit import (
    FitOptions,
    chosen_levels,
    cross_validate,
    dependency_table,
    path_table,
    solve,
)
from precompute.equations.folds import N_FOLDS, dealt_in_runs, fold_moments
from precompute.equations.moments import CentredMoments, Moments
from precompute.errors import UserError


class NetworkPair:
    """Moments, paths and tables of one (target network, source network).

    `batches(split)` streams the images that both have; `exclude[i]` is the source that target i may
    not use, or -1. Moments are made once, on first use. Raises UserError if there are too few images.
    """

    def __init__(
        self,
        batches: Callable[[str], Iterator[Batch]],
        exclude: np.ndarray,
        options: FitOptions,
        report: Report,
        name: str,
    ):
        self.batches, self.exclude, self.options = batches, exclude, options
        self.report, self.name = report, name
        self.n_images = {
            split: sum(len(b.labels) for b in batches(split)) for split in schema.SPLITS
        }
        if self.n_images["fit"] < 2 * N_FOLDS or self.n_images["holdout"] < 2:
            raise UserError(
                f"{self.name}: {self.n_images['fit']} fit images and {self.n_images['holdout']} held-out "
                f"images are too few, at least {2 * N_FOLDS} and 2 are needed. Give more images, or "
                "another --holdout."
            )

    @cached_property
    def folds(self) -> list[Moments]:
        dealt = dealt_in_runs(self.n_images["fit"], self.options.seed)
        return fold_moments(self.batches("fit"), dealt)

    @cached_property
    def fit_moments(self) -> Moments:
        return sum(self.folds[1:], self.folds[0])

    @cached_property
    def fit(self) -> CentredMoments:
        return self.fit_moments.centred(on_mean=self.options.center)

    @cached_property
    def holdout(self) -> CentredMoments:
        undivided = np.zeros(self.n_images["holdout"], dtype=int)
        (moments,) = fold_moments(self.batches("holdout"), undivided, 1)
        return moments.centred(like=self.fit)

    @cached_property
    def paths(self) -> CovLassoPaths:
        paths = solve(self.fit, self.exclude, self.options)
        if stalled := int((paths.status == "stalled").sum()):
            self.report.say(
                f"{self.name}: {stalled} paths end early, in ties that float64 cannot tell"
            )
        return paths

    def path_table(self) -> pd.DataFrame:
        """path.parquet."""
        return path_table(self.paths, self.fit)

    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """dependencies.parquet and evaluation.parquet."""
        levels = Equations.from_path(self.paths.to_frame()).levels()
        parents = levels.n_parents
        self._tell(0)
        error, standard_error = cross_validate(self.folds, self.exclude, self.options)
        chosen = chosen_levels(levels, error, standard_error)
        self._tell(1)
        noise_error, noise_r2 = control(self.batches, self.n_images, self.exclude, self.options)
        self._tell(2)
        base = baseline(self.batches, len(self.fit.power))
        table = evaluation_table(levels, self.fit, self.holdout, base, self.batches).assign(
            chosen=chosen,
            cv_error=error[levels.target, parents - 1],
            cv_standard_error=standard_error[levels.target, parents - 1],
            control_error=noise_error[levels.target, parents],
            control_r2=noise_r2[levels.target, parents],
        )
        self._tell(3)
        equations = levels.take(np.flatnonzero(chosen))
        gaps = np.zeros(len(self.fit.power))
        gaps[self.paths.targets] = self.paths.duality_gap()
        return dependency_table(equations, self.fit, gaps), table

    def _tell(self, done: int) -> None:
        self.report.progress(f"{self.name}: evaluation", done, 3)
