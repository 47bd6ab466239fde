"""What a person types: each command's result, and one line with exit code 2 for bad input."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from precompute.atlas import schema
from precompute.atlas.store import Atlas
from precompute.commands.cli import main
from tests.support.planting import plant, save

ROOT = Path(__file__).parents[3]


def command(monkeypatch, capsys, *words):
    """Exit code and what was printed."""
    monkeypatch.setattr(sys, "argv", ["precompute", *map(str, words)])
    with pytest.raises(SystemExit) as stop:
        main()
    printed = capsys.readouterr()
    return stop.value.code, printed.out + printed.err


@pytest.fixture
def files(tmp_path, planted, names):
    return save(tmp_path / "input", planted, names)


@pytest.fixture
def run(monkeypatch, capsys, tmp_path, files):
    """`precompute run NAME --logits ...` on the planted logits, with changes."""

    def call(name="mine", *flags, **changes):
        given = {"logits": files["logits"], "labels": files["labels"], "truth": files["truth"]}
        given |= {"atlas": tmp_path / "atlas", "max_parents": 4} | changes
        words = [
            word
            for option, value in given.items()
            if value is not None
            for word in ("--" + option.replace("_", "-"), value)
        ]
        return command(monkeypatch, capsys, "run", name, *flags, *words)

    return call


@pytest.mark.parametrize("words", [["--center"], ["--images-per-character", 3]])
def test_options_for_characters_are_refused_without_characters(
    monkeypatch, capsys, tmp_path, words
):
    code, printed = command(monkeypatch, capsys, "demo", *words, "--atlas", tmp_path / "atlas")
    assert code == 2 and f"{words[0]} is for --characters" in printed
    assert not (tmp_path / "atlas").exists()


def test_run_on_logits_makes_a_model(run, tmp_path):
    code, printed = run()
    assert code == 0, printed
    assert "streamlit run app.py" in printed
    model = Atlas(tmp_path / "atlas").read(schema.MODEL, "mine").iloc[0]
    assert (model["n_fit"] + model["n_holdout"], model["n_categories"]) == (800, 40)


@pytest.mark.parametrize("logits", [np.ones((60, 1)), np.zeros((60, 4)), np.eye(60, 2) + 1])
def test_classifiers_without_anything_to_find_make_a_model_too(run, tmp_path, logits):
    np.save(tmp_path / "l.npy", logits.astype(np.float32))
    (tmp_path / "n.txt").write_text("\n".join(f"c{k}" for k in range(logits.shape[1])))
    code, printed = run(logits=tmp_path / "l.npy", labels=tmp_path / "n.txt", truth=None)
    assert code == 0, printed
    assert Atlas(tmp_path / "atlas").models() == ["mine"]


def test_weight_on_positives_makes_a_model_of_its_own_and_says_why_not(run, tmp_path):
    code, printed = run(weight_positives=0.2, survival_categories=4)
    assert code == 0, printed
    atlas = Atlas(tmp_path / "atlas")
    assert atlas.models() == ["mine+positives-0.2"]
    assert atlas.read(schema.MODEL, "mine+positives-0.2")["weight_positives"][0] == 0.2
    assert atlas.read(schema.SURVIVAL, "mine+positives-0.2")["category"].nunique() == 4
    for share in (0, 1, 1.5):
        code, printed = run(weight_positives=share)
        assert code == 2
        assert f"--weight-positives {share:g} is no share between 0 and 1. Try 0.1" in printed
    code, printed = run(survival_categories=1)
    assert code == 2 and "--survival-categories" in printed


@pytest.fixture
def features(tmp_path):
    """Features of 800 images and a head of 40 categories, as a user would give them."""
    rng = np.random.default_rng(0)
    np.save(tmp_path / "features.npy", rng.exponential(size=(800, 7)))
    np.savez(tmp_path / "head.npz", weights=rng.normal(size=(40, 7)), bias=rng.normal(size=40))
    return {"logits": None, "features": tmp_path / "features.npy", "head": tmp_path / "head.npz"}


def test_run_on_features_and_a_head_keeps_what_it_is_told(run, features, tmp_path):
    atlas = Atlas(tmp_path / "atlas")
    for option, kept in ((None, False), ("--keep-features", True), ("--no-features", False)):
        code, printed = run("mine", *filter(None, [option]), **features)
        assert code == 0, printed
        assert (atlas.head("mine") is not None) == kept
        assert ("mine: keeps 7 features an image in place of 40 logits" in printed) == kept
    assert atlas.read(schema.MODEL, "mine")["n_features"][0] == 7


def test_features_ask_for_what_they_need(run, features, files, tmp_path):
    for changes, said in (
        ({"head": None}, "needs the layer that makes logits of them: give --head"),
        ({"features": None, "images": tmp_path}, "--head is the layer behind --features"),
        ({"logits": files["logits"]}, "--features and --head make logits"),
        ({"labels": None}, "--features"),
        ({"images": tmp_path}, "--images has no meaning with --features"),
    ):
        code, printed = run(**(features | changes))
        assert code == 2 and said in printed, printed
    code, printed = run("mine", "--keep-features", weight_positives=0.2, **features)
    assert code == 2 and "leave --keep-features away" in printed
    code, printed = run("mine", "--keep-features")
    assert code == 2 and "'mine' shows no linear last layer" in printed


def test_a_cut_file_of_times_is_no_obstacle(run, tmp_path):
    run()
    for file in (tmp_path / "atlas").rglob("seconds.json"):
        file.write_text('{"lo')
    assert run(max_parents=3)[0] == 0


def test_link_both_ways_and_all(run, monkeypatch, capsys, tmp_path, planted, names):
    run()
    other = save(tmp_path / "other", plant(1, planted.truth), names)
    run("yours", logits=other["logits"])
    words = ("--atlas", tmp_path / "atlas", "--max-parents", 4)
    code, printed = command(monkeypatch, capsys, "link", "mine", "yours", "--both", *words)
    assert code == 0, printed
    assert sorted(f.name for f in (tmp_path / "atlas" / "links").iterdir()) == [
        "mine--yours",
        "yours--mine",
    ]
    code, printed = command(monkeypatch, capsys, "link", "--all", *words)
    assert code == 0
    assert "is up to date" in printed


def bad(printed, *parts):
    """One line that holds all parts, and no traceback."""
    lines = [line for line in printed.splitlines() if line.startswith("Error:")]
    assert len(lines) == 1, printed
    assert "Traceback" not in printed
    for part in parts:
        assert part in lines[0]


def test_logits_and_names_that_do_not_fit(run, tmp_path):
    (tmp_path / "few.txt").write_text("cat\ndog\n")
    code, printed = run(labels=tmp_path / "few.txt", truth=None)
    assert code == 2
    bad(printed, "40 logits per image", "2 category names", "--labels")


def test_logits_and_truth_that_do_not_fit(run, tmp_path):
    np.save(tmp_path / "short.npy", np.zeros(7, dtype=int))
    code, printed = run(truth=tmp_path / "short.npy")
    assert code == 2
    bad(printed, "7 labels for 800 rows")
    np.save(tmp_path / "high.npy", np.full(800, 40))
    code, printed = run(truth=tmp_path / "high.npy")
    assert code == 2
    bad(printed, "label 40", "only 40 categories")
    np.save(tmp_path / "low.npy", np.full(800, -5))
    code, printed = run(truth=tmp_path / "low.npy")
    assert code == 2
    bad(printed, "label -5", "-1 for an image whose label is unknown")


def test_nan_logits_are_named_with_their_image(run, tmp_path, planted):
    broken = planted.logits.copy()
    broken[3, 5] = np.nan
    np.save(tmp_path / "nan.npy", broken)
    code, printed = run(logits=tmp_path / "nan.npy")
    assert code == 2
    bad(printed, "'mine'", "nan", "row 3")
    assert not Atlas(tmp_path / "atlas").models()


@pytest.mark.parametrize("content", [b"", b"no array", b"\x93NUMPY"])
def test_a_file_that_is_no_array(run, tmp_path, content):
    (tmp_path / "bad.npy").write_bytes(content)
    code, printed = run(logits=tmp_path / "bad.npy")
    assert code == 2
    bad(printed, "bad.npy", "it is no .npy file of numbers")


@pytest.mark.parametrize("folder", ["taken", "taken/atlas", "taken/deep/atlas"])
def test_an_atlas_where_there_is_a_file(run, tmp_path, folder):
    (tmp_path / "taken").write_text("")
    code, printed = run(atlas=tmp_path / folder, logits="not looked for")
    assert code == 2
    bad(printed, "--atlas", "taken is a file")


def test_an_atlas_that_cannot_be_written_is_told_before_any_work(run, tmp_path, monkeypatch):
    allowed = os.access  # root may write wherever the file system lets it
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path and allowed(path, mode))
    monkeypatch.setattr("precompute.runs.model.store_logits", None)
    code, printed = run()
    assert code == 2
    bad(printed, "Cannot write", f"{tmp_path} takes no files", "--atlas")


def test_an_atlas_with_a_name_that_no_folder_can_have(run):
    code, printed = run(atlas="x" * 300)
    assert code == 2
    bad(printed, "--atlas", "File name too long", "another folder")


def test_an_atlas_without_a_name(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, printed = run(atlas="")
    assert code == 2
    bad(printed, "--atlas", "it is empty")
    assert not list(tmp_path.glob("*.parquet")), "the working directory is no atlas"


def test_too_few_images_are_told_before_anything_is_looked_at(run, tmp_path):
    code, printed = run(holdout="0.9999")
    assert code == 2 and not (tmp_path / "atlas").exists()
    bad(printed, "too few", "another --holdout")


def test_an_atlas_of_another_schema_version(run, tmp_path, monkeypatch):
    run()
    later = schema.SCHEMA_VERSION + 1
    monkeypatch.setattr("precompute.atlas.store.SCHEMA_VERSION", later)
    code, printed = run("other")
    assert code == 2
    bad(printed, f"schema version {schema.SCHEMA_VERSION}", f"reads {later}")


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"holdout": "1.5"}, ["--holdout 1.5"]),
        ({"holdout": "folder"}, ["--holdout folder"]),
        ({"holdout": "20%"}, ["--holdout 20%", "0.2 for 20%"]),
        ({"images": "folder"}, ["--images", "leave it away"]),
        ({"labels": None}, ["--labels"]),
        ({"labels": "nowhere.txt"}, ["nowhere.txt"]),
        ({"logits": None, "truth": None}, ["needs images", "--images"]),
        ({"device": "bogus"}, ["Device 'bogus' is not usable here", "Use 'cpu'"]),
        ({"device": "cuda:99"}, ["Device 'cuda:99' is not usable here"]),
    ],
)
def test_options_that_do_not_fit_together(run, changes, parts):
    code, printed = run(**changes)
    assert code == 2
    bad(printed, *parts)


def test_link_names_the_models_there_are(run, monkeypatch, capsys, tmp_path):
    run()
    for words, part in (
        (("mine", "nobody"), "It has: mine"),
        (("mine", "mine"), "given twice"),
        (("mine",), "needs a target model and a source model"),
        (("--all",), "fewer than two models"),
    ):
        code, printed = command(monkeypatch, capsys, "link", *words, "--atlas", tmp_path / "atlas")
        assert code == 2
        bad(printed, part)


def test_models_without_common_images_are_not_linked(run, monkeypatch, capsys, tmp_path):
    run()
    ids = tmp_path / "ids.txt"
    ids.write_text("\n".join(f"another {k}" for k in range(800)))
    run("stranger", image_ids=ids)
    code, printed = command(
        monkeypatch, capsys, "link", "mine", "stranger", "--atlas", tmp_path / "atlas"
    )
    assert code == 2
    bad(printed, "share 0 fit images")


def test_all_links_every_pair_that_can_be_linked(run, monkeypatch, capsys, tmp_path):
    ids = tmp_path / "ids.txt"
    ids.write_text("\n".join(f"another {k}" for k in range(800)))
    run()
    run("stranger", image_ids=ids)
    run("zwilling")
    code, printed = command(monkeypatch, capsys, "link", "--all", "--atlas", tmp_path / "atlas")
    assert code == 0
    assert printed.count("left out: ") == 4 and "share 0 fit images" in printed
    linked = sorted(folder.name for folder in (tmp_path / "atlas" / "links").iterdir())
    assert linked == ["mine--zwilling", "zwilling--mine"]


def test_ctrl_c_says_that_the_same_command_goes_on(run, monkeypatch, tmp_path):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("precompute.runs.model.ModelRun._evaluation", interrupted)
    code, printed = run()
    assert code == 130
    assert "The same command goes on where this one stopped." in printed
    monkeypatch.undo()
    assert not Atlas(tmp_path / "atlas").models()


def test_an_unknown_command_or_option_is_told_by_typer(monkeypatch, capsys):
    for words in (
        ("rnu",),
        ("demo", "--nonsense"),
        ("run", "m", "--max-parents", "0"),
        ("unseen", "a"),
    ):
        code, printed = command(monkeypatch, capsys, *words)
        assert code == 2
        bad(printed, {"run": "--max-parents", "unseen": "teacher"}.get(words[0], words[-1]))


def test_an_error_shows_what_was_typed(monkeypatch, capsys, run, tmp_path):
    run()
    run("other")
    where = ("--atlas", tmp_path / "atlas")
    code, printed = command(
        monkeypatch, capsys, "unseen", "mine", "other", "--categories", "random:abc:", *where
    )
    assert code == 2
    bad(printed, "random:abc:")


def test_the_program_starts_as_a_module_without_torch():
    code = (
        "import sys, precompute.commands.cli, precompute.runs.demo; print('torch' in sys.modules)"
    )
    for words, wanted in ((["-m", "precompute", "--help"], "unseen"), (["-c", code], "False")):
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert wanted in done.stdout
