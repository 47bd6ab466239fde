"""The rows of a claim: which of many are shown, and their reasons without what stands beside them."""

import pandas as pd
import pytest

from precompute.claims.catalogue import BY_ID
from precompute.claims.claim import FAILS, HOLDS, PARTLY, UNTESTABLE
from precompute.claims.rows import of_claim
from precompute.claims.table import Subject, verdicts
from precompute.claims.trial import Trial


def trial(value: float) -> Trial:
    return Trial(value, value - 0.05, value + 0.05, 0.5, 0.25, n_images=90, remark="A remark.")


@pytest.fixture
def pairs():
    values = {"a": 0.9, "b": 0.8, "c": 0.7, "d": 0.4, "e": 0.1, "f": 0.0}
    trials = {Subject("between", name, "z"): trial(x) for name, x in values.items()}
    trials[Subject("between", "g", "z")] = Trial(untestable="Few images.")
    return of_claim(verdicts(trials), BY_ID["between"])


def test_of_many_rows_those_decide_at_which_a_verdict_begins_or_ends(pairs):
    shown = pairs.deciding()
    assert shown["model"].tolist() == ["a", "c", "d", "e", "f", "g"]
    assert shown["verdict"].tolist() == [HOLDS, HOLDS, PARTLY, FAILS, FAILS, UNTESTABLE]


def test_a_row_says_its_figure_once(pairs):
    first, *_, last = pairs.rows.itertuples()
    assert first.subject == "a ← z"
    assert first.why.startswith(f"Median held-out R²: {pairs.figure(first)}; ")
    assert pairs.reason(first) == "All of it is at least 0.50. A remark."
    assert (pairs.figure(last), pairs.reason(last)) == ("–", "Few images.")


def test_where_fewer_is_better_the_best_row_has_the_fewest():
    table = pd.DataFrame({"claim": "sparsity", "model": ["many", "few"], "source": None,
                          "verdict": FAILS, "why": "", "value": [70.0, 65.0]})  # fmt: skip
    assert of_claim(table, BY_ID["sparsity"]).deciding()["model"].tolist() == ["few", "many"]
