"""A figure that leaves the page says whose it is, how sparse, how well it holds, beside what, on what."""

import html
from dataclasses import replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from explorer import theme
from explorer.answers.evidence.evidence import Evidence
from explorer.answers.network_pair import NetworkPair, Subject
from explorer.figures.looks import BUTTONS, captioned
from explorer.files import caption
from explorer.files.category_file import read_category_file
from explorer.session import cache
from explorer.words.formatting import count, number

TARGET = 2


@pytest.fixture
def evidence(atlas, network) -> Evidence:
    subject = Subject(NetworkPair.within(network), TARGET)
    position = subject.path.position_of_size(subject.chosen)
    return Evidence.at(subject, position, False, *cache.shared_holdout(atlas.root, subject.pair))


def test_an_equation_has_network_choice_r2_control_and_images(evidence, network):
    whose, how_well = caption.of_figure(evidence)
    row = network.chosen.set_index("target").loc[TARGET]
    assert network.name in whose and f"{int(row['n_parents'])} parent" in whose
    assert f"({network.choice})" in whose
    both = f"R² {number(row['r2'])} (refit {number(row['r2_refit'])})"
    assert f"{both} on {count(len(evidence.truth))} images" in how_well
    assert "refit" not in caption.of_equation(evidence.refit), "its only figure is that"
    assert f"control {number(row['control_r2'])}" in how_well


def test_away_from_the_choice_both_sizes_are_said(evidence):
    subject = evidence.subject
    one = Evidence(subject, evidence.equation[:1], evidence.images, evidence.predicted)
    assert caption.size_of(one) == f"1 parent ({subject.pair.choice}: {subject.chosen})"


def test_the_file_of_the_command_carries_the_same_and_the_sentence(atlas, network, evidence):
    drawn = read_category_file(atlas, network.name, network.name_of(TARGET), network.choice)
    lines = " ".join(drawn.lines)
    for said in (caption.of_equation(evidence), drawn.said, network.choice, caption.LEFT_AND_RIGHT):
        assert said in lines
    assert drawn.said.startswith("Explains ") and "solid blue" in lines
    # Names and signs are escaped in both; the sentence stands in each of them.
    beginning = drawn.said.partition(" of ")[0]
    assert beginning in drawn.svg() and drawn.html().count(beginning) == 2


def test_several_equations_have_their_medians(network):
    said = caption.of_network(network)
    lasso, refit = (number(network.chosen[name].median()) for name in ("r2", "r2_refit"))
    assert f"R² of {lasso} (refit {refit})" in said and network.choice in said
    stored = caption.of_stored(network, network.name_of(TARGET))
    assert number(network.chosen.set_index("target").at[TARGET, "r2_refit"]) in stored


def test_plots_of_several_networks_say_how_far_their_equations_go(network):
    r2 = pd.Series({"a": 0.31, "b": 0.84, "without an equation": np.nan})
    which, how_well = caption.of_label_set(network, r2, "Medians")
    assert which.startswith("3 networks") and network.choice in which
    assert how_well == "Medians: held-out R² from 0.31 (a) to 0.84 (b)."
    assert caption.of_label_set(network, r2[2:], "Medians")[1] == "Medians: no held-out R²."
    name = network.name_of(TARGET)
    (said,) = caption.of_category([network], name)
    assert said == f"{network.name}: {caption.of_stored(network, name)}"
    assert caption.of_category([network], "unheard of") == []
    sizes = pd.DataFrame({"n_holdout": [1300, 1200], "control_r2": [-0.01, 0.03]})
    (medians,) = caption.of_medians(sizes, refit=True)
    assert "2 networks, refit coefficients" in medians
    assert f"on {count(1200)} to {count(1300)} images" in medians
    pairs, judged = caption.of_pairs(sizes[:1], False, network.choice)
    assert "CovLasso" in pairs and f"on {count(1300)} images" in judged and "−0.01" in judged


def test_a_plot_of_logits_alone_says_whose_on_how_many_images(network):
    (said,) = caption.of_logits(network)
    for part in (network.name, f"{count(network.info['n_fit'])} fit images", "rank"):
        assert part in said


def test_a_map_says_whose_it_is_how_well_it_holds_and_how_to_read_it(network):
    whose, held, key = caption.of_map(network)
    assert network.name in whose and held == caption.of_network(network)
    assert "blue: positive" in key and "orange: negative" in key
    assert "The paler a line" in key
    unmeasured = replace(network, edges=network.edges.assign(stability=np.nan))
    assert "pale" not in " ".join(caption.of_map(unmeasured))


def test_a_plot_holds_its_lines_above_and_grows_by_them():
    plain = go.Figure(layout={"height": 300})
    figure = captioned(go.Figure(layout={"height": 300}), ("a <b> " * 30, "second"), theme.DARK)
    said = figure.layout.title
    rows = said.text.split("<br>")
    assert len(rows) > 2 and rows[-1] == "second" and "&lt;b&gt;" in rows[0]
    assert max(len(html.unescape(row)) for row in rows) <= 52, "wider than a phone"
    assert said.pad.t >= BUTTONS, "covered by Plotly's buttons"
    assert figure.layout.height == 300 + BUTTONS + 15 * len(rows)
    assert figure.layout.paper_bgcolor == theme.DARK.ground
    assert captioned(plain, (), theme.LIGHT).layout.height == 300
    assert (said.xref, said.x) == ("container", 0), "it starts where the names beside the plot do"
