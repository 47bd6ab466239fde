"""What models agree on, choice by choice, and how much of it shuffled targets agree on, too."""

import numpy as np
import pandas as pd
import pytest

from precompute.atlas import schema
from precompute.atlas.progress import Silent
from precompute.runs.consensus import chance, compare_models, consensus
from tests.support.planting import N_PLANTED, plant


def table(rows, choice="readable"):
    """(target, source, coefficient, refit, stability) as dependencies.parquet has them."""
    columns = ["target", "source", "coefficient", "refit", "stability"]
    return pd.DataFrame(rows, columns=columns).assign(choice=choice)


def test_consensus_counts_models_and_signs():
    a = table([(0, 1, 0.5, 0.6, 1.0), (0, 2, 0.1, 0.1, 0.5)])
    b = table([(0, 1, -0.3, 0.2, 0.8), (1, 0, 0.2, 0.2, np.nan)])
    found = consensus({"b": b, "a": a}).set_index(["target", "source"])
    shared = found.loc[(0, 1)]
    assert (shared["n_models"], shared["n_positive"], shared["n_negative"]) == (2, 1, 1)
    assert (shared["n_stable"], shared["n_positive_refit"], shared["n_negative_refit"]) == (2, 2, 0)
    assert shared["mean_coefficient"] == pytest.approx(0.1)
    assert list(shared["models"]) == ["a", "b"], "in alphabetical order"
    assert list(shared["coefficients"]) == pytest.approx([0.5, -0.3])
    alone = found.loc[(0, 2)]
    assert (list(alone["models"]), alone["n_stable"], alone["n_positive_refit"]) == (["a"], 0, 0)
    assert found.loc[(1, 0), "n_stable"] == 0, "unmeasured is not stable"
    assert (found["n_compared"] == 2).all()
    assert found.loc[(0, 2), "mean_coefficient"] == pytest.approx(0.05), "0 where absent"


def test_choices_are_compared_each_on_its_own():
    both = table([(0, 1, 0.5, 0.6, 1.0)])
    best = table([(0, 1, 0.5, 0.6, np.nan), (0, 3, 0.5, 0.6, np.nan)], "best")
    found = consensus({"a": pd.concat([both, best]), "b": both})
    models = found.set_index(["choice", "target", "source"])["n_models"].to_dict()
    assert models == {("best", 0, 1): 1, ("best", 0, 3): 1, ("readable", 0, 1): 2}


def test_chance_counts_what_exactly_so_many_models_share():
    a = table([(0, 1, 0.5, 0.6, 1.0), (0, 2, 0.1, 0.1, 1.0), (5, 6, 0.1, 0.1, 1.0)])
    b = table([(0, 1, -0.3, 0.2, 0.9), (0, 2, 0.2, -0.2, 0.9)])
    noise = {"a": table([(0, 4, 1, 1, 1)]), "b": table([(0, 4, -1, 1, 1)])}
    noise = {name: rows.drop(columns="stability") for name, rows in noise.items()}
    found = chance({"a": a, "b": b}, noise)
    readable = found[found["choice"] == "readable"].set_index("n_models")
    assert readable["n_dependencies"].tolist() == [1, 2]
    assert readable["n_shuffled"].tolist() == [0, 1]
    assert readable["n_conflicts"].tolist() == [0, 1], "lasso signs of 0 <- 1"
    assert readable["n_conflicts_shuffled"].tolist() == [0, 1]
    assert readable["n_conflicts_refit"].tolist() == [0, 1], "refit signs of 0 <- 2"
    b["stability"] = 0.5
    unstable = chance({"a": a, "b": b}, noise)
    assert (unstable["n_conflicts_refit"] == 0).all(), "in one model alone no sign can differ"
    assert set(found["choice"]) == set(schema.CHOICES) and len(found) == 6


def test_planted_dependencies_are_shared_far_beyond_chance(atlas):
    """Both networks have the same planted dependencies; shuffles of each are drawn on their own."""
    models = atlas.models()
    tables = [
        {model: atlas.read(table, model) for model in models}
        for table in (schema.DEPENDENCIES, schema.CONTROL)
    ]
    planted = [
        {model: rows[rows["target"] < N_PLANTED] for model, rows in each.items()} for each in tables
    ]
    few = chance(*planted).set_index(["choice", "n_models"]).loc["few"]
    n_edges = int((plant(0).coefficients != 0).sum())
    assert few.loc[2, "n_dependencies"] >= n_edges
    # Three of 39 sources each, drawn twice: n^2 / 39 of a target's n are shared, and there are 8 targets.
    assert few.loc[2, "n_shuffled"] < 0.5 * few.loc[2, "n_dependencies"]


def test_both_tables_lie_in_the_atlas_one_choice_apart_from_the_next(linked_atlas):
    compare_models(linked_atlas, Silent())
    agreed = linked_atlas.read(schema.CONSENSUS, filters=[("choice", "=", "readable")])
    counted = linked_atlas.read(schema.CHANCE).set_index(["choice", "n_models"])
    for n_models, rows in agreed.groupby("n_models"):
        assert counted.loc[("readable", n_models), "n_dependencies"] == len(rows)
    assert [len(models) for models in agreed["models"]] == agreed["n_models"].tolist()
