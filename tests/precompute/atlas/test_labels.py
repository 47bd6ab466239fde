"""Categories have unique readable names, and images find theirs."""

from pathlib import Path

import numpy as np
import pytest
import timm
from timm.data import ImageNetInfo

from precompute.atlas.labels import (
    WORDNET,
    anonymous,
    from_names,
    from_synsets,
    imagenet_1k,
    match,
    read_names,
    wordnet,
)
from precompute.errors import UserError


def test_imagenet_1k_is_in_the_order_of_its_logits():
    info = ImageNetInfo("imagenet-1k")

    labels = imagenet_1k()

    assert labels.name == "imagenet-1k"
    assert len(labels) == 1000
    assert labels.categories["synset"].tolist() == info.label_names()
    hamster = labels.categories.iloc[333]
    assert hamster["name"] == "hamster"
    assert hamster["definition"].startswith("short-tailed Old World burrowing rodent")
    assert hamster["hypernyms"][:3] == ["rodent", "placental", "mammal"]
    assert hamster["hypernyms"][-1] == "entity"


@pytest.mark.parametrize("subset", ["imagenet-1k", "imagenet-12k", "imagenet-21k-goog"])
def test_names_of_imagenet_sets_are_unique_and_not_numbers(subset):
    names = from_synsets(ImageNetInfo(subset).label_names(), subset).categories["name"]

    assert not names.str.casefold().duplicated().any()
    assert names.str.len().max() <= 60
    assert not names.str.contains(r"n\d{8}|\(\d").any()


def test_repeated_wordnet_names_say_what_sets_them_apart():
    names = imagenet_1k().categories.set_index("synset")["name"]

    assert names["n02012849"] == "crane (wading bird)"
    assert names["n03126707"] == "crane (lifting device)"
    assert names["n03710637"] == "maillot (tights)"
    assert names["n03710721"] == "maillot (swimsuit)"


def test_an_unknown_synset_is_refused():
    with pytest.raises(UserError, match="'n99999999' is not an ImageNet synset"):
        from_synsets(["n01440764", "n99999999"], "mine")


def test_the_wordnet_notice_lies_beside_the_data():
    notice = (WORDNET.parent / "LICENSE-wordnet").read_text(encoding="utf-8")

    assert "WordNet 3.0 Copyright 2006 by Princeton University" in notice


def test_the_same_names_make_the_same_label_set():
    cats = from_names(["cat", "dog"])

    assert cats.name == from_names(["cat", "dog "]).name
    assert cats.name.startswith("names-")
    assert cats.name != from_names(["dog", "cat"]).name
    assert cats.categories["synset"].isna().all()
    assert cats.categories["hypernyms"].tolist() == [[], []]


@pytest.mark.parametrize("column", ["name", "synset"])
def test_imagenets_own_names_are_imagenet(column):
    assert from_names(imagenet_1k().categories[column].tolist()) is imagenet_1k()


def test_the_usual_wordings_of_imagenet_are_imagenet_too():
    known = imagenet_1k().categories
    lemmas = wordnet()["lemmas"].loc[known["synset"]].tolist()
    assert lemmas != known["name"].tolist()
    assert from_names(lemmas) is imagenet_1k()
    assert from_names([text.split(",")[0] for text in lemmas]) is imagenet_1k()
    assert from_names(lemmas[1:] + lemmas[:1]) is not imagenet_1k(), "in another order they are not"


def test_letters_written_in_two_ways_are_the_same():
    labels = from_names(["cafe\u0301", "tea"])
    assert match(["caf\u00e9", "tea"], labels).tolist() == [0, 1]


def test_synset_ids_as_names_are_looked_up():
    labels = from_names(["n02342885", "n01440764"])

    assert labels.name.startswith("names-")
    assert labels.categories["name"].tolist() == ["hamster", "tench"]
    assert labels.categories["synset"].tolist() == ["n02342885", "n01440764"]


def test_repeated_names_are_counted_around_names_that_are_taken():
    labels = from_names(["a", "b", "a", "a (2)", "a"])

    assert labels.categories["name"].tolist() == ["a", "b", "a (3)", "a (2)", "a (4)"]


@pytest.mark.parametrize(
    ("names", "message"), [([], "no category names"), (["a", " "], "Category name 2 is empty")]
)
def test_names_that_are_not_there_are_refused(names, message):
    with pytest.raises(UserError, match=message):
        from_names(names)


def test_categories_without_names_are_numbered():
    assert anonymous(3).categories["name"].tolist() == ["category 0", "category 1", "category 2"]


def test_names_file(tmp_path):
    file = tmp_path / "names.txt"
    file.write_text("crème brûlée\n hamster \n\n\n", encoding="utf-8-sig")

    assert read_names(file) == ["crème brûlée", "hamster"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file"),
        (b"", "holds no names"),
        (b"\n \n", "holds no names"),
        (b"a\n\nb\n", "Line 2 of .* is blank"),
        (b"caf\xe9\n", "not UTF-8"),
    ],
)
def test_bad_names_files_are_refused(tmp_path, content, message):
    file = tmp_path / "names.txt"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(UserError, match=message):
        read_names(file)


@pytest.mark.parametrize(
    ("class_name", "name"),
    [
        ("n02342885", "hamster"),
        ("hamster", "hamster"),
        ("Guinea_pig", "guinea pig"),
        ("cavia-cobaya", "guinea pig"),
        ("tench, Tinca tinca", "tench"),
        ("crane (wading bird)", "crane (wading bird)"),
        ("crane", None),  # two categories
        ("panda", None),  # a lemma of two categories
        ("333", None),  # numbers mean nothing without names
        ("n02342886", None),
        ("", None),
        (None, None),
    ],
)
def test_classes_of_images_are_matched_with_imagenet(class_name, name):
    names = imagenet_1k().categories["name"].tolist()

    found = match([class_name, "tench"], imagenet_1k())

    assert found.dtype == np.int32
    assert found.tolist() == [-1 if name is None else names.index(name), 0]


def test_classes_are_matched_with_plain_names():
    labels = from_names(["house cat, tabby", "3", "dog", "Dog-"])

    assert match(["Tabby", "3", "dog", "DOG", "Dog-"], labels).tolist() == [0, 1, 2, -1, 3]


def test_every_imagenet_category_finds_itself():
    table = imagenet_1k().categories
    everyone = np.arange(1000)

    assert (match(table["name"].tolist(), imagenet_1k()) == everyone).all()
    assert (match(table["synset"].tolist(), imagenet_1k()) == everyone).all()


def test_bundled_wordnet_covers_every_set_that_timm_knows():
    folder = Path(timm.__file__).parent / "data" / "_info"
    known = set()
    for file in folder.glob("imagenet*_synsets.txt"):
        known.update(file.read_text().split())

    assert len(from_synsets(sorted(known), "all")) == len(known) > 21_000
