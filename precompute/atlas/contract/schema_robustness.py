"""THE CONTRACT, continued: foreign images, whether broken dependencies give them away, and
networks whose dependencies were cut, beside a control that was fine-tuned the same way without cutting.

One folder `ood/<model>--<set>/` for each set of foreign images that a model has looked at, one folder
`cut/<cut model>/` for each cut model, which stands in `models/<cut model>/` like any other. Beside the
tables of the latter lies `weights.safetensors`: the tensors that differ from the model that it was made of.
"""

import pyarrow as pa

from precompute.atlas.contract.columns import Table, category, column, count, number, text

CUT_MARK = "+cut-"  # in the name of a network that was fine-tuned to lose dependencies
SIDES = ("before", "control", "after")

FOREIGN = Table(
    "foreign.parquet",
    "one row per foreign image",
    pa.schema([
        text("image_id", "stable name of the image inside its set"),
        text("path", "where the file lies on the machine that ran it", nullable=True),
        column("logits", pa.list_(pa.float16()), "one logit per category"),
        column("features", pa.list_(pa.float16()), "what the last layer makes the logits of; null where it "
               "cannot be seen", nullable=True),
    ]),
)  # fmt: skip

SCORES = Table(
    "scores.parquet",
    "every held-out and every foreign image under every score; the larger, the more it is like the images "
    "that the network knows",
    pa.schema([
        text("choice", "few, readable or best, of the equations inside the score; empty where it has none"),
        text("score", "dependency; its controls permuted_sources, random_equations, max_per_sd; "
             "max_softmax, max_logit, energy, pca_residual, max_per_pca, vim"),
        text("image_id", "held-out image of the atlas, or foreign image"),
        column("foreign", pa.bool_(), "the image is foreign"),
        column("value", pa.float64(), "the score"),
    ]),
    apart="choice",
)  # fmt: skip

DETECTION = Table(
    "detection.parquet",
    "how well each score tells foreign images from held-out ones; intervals: 95% bootstrap over images",
    pa.schema([
        text("choice", "as in scores.parquet"),
        text("score", "as in scores.parquet"),
        *(
            field
            for name, meaning in (
                ("auroc", "how often a held-out image has a larger score than a foreign one"),
                ("aupr", "average precision of finding the foreign images by small scores"),
                ("fpr95", "share of the foreign images that pass where 95% of the held-out ones do"),
            )
            for field in (
                number(name, meaning),
                number(f"{name}_low", f"{name}: lower end"),
                number(f"{name}_high", f"{name}: upper end"),
            )
        ),
        number("ahead", "AUROC of the dependency score of the choice (readable for scores without one), "
               "less this score's"),
        number("ahead_low", "ahead: lower end, images resampled in pairs"),
        number("ahead_high", "ahead: upper end"),
    ]),
)  # fmt: skip

BROKEN = Table(
    "broken.parquet",
    "how much each equation breaks on foreign images",
    pa.schema([
        text("choice", "few, readable or best"),
        category("target", "category whose logit is written in others"),
        number("held_out", "root mean square residual on held-out images, over that on fit images"),
        number("foreign", "the same on foreign images"),
        number("ratio", "foreign over held_out"),
        number("bias", "mean residual on foreign images, over the root mean square one on fit images; "
               "negative: the equation promises more than the network gives"),
    ]),
    apart="choice",
)  # fmt: skip

OOD = Table(
    "ood.parquet",
    "one row: which foreign images a model has looked at",
    pa.schema([
        text("model", "name of the model in this atlas"),
        text("set", "name of the set of foreign images"),
        text("images", "where they were read from"),
        text("weights_sha256", "of the weights that looked; those of model.parquet"),
        count("n_foreign", "foreign images"),
        count("n_holdout", "held-out images of the atlas beside them"),
        count("n_fit", "fit images that scores take their scale from"),
        count("n_components", "components of the logits that hold 95% of the fit images' variance"),
        count("seed", "seed of the permuted and the random sources"),
    ]),
)  # fmt: skip

OOD_TABLES = (FOREIGN, SCORES, DETECTION, BROKEN, OOD)

_WHO = (
    text(
        "side",
        "before: the model as it was; control: fine-tuned with beta 0; after: with the penalty",
    ),
    count("seed", "of the fine-tuning; 0 for before"),
)

