"""The verdicts of an atlas at a glance: a cell for every claim and network, a sentence for every claim."""

from dataclasses import dataclass

import pandas as pd

from precompute.atlas.contract.schema_robustness import CUT_MARK
from precompute.claims.catalogue import CLAIMS
from precompute.claims.claim import (
    ATLAS,
    CUT,
    FAILS,
    HOLDS,
    PAIR,
    PARTLY,
    UNTESTABLE,
    Claim,
)
from precompute.claims.table import together

# Told apart by shape and word, never by colour alone.
MARKS = {HOLDS: "●", PARTLY: "◐", FAILS: "○", UNTESTABLE: "–"}
SHORT = {HOLDS: "holds", PARTLY: "partly", FAILS: "does not hold", UNTESTABLE: "not testable"}


@dataclass(frozen=True)
class Cell:
    """One claim on one network, or on all of them; of a claim about pairs, on those of which the network is
    the target or the student."""

    verdict: str | None  # None: the claim does not speak of single networks
    n_holding: int
    n_tried: int

    @property
    def text(self) -> str:
        """Mark and word; empty where there is no verdict."""
        if self.verdict is None:
            return ""
        said = f"{MARKS[self.verdict]} {SHORT[self.verdict]}"
        if self.n_tried < 2:
            return said
        many = {HOLDS: "all", FAILS: "none of", PARTLY: f"{self.n_holding} of"}[self.verdict]
        return f"{said}, {many} {self.n_tried}"


def networks(table: pd.DataFrame) -> list[str]:
    """The networks that were on trial, in alphabetical order, what was cut from one going with it; `table`
    is claims.parquet."""
    names = set(table["model"].dropna()) | set(table["source"].dropna())
    return sorted(name for name in names if CUT_MARK not in name)


def cell(table: pd.DataFrame, claim: Claim, network: str | None = None) -> Cell:
    """A claim on one network, or on everything where None is named."""
    rows = table[table["claim"] == claim.id]
    if network is not None:
        if claim.subject == ATLAS:
            return Cell(None, 0, 0)
        rows = rows[rows["model"] == network]
    told = rows[rows["verdict"] != UNTESTABLE]
    return Cell(together(rows["verdict"]), int((told["verdict"] == HOLDS).sum()), len(told))


def grid(table: pd.DataFrame) -> pd.DataFrame:
    """A row per claim: claim (its id), title, everything, and a column per network, as texts of cells."""
    names = networks(table)
    return pd.DataFrame(
        [
            {"claim": claim.id, "title": claim.title, "everything": cell(table, claim).text}
            | {name: cell(table, claim, name).text for name in names}
            for claim in CLAIMS
        ]
    )


def sentence(table: pd.DataFrame, claim: Claim) -> str:
    """For how many networks or pairs a claim holds; why it cannot be tested where it cannot anywhere."""
    rows = table[table["claim"] == claim.id]
    counts = rows["verdict"].value_counts()
    told = len(rows) - counts.get(UNTESTABLE, 0)
    if not told:
        return _untold(rows, claim)
    if claim.subject == ATLAS:
        return f"{SHORT[rows['verdict'].iat[0]].capitalize()}. {rows['why'].iat[0]}"
    kind = _kind(claim, told)
    words = {HOLDS: "Holds for", PARTLY: "partly for", FAILS: "does not hold for"}
    parts = [f"{words[verdict]} {counts[verdict]}" for verdict in words if verdict in counts]
    said = f"{', '.join(parts)} of {told} {kind}"
    left = counts.get(UNTESTABLE, 0)
    return f"{said[0].upper()}{said[1:]}{f'; {left} cannot be tested' if left else ''}."


def _untold(rows: pd.DataFrame, claim: Claim) -> str:
    """Why there is no verdict at all: the reason of the only row, or of how many rows which kind it is."""
    said = "Cannot be tested with this atlas"
    if len(rows) == 1:
        return f"{said}. {rows['why'].iat[0]}"
    undecided = int(rows["value"].notna().sum())
    parts = [
        f"{n} {words}"
        for n, words in (
            (undecided, "undecided on these images"),
            (len(rows) - undecided, "no test"),
        )
        if n
    ]
    return f"{said}: of {len(rows)} {_kind(claim, len(rows))} {' and '.join(parts)}; each row says why."


def _kind(claim: Claim, n: int) -> str:
    kind = claim.subject if claim.subject in (PAIR, CUT) else "network"
    return kind if n == 1 else f"{kind}s"
