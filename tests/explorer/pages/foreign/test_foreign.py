"""The page on foreign images: every view of it, and what it says where something is missing."""

import shutil

import numpy as np
import pytest

from explorer.answers.foreign import standing
from explorer.session import cache, foreign
from precompute.atlas import schema
from precompute.atlas.contract.schema_robustness import BROKEN, OOD
from precompute.atlas.store import Atlas
from precompute.ood.scores import NAMES
from precompute.ood.verdict import at_choice
from precompute.ood.verdict import verdict as judge
from tests.support.foreign import foreign_logits, look
from tests.support.pages import header, metrics, tiles
from tests.support.pictured import jpeg, with_paths
from tests.support.planting import N_PLANTED

VIEWS = ("Equations", "Images", "All networks")


def captions(app) -> str:
    return "\n".join(caption.value.replace("\\", "") for caption in app.caption)


def verdict(app) -> str:
    """The box below “In short”."""
    (box,) = [*app.success, *app.warning, *app.info]
    return box.value.replace("\\", "")


def table_with(app, column):
    (found,) = (table.value for table in app.dataframe if column in table.value)
    return found


@pytest.fixture
def copied(linked_atlas, tmp_path) -> Atlas:
    """An atlas of the test's own, to look at other sets."""
    shutil.copytree(linked_atlas.root, tmp_path / "atlas")
    return Atlas(tmp_path / "atlas")


@pytest.mark.parametrize("choice", schema.CHOICES)
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_at_every_choice(open_page, linked_atlas, view, choice):
    app = open_page("foreign", root=linked_atlas.root, foreign_table=view, choice=choice)
    assert header(app) == "Foreign images"
    folder = foreign.sets_of(linked_atlas.root, linked_atlas.models()[0])["mixed"]
    rows = foreign.scores_beside(linked_atlas.root, folder, choice)
    broken = at_choice(linked_atlas.read(BROKEN, folder=folder), choice)
    found = judge(rows, broken, 60, len(linked_atlas.image_ids("planted-a", "holdout")))
    assert f"Dependency score: {found.beside}." in verdict(app) and found.said in verdict(app)
    assert bool(app.success) == (found.holds is True)
    best = rows[rows["score"] == standing.best(rows, standing.CONTROL)].iloc[0]
    title = best["name"][0].upper() + best["name"][1:]
    assert metrics(app)[title] == f"AUROC {best['auroc']:.3f}"


def test_planted_dependencies_break_where_only_they_are_lost(open_page, linked_atlas):
    app = open_page("foreign", root=linked_atlas.root, choice="best")
    assert header(app)
    rows = table_with(app, "ratio").set_index("name")["ratio"]
    network = cache.network(linked_atlas.root, linked_atlas.models()[0], "best")
    assert rows.is_monotonic_decreasing
    assert rows[[network.name_of(target) for target in range(N_PLANTED)]].min() > 5


def test_a_network_that_saw_nothing_is_told_how(open_page, atlas):
    app = open_page("foreign", model=atlas.models()[1])
    assert header(app) == "Foreign images"
    (command,) = (code.value for code in app.code if "precompute" in code.value)
    assert command == (
        f"python -m precompute ood {atlas.models()[1]} --images FOLDER --atlas {atlas.root}"
    )
    assert not app.dataframe and not app.get("plotly_chart")


def test_what_other_networks_saw_is_shown_all_the_same(open_page, copied):
    shutil.rmtree(copied.root / "ood" / "planted-b--mixed")
    app = open_page("foreign", root=copied.root, model="planted-b")
    assert header(app) == "Foreign images"
    assert set(table_with(app, "difference")["model"]) == {"planted-a"}


def test_a_set_of_two_images_decides_nothing(open_page, linked_atlas):
    for view in VIEWS:
        app = open_page("foreign", root=linked_atlas.root, foreign_set="small", foreign_table=view)
        assert header(app)
        assert "2 foreign images and" in verdict(app) and "are too few" in verdict(app)
        assert app.info
    app = open_page("foreign", root=linked_atlas.root, foreign_set="small", foreign_table=VIEWS[1])
    assert [html.count("<figure>") for html in tiles(app)] == [1, 1]


def test_a_set_of_one_image_has_one_end(open_page, copied):
    look(copied, "planted-a", "one", foreign_logits(copied, "planted-a", 1))
    app = open_page("foreign", root=copied.root, foreign_set="one", foreign_table=VIEWS[1])
    assert header(app)
    assert [html.count("<figure>") for html in tiles(app)] == [1]


