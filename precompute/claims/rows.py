"""The rows of one claim as the terminal, the page and the report show them: on whom, what, and why."""

from dataclasses import dataclass

import pandas as pd

from precompute.claims.claim import ATLAS, CUT, VERDICTS, Claim
from precompute.claims.words import figure, stated, written


@dataclass(frozen=True)
class ClaimRows:
    """The rows of one claim, with the name of each one's subject in `subject`."""

    claim: Claim
    rows: pd.DataFrame

    @property
    def told(self) -> pd.DataFrame:
        """Those with a figure, the best first; its interval may be too wide for a verdict."""
        return self._best_first(self.rows[self.rows["value"].notna()])

    def of(self, network: str) -> pd.DataFrame:
        """Those about a network, as the target or the student where the claim is about pairs, before or
        after cutting where it is about that; all where the claim is about the atlas."""
        if self.claim.subject == ATLAS:
            return self.rows
        own = self.rows["model"] == network
        if self.claim.subject == CUT:
            own |= self.rows["source"] == network
        return self.rows[own]

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

    def deciding(self) -> pd.DataFrame:
        """The best and the worst row of each verdict, best first: where one verdict ends and the next one
        begins."""
        alike = (self._best_first(self.rows[self.rows["verdict"] == word]) for word in VERDICTS)
        return pd.concat([rows.iloc[sorted({0, len(rows) - 1})] for rows in alike if len(rows)])

    def figure(self, row) -> str:
        """A row's figure with its interval; a dash where there is none."""
        if pd.isna(row.value):
            return "–"
        return figure(row.value, row.low, row.high, self.claim.form)

    def reason(self, row) -> str:
        """Why a row has its verdict, without the figure, which stands beside it."""
        said = stated(self.claim.statistic, self.figure(row))
        rest = row.why.removeprefix(said).lstrip(";, ")
        return f"{rest[:1].upper()}{rest[1:]}"

    def _best_first(self, rows: pd.DataFrame) -> pd.DataFrame:
        fewer_is_better = self.claim.form == "parents"
        return rows.sort_values("value", ascending=fewer_is_better, kind="stable")


def of_claim(table: pd.DataFrame, claim: Claim) -> ClaimRows:
    """The rows of claims.parquet about one claim."""
    rows = table[table["claim"] == claim.id]
    return ClaimRows(
        claim, rows.assign(subject=[_subject(row, claim) for row in rows.itertuples()])
    )


def _subject(row, claim: Claim) -> str:
    if pd.isna(row.model):
        return "all networks"
    if claim.subject == CUT:
        return row.source
    return row.model if pd.isna(row.source) else f"{row.model} ← {row.source}"
