"""Experiments on unseen categories as the page shows them, against the tables and by brute force."""

import base64
import json
import shutil
from functools import partial

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from explorer.answers import unseen
from explorer.answers.unseen import Experiment
from explorer.answers.verdicts import unseen as unseen_verdicts
from explorer.session import cache, experiments
from explorer.words.formatting import percent
from precompute.atlas import schema
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.equations.fit import FitOptions
from precompute.runs.unseen import UnseenRun
from precompute.unseen import seen_unseen_curve
from precompute.unseen.map_key import CALIBRATIONS, CEILING, RIDGE, MapKey
from tests.support.linked import N_UNSEEN
from tests.support.pages import header, metrics, tiles
from tests.support.pictured import jpeg, with_paths

TITLE = "Unseen categories"


@pytest.fixture(scope="module")
def experiment(linked_atlas) -> Experiment:
    (folder,) = experiments.by_title(linked_atlas.root).values()
    return experiments.read(linked_atlas.root, folder)


@pytest.fixture
def page(open_page, linked_atlas):
    return partial(open_page, "unseen", root=linked_atlas.root)


def every_map(experiment: Experiment) -> list[MapKey]:
    sparse = [MapKey("dependency", n, r) for n in experiment.levels for r in (False, True)]
    return [*sparse, RIDGE, CEILING]


def held_out(linked_atlas: Atlas, experiment: Experiment) -> tuple[pd.DataFrame, np.ndarray]:
    """The predictions of the largest refit map, and the student's logits of their images."""
    key = MapKey("dependency", experiment.levels[-1], True)
    rows = unseen.rows_of(experiment.predictions, key, "category")
    images = cache.holdout(linked_atlas.root, experiment.student)
    return rows, images.logits[pd.Index(images.image_ids).get_indexer(rows["image_id"])]


def test_any_gamma_gives_the_figures_of_the_tables(experiment):
    for key in every_map(experiment):
        for calibration in CALIBRATIONS:
            stored = unseen.metric(experiment, key, calibration)
            result = unseen.outcome_of(experiment, key, calibration)
            (found,) = seen_unseen_curve.figures(result, [stored["gamma"]])
            for name in seen_unseen_curve.METRICS:
                assert float(found[name]) == pytest.approx(stored[name], abs=1e-6), (key, name)


def test_gamma_moves_the_balance_exactly(experiment):
    result = unseen.outcome_of(experiment, MapKey("dependency", 4, True), "category")
    for gamma in (-2.0, 0.5, 3.0):
        (found,) = seen_unseen_curve.figures(result, [gamma])
        to_unseen = result.unseen_score > result.seen_logit.astype(float) - gamma
        right = np.where(to_unseen, result.unseen_right, result.seen_right)
        assert float(found["U"]) == pytest.approx(right[result.unseen].mean())
        assert float(found["S"]) == pytest.approx(right[~result.unseen].mean())


def test_the_pages_scores_are_those_that_were_judged(linked_atlas, experiment):
    rows, logits = held_out(linked_atlas, experiment)
    for at, category in enumerate(experiment.unseen["teacher_category"]):
        truth = (rows["unseen"] & (rows["true_category"] == category)).to_numpy()
        if not truth.any():
            continue
        for key in every_map(experiment):
            score = unseen.raw_score(experiment, key, int(category), logits)
            table = unseen.rows_of(experiment.ranking, key)
            assert roc_auc_score(truth, score) == pytest.approx(table["auroc"].iat[at], abs=1e-4)


def test_one_pictures_ranking_is_that_of_the_predictions(linked_atlas, experiment):
    rows, logits = held_out(linked_atlas, experiment)
    key = MapKey("dependency", experiment.levels[-1], True)
    names = (
        cache.network(linked_atlas.root, experiment.student, "readable")
        .categories["name"]
        .to_numpy()
    )
    unseen_names = experiment.unseen.set_index("teacher_category")["name"]
    gamma, _, _ = unseen.calibration_of(experiment, key, "category")
    for at in range(0, len(rows), 17):
        row = rows.iloc[at]
        table = unseen.competition(experiment, key, "category", logits[at], names)
        best = table.drop_duplicates("kind").set_index("kind")
        assert best.at["seen", "category"] == names[row["seen_category"]]
        assert best.at["unseen", "category"] == unseen_names[row["unseen_category"]]
        assert best.at["unseen", "score"] == pytest.approx(row["unseen_score"], abs=1e-4)
        assert best.at["seen", "score"] == pytest.approx(row["seen_logit"] - gamma, abs=1e-4)


