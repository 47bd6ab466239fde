"""THE CONTRACT: every table of an atlas, every column with its meaning and unit.

Both sides import this module and nothing heavier: `precompute` writes these tables, `explorer` reads
them. Changing a column means raising `SCHEMA_VERSION`; a reader refuses any other version.
The README's table of files is checked against this module by a test.
"""

import pyarrow as pa

from precompute.atlas.contract.columns import Table, category, column, count, number, text
from precompute.atlas.contract.schema_redundancy import COMPLIANCE, SPECTRUM, SUPPORT
from precompute.atlas.contract.schema_shared import ALIGNMENT, CHANCE, CONSENSUS
from precompute.atlas.contract.schema_survival import SURVIVAL

SCHEMA_VERSION = 2

SPLITS = ("fit", "holdout")
# The sparsities with a name: the fewest parents within one standard error of the cross-validated minimum,
# as many as a reader takes in at once, and the minimum itself.
CHOICES = ("few", "readable", "best")
READABLE = 8  # parents


IMAGES = Table(
    "images.parquet",
    "every image of the atlas; a model may lack some of them",
    pa.schema([
        text("image_id", "stable name of the image, the same for every model"),
        text("split", "fit or holdout"),
        text("class_name", "true category as the image set says it (synset or name)", nullable=True),
        text("path", "where the file lies on the machine that ran it", nullable=True),
    ]),
)  # fmt: skip

LOGITS = Table(
    "logits.parquet",
    "one row per image; all numbers of the atlas derive from these rounded logits, or from features.parquet "
    "and head.parquet in their place",
    pa.schema([
        text("image_id", "row of images.parquet"),
        category("label", "true category of this model, -1 where unknown"),
        column("logits", pa.list_(pa.float16()), "one logit per category; null where there is a head.parquet: "
               "they are weights x features + bias then", nullable=True),
    ]),
)  # fmt: skip

FEATURES = Table(
    "features.parquet",
    "one row per image, kept in place of logits (`run --keep-features`, and by itself with more than 4,096 "
    "categories) or where somebody asked for it (`ood --vim`, `cut --head-only`)",
    pa.schema([
        text("image_id", "row of images.parquet"),
        column("features", pa.list_(pa.float16()), "what the last layer makes the logits of"),
    ]),
)  # fmt: skip

HEAD = Table(
    "head.parquet",
    "one row per category, in their order, where features are kept in place of logits: the linear last layer",
    pa.schema([
        category("category", "index of the logit"),
        column("weights", pa.list_(pa.float32()), "one weight per feature"),
        number("bias", "constant of the logit"),
    ]),
)  # fmt: skip

MODEL = Table(
    "model.parquet",
    "one row: what the model is and how its tables were made",
    pa.schema([
        text("name", "name of the model in this atlas"),
        text("architecture", "timm architecture, onnx or logits"),
        text("weights", "where the weights came from"),
        text("weights_sha256", "SHA-256 of the weights file (of the logits file for architecture logits)"),
        text("label_set", "models of one label set share their categories, in the same order"),
        count("n_categories", "number of logits n"),
        count("n_features", "width d of the layer before the logits", nullable=True),
        count("n_parameters", "number of weights", nullable=True),
        count("n_fit", "images that the dependencies are fitted on"),
        count("n_holdout", "images that judge them"),
        count("n_labelled", "images with a true category of this model"),
        count("rank", "numerical rank of the fit images' second moment"),
        number("top1_fit", "accuracy on labelled fit images", nullable=True),
        number("top1_holdout", "accuracy on labelled held-out images", nullable=True),
        column("center", pa.bool_(), "mean logits subtracted before fitting"),
        column("weight_positives", pa.float64(), "share of the second moment's mass on a target's own fit "
               "images; 0: the paper's equations"),
        count("max_parents", "largest support on the stored paths"),
        count("seed", "seed of split, control, folds and layout"),
        text("input_config", "JSON: input size, crop, interpolation, mean, std"),
        text("versions", "JSON: library versions"),
        text("seconds", "JSON: seconds of each stage"),
    ]),
)  # fmt: skip

