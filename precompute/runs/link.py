"""Links: the logits of one network written in the logits of another, on the images both have seen.

path -> evaluation -> dependencies -> median -> link, by the same functions as within one network.
"""

from collections.abc import Callable
from functools import cached_property, partial
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd

from precompute.atlas import schema
from precompute.atlas.files import digest, safe_name
from precompute.atlas.matching import same_category
from precompute.atlas.progress import Report
from precompute.atlas.stages import Stages
from precompute.atlas.store import Atlas
from precompute.equations.batches import JoinedLogits, logits_digest, shared_images
from precompute.equations.fit import FitOptions
from precompute.equations.median_r2 import N_RESAMPLES, NORMAL, median_table
from precompute.equations.network_pair import NetworkPair
from precompute.errors import NothingShared, UserError
from precompute.runs.room import link_bytes, processes_for, require_room
from precompute.runs.side_by_side.jobs import Job, do_all

# Complementary pairs of half-samples behind the stability of each choice.
PAIRS = {"few": 0, "readable": 10, "best": 0}


def link_folder(target_model: str, source_model: str) -> str:
    """Folder of a link inside the atlas."""
    return f"links/{safe_name(target_model)}--{safe_name(source_model)}"


class LinkRun:
    """Brings the tables of one ordered pair of models up to date.

    Raises UserError for an unknown model, one model twice, or models without common images.
    """

    def __init__(
        self,
        atlas: Atlas,
        target_model: str,
        source_model: str,
        options: FitOptions,
        report: Report,
        *,
        allow_same: bool = False,
    ):
        self.atlas, self.options, self.report, self.allow_same = atlas, options, report, allow_same
        for model in (target_model, source_model):
            require_model(atlas, model)
        if target_model == source_model:
            raise UserError(f"A link needs two models; '{target_model}' was given twice.")
        self.models = (target_model, source_model)
        self.folder = link_folder(*self.models)
        self.stages = Stages(atlas, self.folder, report, schema.LINK)
        self.shared = shared_images(atlas, *self.models)
        categories = [atlas.read(schema.CATEGORIES, model) for model in self.models]
        require_room(len(categories[0]), len(categories[1]), " <- ".join(self.models))
        self.same = same_category(*categories)
        self.exclude = np.full_like(self.same, -1) if allow_same else self.same

    def run(self) -> None:
        """Every stage in turn."""
        for side, model in zip(("only_target", "only_source"), reversed(self.models), strict=True):
            if self.shared[side]:
                self.report.say(f"{self.shared[side]} images are missing in {model} and left out")
        options = self.options
        made = {
            "logits": [logits_digest(self.atlas, model) for model in self.models],
            "same": digest(*map(str, self.exclude)),
            "max_parents": options.max_parents,
            "min_lambda_ratio": options.min_lambda_ratio,
            "center": options.center,
        }
        stages = self.stages
        stages.run("path", [schema.PATH], made, self._path)
        judged = made | {"path": stages.digest(schema.PATH), "seed": options.seed}
        stages.run("evaluation", [schema.EVALUATION], judged, self._evaluation)
        halved = judged | {"evaluation": stages.digest(schema.EVALUATION), "pairs": PAIRS}
        stages.run("dependencies", [schema.DEPENDENCIES], halved, self._dependencies)
        drawn = {name: made[name] for name in ("logits", "same")}
        drawn |= {
            "dependencies": stages.digest(schema.DEPENDENCIES),
            "resamples": N_RESAMPLES,
            "reach": NORMAL,
        }
        stages.run("median", [schema.MEDIAN], drawn, self._median)
        tables = (schema.DEPENDENCIES, schema.EVALUATION, schema.MEDIAN)
        last = {table.file: stages.digest(table) for table in tables} | {"same": made["same"]}
        stages.run("link", [schema.LINK], last, self._link)

    def _path(self, made_from: dict) -> None:
        self.stages.write(schema.PATH, self.pair.path_table(), made_from)

    def _evaluation(self, made_from: dict) -> None:
        evaluation, _ = self.pair.evaluation_tables()
        self.stages.write(schema.EVALUATION, evaluation, made_from)

    def _dependencies(self, made_from: dict) -> None:
        evaluation = self.atlas.read(schema.EVALUATION, folder=self.folder)
        table = self.pair.dependency_table(evaluation, PAIRS)
        self.stages.write(schema.DEPENDENCIES, table, made_from)

    def _median(self, made_from: dict) -> None:
        dependencies = self.atlas.read(schema.DEPENDENCIES, folder=self.folder)
        held_out = partial(self.pair.batches, "holdout")
        table = median_table(dependencies, held_out, self.pair.n_images["holdout"])
        self.stages.write(schema.MEDIAN, table, made_from)

    def _link(self, made_from: dict) -> None:
        n_same = int((self.same >= 0).sum())
        strongest = None
        if self.allow_same and n_same:
            readable = [("choice", "=", "readable")]
            links = self.atlas.read(schema.DEPENDENCIES, folder=self.folder, filters=readable)
            links["strength"] = links["coefficient"].abs()
            first = links.loc[links.groupby("target")["strength"].idxmax()]
            strongest = int((first["source"] == self.same[first["target"]]).sum()) / n_same
        moments = self.pair.fit_moments
        row = {
            "target_model": self.models[0],
            "source_model": self.models[1],
            "n_fit": self.shared["fit"],
            "n_holdout": self.shared["holdout"],
            "n_only_target": self.shared["only_target"],
            "n_only_source": self.shared["only_source"],
            "allow_same": self.allow_same,
            "n_same": n_same,
            "target_mean": moments.target_sum / moments.n_images,
            "source_mean": moments.source_sum / moments.n_images,
            "same_strongest": strongest,
            "max_parents": self.options.max_parents,
            "center": self.options.center,
            "seed": self.options.seed,
        }
        self.stages.write(schema.LINK, pd.DataFrame([row]), made_from)

    @cached_property
    def pair(self) -> NetworkPair:
        name = " <- ".join(self.models)
        batches = JoinedLogits(self.atlas, *self.models).batches
        return NetworkPair(batches, self.exclude, self.options, self.report, name, constant=True)