def test_a_sparse_equation_has_no_more_parents_than_it_may(experiment):
    category = int(experiment.unseen["teacher_category"].iat[0])
    for level in experiment.levels:
        terms = unseen.equation(experiment, MapKey("dependency", level, False), category)
        assert 0 < len(terms) <= level
        assert set(terms["source"]) <= set(experiment.seen)
    assert len(unseen.equation(experiment, RIDGE, category)) == len(experiment.seen)


def with_ranks(experiment: Experiment, sparse, dense) -> Experiment:
    """The experiment as if its maps had ranked the true categories so; both take the number of an image
    of an unseen category."""
    table = experiment.predictions.copy()
    for method, rank in (("dependency", sparse), ("ridge", dense)):
        for _, rows in table[(table["method"] == method) & table["unseen"]].groupby(
            ["n_parents", "refit", "calibration"], dropna=False
        ):
            table.loc[rows.index, "rank"] = [rank(k) for k in range(len(rows))]
    return Experiment(**{**vars(experiment), "predictions": table})


@pytest.mark.parametrize(
    ("sparse", "dense", "holds"),
    [
        (lambda k: k % 2, lambda k: k % 2, True),  # the same images
        (lambda k: 1, lambda k: 0, False),
        (lambda k: k % 2, lambda k: 1 - k % 2, None),  # as many, but others
    ],
)
def test_a_hope_holds_fails_or_stays_undecided(experiment, sparse, dense, holds):
    changed = with_ranks(experiment, sparse, dense)
    said = unseen_verdicts.verdicts(changed, MapKey("dependency", 4, True), "category")
    assert {hope: held for hope, held, _ in said}[unseen_verdicts.SPARSE] is holds


def test_the_area_under_the_drawn_precision_is_the_average_precision(page, experiment):
    app = page(unseen_parents="4")
    name = app.selectbox(key="unseen").value
    rows = unseen.ranked(experiment, MapKey("dependency", 4, True)).set_index("name")
    (chart,) = [c for c in app.get("plotly_chart") if "detect-Precision" in c.proto.id]
    figure = json.loads(chart.proto.spec)
    line = figure["data"][0]
    x, y = (_numbers(line[axis]) for axis in "xy")
    assert line["line"]["shape"] == "vh"
    assert np.sum(np.diff(x) * y[1:]) == pytest.approx(rows["average_precision"][name], abs=1e-6)


def _numbers(column) -> np.ndarray:
    if isinstance(column, dict):  # Plotly sends arrays as base64
        return np.frombuffer(base64.b64decode(column["bdata"]), column["dtype"])
    return np.array(column)


def test_every_unseen_category_stands_in_the_table(page, experiment):
    app = page(unseen_table="All unseen categories", unseen_parents="4")
    assert header(app) == TITLE
    table = unseen.ranked(experiment, MapKey("dependency", 4, True))
    assert any(
        list(frame.value.get("name", [])) == table["name"].tolist() for frame in app.dataframe
    )
    assert set(table["name"]) == set(experiment.unseen["name"])
    shown = table.loc[table["n_images"] > 0]
    assert any(f"show {len(shown)} of the unseen categories" in c.value for c in app.caption)


def test_files_of_one_name_make_two_experiments_that_can_be_told_apart(linked_atlas, tmp_path):
    again = Atlas(shutil.copytree(linked_atlas.root, tmp_path / "atlas"))
    student, teacher = again.models()
    labels = again.logits(teacher, "holdout")[1]
    shown = np.unique(labels[labels >= 0])
    names = again.read(schema.CATEGORIES, teacher)["synset"].iloc[shown].tolist()
    for folder, drawn in (("a", names[:3]), ("b", names[1:4])):
        file = tmp_path / folder / "mine.txt"
        file.parent.mkdir()
        file.write_text("\n".join(drawn))
        UnseenRun(again, student, teacher, str(file), FitOptions(max_parents=2), Silent()).run()
    found = experiments.by_title(again.root)
    assert len(found) == len(set(found.values())) == 3
    assert sum("mine.txt, seed 0" in title for title in found) == 2
    assert experiments.by_title(again.root, [teacher]) == {}


def test_two_draws_are_two_experiments(linked_atlas, tmp_path):
    again = Atlas(shutil.copytree(linked_atlas.root, tmp_path / "atlas"))
    UnseenRun(
        again, *again.models(), f"random:{N_UNSEEN}", FitOptions(max_parents=4, seed=1), Silent()
    ).run()
    assert [title.split(" · ")[1] for title in experiments.by_title(again.root)] == [
        f"random:{N_UNSEEN}, seed 0", f"random:{N_UNSEEN}, seed 1",
    ]  # fmt: skip


