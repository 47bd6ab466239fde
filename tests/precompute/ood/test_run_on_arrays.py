"""`ood` on arrays of logits: what is foreign is found, what is not is not; figures can be recomputed."""

import shutil

import numpy as np
import pytest

from precompute.atlas import schema
from precompute.atlas.contract.schema_robustness import (
    BROKEN,
    DETECTION,
    FOREIGN,
    OOD,
    OOD_TABLES,
    SCORES,
)
from precompute.atlas.labels import from_names
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.equations.fit import FitOptions
from precompute.errors import UserError
from precompute.ood.scores import CONTROLS, DEPENDENCY, LOGIT, WITH_EQUATIONS
from precompute.resamples import draws
from precompute.runs.model import ModelRun
from precompute.runs.ood.foreign import Request
from precompute.runs.ood.run import OodRun
from precompute.runs.weighted import WeightedSource, weighted_name
from precompute.sources.arrays import ArraySource
from tests.support.detection_by_sklearn import figures
from tests.support.planting import N_PLANTED, plant
from tests.support.scores_by_hand import scores_by_hand

MODEL = "planted-a"


@pytest.fixture(scope="module")
def own(atlas, tmp_path_factory) -> Atlas:
    return Atlas(shutil.copytree(atlas.root, tmp_path_factory.mktemp("own") / "atlas"))


@pytest.fixture(scope="module")
def arrays(tmp_path_factory, planted):
    """Other images of the planted network; and some whose planted categories are dealt anew."""
    folder = tmp_path_factory.mktemp("arrays")
    alike, rng = plant(seed=7).logits[:300], np.random.default_rng(0)
    foreign = plant(seed=8).logits[:300].copy()
    for target in range(N_PLANTED):
        foreign[:, target] = rng.permutation(foreign[:, target])
    for name, logits in (("alike", alike), ("foreign", foreign), ("two", foreign[:2])):
        np.save(folder / f"{name}.npy", logits)
    return folder


def ood(atlas: Atlas, file, model: str = MODEL, **options) -> str:
    """Run it; the folder of its tables."""
    run = OodRun(atlas, model, Request(logits=file, **options), Silent())
    run.run()
    return run.folder


def row(atlas: Atlas, folder: str, score: str = DEPENDENCY, choice: str = "readable"):
    table = atlas.read(DETECTION, folder=folder)
    return table[(table["score"] == score) & (table["choice"] == choice)].iloc[0]


@pytest.fixture(scope="module")
def foreign(own, arrays) -> str:
    return ood(own, arrays / "foreign.npy")


def test_broken_dependencies_are_found_and_whole_ones_are_not(own, arrays, foreign):
    found = row(own, foreign)
    assert foreign == f"ood/{MODEL}--foreign" and found["auroc_low"] > 0.9
    assert all(row(own, foreign, name, choice)["ahead_low"] > 0 for name, choice in
               zip(CONTROLS, ("readable", "readable", ""), strict=True))  # fmt: skip
    alike = row(own, ood(own, arrays / "alike.npy"))
    assert alike["auroc_low"] < 0.5 < alike["auroc_high"]


def test_how_far_every_equation_is_off_on_either_kind(own, foreign):
    table = own.read(BROKEN, folder=foreign)
    assert table["choice"].is_monotonic_increasing and len(table) == 3 * 40
    readable = table[table["choice"] == "readable"].set_index("target")
    assert readable.loc[range(N_PLANTED), "ratio"].min() > 3, "what was dealt anew breaks"
    equations = own.read(schema.DEPENDENCIES, MODEL, filters=[("choice", "=", "readable")])
    shown = np.stack(own.read(FOREIGN, folder=foreign)["logits"])
    fit, held_out, other = (
        logits.astype(float)
        for logits in (own.logits(MODEL, "fit")[2], own.logits(MODEL, "holdout")[2], shown)
    )
    for target in (0, 5, 30):
        rows = equations[equations["target"] == target]
        left = [logits[:, target] - logits[:, rows["source"]] @ rows["refit"].to_numpy(float)
                for logits in (fit, held_out, other)]  # fmt: skip
        one, known, broken = (np.sqrt(np.mean(values**2)) for values in left)
        expected = (known / one, broken / one, broken / known, left[2].mean() / one)
        found = readable.loc[target, ["held_out", "foreign", "ratio", "bias"]].astype(float)
        np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_one_row_says_what_was_looked_at(own, foreign, arrays):
    (told,) = own.read(OOD, folder=foreign).to_dict("records")
    fit, held_out = (len(own.image_ids(MODEL, split)) for split in schema.SPLITS)
    assert (told["model"], told["set"], told["images"]) == (
        MODEL, "foreign", str(arrays / "foreign.npy"),
    )  # fmt: skip
    assert (told["n_foreign"], told["n_holdout"], told["n_fit"]) == (300, held_out, fit)
    assert told["weights_sha256"] == own.read(schema.MODEL, MODEL)["weights_sha256"][0]
    assert 20 < told["n_components"] < 40