def require_model(atlas: Atlas, model: str) -> None:
    """Raises UserError, naming the models there are, if the atlas has no finished model of that name."""
    if model not in (known := atlas.models()):
        there = f"It has: {', '.join(known)}" if known else "It has none yet"
        raise UserError(
            f"Atlas {atlas.root} has no model '{model}'. {there}. See `precompute run`."
        )


def _n_categories(atlas: Atlas, model: str) -> int:
    require_model(atlas, model)
    return int(atlas.read(schema.MODEL, model, columns=["n_categories"]).iat[0, 0])


def chosen_pairs(
    atlas: Atlas, target_model: str | None, source_model: str | None, *, every: bool, both: bool
) -> list[tuple[str, str]]:
    """The ordered pairs that `link` was asked for; all pairs leave models with weighted equations out.
    Raises UserError where that is not clear."""
    if every:
        if target_model is not None:
            raise UserError("--all links every pair: leave the model names away.")
        plain = atlas.plain_models()
        pairs = list(permutations(plain, 2))
        if not pairs:
            others = " without --weight-positives" if plain != atlas.models() else ""
            raise UserError(
                f"Atlas {atlas.root} has fewer than two models{others}. See `precompute run`."
            )
        return pairs
    if target_model is None or source_model is None:
        raise UserError("A link needs a target model and a source model, or --all.")
    pair = (target_model, source_model)
    return [pair, pair[::-1]] if both else [pair]


def link_models(
    atlas: Atlas,
    pairs: list[tuple[str, str]],
    options: FitOptions,
    report: Report,
    *,
    allow_same: bool = False,
) -> None:
    """Bring the links of all pairs up to date.

    Pairs without common images are told and left out; raises UserError where no pair has any.
    """
    largest = max(link_bytes(*(_n_categories(atlas, model) for model in pair)) for pair in pairs)
    jobs = link_jobs(atlas, pairs, options, allow_same=allow_same)
    done = do_all(jobs, report, processes_for(largest))
    apart = [error for error in done.values() if error]
    if len(apart) == len(pairs):
        raise apart[0]


def link_jobs(
    atlas: Atlas,
    pairs: list[tuple[str, str]],
    options: FitOptions,
    *,
    allow_same: bool = False,
    needs: Callable[[str], str | None] = lambda model: None,
) -> list[Job]:
    """A job for each pair, one source after another; `needs` names the job that makes a model, if one does.
    What a job returns is the error of a pair without common images."""
    return [
        Job(
            f"link {link_folder(*pair)}",
            partial(_link, atlas.root, pair, options, allow_same),
            "links",
            frozenset(filter(None, map(needs, pair))),
        )
        for pair in sorted(pairs, key=lambda pair: pair[::-1])
    ]


def _link(
    root: Path, pair: tuple[str, str], options: FitOptions, allow_same: bool, report: Report
) -> NothingShared | None:
    try:
        LinkRun(Atlas(root), *pair, options, report, allow_same=allow_same).run()
    except NothingShared as error:
        report.say(f"left out: {error}")
        return error
    return None