def test_the_page_starts_at_what_was_chosen_on_fit_images(page, experiment):
    app = page(unseen_parents="4")
    assert header(app) == TITLE
    stored = unseen.metric(experiment, MapKey("dependency", 4, True), "category")
    assert metrics(app)["U, unseen right"] == percent(stored["U"])
    assert metrics(app)["H"] == percent(stored["H"])
    assert app.slider(key="gamma").value == pytest.approx(stored["gamma"], abs=0.005)


def test_the_page_opens_with_the_achievement_beside_guessing_and_its_price(page, experiment):
    key = MapKey("dependency", 4, True)
    stored = unseen.metric(experiment, key, "category")
    said = " ".join(text.value for text in page(unseen_parents="4").markdown).replace("\\", "")
    assert (
        f"names {percent(stored['U'], 0)} of {experiment.info['n_holdout_unseen']} held-out" in said
    )
    assert "guessing would name" in said
    result = unseen.outcome_of(experiment, key, "category")
    alone = result.seen_right[~result.unseen].mean()
    assert f"instead of {percent(alone, 0)}" in said or "It costs nothing" in said


def test_one_draw_leaves_out_the_draw_and_several_are_pooled(
    page, linked_atlas, tmp_path, open_page
):
    assert any("leave out the draw of categories" in c.value for c in page().caption)
    again = Atlas(shutil.copytree(linked_atlas.root, tmp_path / "atlas"))
    options = FitOptions(max_parents=8, seed=1)
    UnseenRun(again, *again.models(), f"random:{N_UNSEEN}", options, Silent()).run()
    app = open_page("unseen", root=again.root, unseen_parents="4")
    assert any("over 2 draws of categories" in c.value for c in app.caption)
    notes = {metric.label: metric.delta for metric in app.metric}
    assert notes["H"].startswith("2 draws: ") and notes["AUSUC"] == "area, 0 to 1"


def test_figures_leave_the_page_in_percent_with_headings_that_say_so(experiment):
    table = unseen.in_percent(experiment.metrics)
    np.testing.assert_allclose(table["H_percent"], 100 * experiment.metrics["H"])
    assert "H" not in table and "ausuc" in table and "unseen_top5_high_percent" in table


def test_the_slider_moves_from_all_seen_to_all_unseen(page):
    app = page()
    slider = app.slider(key="gamma")
    slider.set_value(slider.max).run()
    assert metrics(app)["S, seen right"] == percent(0.0)
    top = metrics(app)["U, unseen right"]
    assert top == metrics(app)["Unseen-only top-1"] != percent(0.0)
    app.slider(key="gamma").set_value(slider.min).run()
    assert metrics(app)["U, unseen right"] == percent(0.0)


def test_another_map_starts_at_its_own_gamma(page, experiment):
    app = page(unseen_parents="4", gamma="1.5")
    assert app.slider(key="gamma").value == 1.5
    app.select_slider(key="unseen_parents").set_value("1").run()
    stored = unseen.metric(experiment, MapKey("dependency", 1, True), "category")
    assert header(app) == TITLE
    assert app.slider(key="gamma").value == pytest.approx(stored["gamma"], abs=0.005)


def test_a_category_comes_from_the_address(page, experiment):
    names = experiment.unseen["name"].tolist()
    assert len(names) == N_UNSEEN
    app = page(unseen=names[2])
    assert app.selectbox(key="unseen").value == names[2]
    wrong = page(unseen="no such", unseen_parents="77", gamma="nan")
    assert header(wrong) == TITLE
    said = " ".join(warning.value for warning in wrong.warning)
    assert "unseen “no such”" in said and "77" in said and "gamma" in said


def test_pictures_are_shown_where_their_files_are(linked_atlas, open_page, tmp_path):
    def path_of(at: int) -> str:
        file = tmp_path / f"{at}.jpg"
        if at % 2:
            file.write_bytes(jpeg(at))
        return str(file)

    half = with_paths(linked_atlas, tmp_path / "atlas", path_of)
    app = open_page("unseen", root=half.root)
    assert header(app) == TITLE
    (body,) = tiles(app)
    assert 0 < body.count("<img ") < 12
    assert body.count("<img ") + body.count("no picture") == 12
    assert any("pictures are not shown" in caption.value for caption in app.caption)


def test_without_their_files_only_names_are_shown(page):
    app = page()
    assert tiles(app) == []
    assert any("No picture is shown" in caption.value for caption in app.caption)


def test_without_an_experiment_the_page_says_how_to_make_one(open_page):
    app = open_page("unseen")
    assert header(app) == TITLE
    assert any("python -m precompute unseen" in text.value for text in app.markdown)
