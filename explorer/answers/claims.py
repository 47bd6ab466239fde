"""The paper's claims as the page and the report show them: words, cells, sentences, one claim's rows."""

from dataclasses import dataclass

import pandas as pd

from precompute.claims.catalogue import BY_ID, CLAIMS
from precompute.claims.claim import (
    ATLAS,
    FAILS,
    HOLDS,
    NETWORK,
    PAIR,
    PARTLY,
    UNTESTABLE,
    VERDICTS,
    Claim,
)
from precompute.claims.summary import MARKS, SHORT, Cell, cell, grid, networks, sentence
from precompute.claims.words import written

__all__ = [
    "ATLAS", "BY_ID", "CLAIMS", "FAILS", "HOLDS", "IDS", "MARKS", "NETWORK", "PAIR", "PARTLY", "SHORT",
    "UNTESTABLE", "VERDICTS", "Cell", "Claim", "ClaimRows", "cell", "grid", "networks", "of_claim",
    "sentence", "written",
]  # fmt: skip

IDS = tuple(claim.id for claim in CLAIMS)


@dataclass(frozen=True)
class ClaimRows:
    """The rows of one claim, with the name of each one's subject in `subject`."""

    claim: Claim
    rows: pd.DataFrame

    @property
    def told(self) -> pd.DataFrame:
        """Those with a figure, the best first; its interval may be too wide for a verdict."""
        rows = self.rows[self.rows["value"].notna()]
        fewer_is_better = self.claim.form == "parents"
        return rows.sort_values("value", ascending=fewer_is_better, kind="stable")

    def of(self, network: str) -> pd.DataFrame:
        """Those about a network, as the target or the student where the claim is about pairs; all where the
        claim is about the atlas."""
        return (
            self.rows if self.claim.subject == ATLAS else self.rows[self.rows["model"] == network]
        )

    def ends(self) -> str:
        """Best and worst pair, in words; empty for fewer than two."""
        told = self.told
        if len(told) < 2:
            return ""
        best, worst = (
            f"{row['subject']} ({written(row['value'], self.claim.form)})"
            for row in (told.iloc[0], told.iloc[-1])
        )
        return f"The best is {best}, the worst {worst}."


def of_claim(table: pd.DataFrame, claim: Claim) -> ClaimRows:
    """The rows of claims.parquet about one claim."""
    rows = table[table["claim"] == claim.id]
    return ClaimRows(
        claim, rows.assign(subject=[_subject(row, claim) for row in rows.itertuples()])
    )


def _subject(row, claim: Claim) -> str:
    if pd.isna(row.model):
        return "all networks"
    return row.model if pd.isna(row.source) else f"{row.model} ← {row.source}"
