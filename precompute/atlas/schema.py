"""THE CONTRACT: every table of an atlas, every column with its meaning and unit.

Both sides import this module and nothing heavier: `precompute` writes these tables, `explorer` reads
them. Changing a column means raising `SCHEMA_VERSION`; a reader refuses any other version.
The README's table of files is checked against this module by a test.
"""

from dataclasses import dataclass

import pyarrow as pa

SCHEMA_VERSION = 1

SPLITS = ("fit", "holdout")


@dataclass(frozen=True)
class Table:
    """One parquet file of the atlas: where it lies, what it holds and its columns."""

    file: str
    meaning: str
    schema: pa.Schema

    @property
    def columns(self) -> list[str]:
        return self.schema.names


def _column(name: str, kind: pa.DataType, meaning: str, nullable: bool = False) -> pa.Field:
    return pa.field(name, kind, nullable=nullable, metadata={"meaning": meaning})


def _category(name: str, meaning: str) -> pa.Field:
    return _column(name, pa.int32(), meaning)


def _number(name: str, meaning: str, nullable: bool = False) -> pa.Field:
    return _column(name, pa.float32(), meaning, nullable)


def _text(name: str, meaning: str, nullable: bool = False) -> pa.Field:
    return _column(name, pa.string(), meaning, nullable)


def _count(name: str, meaning: str, nullable: bool = False) -> pa.Field:
    return _column(name, pa.int64(), meaning, nullable)


IMAGES = Table(
    "images.parquet",
    "every image of the atlas; a model may lack some of them",
    pa.schema([
        _text("image_id", "stable name of the image, the same for every model"),
        _text("split", "fit or holdout"),
        _text("class_name", "true category as the image set says it (synset or name)", nullable=True),
        _text("path", "where the file lies on the machine that ran it", nullable=True),
    ]),
)  # fmt: skip

LOGITS = Table(
    "logits.parquet",
    "one row per image; all numbers of the atlas derive from these rounded logits",
    pa.schema([
        _text("image_id", "row of images.parquet"),
        _category("label", "true category of this model, -1 where unknown"),
        _column("logits", pa.list_(pa.float16()), "one logit per category"),
    ]),
)  # fmt: skip

MODEL = Table(
    "model.parquet",
    "one row: what the model is and how its tables were made",
    pa.schema([
        _text("name", "name of the model in this atlas"),
        _text("architecture", "timm architecture, onnx or logits"),
        _text("weights", "where the weights came from"),
        _text("weights_sha256", "SHA-256 of the weights file (of the logits file for architecture logits)"),
        _text("label_set", "models of one label set share their categories, in the same order"),
        _count("n_categories", "number of logits n"),
        _count("n_features", "width d of the layer before the logits", nullable=True),
        _count("n_parameters", "number of weights", nullable=True),
        _count("n_fit", "images that the dependencies are fitted on"),
        _count("n_holdout", "images that judge them"),
        _count("n_labelled", "images with a true category of this model"),
        _count("rank", "numerical rank of the fit images' second moment"),
        _number("top1_fit", "accuracy on labelled fit images", nullable=True),
        _number("top1_holdout", "accuracy on labelled held-out images", nullable=True),
        _column("center", pa.bool_(), "mean logits subtracted before fitting"),
        _count("max_parents", "largest support on the stored paths"),
        _count("seed", "seed of split, control, folds and layout"),
        _text("input_config", "JSON: input size, crop, interpolation, mean, std"),
        _text("versions", "JSON: library versions"),
        _text("seconds", "JSON: seconds of each stage"),
    ]),
)  # fmt: skip

CATEGORIES = Table(
    "categories.parquet",
    "one row per category of the model",
    pa.schema([
        _category("category", "index of the logit"),
        _text("name", "unique short name"),
        _text("synset", "WordNet id", nullable=True),
        _text("definition", "WordNet gloss", nullable=True),
        _column("hypernyms", pa.list_(pa.string()), "WordNet names from near to far"),
        _number("x", "horizontal place in the layout, about -1..1"),
        _number("y", "vertical place in the layout, about -1..1"),
        _category("community", "Louvain community, 0 the largest"),
        _number("mean", "mean logit on the fit images"),
        _number("sd", "standard deviation of the logit on the held-out images"),
        _number("power", "mean squared logit M_ii on the fit images (centred with --center)"),
        _number("floor", "residual power at lambda 0 over M_ii; null where N <= n says nothing", nullable=True),
        _count("n_parents", "parents at the chosen sparsity"),
        _count("n_children", "targets that use this category as a source at the chosen sparsity"),
    ]),
)  # fmt: skip

PATH = Table(
    "path.parquet",
    "the exact path of every target: linear in lambda between its knots, knots in falling lambda",
    pa.schema([
        _category("target", "category whose logit is written in others"),
        _column("knot", pa.int32(), "0 at lambda_max, where the first source enters with coefficient 0"),
        _column("lambda", pa.float64(), "penalty; scikit-learn's alpha is half of it"),
        _category("source", "category with a coefficient"),
        _column("coefficient", pa.float64(), "CovLasso coefficient at this knot"),
        _number("refit", "least-squares coefficient on this knot's support"),
    ]),
)  # fmt: skip

