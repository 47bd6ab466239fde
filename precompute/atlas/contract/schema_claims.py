# ruff: noqa: E501
"""THE CONTRACT, continued: what became of the paper's claims on the networks of an atlas.

The words of every claim, its test and its rule are code (`precompute.claims.catalogue`); this table holds results.
"""

import pyarrow as pa

from precompute.atlas.contract.columns import column, count, text
from precompute.atlas.schema import Table


def _exact(name: str, meaning: str) -> pa.Field:
    return column(name, pa.float64(), meaning, nullable=True)


CLAIMS = Table(
    "claims.parquet",
    "every claim of the paper's abstract on every network or pair of networks, judged by a rule fixed beforehand",
    pa.schema([
        text("claim", "within, survival, between, architectures, redundancy, sparsity, unseen, cutting or unrelated"),
        text("model", "the network, the target or student of a pair, or what a cut network was made of; null where the whole atlas is judged", nullable=True),
        text("source", "the source or teacher of a pair, or a cut network", nullable=True),
        text("verdict", "holds, holds partly, does not hold, or cannot be tested with this atlas"),
        text("why", "the verdict in a sentence, with its numbers or with what is missing"),
        _exact("value", "the figure that decides; null where there is none"),
        _exact("low", "lower end of its interval, widened so that all tests of the atlas together err in 5 %"),
        _exact("high", "upper end"),
        _exact("low_alone", "lower end of its 95% bootstrap interval alone"),
        _exact("high_alone", "upper end"),
        _exact("full", "threshold of holds: the whole interval reaches it"),
        _exact("some", "threshold of does not hold: the whole interval stays short of it"),
        count("n_images", "held-out images behind the figure"),
        count("n_categories", "categories behind it; 0 where it is none of categories"),
        text("yardsticks", "JSON: what the figure is compared with, by name, in its own unit"),
        count("n_tests", "intervals that were compared with thresholds for this row"),
        count("n_tests_in_all", "the same over all rows: the number of tests that intervals are widened for"),
    ]),
)  # fmt: skip

TABLES = {CLAIMS.file: CLAIMS}
