"""All that is computed from the logits of a target network and a source network on the same images.

Within one network both are the same; between two, the rest is the same.
"""

from collections.abc import Callable, Iterator
from functools import cached_property, partial

import numpy as np
import pandas as pd

from precompute.atlas import schema
from precompute.atlas.progress import Report
from precompute.covlasso import CovLassoPaths
from precompute.equations.batches import Batch
from precompute.equations.equations import Equations
from precompute.equations.evaluation import Spread, baseline, evaluation_table, mean_squared_error
from precompute.equations.fit import FitOptions, Problem
from precompute.equations.floor import Spectrum, spectrum, spectrum_of_factor, spectrum_of_sample
from precompute.equations.folds import (
    N_FOLDS,
    Folds,
    SeparateFolds,
    dealt_in_runs,
    folded,
    many,
    moments_of,
    n_folds_of_many,
    require_images,
)
from precompute.equations.many.factors import Factors
from precompute.equations.many.image_products import ImageProducts
from precompute.equations.moments import CentredMoments, SecondMoments
from precompute.equations.seeds import seed_of
from precompute.equations.sparsity.choices import choose, stopped
from precompute.equations.sparsity.cross_validation import cross_validate
from precompute.equations.sparsity.sizes import sizes_up_to
from precompute.equations.tables import dependency_table, path_table
from precompute.equations.yardsticks.baselines import (
    Judge,
    correlated_parents,
    random_parents,
    within_of_mean,
)
from precompute.equations.yardsticks.control import control
from precompute.equations.yardsticks.dense import dense_map, dense_map_of_many
from precompute.equations.yardsticks.stability import stability