DEPENDENCIES = Table(
    "dependencies.parquet",
    "the equation of every target at its chosen sparsity",
    pa.schema([
        _category("target", "category whose logit is written in others"),
        _category("source", "one of its parents"),
        _number("coefficient", "CovLasso coefficient"),
        _number("refit", "least-squares coefficient on the same support"),
        _column("lambda", pa.float64(), "penalty of the chosen knot"),
        _number("relative_error", "residual power over M_ii on the fit images, CovLasso coefficients"),
        _number("duality_gap", "largest gap over the target's path, relative to M_ii"),
    ]),
)  # fmt: skip

EVALUATION = Table(
    "evaluation.parquet",
    "each target at each number of parents, judged on images that the fit never saw",
    pa.schema([
        _category("target", "category whose logit is written in others"),
        _count("n_parents", "size of the support"),
        _column("lambda", pa.float64(), "smallest penalty on the path with that support size"),
        _column("chosen", pa.bool_(), "the sparsity of dependencies.parquet"),
        _number("cv_error", "mean relative error over 5 folds of the fit images", nullable=True),
        _number("cv_standard_error", "standard error of that mean", nullable=True),
        _number("fit_error", "relative error on the fit images"),
        _number("fit_error_refit", "the same with refit coefficients"),
        _number("holdout_error", "relative error on the held-out images"),
        _number("holdout_error_refit", "the same with refit coefficients"),
        _number("control_error", "held-out relative error where the target's rows were shuffled", nullable=True),
        _number("r2", "1 - held-out squared error over the held-out variance"),
        _number("r2_refit", "the same with refit coefficients"),
        _number("control_r2", "r2 where the target's rows were shuffled", nullable=True),
        _number("within_half_sd", "fraction of held-out images within 0.5 standard deviations"),
        _number("within_half_sd_refit", "the same with refit coefficients"),
        _number("within_one_sd", "fraction of held-out images within 1 standard deviation"),
        _number("within_one_sd_refit", "the same with refit coefficients"),
        _number("top1_before", "held-out accuracy of the model as it is"),
        _number("top1_after", "accuracy with the target's logit replaced by its dependency"),
        _number("top1_after_refit", "the same with refit coefficients"),
        _number("recall_before", "recall on held-out images of the target", nullable=True),
        _number("recall_after", "recall with the logit replaced", nullable=True),
        _number("recall_after_refit", "the same with refit coefficients", nullable=True),
        _number("fpr_before", "false positives per held-out image of another category", nullable=True),
        _number("fpr_after", "the same with the logit replaced", nullable=True),
        _number("fpr_after_refit", "the same with refit coefficients", nullable=True),
        _column("reference", pa.string(), "what counts as true: label, or top1 (the model's own) without labels"),
    ]),
)  # fmt: skip

LINK = Table(
    "link.parquet",
    "one row: which two models were linked, and on what",
    pa.schema([
        _text("target_model", "model whose logits are written in the other's"),
        _text("source_model", "model whose logits are the sources"),
        _count("n_fit", "fit images that both have"),
        _count("n_holdout", "held-out images that both have"),
        _count("n_only_target", "images that only the target model has, left out"),
        _count("n_only_source", "images that only the source model has, left out"),
        _column("allow_same", pa.bool_(), "the source model's own category was allowed as a source"),
        _count("n_same", "targets that the source model has too, by synset or name"),
        _number("same_strongest", "part of these whose strongest source is that category", nullable=True),
        _count("max_parents", "largest support on the stored paths"),
        _column("center", pa.bool_(), "mean logits subtracted before fitting"),
        _count("seed", "seed of folds and control"),
    ]),
)  # fmt: skip

CONSENSUS = Table(
    "consensus.parquet",
    "every dependency that any model of a label set has, and which of them have it",
    pa.schema([
        _text("label_set", "label set of the models that are compared"),
        _category("target", "category whose logit is written in others"),
        _category("source", "one of its parents in at least one model"),
        _count("n_models", "models in which the dependency appears"),
        _count("n_compared", "models of the label set"),
        _count("n_positive", "models in which its coefficient is positive"),
        _count("n_negative", "models in which it is negative"),
        _number("mean_coefficient", "mean coefficient over all models compared, 0 where absent"),
        _column("models", pa.list_(pa.string()), "the models, in alphabetical order"),
        _column("coefficients", pa.list_(pa.float32()), "their coefficients, in the same order"),
    ]),
)  # fmt: skip

ALIGNMENT = Table(
    "alignment.parquet",
    "the layouts of all models of a label set turned onto the first one's, communities renumbered alike",
    pa.schema([
        _text("model", "name of the model"),
        _category("category", "index of the logit"),
        _number("x", "horizontal place, comparable between models of the label set"),
        _number("y", "vertical place, comparable between models of the label set"),
        _category("community", "number of the first model's community that it shares most categories with"),
    ]),
)  # fmt: skip

MODEL_TABLES = (MODEL, CATEGORIES, LOGITS, PATH, DEPENDENCIES, EVALUATION)
LINK_TABLES = (LINK, PATH, DEPENDENCIES, EVALUATION)
ATLAS_TABLES = (IMAGES, CONSENSUS, ALIGNMENT)
TABLES = (
    {table.file: table for table in ATLAS_TABLES}
    | {f"models/<model>/{table.file}": table for table in MODEL_TABLES}
    | {f"links/<target model>--<source model>/{table.file}": table for table in LINK_TABLES}
)
