"""Do broken dependencies give foreign images away? The verdict and its sentence, in all cases."""

import numpy as np
import pandas as pd
import pytest

from explorer.answers.verdicts.foreign import LEAST, verdict
from precompute.ood.scores import (
    CONTROLS,
    DEPENDENCY,
    ENERGY,
    LOGIT,
    PEERS,
    PER_PCA,
    PERMUTED,
    RANDOM,
    VIM,
)

ROOM = 0.01  # half of every interval


def rows(own: float = 0.9, **auroc: float) -> pd.DataFrame:
    """A row for each score; those that are not given are well behind the dependency score."""
    found = dict.fromkeys([*CONTROLS, *PEERS], 0.8) | auroc | {DEPENDENCY: own}
    score, value = list(found), np.array(list(found.values()))
    ahead = own - value
    return pd.DataFrame({
        "score": score, "auroc": value, "auroc_low": value - ROOM, "auroc_high": value + ROOM,
        "ahead": ahead, "ahead_low": ahead - ROOM, "ahead_high": ahead + ROOM,
    })  # fmt: skip


def told(found: pd.DataFrame, n: int = 400) -> tuple[bool | None, str]:
    return verdict(found, n, 1300)


def test_ahead_of_every_control_it_holds():
    holds, said = told(rows())
    assert holds is True
    assert "tells 400 foreign images and 1\u202f300 held-out images apart" in said
    assert "AUROC 0.900 (0.890 to 0.910)" in said
    assert "ahead of every control: permuted sources 0.800, random equations 0.800" in said
    assert said.endswith("No other score has a larger AUROC.")


def test_worse_than_one_control_it_does_not_hold():
    holds, said = told(rows(**{RANDOM: 0.95}))
    assert holds is False
    assert "It is worse than its control random equations 0.950, and only ahead of" in said
    assert "what tells here is not the dependencies" in said


def test_level_with_a_control_it_is_no_better_and_not_decided():
    holds, said = told(rows(**{PERMUTED: 0.905}))
    assert holds is None
    assert "It is no better than its control permuted sources 0.905" in said
    assert "what tells here is not the dependencies" in said


def test_behind_one_and_level_with_others_it_says_both():
    level = dict.fromkeys(CONTROLS, 0.9)
    holds, said = told(rows(**level | {RANDOM: 0.95}))
    assert holds is False
    assert (
        "worse than its control random equations 0.950 and it is no better than its controls"
        in said
    )
    assert "only ahead" not in said


@pytest.mark.parametrize(
    ("own", "holds", "said"),
    [(0.505, None, "does not tell"), (0.3, False, "takes foreign images for the more usual ones")],
)
def test_guessing_and_worse_are_said(own, holds, said):
    found = told(rows(own, **dict.fromkeys([*CONTROLS, *PEERS], 0.2)))
    assert found[0] is holds and said in found[1]


def test_dense_yardsticks_that_do_better_are_named_as_such():
    _, said = told(rows(**{PER_PCA: 0.95, VIM: 0.96}))
    assert (
        "Best of all is ViM (dense) 0.960; max / PCA residual (dense) 0.950 does better, too."
        in said
    )


def test_so_are_plain_logits():
    _, said = told(rows(**{ENERGY: 0.98, LOGIT: 0.97, PER_PCA: 0.94}))
    assert (
        "Best of all is energy 0.980; max logit 0.970 and max / PCA residual (dense) 0.940 do"
        in said
    )


def test_what_is_best_by_chance_is_not_called_better():
    _, said = told(rows(**{ENERGY: 0.905, LOGIT: 0.903}))
    assert said.endswith("Best of all is energy 0.905, though not by more than chance allows.")


@pytest.mark.parametrize(("n_foreign", "n_holdout"), [(LEAST - 1, 500), (500, LEAST - 1), (1, 1)])
def test_few_images_of_either_kind_decide_nothing(n_foreign, n_holdout):
    holds, said = verdict(rows(), n_foreign, n_holdout)
    assert holds is None and "too few to say" in said
    assert ("1 foreign image " in said) == (n_foreign == 1)


def test_tables_without_the_score_or_its_controls_decide_nothing():
    found = rows()
    for lost in ([DEPENDENCY], list(CONTROLS)):
        holds, said = told(found[~found["score"].isin(lost)])
        assert holds is None and "not among the tables" in said


def test_without_other_scores_none_is_larger():
    found = rows()
    assert told(found[~found["score"].isin(PEERS)])[0] is True


def test_every_sentence_fits_the_page():
    auroc = dict.fromkeys(PEERS, 0.95) | dict.fromkeys(CONTROLS, 0.91)
    for own in (0.3, 0.5, 0.9, 0.99):
        assert len(told(rows(own, **auroc))[1]) < 500
