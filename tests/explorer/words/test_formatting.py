"""Names come from users' files: they are shown, never obeyed."""

import pytest

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
