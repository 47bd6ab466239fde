"""The page of cut networks in every state, and that it says plainly what came out."""

import shutil

import numpy as np
import pandas as pd
import pytest

from precompute.atlas.contract.schema_robustness import CUT_SIDES, GAIN
from precompute.atlas.store import Atlas
from tests.support.cuts import write_cut
from tests.support.pages import header, metrics

TITLE = "Cut dependencies"


@pytest.fixture
def cuttable(atlas, tmp_path) -> Atlas:
    """An atlas to put cut networks into."""
    shutil.copytree(atlas.root, tmp_path / "atlas")
    return Atlas(tmp_path / "atlas")


@pytest.fixture
def opened(open_page, cuttable):
    """The page of an atlas whose first network was cut as the options say."""

    def opened(**options):
        model = cuttable.models()[0]
        write_cut(cuttable, model, **options)
        return open_page("cut", root=cuttable.root, model=model)

    return opened


def said(app) -> str:
    return "\n".join(found.value.replace("\\", "") for found in app.markdown)


def table_with(app, column: str) -> pd.DataFrame:
    (found,) = (table.value for table in app.dataframe if column in table.value)
    return found


def subheaders(app) -> list[str]:
    return [found.value for found in app.subheader]


def test_it_opens_with_what_came_out(opened):
    app = opened()
    assert header(app) == TITLE
    first = said(app)
    assert (
        "CovLasso drops 100 % of 3 cut dependencies (mean over 3 seeds; in the control 0 %)"
        in first
    )
    assert "at least 90 % are gone, as asked for" in first
    assert "less the control's: −0.2 points" in first and "within half a point" in first
    assert "Of all other readable dependencies 93 % are still there (control 95 %)" in first
    assert "Robustness improved: AUROC of max softmax +0.020 (+0.010 to +0.030)" in first
    assert metrics(app) == {
        "Dropped": "100 %", "Top-1, points": "−0.2", "Others kept": "93 %", "AUROC over control": "+0.020",
        "AUROC over before": "+0.021",
    }  # fmt: skip
    assert all(metric.help for metric in app.metric)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"gain": -0.02}, "Robustness did not improve, it fell: AUROC of max softmax −0.020"),
        (
            {"gain": 0.002},
            "Whether robustness improved cannot be told: AUROC of max softmax +0.002",
        ),
        (
            {"sets": ()},
            "not tested: the network has looked at no foreign images (python -m precompute ood",
        ),
        ({"still": 1 / 3}, "drops 67 % of 3 cut dependencies"),
        ({"still": 1 / 3}, "at least 90 % were to go"),
        ({"still": 1 / 3}, "not tested, since too little was cut"),
        (
            {"top1": (0.8, 0.79, 0.77)},
            "−2.0 points (−2.0 to −2.0 over seeds), more than half a point lost",
        ),
        ({"top1": (np.nan,) * 3}, "accuracy is not known: no held-out image has a label"),
        ({"n_seeds": 1}, "cannot be told from fewer than 3 seeds"),
        ({"n_seeds": 1}, "one seed, without an interval"),
    ],
)
def test_what_did_not_work_is_said_plainly(opened, options, words):
    app = opened(**options)
    assert header(app) == TITLE
    assert words in said(app)


def test_without_labels_and_with_one_seed_no_figure_is_made_up(opened):
    app = opened(top1=(np.nan,) * 3, n_seeds=1)
    assert header(app) == TITLE
    assert metrics(app)["Top-1, points"] == "–"
    whole = table_with(app, "difference").set_index("measure")
    assert whole.loc["Top-1, held-out images", ["before", "difference"]].isna().all()
    assert whole[["low", "high"]].isna().all(axis=None)


def test_every_cut_dependency_stands_in_the_table(opened, network):
    app = opened(still=1 / 3)
    rows = table_with(app, "pull_after")
    expected = [(0, 8), (0, 9), (3, 17)]
    assert sorted(zip(rows["target_name"], rows["source_name"], strict=True)) == sorted(
        (network.name_of(target), network.name_of(source)) for target, source in expected
    )
    assert sorted(rows["selected"]) == [0, 0, 3] and set(rows["n_seeds"]) == {3}
    assert rows["pull_before"].tolist() == pytest.approx([2.0] * 3)
    assert sorted(rows["pull_after"]) == pytest.approx([0.85, 0.85, 2.05])
    assert set(rows["detour"]) == {network.name_of(12)}
    assert "3 of 3 come back through a third category by at least 10 %" in said(app)
    assert "at least one seed still selects 1 of 3 at the same λ / λ max" in said(app)