class NetworkPair:
    """Moments, paths and tables of one (target network, source network).

    `batches(split)` streams the images that both have; `exclude[i]` is the source that target i may
    not use, or -1; with `constant` every equation has an intercept; `n_images` of each split are counted
    where nobody knows them. Moments are made once, on first use.
    Raises UserError if there are too few images.
    """

    def __init__(
        self,
        batches: Callable[[str], Iterator[Batch]],
        exclude: np.ndarray,
        options: FitOptions,
        report: Report,
        name: str,
        *,
        constant: bool = False,
        n_images: dict[str, int] | None = None,
    ):
        self.batches, self.options = batches, options
        self.problem = Problem(exclude, options, constant)
        self.report, self.name = report, name
        self.n_images = n_images or {
            split: sum(len(b.labels) for b in batches(split)) for split in schema.SPLITS
        }
        require_images(name, self.n_images)

    @cached_property
    def many(self) -> bool:
        """Whether all sets of images of the one network share one matrix."""
        first = next(self.batches("fit"))
        return first.within and many(first.sources.shape[1])

    @cached_property
    def dealt(self) -> np.ndarray:
        """The fold of each fit image."""
        n_images = self.n_images["fit"]
        n_folds = n_folds_of_many(n_images) if self.many else N_FOLDS
        return dealt_in_runs(n_images, self.options.seed, n_folds)

    @cached_property
    def folds(self) -> Folds:
        return folded(partial(self.batches, "fit"), self.dealt)

    @property
    def fit_moments(self) -> SecondMoments:
        return self.folds.whole

    @cached_property
    def seen(self) -> CentredMoments:
        """Fit images as the solver sees them."""
        return self.problem.seen(self.fit_moments)

    @cached_property
    def fit(self) -> CentredMoments:
        """Fit images as equations are refitted and judged on them."""
        return self.problem.judged(self.fit_moments) if self.problem.constant else self.seen

    @cached_property
    def holdout(self) -> Spread:
        """The targets on the held-out images."""
        return self.problem.spread(self.batches("holdout"), self.fit)

    def sample(self) -> ImageProducts:
        """Some fit images, for what takes too long in the matrix of very many categories; read anew each
        time, and the same."""
        seed = seed_of(self.options.seed, self.name, "sample")
        return ImageProducts(self.batches("fit"), self.n_images["fit"], self.fit, seed)

    @cached_property
    def spectrum(self) -> Spectrum:
        """Of the fit images' moment, or of that of some of them."""
        if isinstance(self.fit_moments, Factors):
            return spectrum_of_factor(self.fit_moments, self.fit)
        if self.many:
            return spectrum_of_sample(self.sample(), self.raw_power)
        return spectrum(self.fit.moment, self.n_images["fit"], self.raw_power)

    @property
    def raw_power(self) -> np.ndarray:
        """E[a^2] of the targets on the fit images as they are stored."""
        return self.fit.power + self.fit.target_mean**2

    @cached_property
    def paths(self) -> CovLassoPaths:
        paths = self.problem.solve(self.seen)
        if stalled := int((paths.status == "stalled").sum()):
            self.report.say(
                f"{self.name}: {stalled} paths end early, in ties that float64 cannot tell"
            )
        return paths

    @cached_property
    def sizes(self) -> list[int]:
        """Numbers of parents that equations are kept and judged at."""
        return sizes_up_to(self.options.max_parents, len(self.seen.moment))

    @cached_property
    def levels(self) -> Equations:
        """The equation of every target at every size that its path has."""
        return Equations.from_solved(self.paths).levels(self.sizes)

    @cached_property
    def refit(self) -> Equations:
        """The same by least squares on their supports."""
        return self.levels.refit(self.fit)

    def path_table(self) -> pd.DataFrame:
        """path.parquet."""
        return path_table(self.paths, self.fit, self.sizes)

    def evaluation_tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """evaluation.parquet and control.parquet."""
        levels = self.levels
        rows = levels.target, np.searchsorted(self.sizes, levels.n_parents)
        self._tell(0)
        images = partial(self.batches, "fit")
        error, standard_error = cross_validate(
            self.folds, images, self.dealt, self.problem, self.sizes
        )
        masks = choose(levels, error, standard_error, self.sizes)
        self._tell(1)
        moments = self.seen, self.fit
        noise = control(self.batches, self.n_images, self.problem, moments, self.sizes, self.name)
        self._tell(2)
        base = baseline(self.batches, len(self.fit.power))
        table = evaluation_table(levels, self.refit, self.fit, self.holdout, base, self.batches)
        table = table.assign(
            **masks,
            stopped=stopped(error, self.paths.status)[levels.target],
            cv_error=error[rows],
            cv_standard_error=standard_error[rows],
            control_error=noise.error[rows],
            control_r2=noise.r2[rows],
        )
        self._tell(3)
        table = table.assign(**self._baselines(rows))
        self._tell(4)
        return table, noise.table(_chosen(table, levels))

    def dependency_table(self, evaluation: pd.DataFrame, pairs: dict[str, int]) -> pd.DataFrame:
        """dependencies.parquet from the choices in evaluation.parquet, with the stability over so many
        complementary pairs of half-samples for each choice."""
        chosen = _chosen(evaluation, self.levels)
        stable = stability(
            self.batches, self.fit_moments, self.problem, chosen, pairs,
            seed_of(self.options.seed, self.name, "half-samples"),
        )  # fmt: skip
        refit = _chosen(evaluation, self.refit)
        return dependency_table(chosen, refit, self.fit, self.paths.duality_gap(), stable)

    def _baselines(self, rows: tuple[np.ndarray, np.ndarray]) -> dict[str, np.ndarray]:
        """The columns of evaluation.parquet that the equations have to beat; `rows` picks target and
        size of each level."""
        exclude, target = self.problem.exclude, rows[0]
        draw = seed_of(self.options.seed, self.name, "random parents")
        held_out = partial(self.batches, "holdout")
        if isinstance(self.folds, SeparateFolds):
            images = moments_of(held_out(), self.n_images["holdout"])
            holdout = self.problem.held_out(images, self.fit)
            dense = dense_map(self.folds.parts, self.problem, self.fit, holdout)
            judge: Judge = partial(Equations.residual_power, moments=holdout)
        else:
            judge = lambda equations: mean_squared_error(equations, self.fit, held_out())  # noqa: E731
            sample, n = self.sample(), self.n_images["holdout"]
            if not isinstance(self.fit_moments, Factors):  # while the sample is in memory
                self.spectrum = spectrum_of_sample(sample, self.raw_power)
            dense = dense_map_of_many(sample, held_out, n, self.problem, self.fit)
            del sample
        random = random_parents(self.fit, judge, self.holdout, exclude, self.sizes, draw)
        near = correlated_parents(self.seen, self.fit, judge, self.holdout, exclude, self.sizes)
        mean = self.fit_moments.target_sum / self.fit_moments.n_images
        half = within_of_mean(self.batches, mean, np.sqrt(self.holdout.variance))
        return {
            "random_error": random[0][rows],
            "random_r2": random[1][rows],
            "correlated_error": near[0][rows],
            "correlated_r2": near[1][rows],
            "dense_error": dense[0][target],
            "dense_r2": dense[1][target],
            "within_half_sd_mean": half[target],
        }

    def _tell(self, done: int) -> None:
        self.report.progress(f"{self.name}: evaluation", done, 4)


def _chosen(evaluation: pd.DataFrame, levels: Equations) -> dict[str, Equations]:
    """The equation of every target by each choice; rows of `evaluation` are those of `levels`."""
    masks = {name: evaluation[name].to_numpy() for name in schema.CHOICES}
    return {name: levels.take(np.flatnonzero(mask)) for name, mask in masks.items()}
