# ruff: noqa: E501
"""THE CONTRACT, continued: the tables of an experiment on unseen categories.

A seen category goes by its index in the student, an unseen one by its index in the teacher.
A score of unseen category c on an image is `scale * (weights . seen logits) + offset`; the image goes to
its best unseen category where that score exceeds its best seen logit minus gamma.
"""

import pyarrow as pa

from precompute.atlas.schema import Table, _category, _column, _count, _number, _text


def _map_columns() -> list[pa.Field]:
    return [
        _text("method", "dependency, ridge (all seen logits), ceiling (the student's own masked head) or chance"),
        _count("n_parents", "dependency: at most so many parents, the largest being the end of the path", nullable=True),
        _column("refit", pa.bool_(), "dependency: least-squares coefficients on the support", nullable=True),
    ]  # fmt: skip


def _with_interval(name: str, meaning: str) -> list[pa.Field]:
    return [
        _number(name, meaning),
        _number(f"{name}_low", f"{name}: lower end of the 95% bootstrap interval over images", nullable=True),
        _number(f"{name}_high", f"{name}: upper end", nullable=True),
    ]  # fmt: skip


EXPERIMENT = Table(
    "experiment.parquet",
    "one row: who the student and the teacher are, and on what they were tried",
    pa.schema([
        _text("student", "model that scores unseen categories through its seen logits"),
        _text("teacher", "model whose logits the equations were fitted to"),
        _text("categories", "what was asked for: random:K, or the file"),
        _count("seed", "seed of draw, folds and bootstrap"),
        _column("masked", pa.bool_(), "the student has a head for all unseen categories, masked: the ceiling"),
        _count("n_seen", "categories that the student keeps"),
        _count("n_unseen", "categories that it has to score without training"),
        _count("n_fit", "fit images that both models have; their labels are not used"),
        _count("n_holdout", "held-out images that both have and whose category is seen or unseen"),
        _count("n_holdout_unseen", "these of an unseen category"),
        _count("max_parents", "end of the paths"),
        _number("penalty", "of the dense ridge map, over a source's mean power; cross-validated"),
        _count("parents_for_50", "fewest parents (refit, calibrated) with 50% of the ridge map's unseen_top1", nullable=True),
        _count("parents_for_80", "with 80%", nullable=True),
        _count("parents_for_95", "with 95%", nullable=True),
    ]),
)  # fmt: skip

CATEGORIES = Table(
    "categories.parquet",
    "one row per category of the experiment, seen ones first",
    pa.schema([
        _text("name", "name in the student if seen, in the teacher if unseen"),
        _text("synset", "WordNet id", nullable=True),
        _column("seen", pa.bool_(), "the student keeps its logit"),
        _column("student_category", pa.int32(), "index in the student (masked if unseen); null where it lacks it", nullable=True),
        _column("teacher_category", pa.int32(), "index in the teacher; null where it lacks it", nullable=True),
    ]),
)  # fmt: skip

DEPENDENCIES = Table(
    "dependencies.parquet",
    "the equation of every unseen category at every number of parents, fitted on all fit images",
    pa.schema([
        _count("n_parents", "at most so many parents"),
        _category("target", "unseen category (teacher's index)"),
        _category("source", "seen category (student's index)"),
        _column("coefficient", pa.float64(), "CovLasso coefficient"),
        _column("refit", pa.float64(), "least-squares coefficient on the same support"),
        _column("lambda", pa.float64(), "penalty"),
        _number("relative_error", "residual power over the power of the teacher's logit, fit images"),
        _number("relative_error_refit", "the same with refit coefficients"),
        _number("duality_gap", "largest gap over the target's path, relative to its power"),
    ]),
)  # fmt: skip

RIDGE = Table(
    "ridge.parquet",
    "the dense map that sparsity is compared with, fitted on all fit images",
    pa.schema([
        _category("target", "unseen category (teacher's index)"),
        _column("weights", pa.list_(pa.float64()), "one per seen category, in the order of categories.parquet"),
        _column("penalty", pa.float64(), "relative to the mean power of a source"),
    ]),
)  # fmt: skip

CALIBRATION = Table(
    "calibration.parquet",
    "what was chosen on fit images without labels, for every map and kind of calibration",
    pa.schema([
        *_map_columns(),
        _text("calibration", "none, stacking (gamma) or category (scale and offset of each category, then gamma)"),
        _column("gamma", pa.float64(), "constant taken off the seen logits"),
        _column("scale", pa.list_(pa.float64()), "of each unseen category, in the order of categories.parquet"),
        _column("offset", pa.list_(pa.float64()), "of each unseen category, in the same order"),
    ]),
)  # fmt: skip

PREDICTIONS = Table(
    "predictions.parquet",
    "each held-out image under each map: enough to move gamma and recompute U, S, H and AUSUC exactly",
    pa.schema([
        _text("image_id", "row of images.parquet"),
        *_map_columns(),
        _text("calibration", "stacking (raw scores) or category (scaled scores)"),
        _column("unseen", pa.bool_(), "the image's true category is unseen"),
        _category("true_category", "true category: teacher's index if unseen, else the student's"),
        _category("seen_category", "best seen category (student's index)"),
        _number("seen_logit", "its logit; minus gamma it meets unseen_score"),
        _category("unseen_category", "best unseen category (teacher's index)"),
        _number("unseen_score", "its score; the image goes there where this exceeds seen_logit - gamma"),
        _column("rank", pa.int32(), "unseen categories that score above the true one; null if it is seen", nullable=True),
    ]),
)  # fmt: skip

RANKING = Table(
    "ranking.parquet",
    "how well each unseen category's score alone tells its held-out images from all others",
    pa.schema([
        *_map_columns(),
        _category("category", "unseen category (teacher's index)"),
        _count("n_images", "held-out images of the category"),
        _number("auroc", "area under the ROC curve; scale and offset do not change it", nullable=True),
        _number("average_precision", "average precision", nullable=True),
        _number("r2", "1 - squared error of the raw score over the variance of the teacher's logit, held-out images"),
    ]),
)  # fmt: skip

METRICS = Table(
    "metrics.parquet",
    "generalized zero-shot figures on held-out images, one row per map and calibration",
    pa.schema([
        *_map_columns(),
        _text("calibration", "none, stacking or category; chance has none"),
        _column("gamma", pa.float64(), "constant taken off the seen logits, chosen on fit images"),
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