CATEGORIES = Table(
    "categories.parquet",
    "one row per category of the model",
    pa.schema([
        category("category", "index of the logit"),
        text("name", "unique short name"),
        text("synset", "WordNet id", nullable=True),
        text("definition", "WordNet gloss", nullable=True),
        column("hypernyms", pa.list_(pa.string()), "WordNet names from near to far"),
        number("x", "horizontal place in the layout, about -1..1"),
        number("y", "vertical place in the layout, about -1..1"),
        category("community", "Louvain community, 0 the largest"),
        number("mean", "mean logit on the fit images"),
        number("sd", "standard deviation of the logit on the held-out images"),
        number("power", "mean squared logit M_ii on the fit images (centred with --center)"),
        number("floor", "residual power at lambda 0 over M_ii; null where N <= n says nothing", nullable=True),
    ]),
)  # fmt: skip

PATH = Table(
    "path.parquet",
    "the path of every target, linear in lambda between its knots, in falling lambda: every knot up to 32 "
    "parents, so that all in between is exact; beyond, the knots of the sizes in evaluation.parquet",
    pa.schema([
        category("target", "category whose logit is written in others"),
        column("knot", pa.int32(), "0 at lambda_max, where the first source enters with coefficient 0"),
        column("lambda", pa.float64(), "penalty; scikit-learn's alpha is half of it"),
        category("source", "category with a coefficient"),
        column("coefficient", pa.float64(), "CovLasso coefficient at this knot"),
        number("refit", "least-squares coefficient on this knot's support"),
    ]),
)  # fmt: skip

DEPENDENCIES = Table(
    "dependencies.parquet",
    "the equation of every target at each named choice of its sparsity",
    pa.schema([
        text("choice", "few, readable or best; rows are sorted by choice (alphabetically), target, source"),
        category("target", "category whose logit is written in others"),
        category("source", "one of its parents"),
        number("coefficient", "CovLasso coefficient"),
        number("refit", "least-squares coefficient on the same support"),
        number("intercept", "constant of the equation, logits; 0 within a network that is not centred"),
        number("intercept_refit", "the same with refit coefficients"),
        column("lambda", pa.float64(), "penalty of the chosen knot"),
        number("relative_error", "residual power over M_ii on the fit images, CovLasso coefficients"),
        number("duality_gap", "largest gap over the target's path, relative to M_ii"),
        number("stability", "share of half-samples of the fit images in which CovLasso selects the source "
               "at the same number of parents", nullable=True),
        count("n_half_samples", "half-samples, in complementary pairs; 0 where stability was not measured"),
    ]),
    apart="choice",
)  # fmt: skip

CONTROL = Table(
    "control.parquet",
    "the equations that the same search finds for shuffled targets: what chance alone agrees on",
    pa.schema([
        text("choice", "few, readable or best: as many parents as the target's own equation of that choice"),
        category("target", "category whose rows were shuffled"),
        category("source", "one of the parents found"),
        number("coefficient", "CovLasso coefficient"),
        number("refit", "least-squares coefficient on the same support"),
    ]),
    apart="choice",
)  # fmt: skip

EVALUATION = Table(
    "evaluation.parquet",
    "each target at each number of parents, judged on images that the fit never saw",
    pa.schema([
        category("target", "category whose logit is written in others"),
        count("n_parents", "size of the support"),
        column("lambda", pa.float64(), "smallest penalty on the path with that support size"),
        column("few", pa.bool_(), "fewest parents within one standard error of the cross-validated minimum"),
        column("readable", pa.bool_(), "8 parents, or the largest support below that"),
        column("best", pa.bool_(), "minimum of the cross-validated error"),
        column("stopped", pa.bool_(), "the target's path stopped at max_parents with the cross-validated "
               "error still falling: more parents would help; the same in all its rows"),
        number("cv_error", "mean relative error over 5 folds of the fit images, 3 of very many categories", nullable=True),
        number("cv_standard_error", "standard error of that mean", nullable=True),
        number("fit_error", "relative error on the fit images"),
        number("fit_error_refit", "the same with refit coefficients"),
        number("holdout_error", "relative error on the held-out images"),
        number("holdout_error_refit", "the same with refit coefficients"),
        number("control_error", "held-out relative error where the target's rows were shuffled", nullable=True),
        number("r2", "1 - held-out squared error over the held-out variance"),
        number("r2_refit", "the same with refit coefficients"),
        number("control_r2", "r2 where the target's rows were shuffled", nullable=True),
        number("random_error", "holdout_error_refit of as many random parents, mean of 5 draws, 1 of very many categories"),
        number("random_r2", "r2_refit of as many random parents, mean of 5 draws, 1 of very many categories"),
        number("correlated_error", "holdout_error_refit of the most correlated parents, as many"),
        number("correlated_r2", "r2_refit of the most correlated parents, as many"),
        number("dense_error", "held-out error of the ridge map from all sources; the same in all rows"),
        number("dense_r2", "r2 of the ridge map from all sources; the same in all rows"),
        number("within_half_sd", "fraction of held-out images within 0.5 standard deviations"),
        number("within_half_sd_refit", "the same with refit coefficients"),
        number("within_half_sd_mean", "the same for guessing the mean of the fit images; the same in all rows"),
        number("within_one_sd", "fraction of held-out images within 1 standard deviation"),
        number("within_one_sd_refit", "the same with refit coefficients"),
        number("top1_before", "held-out accuracy of the model as it is"),
        number("top1_after", "accuracy with the target's logit replaced by its dependency"),
        number("top1_after_refit", "the same with refit coefficients"),
        number("recall_before", "recall on held-out images of the target", nullable=True),
        number("recall_after", "recall with the logit replaced", nullable=True),
        number("recall_after_refit", "the same with refit coefficients", nullable=True),
        number("fpr_before", "false positives per held-out image of another category", nullable=True),
        number("fpr_after", "the same with the logit replaced", nullable=True),
        number("fpr_after_refit", "the same with refit coefficients", nullable=True),
        column("reference", pa.string(), "what counts as true: label, or top1 (the model's own) without labels"),
    ]),
)  # fmt: skip

