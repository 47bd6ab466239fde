"""What the figures on redundancy draw: the line lies on the law, marks where they belong."""

import numpy as np
import pandas as pd
import pytest

from explorer.figures.redundancy import plots
from explorer.theme import DARK, LIGHT
from precompute.redundancy.spectrum import power_law
from precompute.redundancy.support import QUANTILES, column_of


@pytest.fixture
def spectrum():
    values = np.arange(1, 301) ** -1.2
    values[250:] = 0.0
    return pd.DataFrame(
        {"rank": np.arange(1, 301), "eigenvalue": values, "without": None, "edge": 1e-6}
    )


def traces(figure):
    return {trace.name: trace for trace in figure.data}


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_the_law_lies_on_the_spectrum(spectrum, colours):
    law = power_law(spectrum)
    found = traces(plots.spectrum_plot(spectrum, law, {"d + 1 = 251": 251}, colours))
    line = found["rank^−0.60, ranks 2 to 125"]
    np.testing.assert_allclose(line.y, np.sqrt(spectrum["eigenvalue"].iloc[[1, 124]]), rtol=1e-6)
    assert list(found["d + 1 = 251"].x) == [251, 251]
    assert found["all that rounding can make"].y[0] == pytest.approx(1e-3)
    dots = found["singular values"]
    assert dots.x[0] == 1 and dots.x[-1] == 250, "what is not positive has no place"
    assert len(traces(plots.spectrum_plot(spectrum, None, {}, colours))) == 2


def test_zero_redundancy_stands_at_the_left_end():
    rows = pd.DataFrame({"name": ["a<b>", "b"], "redundancy": [0.0, 0.02], "error": [0.1, 0.4]})
    figure = plots.redundancy_plot(rows, "floor", LIGHT)
    dots = traces(figure)["categories"]
    assert dots.x[0] == pytest.approx(0.01)
    assert dots.text[0] == "a&lt;b&gt;"
    assert "left end" in figure.layout.xaxis.title.text
    known = plots.redundancy_plot(rows.assign(redundancy=0.5), "floor", LIGHT)
    assert "left end" not in known.layout.xaxis.title.text


def test_support_ends_where_every_path_has_stopped():
    ratio = np.geomspace(1, 1e-3, 7)
    table = pd.DataFrame({"ratio": ratio, "stopped": [0, 0, 0.2, 0.6, 1, 1, 1.0]})
    table = table.assign(**{column_of(q): np.arange(7.0) for q in QUANTILES})
    line = traces(plots.support_plot(table, LIGHT))["median category"]
    np.testing.assert_allclose(line.x, ratio[:5])


def test_agreement_stands_beside_its_control():
    table = pd.DataFrame({
        "measure": ["Nearness in WordNet"], "sign": ["negative"], "auroc": [0.8], "auroc_low": [0.7],
        "auroc_high": [0.85], "auroc_control": [0.5],
    })  # fmt: skip
    found = traces(plots.agreement_plot(table, DARK))
    own = found["dependencies"]
    assert own.y[0] == "Nearness in WordNet,<br>negative"
    assert own.error_x.array[0] == pytest.approx(0.05)
    assert own.error_x.arrayminus[0] == pytest.approx(0.1)
    assert list(found["parents of another category"].x) == [0.5]