def test_scores_are_those_of_the_referee(own, foreign):
    scores = own.read(SCORES, folder=foreign)
    held_ids, _, held_out = own.logits(MODEL, "holdout")
    rows = own.read(FOREIGN, folder=foreign)
    logits = np.r_[held_out[:9], np.stack(rows["logits"])[:9]]
    ids = [*held_ids[:9], *rows["image_id"][:9]]
    for choice in schema.CHOICES:
        for name, values in scores_by_hand(own, MODEL, logits, choice).items():
            stored = scores[
                (scores["score"] == name)
                & (scores["choice"] == (choice if name in WITH_EQUATIONS else ""))
            ].set_index("image_id")
            np.testing.assert_allclose(stored.loc[ids, "value"], values, rtol=1e-9, err_msg=name)
            assert stored.loc[ids, "foreign"].tolist() == [False] * 9 + [True] * 9


def test_figures_are_those_of_scikit_learn_and_differences_are_paired(own, foreign):
    scores, table = own.read(SCORES, folder=foreign), own.read(DETECTION, folder=foreign)
    assert len(table) == 3 * len(WITH_EQUATIONS) + 6
    kinds = {key: [rows["value"][rows["foreign"] == f].to_numpy() for f in (False, True)]
             for key, rows in scores.groupby(["choice", "score"])}  # fmt: skip
    for found in table.itertuples():
        held_out, other = kinds[found.choice, found.score]
        stored = [found.auroc, found.aupr, found.fpr95]
        np.testing.assert_allclose(stored, figures(held_out, other), atol=1e-6)
        ours = kinds[found.choice or "readable", DEPENDENCY]
        ahead = figures(*ours)[0] - figures(held_out, other)[0]
        assert found.ahead == pytest.approx(ahead, abs=1e-6)
        assert found.auroc_low <= found.auroc <= found.auroc_high
    counts = [draws(len(values), seed).counts[:40].astype(int) for seed, values in
              enumerate(kinds["", LOGIT])]  # fmt: skip
    differences = [
        np.subtract(*(
            figures(*(np.repeat(values, drawn) for values, drawn in zip(kinds[key], pair, strict=True)))[0]
            for key in (("readable", DEPENDENCY), ("", LOGIT))
        ))
        for pair in zip(*counts, strict=True)
    ]  # fmt: skip
    logit = row(own, foreign, LOGIT, "")
    spread = np.std(differences)
    assert abs(np.mean(differences) - (logit["ahead_low"] + logit["ahead_high"]) / 2) < spread
    assert (logit["ahead_high"] - logit["ahead_low"]) / (2 * 1.96) == pytest.approx(spread, rel=0.4)


def test_a_second_run_does_nothing_and_another_seed_what_depends_on_it(own, arrays, tmp_path):
    atlas = Atlas(shutil.copytree(own.root, tmp_path / "atlas"))
    folder = ood(atlas, arrays / "foreign.npy")
    files = [atlas.file(table, folder) for table in OOD_TABLES]
    before = [(file.read_bytes(), file.stat().st_mtime_ns) for file in files]
    ood(atlas, arrays / "foreign.npy")
    assert [(file.read_bytes(), file.stat().st_mtime_ns) for file in files] == before
    ood(atlas, arrays / "foreign.npy", seed=1)
    changed = [file.name for file, (content, _) in zip(files, before, strict=True)
               if file.read_bytes() != content]  # fmt: skip
    assert changed == ["scores.parquet", "detection.parquet", "ood.parquet"]
    for file in files[1:]:
        file.unlink()
    ood(atlas, arrays / "foreign.npy")
    assert [file.read_bytes() for file in files] == [content for content, _ in before]


