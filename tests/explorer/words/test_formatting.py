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


def test_one_of_a_kind_is_no_plural():
    said = [formatting.counted(n, "network") for n in (0, 1, 7, 1000)]
    assert said == ["0 networks", "1 network", "7 networks", "1\u202f000 networks"]


def test_places_end_as_they_are_said():
    said = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 62: "62nd",
            90: "90th", 100: "100th", 111: "111th"}  # fmt: skip
    assert {value: formatting.ordinal(value) for value in said} == said


def test_a_signed_number_says_its_side_and_zero_has_none():
    assert [formatting.signed(value) for value in (1.24, -4.0, 0.0)] == ["+1.2", "−4.0", "0.0"]
    assert formatting.signed(0.001, 2) == "0.00" and formatting.signed(0.01, 2) == "+0.01"
