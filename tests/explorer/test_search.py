"""Finding categories: exact before beginnings before words before ids, meanings and misspellings."""

import pandas as pd
import pytest

from explorer.search import SearchIndex


@pytest.fixture
def index() -> SearchIndex:
    names = ["hotdog", "dog", "hunting dog", "dog sled", "hamster", "tabby"]
    return SearchIndex(pd.DataFrame({
        "name": names,
        "synset": ["n1", "n2", "n3", "n4", "n02342885", None],
        "definition": ["sausage", "a pet", "", "", "short-tailed burrowing rodent", "a cat with stripes"],
    }))  # fmt: skip


def test_names_come_in_order_of_fit(index):
    assert index.find("dog") == ["dog", "dog sled", "hunting dog", "hotdog"]


@pytest.mark.parametrize("asked", ["n0234", "BURROWING", "hamstr", "hampster", "  hamster "])
def test_ids_meanings_and_misspellings_are_found(index, asked):
    assert index.find(asked)[0] == "hamster"


def test_one_mistyped_word_of_a_long_name_is_enough():
    names = ["African elephant", "school bus", "great white shark"]
    blank = {"synset": [None] * 3, "definition": [None] * 3}
    index = SearchIndex(pd.DataFrame({"name": names} | blank))
    assert index.find("elefant") == ["African elephant"]
    assert index.find("shark whit") == ["great white shark"]


def test_nothing_is_found_where_nothing_is(index):
    assert index.find("") == []
    assert index.find("xylophone quartet") == []


def test_the_limit_holds(index):
    assert len(index.find("o", 2)) == 2


def test_a_name_in_any_case_and_a_wordnet_id_name_their_category(index):
    assert index.named("HotDog") == "hotdog"
    assert index.named("n02342885") == "hamster"
    assert index.named("hampster") is None
    assert index.named("") is None


def test_what_two_categories_are_called_names_neither():
    blank = {"synset": [None] * 2, "definition": [None] * 2}
    index = SearchIndex(pd.DataFrame({"name": ["Crane", "crane"]} | blank))
    assert index.named("CRANE") is None
    assert index.named("crane") == "crane"
