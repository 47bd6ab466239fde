# ruff: noqa: E501
"""THE CONTRACT, continued: a model's tables on redundancy (spectrum, support sizes, compliance)."""

import pyarrow as pa

from precompute.atlas.contract.columns import Table, category, column, count, number, text


def _measure(name: str, meaning: str) -> list[pa.Field]:
    return [
        number(name, meaning, nullable=True),
        number(f"{name}_rank", f"{name}: share of the target's non-parents that are less like it than the "
               "source is, ties half; 0.5 by chance", nullable=True),
    ]  # fmt: skip


SPECTRUM = Table(
    "spectrum.parquet",
    "eigenvalues of the fit images' second moment, largest first",
    pa.schema([
        count("rank", "1 is the largest"),
        column("eigenvalue", pa.float64(), "of M = F'F / N, logits²; the square of a singular value of F / sqrt(N)"),
        column("without", pa.list_(pa.float64()), "the same with one of 5 parts of the fit images left out, one "
               "number a part; null with more than 4,096 categories", nullable=True),
        count("n_images", "fit images; the same in all rows"),
        column("edge", pa.float64(), "largest eigenvalue that rounding to float16 alone can make; the same in all rows"),
    ]),
)  # fmt: skip

SUPPORT = Table(
    "support.parquet",
    "how many parents equations have along lambda, over all targets",
    pa.schema([
        column("ratio", pa.float64(), "lambda over the target's lambda_max"),
        *(
            number(f"n_parents_{percent}", f"{percent} % of the targets have at most so many parents there")
            for percent in (10, 25, 50, 75, 90)
        ),
        number("stopped", "share of the targets whose path had stopped at max_parents before; their last size counts"),
    ]),
)  # fmt: skip

COMPLIANCE = Table(
    "compliance.parquet",
    "what the readable dependencies agree with, and the same for parents dealt from another target",
    pa.schema([
        column("control", pa.bool_(), "the parents are those of another target, dealt at random"),
        category("target", "category whose logit is written in others"),
        category("source", "one of its parents, or one that it was dealt"),
        number("coefficient", "CovLasso coefficient, of the equation that the source was dealt from"),
        *_measure("confusion", "mean softmax probability of the source on held-out images of the target; null without any"),
        *_measure("head_cosine", "cosine of both categories' weights in a linear last layer; null where there is none to be seen"),
        *_measure("wordnet", "minus the steps over the nearest common WordNet word; null where there is none"),
        count("n_images", "held-out images of the target"),
        text("reference", "what an image shows: label, or top1 (the model's own) where no image has a label"),
    ]),
)  # fmt: skip
