"""The paper's claims as the page and the report show them: words, cells, sentences, one claim's rows.

They are those of the terminal, and so stand in `precompute.claims`."""

from precompute.claims.catalogue import BY_ID, CLAIMS
from precompute.claims.claim import (
    ATLAS,
    CUT,
    FAILS,
    HOLDS,
    NETWORK,
    PAIR,
    PARTLY,
    UNTESTABLE,
    VERDICTS,
    Claim,
)
from precompute.claims.rows import ClaimRows, of_claim
from precompute.claims.summary import MARKS, SHORT, Cell, cell, grid, networks, sentence
from precompute.claims.words import counted, written

__all__ = [
    "ATLAS", "BY_ID", "CLAIMS", "CUT", "FAILS", "HOLDS", "IDS", "MARKS", "NETWORK", "PAIR", "PARTLY",
    "SHORT", "UNTESTABLE", "VERDICTS", "Cell", "Claim", "ClaimRows", "cell", "counted", "grid", "networks",
    "of_claim", "sentence", "written",
]  # fmt: skip

IDS = tuple(claim.id for claim in CLAIMS)
