"""What figures are read beside: baselines at the nearest stored size, what rank forces, stability."""

import numpy as np
import pandas as pd
import pytest

from explorer.answers import dependencies
from explorer.answers.evidence.heldout import HeldOutFigures
from explorer.answers.network_pair import NetworkPair, Subject
from explorer.answers.yardsticks import baselines, rank, stability
from explorer.session import cache
from explorer.widgets.yardsticks import in_a_line
from precompute.atlas import schema


def figures(r2: float, error: float, within_half_sd: float) -> HeldOutFigures:
    return HeldOutFigures(error, r2, within_half_sd, *[np.nan] * 7, n_of_target=0)


def evaluation(*sizes: int) -> pd.DataFrame:
    """Rows of evaluation.parquet whose baselines say at which size they were found."""
    rows = pd.DataFrame({"n_parents": sizes})
    for k, (name, _) in enumerate(baselines.BASELINES):
        rows[f"{name}_r2"] = rows["n_parents"] / 100 + k
        rows[f"{name}_error"] = rows["n_parents"] / 10 + k
    return rows.assign(within_half_sd_mean=0.38)


@pytest.mark.parametrize(
    ("size", "stored"), [(8, 8), (0, 1), (35, 32), (37, 40), (36, 32), (99, 40)]
)
def test_baselines_are_those_of_the_nearest_stored_size(size, stored):
    found = baselines.beside(evaluation(1, 8, 32, 40), size, figures(0.5, 0.6, 0.7))
    assert found is not None and found.size == stored
    own, *others, guess = found.rows.itertuples(index=False)
    assert tuple(own) == ("This equation, refit", 0.5, 0.6, 0.7)
    for k, (row, (name, _)) in enumerate(zip(others, baselines.BASELINES, strict=True)):
        assert (row.r2, row.error) == pytest.approx((stored / 100 + k, stored / 10 + k))
        assert np.isnan(row.within_half_sd)
        assert (str(stored) in row.what) == (name in ("random", "correlated"))
    assert guess.within_half_sd == 0.38 and guess.r2 == 0


def test_without_rows_there_is_nothing_to_compare_with():
    assert baselines.beside(evaluation(), 3, figures(0.5, 0.6, 0.7)) is None


def test_least_squares_is_compared_with_least_squares_and_the_lasso_stands_below():
    found = baselines.beside(evaluation(8), 8, figures(0.41, 0.6, 0.7), figures(0.31, 0.7, 0.6))
    assert found is not None
    assert found.rows["what"].tolist()[:2] == ["This equation, refit", "This equation, lasso"]
    assert found.rows["r2"].tolist()[:2] == [0.41, 0.31]


def test_a_pair_in_a_line_says_its_refit_figure_beside_the_baselines_and_the_lassos(network):
    rows = baselines.medians(network.chosen.assign(r2=0.31, r2_refit=0.41, correlated_r2=0.39))
    said = in_a_line(rows)
    assert said.startswith("R², refit 0.41 (lasso 0.31) beside: ") and "correlated 0.39" in said


def test_medians_are_over_targets(atlas, network):
    rows = baselines.medians(network.chosen).set_index("what")
    assert rows.loc["Random parents", "r2"] == pytest.approx(network.chosen["random_r2"].median())
    assert rows.loc["Equations, refit", "error"] == pytest.approx(
        network.chosen["holdout_error_refit"].median()
    )


def info(n: int, found: int, n_fit: int, width: float = float("nan")) -> dict:
    return {"n_categories": n, "rank": found, "n_fit": n_fit, "n_features": width}


@pytest.mark.parametrize("width", [256, float("nan")])
def test_a_rank_below_n_forces_dependencies_and_says_how_many(width):
    own = info(1000, 257, 5000, width)
    assert rank.forced(own) == 743
    said = rank.sentence(own)
    assert said.startswith("Rank 257 < 1\u202f000 categories: at least 743 categories must be comb")
    assert said.endswith("whatever the network learned.")


def test_a_width_that_has_room_for_all_forces_none_however_few_images_there_are():
    for own in (info(1000, 1000, 5000, 1280), info(1000, 997, 1000, 1280), info(1000, 1000, 5000)):
        assert rank.forced(own) == 0
        assert "no category must be a combination" in rank.sentence(own)
    few = rank.sentence(info(1000, 997, 1000, 1280))
    assert "1\u202f000 fit images, but the last layer is 1\u202f280 wide: no category must" in few


@pytest.mark.parametrize("found", [500, 499])
def test_a_rank_that_is_the_number_of_images_is_said_to_be_that(found):
    assert rank.forced(info(1000, found, 500)) == 0
    assert "only 500 fit images" in rank.sentence(info(1000, found, 500))
    assert "only" not in rank.sentence(info(1000, 498, 500))


def test_between_networks_rank_forces_nothing():
    assert "forces no equation" in rank.sentence(info(1000, 257, 5000, 256), between=True)


def test_stability_is_that_of_the_readers_choice_and_unmeasured_elsewhere(atlas, network):
    subject = Subject(NetworkPair.within(network), 0)
    stored = network.edges[network.edges["target"] == 0].set_index("source")
    here = subject.equation(subject.path.position_of_size(subject.chosen), False)
    assert len(here) == subject.chosen == len(stored)
    for row in here.itertuples():
        assert row.stability == stored.loc[row.source, "stability"]
        assert row.n_half_samples == stored.loc[row.source, "n_half_samples"] > 0
    elsewhere = subject.equation(subject.path.position_of_size(subject.chosen - 1.5), False)
    assert elsewhere["stability"].isna().all(), "never 0: nobody looked"
    assert (elsewhere["n_half_samples"] == 0).all()


def test_stability_in_words_says_unmeasured_as_nothing():
    edges = pd.DataFrame({"stability": [0.94, np.nan, 0.0], "n_half_samples": [50, 0, 50]})
    found = stability.in_words(edges)
    assert found["half_samples"].tolist() == ["47 of 50", None, "0 of 50"]
    assert found["stability"].tolist()[::2] == [94, 0] and np.isnan(found["stability"].iat[1])


def test_the_filter_of_stability_keeps_what_was_found_often_enough(network):
    edges = network.edges.copy()
    edges.loc[::5, "stability"] = np.nan
    measured = edges["stability"].notna()
    for least in (0.02, 0.5, 0.94, 1.0):
        keep = dependencies.passing(edges, stability=least)
        assert not keep[~measured].any(), "what was not measured does not pass"
        # Shares are whole numbers of half-samples.
        counts = (edges["stability"] * edges["n_half_samples"])[measured].round()
        wanted = counts >= np.round(least * edges["n_half_samples"][measured])
        assert keep[measured].tolist() == wanted.tolist()
    assert dependencies.passing(edges).all()


def test_more_would_help_where_the_end_of_the_path_decided(atlas, network):
    rows = atlas.read(schema.EVALUATION, model=network.name)
    stopped = rows.groupby("target")["stopped"].first()
    assert 0 < stopped.sum() < len(stopped)
    by_choice = {c: cache.network(atlas.root, network.name, c) for c in schema.CHOICES}
    for target, early in stopped.items():
        longest = int(rows.loc[rows["target"] == target, "n_parents"].max())
        for choice, own in by_choice.items():
            subject = Subject(NetworkPair.within(own), int(target))
            assert subject.more_would_help(longest) == early
            decided = choice != "readable" or subject.chosen == longest
            assert subject.more_would_help(subject.chosen) == (early and decided)
            assert not subject.more_would_help(0.5)
