"""The sentence about a set of foreign images says what its figures say, also where they are bad."""

import pandas as pd
import pytest

from precompute.ood.scores import (
    CONTROLS,
    DEPENDENCY,
    ENERGY,
    LOGIT,
    NAMES,
    PER_PCA,
    PERMUTED,
    RANDOM,
    VIM,
    WITH_EQUATIONS,
)
from precompute.ood.verdict import (
    BETTER,
    LEAST,
    LEVEL,
    UNDECIDED,
    WORSE,
    Verdict,
    at_choice,
    verdict,
)

ROOM = 0.02  # half of every interval


def detection(**auroc: float) -> pd.DataFrame:
    """Figures with intervals; those that are not given are well behind the dependency score."""
    auroc = dict.fromkeys(CONTROLS, 0.7) | {DEPENDENCY: 0.9, LOGIT: 0.8} | auroc
    rows = []
    for score, value in auroc.items():
        row = {"choice": "readable" if score in WITH_EQUATIONS else "", "score": score}
        for name, middle in (("auroc", value), ("ahead", auroc[DEPENDENCY] - value)):
            row |= {name: middle, f"{name}_low": middle - ROOM, f"{name}_high": middle + ROOM}
        rows.append(row)
    return pd.DataFrame([*rows, rows[0] | {"choice": "best"}])


def broken(ratio: float) -> pd.DataFrame:
    return pd.DataFrame({"choice": ["readable"] * 3 + ["best"], "ratio": [0.1, ratio, 9.0, 90.0]})


def told(
    ratio: float = 2.0, n_foreign: int = 400, n_holdout: int = 1300, **auroc: float
) -> Verdict:
    tables = at_choice(detection(**auroc)), at_choice(broken(ratio))
    return verdict(*tables, n_foreign, n_holdout)


def test_rows_of_one_choice():
    rows = at_choice(detection(), "best")
    assert sorted(rows["choice"]) == ["", "", "best"]


def test_every_score_has_a_name_of_its_own():
    assert len(set(NAMES.values())) == len(NAMES)


@pytest.mark.parametrize(
    ("changed", "beside", "holds"),
    [
        ({}, BETTER, True),
        ({PERMUTED: 0.89}, LEVEL, None),
        ({PERMUTED: 0.91}, LEVEL, None),
        ({PERMUTED: 0.95}, WORSE, False),
        ({PERMUTED: 0.89, RANDOM: 0.95}, WORSE, False),
        ({DEPENDENCY: 0.51, **dict.fromkeys(CONTROLS, 0.2)}, BETTER, None),
        ({DEPENDENCY: 0.3, **dict.fromkeys(CONTROLS, 0.2)}, BETTER, False),
        ({ENERGY: 0.99}, BETTER, True),
    ],
)
def test_it_stands_beside_its_controls_as_the_intervals_say(changed, beside, holds):
    found = told(**changed)
    assert (found.beside, found.holds) == (beside, holds)


@pytest.mark.parametrize(
    ("changed", "ratio", "said"),
    [
        ({}, 2.0, ["tells 400 foreign images and 1300 held-out ones apart (AUROC 0.900, 0.880 to 0.920)",
                   "better than all its controls, permuted sources 0.700, random equations 0.700 and",
                   "no other score does better", "off by 2.00 times as much"]),
        ({LOGIT: 0.95}, 2.0, ["best is max logit, ahead by 0.050, 0.030 to 0.070."]),
        ({LOGIT: 0.91}, 2.0, ["best is max logit, ahead by 0.010, −0.010 to 0.030, which is no clear"]),
        ({LOGIT: 0.9002}, 2.0, ["best is max logit, ahead by 0.000, −0.020 to 0.020, which is no clear"]),
        ({PER_PCA: 0.95, VIM: 0.96}, 2.0, ["best is ViM (dense), ahead by 0.060"]),
        ({PERMUTED: 0.89}, 2.0, ["no better than its control permuted sources 0.890, so that"]),
        (dict.fromkeys(CONTROLS, 0.9), 2.0, ["random equations 0.900 and max / sd 0.900, so that"]),
        ({PERMUTED: 0.95, RANDOM: 0.9}, 2.0, ["worse than its control permuted sources 0.950 and no "
                                              "better than its control random equations 0.900, so"]),
        ({DEPENDENCY: 0.51}, 2.0, ["does not tell 400 foreign images", "worse than its controls"]),
        ({DEPENDENCY: 0.3}, 2.0, ["takes the foreign for the more usual ones of 400"]),
        ({}, 0.7, ["off by no more than on held-out images (0.70 times", "only beside the largest"]),
        ({LOGIT: 0.89}, 0.7, ["the largest logit by itself tells as much."]),
    ],
)  # fmt: skip
def test_the_sentence(changed, ratio, said):
    found = told(ratio, **changed).said
    for part in said:
        assert part in found


@pytest.mark.parametrize(("n_foreign", "n_holdout"), [(LEAST - 1, 500), (500, LEAST - 1), (1, 1)])
def test_few_images_of_either_kind_decide_nothing(n_foreign, n_holdout):
    found = told(n_foreign=n_foreign, n_holdout=n_holdout)
    assert found.beside == UNDECIDED and found.holds is None and "too few" in found.said
    assert ("1 foreign image " in found.said) == (n_foreign == 1)
    assert told(n_foreign=LEAST, n_holdout=LEAST).holds


def test_every_sentence_fits_the_page():
    auroc = dict.fromkeys(CONTROLS, 0.91) | {VIM: 0.95, LOGIT: 0.8}
    for own in (0.3, 0.5, 0.9, 0.99):
        assert len(told(0.7, **{DEPENDENCY: own} | auroc).said) < 800
