"""The choice of the sparsity: one control at the side, whose equations every page and file then has."""

import re

import pandas as pd
import pytest

from explorer.pages.category.controls import stepped
from explorer.session import cache
from precompute.atlas import schema
from tests.support.pages import components, header, metrics


def texts(app) -> str:
    """All captions of a page."""
    return "\n".join(caption.value for caption in app.caption)


def choose(app, choice: str):
    """Press the control at the side."""
    (control,) = [c for c in app.segmented_control if c.key == "choice"]
    return control.set_value(choice).run()


@pytest.fixture(scope="module")
def networks_of(atlas):
    return {c: cache.network(atlas.root, atlas.models()[0], c) for c in schema.CHOICES}


@pytest.mark.parametrize("choice", schema.CHOICES)
def test_the_address_brings_a_choice_and_the_overview_follows(networks_of, open_page, choice):
    network = networks_of[choice]
    app = open_page(model=network.name, choice=choice)
    header(app)
    assert metrics(app)["Dependencies"] == str(len(network.edges))
    (control,) = [c for c in app.segmented_control if c.key == "choice"]
    assert control.value == choice and control.label == "Equations"


def test_the_control_drives_figures_and_lists(networks_of, open_page):
    app = open_page(model=networks_of["few"].name)
    assert metrics(app)["Dependencies"] == str(len(networks_of["readable"].edges)), "the default"
    app = choose(app, "few")
    few = networks_of["few"]
    assert metrics(app)["Dependencies"] == str(len(few.edges))
    (table,) = [frame.value for frame in app.dataframe if "strongest" in str(frame.proto.id)]
    assert (
        table["coefficient"].tolist() == few.edges.nlargest(50, "strength")["coefficient"].tolist()
    )


def test_an_unknown_choice_is_refused_aloud(open_page, networks_of):
    app = open_page(model=networks_of["few"].name, choice="most")
    assert any("choice “most”" in warning.value for warning in app.warning)
    assert metrics(app)["Dependencies"] == str(len(networks_of["readable"].edges))


def drawn(app) -> set[tuple[str, str]]:
    """(target, source) by name of every edge in the category's graph."""
    (graph,) = components(app, "edges")
    names = [node["name"] for node in graph["nodes"]]
    return {(names[e["target"]], names[e["source"]]) for e in graph["edges"]}


@pytest.mark.parametrize("choice", schema.CHOICES)
def test_graph_table_and_file_of_a_category_hold_the_same_edges(networks_of, open_page, choice):
    network = networks_of[choice]
    app = open_page("category", model=network.name, category=network.name_of(0), choice=choice)
    header(app)
    edges = network.edges
    mine = edges[(edges["target"] == 0) | (edges["source"] == 0)]
    expected = set(zip(mine["target_name"], mine["source_name"], strict=True))
    assert drawn(app) == expected
    (table,) = [f.value for f in app.dataframe if {"source_name", "half_samples"} <= set(f.value)]
    assert set(zip(table["target_name"], table["source_name"], strict=True)) == expected


def test_the_slider_starts_at_the_number_of_the_choice_also_after_it_was_moved(
    networks_of, open_page
):
    sizes = {
        c: int(n.chosen.set_index("target").loc[1, "n_parents"]) for c, n in networks_of.items()
    }
    few = networks_of["few"]
    app = open_page("category", model=few.name, category=few.name_of(1))
    slider = app.slider(key="sparsity")
    assert slider.value == sizes["readable"] != sizes["few"]
    app = slider.set_value(1.5).run()
    (back,) = [b for b in app.button if b.key == "sparsity_back"]
    assert back.label == f"Back to readable: {sizes['readable']}"
    app = choose(app, "few")
    assert app.slider(key="sparsity").value == sizes["few"]
    assert app.slider(key="sparsity").max == 8, "to the end of the path"


def test_a_step_goes_to_the_next_size_that_is_stored():
    class Path:
        """Sizes of a path whose beginning alone is whole."""

        sizes = [0, 1, 2, 3, 5, 8]

        @staticmethod
        def nearest_size(size: float) -> float:
            return size if size <= 3 else min((3, 5, 8), key=lambda k: abs(k - size))

    assert [stepped(Path, s, True) for s in (0.5, 2, 3, 5)] == [1, 3, 5, 8]
    assert [stepped(Path, s, False) for s in (8, 5, 3, 2.5)] == [5, 3, 2, 2]