def test_nobody_finds_a_set_half_written(own, arrays, tmp_path):
    atlas = Atlas(shutil.copytree(own.root, tmp_path / "atlas"))
    folder = ood(atlas, arrays / "foreign.npy")
    atlas.file(SCORES, folder).unlink()

    class Stopped(Silent):
        def say(self, text: str) -> None:
            if "detection" in text:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        OodRun(atlas, MODEL, Request(logits=arrays / "foreign.npy"), Stopped()).run()
    assert atlas.file(SCORES, folder).exists() and not atlas.file(OOD, folder).exists()


def test_two_images_are_enough(own, arrays):
    found = row(own, ood(own, arrays / "two.npy"))
    assert 0 <= found["auroc_low"] <= found["auroc"] <= found["auroc_high"] <= 1


@pytest.fixture(scope="module")
def small(tmp_path_factory, planted):
    """Ten categories, no labels, one of them constant: no other logit depends on it, nor it on them."""
    folder = tmp_path_factory.mktemp("small")
    logits = planted.logits[:, 8:18].copy()
    logits[:, 0] = logits[:, 1:4].sum(axis=1)
    logits[:, 9] = 0
    np.save(folder / "logits.npy", logits[:700])
    np.save(folder / "foreign.npy", logits[700:] * 0.5 + 1)
    return folder


@pytest.mark.parametrize("options", [{}, {"center": True}])
def test_few_categories_no_labels_and_one_without_an_equation(tmp_path, small, options):
    atlas = Atlas(tmp_path)
    source = ArraySource("ten", small / "logits.npy", from_names([f"thing {k}" for k in range(10)]))
    ModelRun(atlas, source, FitOptions(max_parents=3, **options), Silent()).run()
    assert 9 not in atlas.read(schema.DEPENDENCIES, "ten")["target"].to_numpy()
    folder = ood(atlas, small / "foreign.npy", "ten")
    scores = atlas.read(SCORES, folder=folder)
    assert np.isfinite(scores["value"]).all()
    rows = atlas.read(FOREIGN, folder=folder)
    by_hand = scores_by_hand(atlas, "ten", np.stack(rows["logits"])[:5])[DEPENDENCY]
    stored = scores[(scores["choice"] == "readable") & (scores["score"] == DEPENDENCY)]
    stored = stored.set_index("image_id").loc[rows["image_id"][:5], "value"]
    np.testing.assert_allclose(stored, by_hand, rtol=1e-9)


def test_a_model_with_weighted_equations(tmp_path, small):
    source = ArraySource("ten", small / "logits.npy", from_names([f"thing {k}" for k in range(10)]))
    atlas = Atlas(tmp_path)
    options = FitOptions(max_parents=3, weight_positives=0.1)
    ModelRun(atlas, WeightedSource(atlas, source, 0.1), options, Silent()).run()
    folder = ood(atlas, small / "foreign.npy", weighted_name("ten", 0.1))
    assert len(atlas.read(DETECTION, folder=folder)) == 15


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "Which images are foreign"),
        ({"logits": "nowhere.npy"}, "Cannot read logits"),
        ({"logits": "narrow.npy"}, "has 39 logits per image, but planted-a has 40"),
        ({"logits": "alike.npy", "vim": True}, "--vim needs features"),
        ({"logits": "alike.npy", "set": " . "}, "A set of foreign images cannot be called ' . '"),
        ({"logits": "known.npy"}, "has the logits of the image 'row 7' of"),
        ({"logits": "infinite.npy"}, "gives the logit inf for image infinite/row 1"),
        ({"images": "nowhere"}, "There are no images at 'nowhere'"),
    ],
)
def test_what_cannot_be_is_refused(own, arrays, planted, options, reason):
    np.save(arrays / "narrow.npy", planted.logits[:4, :39])
    np.save(arrays / "known.npy", own.logits(MODEL)[2][7:9])
    infinite = plant(seed=9).logits[:3].copy()
    infinite[1, 5] = np.inf
    np.save(arrays / "infinite.npy", infinite)
    if "logits" in options:
        options = options | {"logits": arrays / options["logits"]}
    with pytest.raises(UserError, match=reason):
        OodRun(own, MODEL, Request(**options), Silent()).run()


def test_an_unknown_model_is_refused(own, arrays):
    with pytest.raises(UserError, match="Did you mean 'planted-"):
        OodRun(own, "plantd-a", Request(logits=arrays / "two.npy"), Silent())