def test_many_sets_are_offered_and_compared(open_page, copied):
    logits = foreign_logits(copied, "planted-a", 3)
    for k in range(9):
        look(copied, "planted-a", f"set-{k}", logits)
    app = open_page("foreign", root=copied.root, foreign_set="set-7", foreign_table=VIEWS[2])
    assert header(app)
    assert len(app.selectbox(key="foreign_set").options) == 11
    assert app.selectbox(key="foreign_set").value == "set-7"
    assert len(table_with(app, "difference")) == 12


def test_an_unknown_set_is_refused_aloud(open_page, linked_atlas):
    app = open_page("foreign", root=linked_atlas.root, foreign_set="nonsense")
    assert header(app)
    assert any("nonsense" in said.value for said in app.warning)


def test_without_files_every_image_keeps_its_words(open_page, linked_atlas):
    for ends, n, said in (
        ("foreign", 12, "python -m precompute ood"),
        ("held-out", 12, "--images FOLDER"),
    ):
        app = open_page("foreign", root=linked_atlas.root, foreign_table=VIEWS[1], ends=ends)
        assert header(app)
        least, most = tiles(app)
        assert least.count("no picture") + most.count("no picture") == n
        assert "percentile" in least and "score " in most
        assert said in captions(app)


def test_pictures_are_those_of_the_images(open_page, copied, tmp_path):
    photos = tmp_path / "photos"
    photos.mkdir()
    for k in range(30):
        (photos / f"{k:02d}.jpg").write_bytes(jpeg(k))
    folder = look(copied, "planted-a", "photos", foreign_logits(copied, "planted-a", 30), photos)
    app = open_page("foreign", root=copied.root, foreign_set="photos", foreign_table=VIEWS[1])
    assert header(app)
    least, most = tiles(app)
    assert least.count("<img ") == most.count("<img ") == 6
    rows = foreign.foreign_images(copied.root, folder, "planted-a", "readable")
    assert f'title="{rows["image_id"].iat[0]}"' in least.split("<img ")[1]
    assert f'title="{rows["image_id"].iat[-1]}"' in most.split("<img ")[1]
    (photos / rows["image_id"].iat[0].split("/")[-1]).unlink()
    app = open_page("foreign", root=copied.root, foreign_set="photos", foreign_table=VIEWS[1])
    assert header(app) and "1 of these 12 pictures are not shown" in captions(app)
    assert [html.count("no picture") for html in tiles(app)] == [1, 0]


def test_held_out_pictures_come_from_the_folder_that_the_reader_names(
    open_page, linked_atlas, tmp_path
):
    (tmp_path / "held").mkdir()
    moved = with_paths(linked_atlas, tmp_path / "atlas", lambda at: f"/nowhere/{at}.jpg")
    for at, image_id in enumerate(linked_atlas.image_ids("planted-a", "holdout")):
        (tmp_path / "held" / image_id).write_bytes(jpeg(at))
    app = open_page(
        "foreign", "--images", str(tmp_path / "held"), root=moved.root,
        foreign_table=VIEWS[1], ends="held-out",
    )  # fmt: skip
    assert header(app)
    assert [html.count("<img ") for html in tiles(app)] == [6, 6]


def test_other_weights_than_those_that_looked_are_named(open_page, copied):
    folder = look(copied, "planted-a", "old", foreign_logits(copied, "planted-a", 30))
    info = copied.read(OOD, folder=folder).assign(weights_sha256="0" * 64)
    copied.write(OOD, info, {"test": True}, folder)
    app = open_page("foreign", root=copied.root, foreign_set="old")
    assert header(app) and "other weights now" in captions(app)
    app = open_page("foreign", root=copied.root, foreign_set="mixed")
    assert header(app) and "other weights now" not in captions(app)


def test_a_damaged_table_is_an_error_in_words(open_page, copied):
    (copied.root / "ood" / "planted-a--mixed" / "scores.parquet").write_bytes(b"nothing")
    app = open_page("foreign", root=copied.root, foreign_set="mixed")
    assert header(app) == "Foreign images"
    assert "not a readable parquet file" in app.error[0].value.replace("\\", "")


@pytest.mark.parametrize("score", ["energy", "max / PCA residual"])
def test_the_distribution_is_that_of_the_score(open_page, linked_atlas, score):
    app = open_page("foreign", root=linked_atlas.root, score=score)
    assert header(app)
    folder = foreign.sets_of(linked_atlas.root, "planted-a")["mixed"]
    found = foreign.read(linked_atlas.root, folder, "readable")
    name = next(key for key, title in NAMES.items() if title == score)
    held_out, other = found.values(name)
    share = np.mean(other >= standing.threshold(held_out))
    assert f"{100 * share:.0f} % of the 60 foreign images reach" in captions(app)
