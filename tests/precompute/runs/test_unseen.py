"""Unseen categories: planted equations reach the ceiling, noise does not, and no label ever calibrates."""

import shutil

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from precompute.atlas import schema
from precompute.atlas.contract import schema_unseen
from precompute.atlas.contract.schema_unseen import (
    CALIBRATION,
    CATEGORIES,
    DEPENDENCIES,
    EXPERIMENT,
    METRICS,
    PREDICTIONS,
    RANKING,
    RIDGE,
)
from precompute.atlas.files import read_metadata
from precompute.atlas.labels import from_names, imagenet_1k
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.commands.unseen import unseen as command
from precompute.equations.fit import FitOptions
from precompute.errors import UserError
from precompute.runs.model import ModelRun
from precompute.runs.unseen import UnseenRun
from precompute.sources.arrays import ArraySource
from precompute.unseen import calibration
from precompute.unseen.seen_unseen_curve import Outcome, figures, joined, outcome

N_SEEN, N_UNSEEN, N_IMAGES = 16, 8, 700
N = N_SEEN + N_UNSEEN
NAMES = imagenet_1k().categories["name"].tolist()[:N]
OPTIONS = FitOptions(max_parents=4)


def logits_and_truth() -> tuple[np.ndarray, np.ndarray]:
    """A student whose logit of unseen category c is half the sum of seen categories 2c and 2c + 1."""
    rng = np.random.default_rng(0)
    truth = rng.integers(N, size=N_IMAGES)
    logits = rng.normal(size=(N_IMAGES, N))
    rows = np.arange(N_IMAGES)
    is_seen = truth < N_SEEN
    logits[rows[is_seen], truth[is_seen]] += 5
    first = 2 * (truth[~is_seen] - N_SEEN)
    for parent in (first, first + 1):
        logits[rows[~is_seen], parent] += 4
    seen = logits[:, :N_SEEN]
    logits[:, N_SEEN:] = (seen[:, 0::2] + seen[:, 1::2]) / 2
    return logits, truth


def add_model(atlas: Atlas, name: str, logits: np.ndarray, truth: np.ndarray, ids=None) -> None:
    folder = atlas.root.parent / name
    folder.mkdir()
    np.save(folder / "logits.npy", logits.astype(np.float32))
    np.save(folder / "truth.npy", truth)
    source = ArraySource(
        name, folder / "logits.npy", from_names(NAMES[: logits.shape[1]]),
        truth=folder / "truth.npy", image_ids=ids, holdout=0.4,
    )  # fmt: skip
    ModelRun(atlas, source, OPTIONS, Silent()).run()


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> Atlas:
    """student (its unseen head can be masked); small (the same without that head); teacher (the student's
    seen logits with noise, its unseen ones times 1.5); shuffled (a teacher with the unseen logits of other
    images); stranger and friend (teachers on other images, and on all but 9 others)."""
    atlas = Atlas(tmp_path_factory.mktemp("unseen") / "atlas")
    logits, truth = logits_and_truth()
    rng = np.random.default_rng(1)
    add_model(atlas, "student", logits, truth)
    add_model(atlas, "small", logits[:, :N_SEEN], np.where(truth < N_SEEN, truth, -1))
    teacher = logits.copy()
    teacher[:, :N_SEEN] += 0.3 * rng.normal(size=(N_IMAGES, N_SEEN))
    teacher[:, N_SEEN:] *= 1.5
    add_model(atlas, "teacher", teacher, truth)
    shuffled = teacher.copy()
    shuffled[:, N_SEEN:] = teacher[rng.permutation(N_IMAGES), N_SEEN:]
    add_model(atlas, "shuffled", shuffled, truth)
    others = [f"other {row}" for row in range(N_IMAGES)]
    add_model(atlas, "stranger", teacher, truth, ids=others)
    common = [f"row {row}" for row in range(9)]
    add_model(atlas, "friend", teacher, truth, ids=common + others[9:])
    return atlas


@pytest.fixture(scope="module")
def listed(planted):
    """A file that names the planted unseen categories."""
    file = planted.root.parent / "unseen.txt"
    file.write_text("\n".join(NAMES[N_SEEN:]) + "\n")
    return str(file)


