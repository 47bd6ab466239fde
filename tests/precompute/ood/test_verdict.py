"""The sentence about a set of foreign images says what its figures say, also where they are bad."""

import pandas as pd
import pytest

from precompute.ood.scores import CONTROLS, DEPENDENCY, LOGIT, WITH_EQUATIONS
from precompute.ood.verdict import at_choice, sentence


def detection(**auroc: float) -> pd.DataFrame:
    """Figures with intervals of .02 to either side."""
    rows = []
    for score, value in auroc.items():
        row = {"choice": "readable" if score in WITH_EQUATIONS else "", "score": score}
        for name, middle in (("auroc", value), ("ahead", auroc[DEPENDENCY] - value)):
            row |= {name: middle, f"{name}_low": middle - 0.02, f"{name}_high": middle + 0.02}
        rows.append(row)
    return pd.DataFrame([*rows, rows[0] | {"choice": "best"}])


def broken(ratio: float) -> pd.DataFrame:
    return pd.DataFrame({"choice": ["readable"] * 3 + ["best"], "ratio": [0.1, ratio, 9.0, 90.0]})


GOOD = dict.fromkeys(CONTROLS, 0.7) | {DEPENDENCY: 0.9, LOGIT: 0.8}


def test_rows_of_one_choice_the_best_first():
    rows = at_choice(detection(**GOOD))
    assert rows["score"].tolist()[:2] == [DEPENDENCY, LOGIT] and len(rows) == len(GOOD)


@pytest.mark.parametrize(
    ("changed", "ratio", "said"),
    [
        ({}, 2.0, ["tells these images from held-out ones (AUROC 0.900, 0.880 to 0.920)",
                   "better than all its controls", "no other score does better",
                   "off by 2.00 times as much"]),
        ({LOGIT: 0.95}, 2.0, ["best is max_logit, ahead by 0.050, 0.030 to 0.070."]),
        ({LOGIT: 0.91}, 2.0, ["best is max_logit, ahead by 0.010, -0.010 to 0.030, which is no clear"]),
        ({CONTROLS[0]: 0.89}, 2.0, [f"no better than {CONTROLS[0]}, its control;"]),
        (dict.fromkeys(CONTROLS, 0.9), 2.0, [f"{CONTROLS[1]} and {CONTROLS[2]}, its controls"]),
        ({CONTROLS[0]: 0.95, CONTROLS[1]: 0.9}, 2.0, [f"worse than {CONTROLS[0]}, its control;"]),
        ({DEPENDENCY: 0.51}, 2.0, ["does not tell these images", "worse than"]),
        ({DEPENDENCY: 0.3}, 2.0, ["takes these images for more usual than held-out ones"]),
        ({}, 0.7, ["off by no more than on held-out images (0.70 times", "only beside the largest"]),
        ({LOGIT: 0.89}, 0.7, ["the largest logit by itself tells as much."]),
    ],
)  # fmt: skip
def test_the_sentence(changed, ratio, said):
    found = sentence(detection(**GOOD | changed), broken(ratio))
    for part in said:
        assert part in found
