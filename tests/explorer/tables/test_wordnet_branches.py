"""Which categories hang from which WordNet word."""

import numpy as np
import pandas as pd
import pytest

from explorer.tables.wordnet_branches import Branches


@pytest.fixture
def branches() -> Branches:
    return Branches(pd.DataFrame({
        "name": ["husky", "tabby", "dog", "stone", "pug"],
        "hypernyms": [["dog", "animal", "thing"], ["cat", "animal", "thing"],
                      ["canine", "animal", "thing"], ["thing"], ["dog", "animal", "dog", "thing"]],
    }))  # fmt: skip


def test_the_largest_branches_come_first_and_empty_choices_do_not_come(branches):
    # "thing" holds all, "cat" and "canine" one each: none of them is a choice.
    assert branches.words == ["animal", "dog"] and branches.sizes == [4, 3]


def test_a_branch_holds_what_is_under_its_word_and_the_word_itself(branches):
    assert np.flatnonzero(branches.mask("dog")).tolist() == [0, 2, 4]
    assert np.flatnonzero(branches.mask("animal")).tolist() == [0, 1, 2, 4]
    with pytest.raises(KeyError):
        branches.mask("stone")


def test_every_branch_of_a_network_is_what_counting_says(network):
    found = network.branches
    assert found is network.branches and len(found.words) > 3
    assert found.sizes == sorted(found.sizes, reverse=True)
    for word, size in zip(found.words, found.sizes, strict=True):
        under = [
            name == word or word in line
            for name, line in network.categories[["name", "hypernyms"]].itertuples(index=False)
        ]
        assert found.mask(word).tolist() == under and sum(under) == size


def test_without_wordnet_there_is_no_branch():
    categories = pd.DataFrame({"name": ["a", "b"], "hypernyms": [None, None]})
    assert Branches(categories).words == []