def test_foreign_images_have_every_set_and_score(opened):
    rows = table_with(opened(sets=("textures", "noise")), "gain")
    rows = rows[rows["score"] == "max softmax"]
    assert rows["set"].tolist() == ["all sets", "textures", "noise"]
    assert rows["gain"].tolist() == pytest.approx([0.02] * 3)
    assert rows["auroc_after"].tolist() == pytest.approx([0.871] * 3)


def test_without_foreign_images_the_way_to_them_is_shown(opened):
    app = opened(sets=())
    assert any("has looked at no foreign images" in title for title in subheaders(app))
    assert "python -m precompute ood" in said(app)
    assert metrics(app)["AUROC over control"] == "–"


def test_without_a_gain_the_figures_are_shown_all_the_same(open_page, cuttable):
    name = write_cut(cuttable, cuttable.models()[0])
    rows = cuttable.read(GAIN, folder=f"cut/{name}")
    cuttable.write(GAIN, rows[:0], {"test": True}, f"cut/{name}")
    app = open_page("cut", root=cuttable.root, model=cuttable.models()[0])
    assert header(app) == TITLE
    assert table_with(app, "auroc_after")["auroc_after"].notna().all()
    assert "cannot be told without an interval" in said(app)
    assert not any("no foreign images" in title for title in subheaders(app))


def test_where_nothing_was_cut_there_is_a_way_to(open_page, atlas):
    app = open_page("cut")
    assert header(app) == TITLE
    assert any("No dependency of this network was cut" in title for title in subheaders(app))
    (code,) = app.code
    assert f"python -m precompute cut {atlas.models()[0]} --suspicious 20 --head-only" in code.value
    assert code.value.count(f"--atlas {atlas.root}") == 2


def test_a_network_without_cuts_names_those_that_have_some(open_page, cuttable):
    model, other = cuttable.models()
    write_cut(cuttable, model, "few0", asked="suspicious 3")
    app = open_page("cut", root=cuttable.root, model=other)
    assert f"cut networks of {model}" in said(app)


def test_of_several_cuts_one_is_chosen_and_all_are_compared(open_page, cuttable):
    model, other = cuttable.models()
    few = write_cut(cuttable, model, "few0", asked="suspicious 3")
    many = write_cut(cuttable, model, "many", asked="all.csv", still=1 / 3)
    app = open_page("cut", root=cuttable.root, model=model, cut=many)
    assert header(app) == TITLE and not app.warning
    assert "drops 67 %" in said(app)
    rows = table_with(app, "mark")
    assert rows["mark"].tolist() == ["cut-few0", "cut-many"]
    assert rows["still_selected"].tolist() == pytest.approx([0, 100 / 3])
    app.selectbox(key="cut").select(few).run()
    assert "drops 100 %" in said(app)
    app.selectbox(key="cut").select(many).run()
    assert app.query_params["cut"] == many
    alone = open_page("cut", root=cuttable.root, model=few)
    assert header(alone) == TITLE and "drops 100 %" in said(alone)
    assert not alone.selectbox(key="model").value == many
    none = open_page("cut", root=cuttable.root, model=other)
    assert any("No dependency of this network" in title for title in subheaders(none))


def test_a_cut_network_is_not_the_first_that_a_reader_sees(open_page, cuttable):
    model = cuttable.models()[0]
    before = open_page(root=cuttable.root).selectbox(key="model").value
    write_cut(cuttable, model, top1=(0.1, 0.9, 0.99))
    assert open_page(root=cuttable.root).selectbox(key="model").value == before


def test_an_unknown_cut_in_the_address_is_refused_aloud(open_page, cuttable):
    model = cuttable.models()[0]
    write_cut(cuttable, model, "one1"), write_cut(cuttable, model, "two2")
    app = open_page("cut", root=cuttable.root, model=model, cut="nonsense")
    assert header(app) == TITLE
    assert any("nonsense" in box.value for box in app.warning)


def test_an_unfinished_cut_is_an_error_in_words(open_page, cuttable):
    model = cuttable.models()[0]
    name = write_cut(cuttable, model)
    cuttable.remove(CUT_SIDES, f"cut/{name}")
    app = open_page("cut", root=cuttable.root, model=model)
    assert not app.exception
    assert any("sides.parquet is missing" in box.value for box in app.error)
