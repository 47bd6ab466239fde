"""Verdicts at a glance: cells and sentences over networks, pairs and the atlas."""

import pandas as pd
import pytest

from precompute.claims.catalogue import BY_ID, CLAIMS
from precompute.claims.claim import FAILS, HOLDS, PARTLY, UNTESTABLE
from precompute.claims.summary import MARKS, cell, grid, networks, sentence


def table(*rows: tuple[str, str | None, str | None, str]) -> pd.DataFrame:
    found = pd.DataFrame(rows, columns=["claim", "model", "source", "verdict"])
    return found.assign(why="Because.", value=0.1)


ATLAS = table(
    ("within", "a", None, HOLDS),
    ("within", "b", None, FAILS),
    ("within", "c", None, UNTESTABLE),
    ("between", "a", "b", HOLDS),
    ("between", "a", "c", PARTLY),
    ("between", "b", "a", FAILS),
    ("between", "b", "c", FAILS),
    ("architectures", None, None, PARTLY),
    ("cutting", None, None, UNTESTABLE),
)


@pytest.mark.parametrize(
    ("claim", "network", "text"),
    [
        ("within", "a", "● holds"),
        ("within", "b", "○ does not hold"),
        ("within", "c", "– not testable"),
        ("within", None, "◐ partly, 1 of 2"),
        ("between", "a", "◐ partly, 1 of 2"),
        ("between", "b", "○ does not hold, none of 2"),
        ("between", "c", "– not testable"),
        ("architectures", None, "◐ partly"),
        ("architectures", "a", ""),
    ],
)
def test_a_cell_says_mark_and_word(claim, network, text):
    assert cell(ATLAS, BY_ID[claim], network).text == text


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("within", "Holds for 1, does not hold for 1 of 2 networks; 1 cannot be tested."),
        ("between", "Holds for 1, partly for 1, does not hold for 2 of 4 pairs."),
        ("architectures", "Partly. Because."),
        ("cutting", "Cannot be tested with this atlas. Because."),
    ],
)
def test_one_sentence_for_everything(claim, said):
    assert sentence(ATLAS, BY_ID[claim]) == said


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((0.1, 0.2), "of 2 cut networks 2 undecided on these images; each row says why."),
        ((None, 0.2), "of 2 cut networks 1 undecided on these images and 1 no test; each row says why."),
        ((None, None), "of 2 cut networks 2 no test; each row says why."),
    ],
)  # fmt: skip
def test_of_several_without_a_verdict_the_first_does_not_speak_for_all(values, said):
    rows = table(("cutting", "a", "a+cut-1", UNTESTABLE), ("cutting", "a", "a+cut-2", UNTESTABLE))
    told = sentence(rows.assign(value=pd.Series(values, dtype=float)), BY_ID["cutting"])
    assert told == f"Cannot be tested with this atlas: {said}"


def test_the_grid_has_a_row_for_every_claim_and_a_column_for_every_network():
    whole = pd.concat([
        ATLAS, *(table((claim.id, None, None, UNTESTABLE)) for claim in CLAIMS)
    ])  # fmt: skip
    found = grid(whole)
    assert found["claim"].tolist() == [claim.id for claim in CLAIMS]
    assert found.columns.tolist()[3:] == networks(whole) == ["a", "b", "c"]


def test_no_two_verdicts_look_alike():
    assert len(set(MARKS.values())) == 4