LEARNING = Table(
    "learning.parquet",
    "would more fit images help: readable equations from a quarter, a half and all of them, judged on the "
    "same held-out images",
    pa.schema([
        count("n_fit", "fit images that the equations were found on"),
        count("n_draws", "disjoint sets of so many images that were tried"),
        number("r2_refit", "median over targets of r2 with refit coefficients, mean over the sets; null where "
               "no logit has an equation", nullable=True),
    ]),
)  # fmt: skip

LINK = Table(
    "link.parquet",
    "one row: which two models were linked, and on what",
    pa.schema([
        text("target_model", "model whose logits are written in the other's"),
        text("source_model", "model whose logits are the sources"),
        count("n_fit", "fit images that both have"),
        count("n_holdout", "held-out images that both have"),
        count("n_only_target", "images that only the target model has, left out"),
        count("n_only_source", "images that only the source model has, left out"),
        column("allow_same", pa.bool_(), "the source model's own category was allowed as a source"),
        count("n_same", "targets that the source model has too, by synset or name"),
        column("target_mean", pa.list_(pa.float64()), "mean logit of each target on the shared fit images"),
        column("source_mean", pa.list_(pa.float64()), "the same of each source: any equation's intercept is "
               "mean of the target - sum of coefficient x mean of the source"),
        number("same_strongest", "part of these whose strongest source, of 8, is that category", nullable=True),
        count("max_parents", "largest support on the stored paths"),
        column("center", pa.bool_(), "mean logits subtracted before fitting"),
        count("seed", "seed of folds and control"),
    ]),
)  # fmt: skip

MEDIAN = Table(
    "median.parquet",
    "the verdict on a link: the median over all targets of r2, with a 95 % interval over the held-out "
    "images (1.96 root mean squares of what resamples of them differ by), each choice a row",
    pa.schema([
        text("choice", "few, readable or best: the sparsity of all equations"),
        count("n_targets", "targets that have an equation"),
        number("r2_median", "median of r2 over them, CovLasso coefficients"),
        number("r2_median_low", "lower end of its interval"),
        number("r2_median_high", "upper end of its interval"),
        number("r2_median_refit", "the same with refit coefficients"),
        number("r2_median_refit_low", "lower end of its interval"),
        number("r2_median_refit_high", "upper end of its interval"),
    ]),
)  # fmt: skip

MODEL_TABLES = (
    MODEL, CATEGORIES, LOGITS, PATH, DEPENDENCIES, CONTROL, EVALUATION, SPECTRUM, SUPPORT, COMPLIANCE,
    SURVIVAL, LEARNING,
)  # fmt: skip
LINK_TABLES = (LINK, PATH, DEPENDENCIES, EVALUATION, MEDIAN)
ATLAS_TABLES = (IMAGES, CONSENSUS, CHANCE, ALIGNMENT)
TABLES = (
    {table.file: table for table in ATLAS_TABLES}
    | {f"models/<model>/{table.file}": table for table in (*MODEL_TABLES, FEATURES, HEAD)}
    | {f"links/<target model>--<source model>/{table.file}": table for table in LINK_TABLES}
)
