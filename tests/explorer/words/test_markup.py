"""Equations as HTML: names come from users' files, so they are escaped."""

import pandas as pd

from explorer import theme
from explorer.words import markup


def terms(*pairs: tuple[str, float]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["source_name", "coefficient"])


def test_the_equation_is_written_out():
    found = markup.equation_html(
        "hamster", terms(("guinea pig", 0.22), ("<i>", -0.1)), 1.5, "m", theme.LIGHT
    )
    assert "guinea pig" in found and "&lt;i&gt;" in found and "<i>" not in found
    assert "category?model=m&amp;category=guinea+pig" in found
    assert found.index("0.22") < found.index("− ") < found.index("0.10") < found.index("1.50")


def test_a_long_equation_says_how_much_it_leaves_out():
    long = terms(*((f"c{k}", 1.0) for k in range(20)))
    assert "and 8 smaller ones" in markup.equation_html("t", long, None, "m", theme.LIGHT)
    assert "no source has entered" in markup.equation_html(
        "t", long.iloc[:0], None, "m", theme.LIGHT
    )
