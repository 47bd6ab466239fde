"""The list of surprising dependencies: each criterion takes out what it says, and every row says why."""

import numpy as np
import pandas as pd
import pytest

from explorer.answers.surprising import least_networks, ordinal, surprising
from precompute.kinship import senses
from precompute.kinship.wordnet_steps import WordNetSteps

ROOT = ["thing"]
ANIMAL = ["rodent", "mammal", "animal", *ROOT]
PLANT = ["vegetable", "produce", "plant", *ROOT]
VESSEL = ["mug", "vessel", "container", "artifact", *ROOT]
DRINK = ["punch", "drink", "liquid", "matter", *ROOT]
LINES = {
    "hamster": ANIMAL, "guinea pig": ANIMAL, "mouse": ANIMAL, "broccoli": PLANT, "cup": DRINK,
    "coffee mug": VESSEL, "tankard": VESSEL, "mug": VESSEL, "goblet": VESSEL,
    "alp": ["mountain", "land", *ROOT], "lake": ["water", "place", *ROOT], "comet": ["star", "sky", *ROOT],
}  # fmt: skip


def categories(**changes) -> pd.DataFrame:
    table = {
        "name": list(LINES),
        "definition": "",
        "hypernyms": list(LINES.values()),
        "community": [0, 0, 0, 1, 2, 3, 3, 3, 3, 4, 4, 4],
    }
    return pd.DataFrame(table | changes)


def edges(*rows: tuple[int, int, float], stability: float | None = 1.0) -> pd.DataFrame:
    found = pd.DataFrame(rows, columns=["target", "source", "coefficient"])
    steps = WordNetSteps(categories())
    return found.assign(
        strength=found["coefficient"].abs(), stability=stability, n_half_samples=50,
        distance=steps.of(found["target"], found["source"]),
    )  # fmt: skip


def consensus(table: pd.DataFrame, n_models: int = 6) -> pd.DataFrame:
    return table[["target", "source"]].assign(n_models=n_models, n_compared=7)


HAMSTER = ((0, 1, 0.3), (0, 3, 0.2), (0, 2, 0.1), (1, 0, 0.4), (3, 0, 0.1), (3, 4, -0.3))


CONTROL = pd.DataFrame({"target": range(100), "source": [*range(3, 3 + 4), *range(9, 105)]})


def pairs(found: pd.DataFrame) -> list[tuple[int, int]]:
    return list(zip(found["target"], found["source"], strict=True))


def test_a_stable_shared_high_and_far_dependency_is_listed_with_its_reason():
    table = edges(*HAMSTER)
    sieved = surprising(table, categories(), consensus(table), 3, CONTROL)
    assert (0, 3) in pairs(sieved.found) and (0, 1) not in pairs(sieved.found)
    row = sieved.found.set_index(["target", "source"]).loc[(0, 3)]
    assert row["reason"] == (
        "stable in 50 of 50, in 6 of 7 networks, second of 3 parents, 8 steps apart"
    )
    assert not sieved.missing and len(sieved.steps) == 7


@pytest.mark.parametrize(
    ("changes", "criterion"),
    [
        ({"stability": 0.7}, "stable"),
        ({"n_models": 2}, "networks"),
        ({"control": [3] * 6}, "shuffled"),
        ({"community": 1}, "community"),
        ({"definition": "often eats broccoli"}, "named"),
        ({"first": (0, 2, 0.25)}, "first half"),
        ({"line": ANIMAL}, "steps"),
    ],
)
def test_each_criterion_alone_keeps_it_out(changes, criterion):
    rows = list(HAMSTER)
    if "first" in changes:
        rows[2] = changes["first"]
        rows.append((0, 4, 0.22))
    table = edges(*rows)
    own = (table["target"] == 0) & (table["source"] == 3)
    table.loc[own, "stability"] = changes.get("stability", 1.0)
    agreed = consensus(table)
    agreed.loc[own, "n_models"] = changes.get("n_models", 6)
    known = categories()
    known.at[0, "community"] = changes.get("community", 0)
    known.at[0, "definition"] = changes.get("definition", "")
    known.at[3, "hypernyms"] = changes.get("line", PLANT)
    control = CONTROL.copy()
    taken = changes.get("control", [])
    control.loc[: len(taken) - 1, "source"] = taken
    sieved = surprising(table, known, agreed, 3, control)
    assert (0, 3) not in pairs(sieved.found)
    taken = {said: n for said, n in sieved.steps if criterion in said}
    assert len(taken) == 1 and sum(taken.values()) >= 1


def test_the_criteria_account_for_every_dependency():
    table = edges(*HAMSTER)
    sieved = surprising(table, categories(), consensus(table), 3, CONTROL)
    assert sum(n for _, n in sieved.steps) + len(sieved.found) == len(table)


