"""An equation to be copied holds every term, and is what it says when it is read again."""

import re

import pandas as pd
import pytest

from explorer.words.equation_text import as_latex, as_text


def terms(*rows: tuple[str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["source_name", "coefficient"])


TWO = terms(("guinea pig", 0.31239), ("broccoli", -0.052))


def test_text_has_every_term_and_the_constant_with_its_sign():
    assert as_text("hamster", TWO, -1.25) == (
        "hamster ≈ 0.3124 · guinea pig − 0.052 · broccoli − 1.25"
    )
    assert as_text("hamster", TWO, None) == "hamster ≈ 0.3124 · guinea pig − 0.052 · broccoli"
    assert as_text("hamster", TWO[1:], None) == "hamster ≈ −0.052 · broccoli"


def test_latex_has_every_term_and_the_constant_with_its_sign():
    assert as_latex("hamster", TWO, 0.5) == (
        r"f_{\text{hamster}} \approx 0.3124\, f_{\text{guinea pig}} - 0.052\, f_{\text{broccoli}} + 0.5"
    )
    assert as_latex("a", terms(("b", -1.5e-6)), None) == (
        r"f_{\text{a}} \approx -1.5 \times 10^{-6}\, f_{\text{b}}"
    )


def test_an_equation_without_terms_is_zero_or_its_constant():
    assert as_text("hamster", terms(), None) == "hamster ≈ 0"
    assert as_text("hamster", terms(), 2.0) == "hamster ≈ 2"
    assert as_latex("hamster", terms(), None) == r"f_{\text{hamster}} \approx 0"


@pytest.mark.parametrize("letter", list("&%$#_{}\\~^"))
def test_no_name_is_read_as_latex(letter):
    """Taking out what is escaped leaves no letter that LaTeX reads as more than itself."""
    found = as_latex(f"a{letter}b", terms(), None)
    (name,) = re.findall(r"\\text\{(.*)\}\}", found.removesuffix(r" \approx 0"))
    rest = re.sub(r"\\text(?:backslash|asciitilde|asciicircum)\{\}|\\[&%$#_{}]", "", name)
    assert rest == "ab" and name != f"a{letter}b"


def test_a_sum_of_the_written_terms_is_the_equation():
    many = terms(*((f"s{k}", (-1) ** k * 0.7**k) for k in range(20)))
    logits = {f"s{k}": float(k) for k in range(20)}
    written = as_text("t", many, 3.0).partition("≈ ")[2].replace("−", "-")
    value = eval(re.sub(r"· (s\d+)", r"* logits['\1']", written))
    assert value == pytest.approx(sum(w * logits[n] for n, w in many.to_numpy()) + 3.0, abs=0.02)