class Spoken(Silent):
    def __init__(self):
        self.said = []

    def say(self, text: str) -> None:
        self.said.append(text)


def run(atlas, student, teacher, categories, seed=0, report=None) -> UnseenRun:
    experiment = UnseenRun(
        atlas,
        student,
        teacher,
        categories,
        FitOptions(max_parents=4, seed=seed),
        report or Silent(),
    )
    experiment.run()
    return experiment


@pytest.fixture(scope="module")
def masked(planted, listed):
    """Every table of the experiment with a masked head, by file name."""
    return tables(planted, run(planted, "student", "teacher", listed))


def tables(atlas, experiment):
    return {t.file: atlas.read(t, folder=experiment.folder) for t in schema_unseen.UNSEEN_TABLES}


def row_of(metrics, method, kind, n_parents=None, refit=None):
    rows = metrics[(metrics["method"] == method) & (metrics["calibration"] == kind)]
    if n_parents is not None:
        rows = rows[(rows["n_parents"] == n_parents) & (rows["refit"] == refit)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_exact_combinations_reach_the_ceiling(masked):
    metrics = masked[METRICS.file]
    ceiling = row_of(metrics, "ceiling", "stacking")
    two_parents = row_of(metrics, "dependency", "category", 2, True)
    assert ceiling["unseen_top1"] > 0.9
    # 1.5 times the student's own logit: the order among unseen is the head's but for float16 rounding.
    assert two_parents["unseen_top1"] == pytest.approx(ceiling["unseen_top1"], abs=0.01)
    assert two_parents["H"] > 0.9 * ceiling["H"]
    assert row_of(metrics, "dependency", "category", 1, True)["H"] < two_parents["H"]


def test_the_planted_parents_are_found(masked):
    rows = masked[DEPENDENCIES.file].query("n_parents == 2")
    found = rows.groupby("target")["source"].apply(set).to_dict()
    assert found == {N_SEEN + c: {2 * c, 2 * c + 1} for c in range(N_UNSEEN)}
    # The teacher's logit is 1.5 times the student's, rounded to float16.
    np.testing.assert_allclose(rows["refit"], 0.75, atol=1e-3)
    assert (rows["relative_error_refit"] < 1e-5).all()
    assert (masked[DEPENDENCIES.file]["duality_gap"] < 1e-9).all()


def test_a_permuted_teacher_teaches_nothing(planted, listed):
    found = tables(planted, run(planted, "student", "shuffled", listed))
    best = found[METRICS.file].query("method == 'dependency'")["unseen_top1"].max()
    # 8 categories: chance is 0.125, and the best of 6 maps on about 90 images lies a bit above.
    assert best < 0.35
    aurocs = found[RANKING.file].query("method != 'ceiling'")["auroc"]
    assert abs(aurocs.mean() - 0.5) < 0.1
    assert row_of(found[METRICS.file], "ceiling", "stacking")["unseen_top1"] > 0.9


def test_a_student_without_a_head_scores_like_one_whose_head_is_masked(planted, masked):
    found = tables(planted, run(planted, "small", "teacher", f"random:{N_UNSEEN}"))
    experiment = found[EXPERIMENT.file].iloc[0]
    assert not experiment["masked"] and masked[EXPERIMENT.file]["masked"][0]
    assert experiment["n_holdout"] == masked[EXPERIMENT.file]["n_holdout"][0]
    known = masked[METRICS.file].query("method != 'ceiling'").reset_index(drop=True)
    drop = [name for name in known if name.endswith(("_low", "_high"))]
    assert found[METRICS.file].drop(columns=drop).equals(known.drop(columns=drop))
    unseen = found[CATEGORIES.file].query("not seen")
    assert unseen["student_category"].isna().all() and list(unseen["name"]) == NAMES[N_SEEN:]


def with_shuffled_labels(atlas, root) -> Atlas:
    """A copy of the atlas in which the labelled images have each other's labels, fit and held-out."""
    shutil.copytree(atlas.root, root)
    copy = Atlas(root)
    order = np.random.default_rng(5).permutation(N_IMAGES)
    for model in ("student", "teacher"):
        folder = copy.model_folder(model)
        rows = copy.read(schema.LOGITS, model)
        rows["label"] = rows["label"].to_numpy()[order]
        copy.write(schema.LOGITS, rows, {"shuffled": True}, folder)
    return copy


def test_calibration_never_sees_a_label(planted, listed, masked, tmp_path):
    copy = with_shuffled_labels(planted, tmp_path / "atlas")
    found = tables(copy, run(copy, "student", "teacher", listed))
    for table in (CATEGORIES, DEPENDENCIES, RIDGE, CALIBRATION):
        assert content(found[table.file]) == content(masked[table.file]), table.file
    before, after = (t[METRICS.file].query("method == 'ridge'")["U"].max() for t in (masked, found))
    assert after < before / 2, "the labels were not shuffled"


def test_a_cheating_calibration_would_be_caught(planted, listed, tmp_path, monkeypatch):
    """The control of the test above: a gamma that is chosen by held-out labels does change with them."""

    def cheat(_batches, _fold, partition, score) -> list[Outcome]:
        parts = []
        for batch in experiment._batches("holdout"):
            truth = partition.truth(batch.labels, batch.labels)
            seen, head = (
                batch.sources[:, side] for side in (partition.seen, partition.unseen_in_student)
            )
            parts.append([outcome(seen, scores, *truth) for scores in score(0, seen, head)])
        return [joined(part) for part in zip(*parts, strict=True)]

    monkeypatch.setattr(calibration, "fit_outcomes", cheat)
    shutil.copytree(planted.root, tmp_path / "true", ignore=shutil.ignore_patterns("unseen"))
    gammas = []
    for atlas in (Atlas(tmp_path / "true"), with_shuffled_labels(planted, tmp_path / "false")):
        experiment = UnseenRun(atlas, "student", "teacher", listed, OPTIONS, Silent())
        experiment.run()
        gammas.append(atlas.read(CALIBRATION, folder=experiment.folder)["gamma"].tolist())
    assert gammas[0] != gammas[1]


def content(table) -> str:
    return table.map(lambda cell: cell.tolist() if isinstance(cell, np.ndarray) else cell).to_json()


def test_a_page_can_move_gamma_exactly(masked):
    """predictions.parquet gives U, S, H and AUSUC of metrics.parquet, and those of any other gamma."""
    metrics, predictions = masked[METRICS.file], masked[PREDICTIONS.file]
    keys = ["method", "n_parents", "refit", "calibration"]
    stored = metrics.set_index(metrics[keys].apply(lambda key: " ".join(map(str, key)), axis=1))
    names = predictions[keys].apply(lambda key: " ".join(map(str, key)), axis=1)
    assert names.nunique() == 2 * 6 + 2 + 1
    for name, rows in predictions.groupby(names):
        unseen, expected = rows["unseen"].to_numpy(), stored.loc[name]
        to_unseen = rows["seen_logit"].astype(float) - rows["unseen_score"] < expected["gamma"]
        went = np.where(to_unseen, rows["unseen_category"], rows["seen_category"])
        right = (went == rows["true_category"]) & (to_unseen == unseen)
        assert right[unseen].mean() == pytest.approx(expected["U"])
        assert right[~unseen].mean() == pytest.approx(expected["S"])
        assert (rows["rank"][unseen] < 5).mean() == pytest.approx(expected["unseen_top5"])
        again = Outcome(
            *(rows[name].to_numpy() for name in ("seen_category", "seen_logit")),
            *(rows[name].to_numpy() for name in ("unseen_category", "unseen_score")),
            np.where(unseen, -1, rows["true_category"]),
            np.where(unseen, rows["true_category"], -1),
            rows["rank"].fillna(-1).to_numpy(int),
        )
        (figure,) = figures(again, [expected["gamma"]])
        assert figure["ausuc"] == pytest.approx(expected["ausuc"])


def test_stored_equations_and_calibration_make_the_stored_scores(planted, masked):
    ids, _, logits = planted.logits("student", "holdout")
    equations = masked[DEPENDENCIES.file].query("n_parents == 2")
    chosen = masked[CALIBRATION.file].query(
        "n_parents == 2 and refit and calibration == 'category'"
    )
    scores = np.zeros((len(ids), N_UNSEEN))
    for target, rows in equations.groupby("target"):
        scores[:, target - N_SEEN] = logits[:, rows["source"]].astype(float) @ rows["refit"]
    scores = scores * chosen["scale"].iloc[0] + chosen["offset"].iloc[0]
    stored = masked[PREDICTIONS.file].query(
        "n_parents == 2 and refit and calibration == 'category'"
    ).set_index("image_id")  # fmt: skip
    # float32 in the table
    np.testing.assert_allclose(stored["unseen_score"].loc[ids], scores.max(axis=1), rtol=1e-6)


def test_calibrated_scores_have_the_teachers_mean_and_spread(planted, masked):
    """On fit images, cross-fitted; on the held-out ones therefore nearly."""
    _, _, logits = planted.logits("teacher", "holdout")
    wanted = logits[:, N_SEEN:].astype(float)
    _, _, seen = planted.logits("student", "holdout")
    rows = masked[CALIBRATION.file].query("method == 'ridge' and calibration == 'category'").iloc[0]
    weights = np.stack(masked[RIDGE.file]["weights"].to_list(), axis=1)
    scores = seen[:, :N_SEEN].astype(float) @ weights * rows["scale"] + rows["offset"]
    np.testing.assert_allclose(scores.std(axis=0), wanted.std(axis=0), rtol=0.05)
    np.testing.assert_allclose(scores.mean(axis=0), wanted.mean(axis=0), atol=0.1)


def test_files_are_the_contract_and_no_more(planted, masked, listed):
    experiment = UnseenRun(planted, "student", "teacher", listed, OPTIONS, Silent())
    folder = planted.root / experiment.folder
    files = {file.name for file in folder.glob("*.parquet")}
    assert files == {table.file for table in schema_unseen.UNSEEN_TABLES}
    for table in schema_unseen.UNSEEN_TABLES:
        assert list(masked[table.file]) == table.columns
        assert all(field.metadata[b"meaning"] for field in table.schema)
        assert read_metadata(folder / table.file)["made_from"]


def test_a_second_run_does_nothing_and_an_interrupted_one_goes_on(planted, listed, masked):
    run(planted, "student", "teacher", listed)
    said = Spoken()
    experiment = run(planted, "student", "teacher", listed, report=said)
    assert len(said.said) == 3 and all("up to date" in line for line in said.said)
    file = planted.file(METRICS, experiment.folder)
    before = file.read_bytes()
    file.unlink()
    said = Spoken()
    run(planted, "student", "teacher", listed, report=said)
    assert ["up to date" in line for line in said.said] == [True, True, False, False]
    assert "H by number of parents: 1: 0." in said.said[2] and "own head: 0." in said.said[2]
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("student", "teacher", "categories", "message"),
    [
        ("studemt", "teacher", "random:3", "has no model 'studemt'.*student"),
        ("student", "student", "random:3", "'student' was given twice"),
        ("student", "teacher", "random:25", "asks for 25 unseen.*only 24"),
        ("student", "stranger", "random:3", "share 0 fit images"),
        ("student", "friend", "random:3", "share . fit images, at least 10 are needed"),
    ],
)
def test_bad_input_says_what_to_do(planted, student, teacher, categories, message):
    with pytest.raises(UserError, match=message):
        UnseenRun(planted, student, teacher, categories, OPTIONS, Silent())


def test_without_labels_there_is_no_judgement(planted, tmp_path):
    copy = Atlas(shutil.copytree(planted.root, tmp_path / "atlas"))
    for model in ("student", "teacher"):
        rows = copy.read(schema.LOGITS, model).assign(label=-1)
        copy.write(schema.LOGITS, rows, {}, copy.model_folder(model))
    with pytest.raises(
        UserError, match="No held-out image is labelled with a category that is seen"
    ):
        run(copy, "student", "teacher", "random:3")


def test_the_command_runs_the_experiment(planted, listed, masked):
    app = typer.Typer()
    app.command()(command)
    arguments = ["student", "teacher", "--categories", listed, "--max-parents", "4"]
    result = CliRunner().invoke(app, [*arguments, "--atlas", str(planted.root)])
    assert result.exit_code == 0, result.output
    assert "metrics" not in result.output
    refused = CliRunner().invoke(app, ["student", "nobody", "--categories", "random:2"])
    assert isinstance(refused.exception, UserError)
