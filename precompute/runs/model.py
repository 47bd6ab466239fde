"""One model, from its logits to its finished folder of the atlas:

logits -> path -> evaluation (with its control) -> dependencies -> categories -> redundancy -> model
"""

import json
from collections import Counter
from functools import cached_property, partial
from importlib.metadata import version

import numpy as np
import pandas as pd

from precompute.atlas import schema
from precompute.atlas.files import digest
from precompute.atlas.progress import Report
from precompute.atlas.stages import Stages
from precompute.atlas.store import Atlas
from precompute.equations.batches import OwnLogits
from precompute.equations.evaluation import Batches
from precompute.equations.fit import FitOptions
from precompute.equations.folds import MANY, many, require_images
from precompute.equations.network_pair import NetworkPair
from precompute.equations.seeds import seed_of
from precompute.equations.weighting import weighing_batches
from precompute.equations.yardsticks.learning import learning_table
from precompute.errors import UserError
from precompute.runs.features.kept_in_place import TABLES, head_to_keep, store_features
from precompute.runs.layout import communities, layout, tie_strengths
from precompute.runs.logits import logits_made_from, merged_images, store_logits
from precompute.runs.redundancy import compliance, spectrum_table, support_sizes
from precompute.sources.protocol import FeatureSource, LogitSource
from precompute.survival.trial import N_CATEGORIES, WEIGHTINGS, survival_table
from precompute.team.current import current

# Complementary pairs of half-samples behind the stability of each choice. Short equations are cheap to find
# again; an equation of 64 parents costs seven times as much as one of 8.
PAIRS = {"few": 2, "readable": 25, "best": 2}
# Every target of a weighted run has a moment of its own: a half-sample takes ten times as long.
WEIGHTED_PAIRS = {"few": 1, "readable": 5, "best": 1}
# With very many categories a half-sample takes half a minute, and a longer equation minutes.
MANY_PAIRS = {"few": 0, "readable": 1, "best": 0}
LIBRARIES = (
    "numpy", "numba", "pandas", "pyarrow", "scikit-learn", "opentsne", "scikit-network", "torch", "timm",
)  # fmt: skip