def test_one_network_and_no_stability_are_said_to_be_missing():
    table = edges(*HAMSTER, stability=None)
    sieved = surprising(table, categories(), pd.DataFrame(), None)
    assert len(sieved.missing) == 3 and len(sieved.steps) == 4
    assert (0, 3) in pairs(sieved.found)
    row = sieved.found.set_index(["target", "source"]).loc[(0, 3)]
    assert row["reason"] == "second of 3 parents, 8 steps apart"


def test_a_filter_leaves_the_place_in_the_equation_as_it_is():
    table = edges(*HAMSTER)
    passes = ((table["target"] == 0) & (table["source"] == 3)).to_numpy()
    sieved = surprising(table, categories(), consensus(table), 3, CONTROL, passes)
    assert pairs(sieved.found) == [(0, 3)] and "second of 3" in sieved.found["reason"].iat[0]


def test_a_word_of_another_sense_is_told_by_the_company_it_keeps():
    """The cup is a drink in WordNet, but the network writes it in mugs and goblets."""
    table = edges((4, 5, 0.4), (4, 6, 0.3), (4, 7, 0.2), (4, 8, 0.1))
    steps = WordNetSteps(categories())
    assert table["distance"].iat[0] == 10
    assert senses.sense(table, steps, table)[0] == pytest.approx(2.0)
    # Without the company, control: the distance is all there is.
    assert senses.sense(table[:1], steps, table[:1])[0] == 10


def test_company_is_a_mean_weighted_by_coefficients():
    table = edges((0, 3, 0.2), (0, 1, -0.3), (0, 4, 0.1), (3, 0, 0.1))
    steps = WordNetSteps(categories())
    brute = (0.3 * steps.between(3, 1) + 0.1 * steps.between(3, 4)) / 0.4
    own = steps.between(0, 3)
    assert senses.sense(table, steps, table[:1])[0] == pytest.approx(min(own, brute))


@pytest.mark.parametrize(
    ("one", "other", "meanings", "named"),
    [
        ("ox", "oxcart", ("a bull", "a cart that is drawn by an ox"), True),
        ("bookshop", "comic book", ("", ""), True),
        ("mountain bike", "mountain tent", ("", ""), True),
        ("dogs", "dog", ("", ""), True),
        ("wine bottle", "cork", ("holds wine", "closes bottles of wine"), True),
        ("dogsled", "Eskimo dog", ("a sled pulled by dogs", "breed of the Arctic"), True),
        ("hamster", "broccoli", ("a rodent", "green flower heads"), False),
        ("ear", "bear", ("", ""), False),
        ("1", "broccoli", ("", ""), False),
    ],
)
def test_names_in_each_other(one, other, meanings, named):
    table = pd.DataFrame({"name": [one, other], "definition": meanings})
    ends = pd.Series([0, 1]), pd.Series([1, 0])
    assert senses.named_in_each_other(table, *ends).tolist() == [named, named]


def test_a_word_of_two_senses_is_no_meeting_point():
    lines = pd.DataFrame({
        "name": ["catamaran", "pitcher", "barge"],
        "hypernyms": [["vessel", "craft", "thing"], ["vessel", "container", "thing"],
                      ["vessel", "craft", "thing"]],
    })  # fmt: skip
    steps = WordNetSteps(lines)
    assert steps.between(0, 1) == 6 and steps.between(0, 2) == 2
    bare = WordNetSteps(lines.assign(hypernyms=[["vessel"], None, ["ware"]]))
    assert np.isnan(bare.between(0, 1)) and np.isnan(bare.between(0, 2))
    assert np.isnan(WordNetSteps(lines.assign(hypernyms=None)).quartile())


def test_the_quartile_is_that_of_all_pairs():
    steps = WordNetSteps(categories())
    every = [steps.between(a, b) for a in range(12) for b in range(12) if a != b]
    assert steps.quartile(20_000) == pytest.approx(np.quantile(every, 0.25), abs=0.5)


def chance(*rows: tuple[int, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["n_models", "n_dependencies", "n_shuffled"])


def test_so_many_networks_are_asked_for_that_chance_gives_less_than_a_twentieth():
    """The referee's figures: two networks agree by chance, three do not."""
    seven = chance((1, 9000, 9000), (2, 15071, 11700), (3, 6590, 562), (4, 5000, 20), (7, 3868, 0))
    assert least_networks(seven) == 3
    assert least_networks(seven.assign(n_shuffled=0)) == 2
    assert least_networks(seven.assign(n_shuffled=seven["n_dependencies"])) is None
    assert least_networks(chance((1, 100, 0))) is None
    assert least_networks(chance()) is None
    assert least_networks(pd.DataFrame()) is None, "an atlas without the table"


def test_places_are_said_in_words():
    assert [ordinal(k) for k in (1, 2, 3, 10, 11, 12, 21, 22, 23, 111, 121)] == [
        "first", "second", "third", "tenth", "11th", "12th", "21st", "22nd", "23rd", "111th", "121st",
    ]  # fmt: skip