CUT = Table(
    "cut.parquet",
    "one row: which dependencies of which model were cut, and how",
    pa.schema([
        text("model", "name of the model that was fine-tuned"),
        text("cut_model", "name of the model that came out, that of seed 0"),
        text("pairs", "what was asked for: 'suspicious N', or the name of a file of pairs"),
        text("weights_sha256", "SHA-256 of weights.safetensors"),
        count("n_pairs", "dependencies that were to be cut"),
        count("n_targets", "equations that they are in"),
        column("beta", pa.float64(), "weight of the penalty beside the cross-entropy"),
        column("margin", pa.float64(), "pulls are pushed below (1 - margin) lambda"),
        count("epochs", "passes over the fit images with a label"),
        column("head_only", pa.bool_(), "only the last layer was fine-tuned"),
        column("learning_rate", pa.float64(), "at the beginning; it falls to 0 along half a cosine"),
        count("batch_size", "most images in a step"),
        count("n_seeds", "fine-tunings with the penalty, and as many without"),
        count("n_trained", "fit images with a label, that fine-tuning saw"),
        count("n_fit", "fit images, on whose moment pairs are looked for"),
        count("n_holdout", "held-out images, that only judge"),
    ]),
)  # fmt: skip

PAIRS = Table(
    "pairs.parquet",
    "each dependency that was to be cut, in every network",
    pa.schema([
        *_WHO,
        category("target", "category whose logit is written in others"),
        category("source", "the parent that was to leave its equation"),
        column("lambda", pa.float64(), "penalty of the target's readable equation before cutting"),
        number("pull", "|2 E[f_source r_target]| over lambda on the fit images, r the residual of the "
               "equation without its cut sources: CovLasso selects the source above 1"),
        number("coefficient", "CovLasso coefficient at lambda on the fit images; 0: not selected"),
        number("coefficient_scaled", "the same at the same lambda / lambda_max: smaller logits alone do "
               "not take it away"),
        number("coefficient_holdout", "as coefficient, on the second moment of the held-out images"),
        category("detour", "third category through which most comes back: a parent of the target that has "
                 "the source among its own parents; -1 for none"),
        number("detour_coefficient", "product of the two coefficients on that way; 0 for none"),
    ]),
)  # fmt: skip

CUT_SIDES = Table(
    "sides.parquet",
    "what fine-tuning did to the network as a whole",
    pa.schema([
        *_WHO,
        number("top1_fit", "accuracy on labelled fit images"),
        number("top1_holdout", "accuracy on labelled held-out images", nullable=True),
        number("still_selected", "share of the cut dependencies that CovLasso selects at the same lambda"),
        number("kept", "share of all other readable dependencies of before that are still there at as many "
               "parents"),
        number("coefficient_change", "root mean square change of the CovLasso coefficients of all other "
               "readable dependencies, over their root mean square before"),
        number("r2", "median over the targets of the held-out R2 of their readable equations, refit"),
        number("power", "median over categories of M_ii, over that before"),
    ]),
)  # fmt: skip

CUT_DETECTION = Table(
    "detection.parquet",
    "how well each network tells foreign images from held-out ones, for every set that the model looked at",
    pa.schema([
        *_WHO,
        text("set", "name of the set of foreign images"),
        text("score", "as in ood/<model>--<set>/scores.parquet; by the network's own readable equations"),
        number("auroc", "how often a held-out image has a larger score than a foreign one"),
        number("aupr", "average precision of finding the foreign images by small scores"),
        number("fpr95", "share of the foreign images that pass where 95% of the held-out ones do"),
    ]),
)  # fmt: skip

GAIN = Table(
    "gain.parquet",
    "whether cutting helps to see that an image is foreign: AUROC after, less control, mean over seeds",
    pa.schema([
        text("set", "name of the set of foreign images; empty: mean over all sets"),
        text("score", "as in detection.parquet"),
        number("gain", "AUROC, after less control"),
        number("low", "lower end of its 95% interval, bootstrap over images and seeds"),
        number("high", "upper end"),
        count("n_images", "held-out and foreign images behind it"),
    ]),
)  # fmt: skip

TRAINING = Table(
    "training.parquet",
    "the fine-tunings, epoch by epoch",
    pa.schema([
        *_WHO,
        count("epoch", "1 for the first"),
        number("cross_entropy", "mean over the epoch's images"),
        number("penalty", "mean over the epoch's steps of the sum over pairs, without beta; null where "
               "beta is 0", nullable=True),
    ]),
)  # fmt: skip

CUT_TABLES = (CUT, PAIRS, CUT_SIDES, CUT_DETECTION, GAIN, TRAINING)

TABLES = {f"ood/<model>--<set>/{table.file}": table for table in OOD_TABLES} | {
    f"cut/<cut model>/{table.file}": table for table in CUT_TABLES
}