class ModelRun:
    """Brings the tables of one model up to date; `tried` categories are replaced in the survival stage.
    `features` says whether features are kept in place of logits, and None leaves that to their number."""

    def __init__(
        self,
        atlas: Atlas,
        source: LogitSource,
        options: FitOptions,
        report: Report,
        *,
        tried: int = N_CATEGORIES,
        features: bool | None = None,
    ):
        self.tried, self.features = tried, features
        self.atlas, self.source, self.options, self.report = atlas, source, options, report
        self.name = source.info.name
        self.folder = atlas.model_folder(self.name)
        self.stages = Stages(atlas, self.folder, report, schema.MODEL)
        self.n = len(source.info.labels)
        weighted = options.weight_positives > 0
        self.many = many(self.n)
        if self.many and weighted:
            raise UserError(
                f"--weight-positives solves a second moment for each category: not for {self.n}, at most "
                f"{MANY}. Leave it away."
            )
        self.pairs = WEIGHTED_PAIRS if weighted else MANY_PAIRS if self.many else PAIRS
        self.weightings = (0.0, options.weight_positives) if weighted else WEIGHTINGS

    def run(self) -> None:
        """Every stage in turn. Raises UserError for bad input, leaving only whole files behind."""
        options, info, stages = self.options, self.source.info, self.stages
        require_images(self.name, Counter(self.source.images["split"]))
        images = merged_images(self.atlas, self.source.images, self.name)
        self.head = head_to_keep(self.source, self.features, self.report)
        kept = [schema.LOGITS] if self.head is None else TABLES
        stages.run("logits", kept, logits_made_from(self.source, self.head), self._logits)
        self._images(images)
        stored = {"logits": stages.digest(schema.LOGITS), "split": self._split_digest()}
        solver = stored | {
            "max_parents": options.max_parents,
            "min_lambda_ratio": options.min_lambda_ratio,
            "center": options.center,
        }
        if options.weight_positives:
            solver["weight_positives"] = options.weight_positives
        stages.run("path", [schema.PATH], solver, self._path)
        judged = solver | {"path": stages.digest(schema.PATH), "seed": options.seed}
        stages.run("evaluation", [schema.EVALUATION, schema.CONTROL], judged, self._evaluation)
        halved = judged | {"evaluation": stages.digest(schema.EVALUATION), "pairs": self.pairs}
        stages.run("dependencies", [schema.DEPENDENCIES], halved, self._dependencies)
        learned = {"evaluation": stages.digest(schema.EVALUATION), "seed": options.seed}
        stages.run("learning", [schema.LEARNING], learned, self._learning)
        replaced = stored | {
            "center": options.center,
            "seed": options.seed,
            "tried": self.tried,
            "weightings": list(self.weightings),
        }
        stages.run("survival", [schema.SURVIVAL], replaced, self._survival)
        drawn = stored | {
            "dependencies": stages.digest(schema.DEPENDENCIES),
            "center": options.center,
            "seed": options.seed,
            "labels": info.labels.name,
        }
        stages.run("categories", [schema.CATEGORIES], drawn | {"layout": "t-SNE"}, self._categories)
        compared = drawn | {
            "evaluation": stages.digest(schema.EVALUATION),
            "min_lambda_ratio": options.min_lambda_ratio,
            "weights": info.weights_sha256,
        }
        made_here = [schema.SPECTRUM, schema.SUPPORT, schema.COMPLIANCE]
        stages.run("redundancy", made_here, compared, self._redundancy)
        judgements = (schema.EVALUATION, schema.CONTROL, schema.DEPENDENCIES, schema.SURVIVAL)
        tables = (schema.CATEGORIES, schema.LEARNING, *judgements, *made_here)
        made = {table.file: stages.digest(table) for table in tables}
        stages.run("model", [schema.MODEL], made | {"weights": info.weights_sha256}, self._model)

    def _split_digest(self) -> str:
        images = self.source.images[["image_id", "split"]]
        return digest(*images.to_numpy().ravel())

    def _logits(self, made_from: dict) -> None:
        told = made_from, self.report, self.stages.unfinish
        if self.head is None:
            store_logits(self.atlas, self.source, *told)
        else:
            assert isinstance(self.source, FeatureSource), "head_to_keep found its head"
            store_features(self.atlas, self.source, self.head, *told)

    def _images(self, images: pd.DataFrame) -> None:
        rows = images[list(schema.IMAGES.columns)].astype(object).fillna("")
        made_from = {"stage": "images", "rows": digest(*rows.to_numpy().ravel())}
        if current().leads and self.atlas.stale(schema.IMAGES, made_from):
            self.stages.unfinish()
            self.atlas.write(schema.IMAGES, images, made_from)

    def _path(self, made_from: dict) -> None:
        self.stages.write(schema.PATH, self.pair.path_table(), made_from)

    def _evaluation(self, made_from: dict) -> None:
        evaluation, control = self.pair.evaluation_tables()
        self.stages.write(schema.EVALUATION, evaluation, made_from)
        self.stages.write(schema.CONTROL, control, made_from)

    def _dependencies(self, made_from: dict) -> None:
        evaluation = self.atlas.read(schema.EVALUATION, self.name)
        table = self.pair.dependency_table(evaluation, self.pairs)
        self.stages.write(schema.DEPENDENCIES, table, made_from)

    def _learning(self, made_from: dict) -> None:
        pair = self.pair
        draw = seed_of(self.options.seed, self.name, "learning")
        table = learning_table(pair.batches, pair.problem, pair.fit_moments, pair.n_images, draw)
        self.stages.write(schema.LEARNING, table, made_from)

    def _survival(self, made_from: dict) -> None:
        rank = self.pair.spectrum.rank
        table = survival_table(
            self.batches, self.pair.fit, rank, self.options.seed, self.tried, self.weightings
        )
        self.stages.write(schema.SURVIVAL, table, made_from)

    def _categories(self, made_from: dict) -> None:
        readable = [("choice", "=", "readable")]
        dependencies = self.atlas.read(schema.DEPENDENCIES, self.name, filters=readable)
        ties = tie_strengths(dependencies, self.n)
        places = layout(ties, self.options.seed)
        moments = self.pair.fit_moments
        table = self.source.info.labels.categories.assign(
            category=np.arange(self.n),
            x=places[:, 0],
            y=places[:, 1],
            community=communities(ties, self.options.seed),
            mean=moments.target_sum / moments.n_images,
            sd=np.sqrt(self.pair.holdout.variance),
            power=self.pair.fit.power,
            floor=self.pair.spectrum.floor(self.pair.fit.power),
        )
        self.stages.write(schema.CATEGORIES, table[schema.CATEGORIES.columns], made_from)

    def _redundancy(self, made_from: dict) -> None:
        atlas, info, options = self.atlas, self.source.info, self.options
        known = info.labels, self.source.head_cosines(), options.seed
        for table, rows in (
            (schema.SPECTRUM, spectrum_table(self.pair.spectrum, self.pair.folds, options.center)),
            (schema.SUPPORT, support_sizes(atlas, self.name, options.min_lambda_ratio)),
            (schema.COMPLIANCE, compliance(atlas, self.name, self.batches, *known)),
        ):
            self.stages.write(table, rows, made_from)

    def _model(self, made_from: dict) -> None:
        info, options = self.source.info, self.options
        labelled = {split: self._labelled(split) for split in schema.SPLITS}
        row = {
            "name": self.name,
            "architecture": info.architecture,
            "weights": info.weights,
            "weights_sha256": info.weights_sha256,
            "label_set": info.labels.name,
            "n_categories": self.n,
            "n_features": info.n_features,
            "n_parameters": info.n_parameters,
            "n_fit": self.pair.n_images["fit"],
            "n_holdout": self.pair.n_images["holdout"],
            "n_labelled": sum(count for count, _ in labelled.values()),
            "rank": self.pair.spectrum.rank,
            "top1_fit": labelled["fit"][1],
            "top1_holdout": labelled["holdout"][1],
            "center": options.center,
            "weight_positives": options.weight_positives,
            "max_parents": options.max_parents,
            "seed": options.seed,
            "input_config": json.dumps(info.input_config, sort_keys=True),
            "versions": json.dumps({library: version(library) for library in LIBRARIES}),
            "seconds": json.dumps(self.stages.seconds()),
        }
        self.stages.write(schema.MODEL, pd.DataFrame([row]), made_from)

    def _labelled(self, split: str) -> tuple[int, float | None]:
        """Number of labelled images of a split, and the model's top-1 on them."""
        count = right = 0
        for batch in self.batches(split):
            known = batch.labels >= 0
            count += int(known.sum())
            right += int((batch.targets.argmax(axis=1) == batch.labels)[known].sum())
        return count, right / count if count else None

    @cached_property
    def batches(self) -> Batches:
        """The model's own logits, as targets and as sources."""
        if self.options.weight_positives:
            return partial(weighing_batches, self.atlas, self.name)
        return OwnLogits(self.atlas, self.name).batches

    @cached_property
    def pair(self) -> NetworkPair:
        n_images = {split: len(self.atlas.image_ids(self.name, split)) for split in schema.SPLITS}
        return NetworkPair(
            self.batches, np.arange(self.n), self.options, self.report, self.name, n_images=n_images
        )
