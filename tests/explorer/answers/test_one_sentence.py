"""The verdict in one sentence: every figure stands in it once, and what is not known is left out."""

import numpy as np
import pandas as pd
import pytest

from explorer.answers.evidence import in_one_sentence
from explorer.answers.verdicts.one_sentence import (
    Firmness,
    OwnImages,
    Parent,
    Yardsticks,
    explains,
    of_parent,
    on_own_images,
    sentence,
)

ALL = Yardsticks(8, shuffled=-0.02, random=0.04, correlated=0.21, dense=0.41, refit=0.36)


def test_everything_that_is_known_stands_in_one_sentence():
    said = sentence(
        "hamster", 0.29, 1300, ALL, OwnImages(2, -5.02, True),
        [Parent("guinea pig", "strongest", (7, 7), (50, 50)),
         Parent("broccoli", "farthest", (6, 7), (47, 50))],
        Firmness(5, 8),
    )  # fmt: skip
    assert said.replace("\u202f", " ") == (
        "Explains 29 % of hamster's logit on 1 300 held-out images (refit 36 %; shuffled 0 %, 8 random "
        "parents 4 %, the 8 most correlated 21 %, the dense map 41 %); on the 2 images of hamster on "
        "average 5.0 sd too low; its strongest parent, guinea pig, in 7 of 7 networks, in 50 of 50 "
        "half-samples; its farthest parent in WordNet, broccoli, in 6 of 7 networks, in 47 of 50 "
        "half-samples; 5 of its 8 parents stable."
    )


def test_without_stability_consensus_and_yardsticks_the_rest_is_said():
    said = sentence(
        "cat", 0.5, 10, Yardsticks(), OwnImages(0, np.nan, True), [Parent("dog", "strongest")]
    )
    assert (
        said == "Explains 50 % of cat's logit on 10 held-out images; no held-out image shows cat."
    )


@pytest.mark.parametrize(
    ("r2", "n", "beside", "words"),
    [
        (-0.4, 10, Yardsticks(), "Explains nothing of cat's logit on 10 held-out images"),
        (0.5, 1, Yardsticks(1, random=0.1), "on 1 held-out image (refit; 1 random parent 10 %)"),
        (0.5, 9, Yardsticks(1, correlated=0.1), "(refit; the most correlated one 10 %)"),
        (
            0.5,
            9,
            Yardsticks(2, shuffled=0, refit=0.6),
            "held-out images (refit 60 %; shuffled 0 %)",
        ),
        (
            0.5,
            9,
            Yardsticks(2, shuffled=0, refit=0.501),
            "held-out images (refit 50 %; shuffled 0 %)",
        ),
        (np.nan, 9, ALL, "The logit of cat is the same on all 9 held-out images"),
    ],
)
def test_nothing_one_and_constant_are_said_in_their_own_words(r2, n, beside, words):
    assert words in explains("cat", r2, n, beside)


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (OwnImages(1, 0.5, True), "on the one image of cat 0.5 sd too high"),
        (OwnImages(3, -1.0, True), "on the 3 images of cat on average 1.0 sd too low"),
        (OwnImages(3, 0.01, True), "on the 3 images of cat neither too high nor too low"),
        (OwnImages(2, 1.0, False), "2 images that the network takes for cat on average 1.0 sd too high"),
        (OwnImages(0, np.nan, True), "no held-out image shows cat"),
        (OwnImages(0, np.nan, False), "no held-out image is taken for cat"),
        (OwnImages(1, np.nan, True), "image of cat the miss has no unit, as the logit never varies"),
    ],
)  # fmt: skip
def test_own_images_one_several_none_and_without_labels(own, words):
    assert on_own_images("cat", own).endswith(words)


def test_one_network_is_no_agreement_and_an_unmeasured_parent_is_not_named():
    assert of_parent(Parent("dog", "strongest", (1, 1), None)) == ""
    assert of_parent(Parent("dog", "strongest", None, (0, 0))) == ""
    assert of_parent(Parent("dog", "farthest", (2, 2), None)).endswith("dog, in 2 of 2 networks")


def test_no_parent_stable_is_said_and_a_single_parent_is_not_counted_twice():
    plain = ("cat", 0.5, 10, Yardsticks(), OwnImages(0, np.nan, True), [])
    assert sentence(*plain, Firmness(0, 8)).endswith("none of its 8 parents stable.")
    assert "parents stable" not in sentence(*plain, Firmness(1, 1))


def test_yardsticks_are_those_of_as_many_parents_as_the_equation_has():
    rows = pd.DataFrame({
        "n_parents": [1, 4, 9], "control_r2": [0.0, -0.1, 0.2], "random_r2": [0.1, 0.2, 0.3],
        "correlated_r2": [0.3, 0.4, 0.5], "dense_r2": 0.9,
    })  # fmt: skip
    assert in_one_sentence.yardsticks(rows, 8)[:5] == (4, -0.1, 0.2, 0.4, 0.9)
    assert in_one_sentence.yardsticks(rows, 9).random == 0.3
    assert in_one_sentence.yardsticks(rows, 0) == Yardsticks()
    rows["control_r2"] = np.nan
    assert in_one_sentence.yardsticks(rows.drop(columns="random_r2"), 4)[:3] == (4, None, None)


def test_the_miss_is_the_mean_over_the_own_images_in_standard_deviations():
    rng = np.random.default_rng(0)
    truth, predicted, shows = rng.normal(size=50), rng.normal(size=50), np.arange(50) % 7 == 0
    brute = np.mean(
        [(p - t) / truth.std() for p, t, s in zip(predicted, truth, shows, strict=True) if s]
    )
    own = in_one_sentence.own_images(predicted - truth, shows, truth.std(), True)
    assert own.n == shows.sum() and own.off == pytest.approx(brute)
    assert np.isnan(in_one_sentence.own_images(truth, shows & False, 1.0, True).off)
    assert np.isnan(in_one_sentence.own_images(truth, shows, 0.0, True).off)


def test_the_strongest_and_the_farthest_parent_are_named_once_each():
    equation = pd.DataFrame({
        "source": [4, 2, 7], "source_name": ["guinea pig", "ferret", "broccoli"],
        "coefficient": [0.2, -0.3, 0.1],
    })  # fmt: skip
    stored = pd.DataFrame(
        {"distance": [4.0, 6.0, 17.0], "stability": [0.5, 1.0, 0.94], "n_half_samples": 50}, index=[4, 2, 7]
    )  # fmt: skip
    agreed = pd.DataFrame({"n_models": [3, 6], "n_compared": 7}, index=[2, 7])
    found = in_one_sentence.parents(equation, stored, agreed)
    assert found == [
        Parent("ferret", "strongest", (3, 7), (50, 50)),
        Parent("broccoli", "farthest", (6, 7), (47, 50)),
    ]
    assert in_one_sentence.firmness(equation, stored) == Firmness(2, 3)
    near = stored.assign(distance=[4.0, 20.0, 17.0])
    assert [p.role for p in in_one_sentence.parents(equation, near, None)] == ["strongest"]


def test_an_older_or_unmeasured_table_gives_no_stability():
    equation = pd.DataFrame({"source": [4], "source_name": ["dog"], "coefficient": [0.2]})
    for stored in (
        pd.DataFrame({"coefficient": [0.2]}, index=[4]),
        pd.DataFrame({"stability": [np.nan], "n_half_samples": 0}, index=[4]),
    ):
        assert in_one_sentence.parents(equation, stored, None) == [Parent("dog", "strongest")]
        assert in_one_sentence.firmness(equation, stored) is None
    assert in_one_sentence.parents(equation[:0], stored, None) == []
