"""THE CONTRACT, continued: whether classification survives when a category's logit is replaced.

Counts, category by category, so that any pool and any bootstrap over categories can be made from them;
`precompute.survival.pooled` makes the one that pages and claims show.
"""

import pyarrow as pa

from precompute.atlas.contract.columns import Table, category, column, count, number, text

SURVIVAL = Table(
    "survival.parquet",
    "held-out images that keep their category when its logit is replaced by its equation, and images of "
    "others that fall into it: a seeded sample of categories, by number of parents and weighting",
    pa.schema([
        category("category", "category whose logit is replaced"),
        column("weighting", pa.float64(), "share of the second moment's mass on the category's own fit "
               "images; 0: equations as they are"),
        text("kind", "lasso (CovLasso coefficients), refit (least squares on the same support) or dense "
             "(the ridge map from all other categories; of more than 4,096 from the 512 most like "
             "the target, which sparse equations are then searched among, too)"),
        count("n_parents", "at most so many parents; null for the dense map", nullable=True),
        count("n_used", "parents of the equation: fewer where its path has no support of that size"),
        number("added", "what the counts `with_constant` add to the equation, logits: one constant per "
               "network, weighting, kind and n_parents, chosen on fit images"),
        count("n_own", "fit images of the category that have the weight"),
        count("n_images", "held-out images of the category"),
        count("n_others", "held-out images of other categories"),
        count("hits_before", "images of the category that the model as it is gives it"),
        count("hits_after", "the same with the logit replaced"),
        count("hits_with_constant", "the same with the constant added"),
        count("false_before", "images of other categories that the model as it is gives it"),
        count("false_after", "the same with the logit replaced"),
        count("false_with_constant", "the same with the constant added"),
        text("reference", "what says whose a held-out image is: label, or top1 (the model's own) "
             "without labels"),
        text("own_reference", "the same for fit images"),
        count("n_candidates", "categories that have held-out images: the sample is drawn from these"),
    ]),
)  # fmt: skip
