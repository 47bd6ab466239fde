# ruff: noqa: E501
"""THE CONTRACT, continued: the tables of an experiment on unseen categories.

A seen category goes by its index in the student, an unseen one by its index in the teacher.
A score of unseen category c on an image is `scale * (weights . seen logits) + offset`; the image goes to
its best unseen category where that score exceeds its best seen logit minus gamma.
"""

import pyarrow as pa

from precompute.atlas.contract.columns import Table, category, column, count, number, text


def _map_columns() -> list[pa.Field]:
    return [
        text("method", "dependency, ridge (all seen logits), ceiling (the student's own masked head) or chance"),
        count("n_parents", "dependency: at most so many parents, the largest being the end of the path", nullable=True),
        column("refit", pa.bool_(), "dependency: least-squares coefficients on the support", nullable=True),
    ]  # fmt: skip


def _with_interval(name: str, meaning: str) -> list[pa.Field]:
    return [
        number(name, meaning),
        number(f"{name}_low", f"{name}: lower end of the 95% bootstrap interval over images", nullable=True),
        number(f"{name}_high", f"{name}: upper end", nullable=True),
    ]  # fmt: skip


EXPERIMENT = Table(
    "experiment.parquet",
    "one row: who the student and the teacher are, and on what they were tried",
    pa.schema([
        text("student", "model that scores unseen categories through its seen logits"),
        text("teacher", "model whose logits the equations were fitted to"),
        text("categories", "what was asked for: random:K, or the file"),
        count("seed", "seed of draw, folds and bootstrap"),
        column("masked", pa.bool_(), "the student has a head for all unseen categories, masked: the ceiling"),
        count("n_seen", "categories that the student keeps"),
        count("n_unseen", "categories that it has to score without training"),
        count("n_fit", "fit images that both models have; their labels are not used"),
        count("n_holdout", "held-out images that both have and whose category is seen or unseen"),
        count("n_holdout_unseen", "these of an unseen category"),
        count("max_parents", "end of the paths"),
        number("penalty", "of the dense ridge map, over a source's mean power; cross-validated"),
        count("parents_for_50", "fewest parents (refit, calibrated) with 50% of the ridge map's unseen_top1", nullable=True),
        count("parents_for_80", "with 80%", nullable=True),
        count("parents_for_95", "with 95%", nullable=True),
    ]),
)  # fmt: skip

CATEGORIES = Table(
    "categories.parquet",
    "one row per category of the experiment, seen ones first",
    pa.schema([
        text("name", "name in the student if seen, in the teacher if unseen"),
        text("synset", "WordNet id", nullable=True),
        column("seen", pa.bool_(), "the student keeps its logit"),
        column("student_category", pa.int32(), "index in the student (masked if unseen); null where it lacks it", nullable=True),
        column("teacher_category", pa.int32(), "index in the teacher; null where it lacks it", nullable=True),
    ]),
)  # fmt: skip

DEPENDENCIES = Table(
    "dependencies.parquet",
    "the equation of every unseen category at every number of parents, fitted on all fit images",
    pa.schema([
        count("n_parents", "at most so many parents"),
        category("target", "unseen category (teacher's index)"),
        category("source", "seen category (student's index)"),
        column("coefficient", pa.float64(), "CovLasso coefficient"),
        column("refit", pa.float64(), "least-squares coefficient on the same support"),
        column("lambda", pa.float64(), "penalty"),
        number("relative_error", "residual power over the power of the teacher's logit, fit images"),
        number("relative_error_refit", "the same with refit coefficients"),
        number("duality_gap", "largest gap over the target's path, relative to its power"),
    ]),
)  # fmt: skip

RIDGE = Table(
    "ridge.parquet",
    "the dense map that sparsity is compared with, fitted on all fit images",
    pa.schema([
        category("target", "unseen category (teacher's index)"),
        column("weights", pa.list_(pa.float64()), "one per seen category, in the order of categories.parquet"),
        column("penalty", pa.float64(), "relative to the mean power of a source"),
    ]),
)  # fmt: skip

CALIBRATION = Table(
    "calibration.parquet",
    "what was chosen on fit images without labels, for every map and kind of calibration",
    pa.schema([
        *_map_columns(),
        text("calibration", "none, stacking (gamma) or category (scale and offset of each category, then gamma)"),
        column("gamma", pa.float64(), "constant taken off the seen logits"),
        column("scale", pa.list_(pa.float64()), "of each unseen category, in the order of categories.parquet"),
        column("offset", pa.list_(pa.float64()), "of each unseen category, in the same order"),
    ]),
)  # fmt: skip

PREDICTIONS = Table(
    "predictions.parquet",
    "each held-out image under each map: enough to move gamma and recompute U, S, H and AUSUC exactly",
    pa.schema([
        text("image_id", "row of images.parquet"),
        *_map_columns(),
        text("calibration", "stacking (raw scores) or category (scaled scores)"),
        column("unseen", pa.bool_(), "the image's true category is unseen"),
        category("true_category", "true category: teacher's index if unseen, else the student's"),
        category("seen_category", "best seen category (student's index)"),
        number("seen_logit", "its logit; minus gamma it meets unseen_score"),
        category("unseen_category", "best unseen category (teacher's index)"),
        number("unseen_score", "its score; the image goes there where this exceeds seen_logit - gamma"),
        column("rank", pa.int32(), "unseen categories that score above the true one; null if it is seen", nullable=True),
    ]),
)  # fmt: skip

RANKING = Table(
    "ranking.parquet",
    "how well each unseen category's score alone tells its held-out images from all others",
    pa.schema([
        *_map_columns(),
        category("category", "unseen category (teacher's index)"),
        count("n_images", "held-out images of the category"),
        number("auroc", "area under the ROC curve; scale and offset do not change it", nullable=True),
        number("average_precision", "average precision", nullable=True),
        number("r2", "1 - squared error of the raw score over the variance of the teacher's logit, held-out images"),
    ]),
)  # fmt: skip

METRICS = Table(
    "metrics.parquet",
    "generalized zero-shot figures on held-out images, one row per map and calibration",
    pa.schema([
        *_map_columns(),
        text("calibration", "none, stacking or category; chance has none"),
        column("gamma", pa.float64(), "constant taken off the seen logits, chosen on fit images"),
        *_with_interval("U", "accuracy on images of unseen categories, all categories competing"),
        *_with_interval("S", "accuracy on images of seen categories, all categories competing"),
        *_with_interval("H", "harmonic mean of U and S"),
        *_with_interval("ausuc", "area under S over U, for all gammas"),
        *_with_interval("unseen_top1", "accuracy on images of unseen categories, only these competing"),
        *_with_interval("unseen_top5", "the same, right if among the best five"),
    ]),
)  # fmt: skip

UNSEEN_TABLES = (
    EXPERIMENT, CATEGORIES, DEPENDENCIES, RIDGE, CALIBRATION, PREDICTIONS, RANKING, METRICS,
)  # fmt: skip
TABLES = {f"unseen/<student>--<teacher>--<draw>/{table.file}": table for table in UNSEEN_TABLES}
