"""What is the same in two models: categories by synset, else by name, and images by their names."""

import pandas as pd

from precompute.atlas import schema
from precompute.atlas.matching import joined_rows, same_category


def categories(*rows: tuple[str, str | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["name", "synset"])


def test_categories_are_the_same_by_synset_or_by_name(atlas):
    first = atlas.read(schema.CATEGORIES, atlas.models()[0])
    other = first.iloc[::-1].reset_index(drop=True)
    assert same_category(first, other).tolist() == list(range(39, -1, -1))
    assert (same_category(first, other.assign(name="x")) == same_category(first, other)).all()
    assert (same_category(first, other.assign(synset=None)) == same_category(first, other)).all()
    assert (same_category(first.assign(synset=None), other) == same_category(first, other)).all()
    assert (same_category(first, other.assign(name="x", synset=None)) == -1).all()


def test_one_name_with_two_synsets_is_two_categories():
    ours = categories(("crane", "n1"), ("tub", "n2"), ("mug", None), ("cup", "n3"))
    theirs = categories(("mug", None), ("crane", "n9"), ("bath", "n2"), ("cup", None))
    assert same_category(ours, theirs).tolist() == [-1, 2, 0, 3]


def test_images_are_joined_by_their_names_not_by_their_places():
    rows, partners = joined_rows(["a", "b", "c", "d"], ["d", "x", "b"])
    assert rows.tolist() == [1, 3] and partners.tolist() == [2, 0]
