"""One link as the claims see it: its readable equations on the held-out images that both networks have."""

import pandas as pd

from precompute.atlas import schema
from precompute.atlas.matching import joined_rows
from precompute.atlas.store import Atlas
from precompute.claims.bootstrap import Spread
from precompute.claims.rules import prediction
from precompute.claims.rules.prediction import Equations, MedianR2
from precompute.runs.claims.network import CHOICE, EQUATION_COLUMNS, NetworkOnTrial


def link_median(
    atlas: Atlas, folder: str, target: NetworkOnTrial, source: NetworkOnTrial
) -> tuple[MedianR2, dict[str, float]]:
    """Median held-out R² of the link in a folder of the atlas, and what stands beside it."""
    equations = Equations(
        atlas.read(
            schema.DEPENDENCIES, folder=folder, columns=EQUATION_COLUMNS,
            filters=[("choice", "==", CHOICE)],
        ),
        judged_rows(atlas, folder),
    )  # fmt: skip
    (ids, truth), (source_ids, sources) = target.held_out, source.held_out
    rows, partners = joined_rows(ids, source_ids)
    spread = target.spread if len(rows) == len(ids) else Spread.of(truth[rows])
    median = MedianR2.of(equations, truth[rows], sources[partners], spread)
    return median, prediction.medians_beside(equations.evaluation)


def judged_rows(atlas: Atlas, folder: str) -> pd.DataFrame:
    """evaluation.parquet of a link at the readable choice."""
    return atlas.read(
        schema.EVALUATION, folder=folder, columns=["target", *prediction.YARDSTICKS],
        filters=[(CHOICE, "==", True)],
    )  # fmt: skip
