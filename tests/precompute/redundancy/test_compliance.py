"""Ranks of dependencies among what their targets do not use, and what follows from them."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from precompute.redundancy.agreement import MEASURES, agreement, least_explained
from precompute.redundancy.compliance import compliance_table, dealt, ranks

N, PARENTS = 60, 5


def similarity(matrix):
    return lambda targets: matrix[targets]


@pytest.fixture(scope="module")
def made():
    """Dependencies that go with the first measure, against the second, and not with the third."""
    rng = np.random.default_rng(0)
    alike = rng.normal(size=(N, N))
    sources, strength = [], []
    for target in range(N):
        score = alike[target] + rng.normal(size=N)
        score[target] = -np.inf
        best = np.argsort(-score)[:PARENTS]
        sources += best.tolist()
        strength += (score[best] * rng.choice([1, -1], PARENTS, p=[0.7, 0.3])).tolist()
    rows = pd.DataFrame(
        {"target": np.repeat(np.arange(N), PARENTS), "source": sources, "coefficient": strength}
    )
    matrices = {
        "confusion": alike,
        "head_cosine": -alike,
        "wordnet": rng.normal(size=(N, N)).round(),
    }
    matrices["head_cosine"][:10] = np.nan
    table = compliance_table(rows, {k: similarity(m) for k, m in matrices.items()}, N, seed=0)
    return rows, matrices, table


def test_a_rank_is_the_share_of_others_below_with_ties_half():
    assert ranks(np.array([2.0, 5.0, 0.0]), np.array([1.0, 2.0, 2.0, 4.0])).tolist() == [0.5, 1, 0]
    assert np.isnan(ranks(np.array([np.nan]), np.array([1.0]))).all()
    assert np.isnan(ranks(np.array([1.0]), np.array([np.nan]))).all()


def test_values_and_ranks_by_a_plain_loop(made):
    rows, matrices, table = made
    own = table[~table["control"]]
    assert len(own) == len(rows)
    for row in own.iloc[::17].to_dict("records"):
        used = set(rows["source"][rows["target"] == row["target"]]) | {row["target"]}
        others = [j for j in range(N) if j not in used]
        for name, matrix in matrices.items():
            value = matrix[row["target"], row["source"]]
            np.testing.assert_equal(row[name], value)
            below = np.mean([(matrix[row["target"], j] < value)
                             + (matrix[row["target"], j] == value) / 2 for j in others])  # fmt: skip
            expected = np.nan if np.isnan(value) else below
            np.testing.assert_allclose(row[f"{name}_rank"], expected, atol=1e-12)


def test_the_mean_rank_of_a_target_is_scikit_learns_auroc(made):
    rows, matrices, table = made
    own = table[~table["control"]]
    for target in (0, 30, 59):
        used = rows["source"][rows["target"] == target].to_numpy()
        others = np.delete(np.arange(N), target)
        expected = roc_auc_score(np.isin(others, used), matrices["wordnet"][target, others])
        found = own["wordnet_rank"][own["target"] == target].mean()
        assert found == pytest.approx(expected, abs=1e-12)


def test_the_control_deals_whole_equations_to_other_targets(made):
    rows, _, _ = made
    given = dealt(rows, seed=3)
    assert (given["target"] != given["source"]).all()
    own = rows.groupby("target")["source"].apply(set)
    popular = rows["source"].value_counts()
    assert (popular - given["source"].value_counts()).fillna(popular).sum() == len(rows) - len(
        given
    )
    for target, found in given.groupby("target")["source"]:
        donors = [d for d, sources in own.items() if set(found) <= sources and d != target]
        assert donors, "the parents of one other target"
    assert given.equals(dealt(rows, seed=3)) and not given.equals(dealt(rows, seed=4))
    assert dealt(rows[rows["target"] == 0], seed=0).empty


def test_what_was_planted_is_found_and_the_control_finds_nothing(made):
    _, _, table = made
    found = agreement(table).set_index(["measure", "sign"])
    with_it, against, without = (found.loc[measure, "all"] for measure in MEASURES)
    assert with_it["auroc_low"] > 0.75 and with_it["spearman_low"] > 0
    assert against["auroc_high"] < 0.25 and against["n_targets"] == N - 10
    assert without["auroc_low"] < 0.5 < without["auroc_high"]
    assert without["spearman_low"] < 0 < without["spearman_high"]
    # 60 targets: the standard error of a mean rank of five is about .017, of a correlation .065.
    assert (found["auroc_control"] - 0.5).abs().max() < 0.12
    assert found["spearman_control"].xs("all", level="sign").abs().max() < 0.25
    assert with_it["n_dependencies"] == N * PARENTS
    parts = found.loc["confusion"]["n_dependencies"]
    assert parts["positive"] + parts["negative"] == parts["all"]


def test_correlations_within_equations_are_scipys(made):
    _, _, table = made
    own = table[~table["control"]]
    each = [
        stats.spearmanr(rows["coefficient"].abs(), rows["confusion"]).statistic
        for _, rows in own.groupby("target")
    ]
    found = agreement(table).set_index(["measure", "sign"]).loc["confusion", "all"]
    assert found["spearman"] == pytest.approx(np.mean(each), abs=1e-12)


def test_a_measure_that_nobody_knows_says_nothing(made):
    _, _, table = made
    found = agreement(table.assign(wordnet_rank=np.nan)).set_index("measure").loc["wordnet"]
    assert found[["auroc", "auroc_low", "spearman", "auroc_control"]].isna().all(axis=None)
    assert (found["n_dependencies"] == 0).all()


def rows_of(**changed):
    """One dependency that no measure explains, among three that confusion explains."""
    base = pd.DataFrame({
        "control": False, "target": [0, 1, 2, 3], "source": [4, 5, 6, 7],
        "coefficient": [0.9, 0.8, 0.7, 0.6],
        "confusion_rank": [0.2, 0.9, 0.9, 0.9], "head_cosine_rank": [0.4, 0.2, 0.2, 0.2],
        "wordnet_rank": [0.1, 0.3, 0.2, 0.1],
    })  # fmt: skip
    for name, value in changed.items():
        base.loc[0, name] = value
    return base


def stability(table, value=1.0):
    return pd.Series(value, index=pd.MultiIndex.from_frame(table[["target", "source"]]))


def listed(table, share=1.0):
    """The pairs that nothing explains."""
    found = least_explained(table, stability(table, share))
    return found[found["unexplained"]][["target", "source"]].to_numpy().tolist()


def test_a_dependency_that_no_measure_explains_is_listed_first():
    table = rows_of()
    assert listed(table) == [[0, 4]]
    found = least_explained(table, stability(table))
    assert found["target"].tolist() == [0, 1], "the others are weaker than the median"
    assert found["alike"].tolist() == [0.4, 0.9]
    assert found["unexplained"].tolist() == [True, False]


@pytest.mark.parametrize(
    "changed",
    [
        {"coefficient": -0.9},
        {"coefficient": 0.1},
        {"wordnet_rank": 0.5},
        {"confusion_rank": 0.7},
        {"head_cosine_rank": 0.7},
        {"confusion_rank": np.nan, "head_cosine_rank": np.nan},
        {"control": True},
    ],
)
def test_whatever_explains_it_takes_it_off_the_list(changed):
    assert listed(rows_of(**changed)) == []


def test_two_known_measures_are_enough_and_an_unstable_dependency_is_none():
    table = rows_of(confusion_rank=np.nan)
    assert listed(table) == [[0, 4]]
    assert listed(table, 0.79) == listed(table, np.nan) == []
