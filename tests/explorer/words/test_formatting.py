"""Names come from users' files: they are shown, never obeyed."""

import pandas as pd
import pytest

from explorer import theme
from explorer.answers.heldout import Judgement
from explorer.answers.verdicts.replacement import replacement
from explorer.words import formatting


def test_markdown_shows_names_letter_by_letter():
    assert formatting.plain("[x](http://y) *b* $a$ :red[z]") == (
        r"\[x\]\(http\:\/\/y\) \*b\* \$a\$ \:red\[z\]".replace(r"\/", "/")
    )
    assert formatting.plain("a" * 200, 10) == "a" * 9 + "…"


@pytest.mark.parametrize(
    ("value", "shown"), [(0.123, "0.12"), (-1.5, "−1.50"), (None, "–"), (float("nan"), "–")]
)
def test_numbers(value, shown):
    assert formatting.number(value) == shown


@pytest.mark.parametrize(
    ("weight", "shown"),
    [(0.884, "0.88"), (-0.0551, "0.055"), (0.0012, "0.001"), (0.00042, "0.0004")],
)
def test_small_coefficients_keep_a_digit(weight, shown):
    assert formatting.weight_text(weight) == shown


def terms(*pairs: tuple[str, float]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["source_name", "coefficient"])


def test_the_equation_is_written_out():
    found = formatting.equation_html(
        "hamster", terms(("guinea pig", 0.22), ("<i>", -0.1)), 1.5, "m", theme.LIGHT
    )
    assert "guinea pig" in found and "&lt;i&gt;" in found and "<i>" not in found
    assert "category?model=m&amp;category=guinea+pig" in found
    assert found.index("0.22") < found.index("− ") < found.index("0.10") < found.index("1.50")


def test_a_long_equation_says_how_much_it_leaves_out():
    long = terms(*((f"c{k}", 1.0) for k in range(20)))
    assert "and 8 smaller ones" in formatting.equation_html("t", long, None, "m", theme.LIGHT)
    assert "no source has entered" in formatting.equation_html(
        "t", long.iloc[:0], None, "m", theme.LIGHT
    )


def judged(**changes: float) -> Judgement:
    values = {
        "error": 0.1, "r2": 0.9, "within_half_sd": 0.5, "within_one_sd": 0.9, "top1_before": 0.8,
        "top1_after": 0.8, "recall_before": 0.9, "recall_after": 0.9, "fpr_before": 0, "fpr_after": 0,
        "n_of_target": 10,
    }  # fmt: skip
    return Judgement(**(values | changes))


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        ({}, True),
        ({"recall_after": 0.2}, False),
        ({"recall_before": 0.0}, None),
        ({"n_of_target": 0}, None),
    ],
)
def test_a_claim_that_fails_is_said_to_fail(changes, holds):
    found, sentence = replacement(judged(**changes), "hamster", labelled=True)
    assert found is holds
    assert ("does not hold" in sentence) == (holds is False)
