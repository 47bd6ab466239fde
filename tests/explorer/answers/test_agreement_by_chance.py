"""What networks share beside what shuffled targets give, on tables small enough to count by hand."""

import pandas as pd
import pytest

from explorer.answers import consensus
from explorer.answers.surprising import least_networks


def shared(*rows: tuple[int, int, int, int]) -> pd.DataFrame:
    """consensus.parquet: (networks that have it, positive, negative, stable) of each dependency."""
    columns = ["n_models", "n_positive", "n_negative", "n_stable"]
    return pd.DataFrame(rows, columns=columns).assign(n_compared=3)


TABLE = shared(
    (1, 1, 0, 1), (1, 0, 1, 0), (2, 2, 0, 2), (2, 1, 1, 1), (3, 3, 0, 3), (3, 0, 3, 2), (3, 1, 2, 0)
)  # fmt: skip


def by_chance(*rows: tuple[int, int, int]) -> pd.DataFrame:
    """chance.parquet: (n_models, n_dependencies, n_shuffled); half of the shuffled signs differ, and one
    stable dependency in three networks."""
    found = pd.DataFrame(rows, columns=["n_models", "n_dependencies", "n_shuffled"])
    several = found["n_models"] > 1
    return found.assign(
        n_conflicts=1,
        n_conflicts_shuffled=(found["n_shuffled"] // 2).where(several, 0),
        n_conflicts_refit=(found["n_models"] == 3).astype(int),
    )


CHANCE = by_chance((1, 2, 40), (2, 2, 4), (3, 3, 0))


def test_as_many_networks_are_compared_with_as_many():
    found = consensus.beside_chance(consensus.counts(TABLE), CHANCE)
    assert found["n"].tolist() == [2, 2, 3]
    assert found["chance"].tolist() == [40, 4, 0]
    assert (found[["positive", "negative", "conflict"]].sum(axis=1) == found["n"]).all()


def test_the_number_of_networks_from_which_chance_says_little_is_named():
    found = consensus.beside_chance(consensus.counts(TABLE), CHANCE)
    said = consensus.above_chance(found, least_networks(CHANCE))
    assert "share 5 dependencies" in said and "nothing to find, 4." in said
    assert "From 3 networks on agreement is above chance: 3 against 0, less than 5 %" in said


def test_agreement_that_chance_explains_is_said_to_be_chance():
    """The control: as many shared where targets are shuffled."""
    chance = by_chance((1, 2, 40), (2, 2, 3), (3, 3, 3))
    found = consensus.beside_chance(consensus.counts(TABLE), chance)
    assert "For no number of networks" in consensus.above_chance(found, least_networks(chance))


def test_without_chance_nothing_is_said_about_it():
    nothing = CHANCE.iloc[:0]
    found = consensus.beside_chance(consensus.counts(TABLE), nothing)
    assert found["chance"].isna().all()
    assert "does not say" in consensus.above_chance(found, None)
    assert consensus.sign_figures(TABLE, nothing) == {"lasso": (2, 5)}


def test_signs_have_their_yardstick():
    figures = consensus.sign_figures(TABLE, CHANCE)
    assert figures["lasso"] == (2, 5), "one in two networks, one in three"
    assert figures["refit"] == (1, 3), "of those that two networks or more are sure of"
    assert figures["shuffled"] == (2, 4)


@pytest.mark.parametrize("least", [None, 2])
def test_one_network_agrees_with_nobody(least):
    table = shared((1, 1, 0, 1)).assign(n_compared=1)
    found = consensus.beside_chance(consensus.counts(table), by_chance((1, 1, 1)))
    assert "share 0 dependencies" in consensus.above_chance(found, least)