def test_a_path_that_stopped_says_so_and_one_that_did_not_does_not(atlas, networks_of, open_page):
    best = networks_of["best"]
    flags = best.chosen.set_index("target")["stopped"]
    early, late = int(flags.idxmax()), int(flags.idxmin())
    assert flags[early] and not flags[late]
    for target, said in ((early, True), (late, False)):
        app = open_page("category", model=best.name, category=best.name_of(target), choice="best")
        assert ("stopped at 8 parents; more would still help" in texts(app)) == said
    overview = texts(open_page(model=best.name, choice="best"))
    assert (
        f"best: for {int(flags.sum())} of {len(flags)} categories the path stopped at 8" in overview
    )
    assert "more would still help" not in texts(open_page(model=best.name))  # nothing chose 8


def test_every_sparsity_says_where_the_path_stopped(networks_of, open_page):
    best = networks_of["best"]
    target = int(best.chosen.set_index("target")["stopped"].idxmax())
    app = open_page(
        "category", model=best.name, category=best.name_of(target), table="Every sparsity"
    )
    (table,) = [f.value for f in app.dataframe if "cv_error" in f.value]
    words = dict(zip(table["n_parents"], table["choice"], strict=True))
    assert words[8].endswith("stopped at 8 parents; more would still help")
    assert "readable" in words[8] and sum("best" in said for said in words.values()) == 1
    assert {"random_r2", "correlated_error", "dense_r2", "within_half_sd_mean"} <= set(table)


def opacities(app) -> list[float]:
    (graph,) = components(app, "edges")
    return [edge["opacity"] for edge in graph["edges"]]


def legend(app) -> str:
    return "".join(e.proto.body for e in app.get("html") if 'class="nde-key"' in e.proto.body)


def test_stability_is_drawn_as_opacity_with_an_entry_in_the_legend(networks_of, open_page):
    network = networks_of["readable"]
    app = open_page(
        "category", model=network.name, category=network.name_of(0), direction="parents"
    )
    own = network.edges[network.edges["target"] == 0]
    assert sorted(opacities(app)) == pytest.approx(sorted(0.2 + 0.8 * own["stability"]), abs=0.006)
    assert "pale: few half-samples" in legend(app) and "not measured" not in legend(app)
    assert len(set(opacities(app))) > 1


def test_where_stability_was_not_measured_the_graph_says_so(networks_of, open_page):
    network = networks_of["readable"]
    app = open_page(
        "category", model=network.name, category=network.name_of(0), direction="parents",
        sparsity="3",
    )  # fmt: skip
    assert set(opacities(app)) == {0.85}
    assert "stability not measured" in legend(app) and "pale:" not in legend(app)
    (table,) = [f.value for f in app.dataframe if {"source_name", "half_samples"} <= set(f.value)]
    assert table["stability"].isna().all() and table["half_samples"].isna().all()


def test_the_filter_by_stability_comes_from_the_address(networks_of, open_page):
    network = networks_of["readable"]
    app = open_page(model=network.name, stability="90")
    kept = int((network.edges["stability"] > 0.899).sum())
    assert 0 < kept < len(network.edges)
    assert f"{kept} of {len(network.edges)} dependencies pass" in texts(app)
    assert app.slider(key="stability").value == 90


def baseline_tables(app) -> list[pd.DataFrame]:
    """Labels and R² of every table of baselines."""
    bodies = [e.proto.body for e in app.get("html") if 'class="nde-beside"' in e.proto.body]
    rows = [
        re.findall(r'<th scope="row">(.*?)</th><td>.*?</span><b>(.*?)</b></td>', b) for b in bodies
    ]
    return [pd.DataFrame(found, columns=["what", "r2"]) for found in rows]


def test_an_equation_stands_beside_its_baselines(networks_of, open_page):
    network = networks_of["readable"]
    app = open_page("category", model=network.name, category=network.name_of(0))
    (table,) = baseline_tables(app)
    row = network.chosen.set_index("target").loc[0]
    shown = dict(zip(table["what"], table["r2"], strict=True))
    assert shown["8 random parents"] == f"{row['random_r2']:.2f}".replace("-", "−")
    assert shown["This equation, lasso"] == metrics(app)["Held-out R²"]
    assert shown["This equation, refit"] == f"{row['r2_refit']:.2f}".replace("-", "−")
    assert "Rank " in texts(app) and "nearest number" not in texts(app)


def test_a_link_stands_beside_its_baselines_and_has_its_constant(linked_atlas, open_page):
    target, source = sorted(cache.linked_pairs(linked_atlas.root))[0]
    app = open_page("links", root=linked_atlas.root, model=target, source=source)
    header(app)
    assert len(baseline_tables(app)) == 1
    assert "Between networks that forces no equation" in texts(app)
    (first, *_) = [e.proto.body for e in app.get("html") if 'nde-equation"' in e.proto.body]
    assert re.search(r"[+−] <b>\d+\.\d\d</b>(?!&nbsp;)", first), "a constant without a source"
