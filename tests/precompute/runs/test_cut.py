"""Dependencies cut from a small timm network: a cut model like any other, beside figures that scikit-learn
and CovLasso confirm."""

import math
import shutil
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch
from sklearn.metrics import accuracy_score, roc_auc_score

from precompute.atlas import schema
from precompute.atlas.contract import schema_robustness as tables
from precompute.atlas.files import file_digest
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.covlasso import covlasso_path
from precompute.equations.fit import FitOptions
from precompute.errors import UserError
from precompute.inference.image_sets import open_images
from precompute.inference.reopen import CUT_WEIGHTS, reopen
from precompute.inference.stream import stream_logits
from precompute.runs.cut.opening import Means, open_for_cutting
from precompute.runs.cut.request import Asked, Options, cut_name
from precompute.runs.cut.run import CutRun
from precompute.runs.model import ModelRun
from precompute.runs.ood.foreign import Request as Foreign
from precompute.runs.ood.run import OodRun
from precompute.runs.open_source import open_source
from precompute.sources.request import Request
from tests.support.looking import NAMES, noise_pictures, save_network, smooth_pictures

MODEL = "test_vit.r160_in1k"
HEAD = Options(epochs=3, head_only=True, batch_size=10)
WHOLE = Options(epochs=1, batch_size=12, learning_rate=0.01)


class Made(NamedTuple):
    atlas: Atlas
    weights: Path
    pairs: Path
    foreign: Path


@pytest.fixture(scope="module")
def before(tmp_path_factory) -> Made:
    """A network of 5 categories on photographs in folders by category, and on a set of foreign images."""
    root = tmp_path_factory.mktemp("cut")
    rng = np.random.default_rng(0)
    for name in NAMES:
        smooth_pictures(root / "photographs" / name, rng, 8)
    names, weights = root / "names.txt", save_network(root / "vit.safetensors")
    names.write_text("\n".join(NAMES) + "\n", encoding="utf-8")
    atlas = Atlas(root / "atlas")
    request = Request(
        model=MODEL, images=str(root / "photographs"), holdout="0.4", weights=weights, labels=names,
        device="cpu", workers=0, atlas=atlas.root,
    )  # fmt: skip
    ModelRun(atlas, open_source(request, Silent()), FitOptions(max_parents=3), Silent()).run()
    foreign = noise_pictures(root / "static", rng, 12)
    look_at(atlas, MODEL, foreign, weights)
    readable = atlas.read(schema.DEPENDENCIES, MODEL, filters=[("choice", "=", "readable")])
    strongest = readable.sort_values("coefficient", key=abs, ascending=False).iloc[0]
    pairs = root / "pairs.csv"
    ends = NAMES[int(strongest["target"])], NAMES[int(strongest["source"])]
    pairs.write_text(",".join(ends) + "\n", encoding="utf-8")
    return Made(atlas, weights, pairs, foreign)


def look_at(atlas: Atlas, model: str, images: Path, weights: Path) -> None:
    request = Foreign(images=str(images), weights=weights, device="cpu", workers=0)
    OodRun(atlas, model, request, Silent()).run()


def run(made: Made, options: Options, report=None) -> CutRun:
    report = report or Silent()
    means = Means(weights=made.weights, device="cpu", workers=0)
    opened = open_for_cutting(made.atlas, MODEL, means, report, head_only=options.head_only)
    found = CutRun(made.atlas, opened, Asked(pairs=made.pairs), options, report)
    found.run()
    return found


@pytest.fixture(scope="module", params=[HEAD, WHOLE], ids=["head", "whole"])
def cut(request, before) -> tuple[Made, CutRun]:
    return before, run(before, request.param)


def table(cut: tuple[Made, CutRun], which: schema.Table):
    return cut[0].atlas.read(which, folder=cut[1].folder)


def test_the_cut_model_has_everything_that_a_model_has(cut):
    made, done = cut
    assert done.name in made.atlas.models() and done.name not in made.atlas.plain_models()
    info = made.atlas.read(schema.MODEL, done.name).iloc[0]
    assert info["weights"] == f"cut of {MODEL}"
    first = made.atlas.read(schema.MODEL, MODEL).iloc[0]
    for same in ("label_set", "n_categories", "n_fit", "n_holdout", "architecture", "max_parents"):
        assert info[same] == first[same]
    (row,) = table(cut, tables.CUT).to_dict("records")
    assert (row["model"], row["cut_model"]) == (MODEL, done.name)
    assert row["weights_sha256"] == info["weights_sha256"] == file_digest(done._weights)
    assert (row["n_pairs"], row["n_targets"], row["n_seeds"], row["pairs"]) == (
        1,
        1,
        3,
        "pairs.csv",
    )


def test_it_can_be_opened_again_and_gives_its_own_logits(cut, tmp_path):
    made, done = cut
    network = reopen(made.atlas, done.name, weights=made.weights, device="cpu")
    images = open_images(made.pairs.parent / "photographs")
    ids, _, stored = made.atlas.logits(done.name)
    seen = dict(zip(ids, stored.astype(np.float32), strict=True))
    other = dict(zip(*made.atlas.logits(MODEL)[::2], strict=True))
    for rows, logits in stream_logits(network, images, range(len(images)), workers=0):
        for row, values in zip(rows, logits, strict=True):
            # Features and logits are kept in half precision.
            np.testing.assert_allclose(values, seen[images.ids[row]], atol=5e-3)
            assert not np.allclose(values, other[images.ids[row]], atol=5e-3), (
                "control: it has changed"
            )


def test_only_the_head_changes_where_only_the_head_was_to_be_fine_tuned(cut):
    made, done = cut
    network = reopen(made.atlas, done.name, weights=made.weights, device="cpu").forward.model
    start = reopen(made.atlas, MODEL, weights=made.weights, device="cpu").forward.model.state_dict()
    changed = {
        name for name, value in network.state_dict().items() if not torch.equal(value, start[name])
    }
    head = {"head.weight", "head.bias"}
    assert changed == head if done.options.head_only else changed > head


def test_selection_is_what_covlasso_says_of_the_stored_logits(cut):
    made, done = cut
    pairs = table(cut, tables.PAIRS).query("side == 'after' and seed == 0")
    for split, column in (("fit", "coefficient"), ("holdout", "coefficient_holdout")):
        logits = made.atlas.logits(done.name, split)[2].astype(np.float64)
        paths = covlasso_path(logits.T @ logits / len(logits), max_parents=4)
        for row in pairs.itertuples():
            lam = pairs.loc[row.Index, "lambda"]
            found = paths.coefficients(row.target, lam)[row.source]
            assert getattr(row, column) == pytest.approx(found, abs=1e-6)


def test_before_all_pairs_are_selected_and_nothing_else_has_changed(cut):
    pairs, sides = table(cut, tables.PAIRS), table(cut, tables.CUT_SIDES)
    before = pairs[pairs["side"] == "before"]
    assert before["coefficient"].all() and (before["pull"] > 1).all()
    row = sides[sides["side"] == "before"].iloc[0]
    assert (row["still_selected"], row["kept"], row["coefficient_change"], row["power"]) == (
        1,
        1,
        0,
        1,
    )
    for side, group in sides.groupby("side"):
        assert group["seed"].tolist() == ([0] if side == "before" else [0, 1, 2])
    assert (pairs["pull"] > 1).eq(pairs["coefficient"] != 0).all()


def test_accuracy_is_that_of_the_stored_logits(cut):
    made, done = cut
    sides = table(cut, tables.CUT_SIDES).set_index(["side", "seed"])
    for split in schema.SPLITS:
        _, labels, logits = made.atlas.logits(done.name, split)
        found = accuracy_score(labels, logits.argmax(axis=1))
        assert sides.loc[("after", 0), f"top1_{split}"] == pytest.approx(found, abs=1e-6)


def test_the_control_has_no_penalty_and_ends_elsewhere(cut):
    training, sides = table(cut, tables.TRAINING), table(cut, tables.CUT_SIDES)
    assert training[training["side"] == "control"]["penalty"].isna().all()
    assert training[training["side"] == "after"]["penalty"].gt(0).all()
    assert training["cross_entropy"].gt(0).all()
    power = sides.set_index(["side", "seed"])["power"]
    assert all(power["after", seed] != power["control", seed] for seed in range(3))


def test_foreign_images_are_judged_as_ood_judges_them(cut):
    """The same figures from the cut model's own run on the same foreign images."""
    made, done = cut
    look_at(made.atlas, done.name, made.foreign, made.weights)
    scores = made.atlas.read(tables.SCORES, folder=f"ood/{done.name}--static")
    mine = (
        table(cut, tables.CUT_DETECTION).query("side == 'after' and seed == 0").set_index("score")
    )
    assert set(mine["set"]) == {"static"}
    for (choice, score), rows in scores.groupby(["choice", "score"]):
        if choice in ("", "readable"):
            found = roc_auc_score(~rows["foreign"], rows["value"])
            assert mine.loc[score, "auroc"] == pytest.approx(found, abs=0.02), score


def test_gains_are_differences_of_the_figures(cut):
    detection = table(cut, tables.CUT_DETECTION)
    mean = detection.groupby(["side", "score"])["auroc"].mean()
    gain = table(cut, tables.GAIN)
    assert set(gain["set"]) == {"", "static"}
    for row in gain.itertuples():
        assert row.gain == pytest.approx(
            mean["after", row.score] - mean["control", row.score], abs=1e-6
        )
        assert row.low <= row.gain <= row.high


class Reported(Silent):
    """A report that remembers what was said, and may be interrupted."""

    def __init__(self, stop: str = ""):
        self.said: list[str] = []
        self.stop = stop

    def say(self, text: str) -> None:
        self.said.append(text)

    def progress(self, stage: str, done: int, total: int) -> None:
        if self.stop and stage.startswith(self.stop) and done:
            raise KeyboardInterrupt


def test_the_same_command_finds_everything_up_to_date(cut):
    made, done = cut
    report = Reported()
    run(made, done.options, report)
    assert not [line for line in report.said if " s, peak" in line]


def test_a_run_that_was_interrupted_goes_on_to_the_same_weights(before, tmp_path):
    without = shutil.ignore_patterns("cut")
    copy = before._replace(
        atlas=Atlas(shutil.copytree(before.atlas.root, tmp_path / "atlas", ignore=without))
    )
    options = Options(epochs=2, head_only=True, batch_size=10)
    with pytest.raises(KeyboardInterrupt):
        run(copy, options, Reported("control, seed 1"))
    folder = next((copy.atlas.root / "cut").glob("*/fine-tunings")).parent
    assert not (folder / tables.CUT.file).exists(), "nobody reads a half-written folder"
    done, whole = run(copy, options), run(before, options)
    weights = [made.atlas.root / done.folder / CUT_WEIGHTS for made in (copy, before)]
    assert done.name == whole.name
    assert weights[0].read_bytes() == weights[1].read_bytes()


def test_other_pairs_or_options_make_another_model(before):
    found = Asked(pairs=before.pairs).find(
        before.atlas.read(schema.DEPENDENCIES, MODEL), before.atlas.read(schema.CATEGORIES, MODEL)
    )
    names = {
        cut_name(MODEL, pairs, options)
        for pairs in (found, found.assign(source=found["source"] + 1))
        for options in (HEAD, WHOLE, Options(beta=0.2), Options(beta=0.3))
    }
    assert len(names) == 8
    assert cut_name(MODEL, found, HEAD) == cut_name(MODEL, found, Options(**vars(HEAD)))


@pytest.mark.parametrize("asked", [{}, {"suspicious": 3, "pairs": Path("file")}])
def test_pairs_are_asked_for_in_one_way(asked):
    with pytest.raises(UserError, match="in one way: --suspicious N .* or --pairs FILE"):
        Asked(**asked)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"seeds": 2}, "--seeds 2 gives no interval: at least 3"),
        ({"learning_rate": 0.0}, "--learning-rate 0 must be above 0"),
        ({"learning_rate": -1.0}, "--learning-rate -1 must be above 0"),
        ({"learning_rate": math.nan}, "--learning-rate nan must be above 0"),
        ({"beta": math.inf}, "--beta inf must be 0 or more"),
    ],
)
def test_options_that_make_no_sense_are_named(given, said):
    with pytest.raises(UserError, match=said):
        Options(**given)


def test_images_without_labels_are_refused(looking_atlas):
    made = Made(
        looking_atlas.atlas, looking_atlas.weights, looking_atlas.onnx, looking_atlas.foreign
    )
    opened = open_for_cutting(
        made.atlas,
        MODEL,
        Means(weights=made.weights, device="cpu", workers=0),
        Silent(),
        head_only=False,
    )
    file = looking_atlas.foreign.parent / "pairs.csv"
    row = made.atlas.read(schema.DEPENDENCIES, MODEL, filters=[("choice", "=", "readable")]).iloc[0]
    file.write_text(f"{NAMES[row['target']]},{NAMES[row['source']]}\n", encoding="utf-8")
    with pytest.raises(
        UserError, match="No fit image of .* has a label, and fine-tuning needs them"
    ):
        CutRun(made.atlas, opened, Asked(pairs=file), HEAD, Silent())


def test_an_onnx_network_cannot_be_fine_tuned(looking_atlas):
    with pytest.raises(UserError, match="colours is an ONNX file, which cannot be fine-tuned"):
        open_for_cutting(
            looking_atlas.atlas, "colours", Means(device="cpu"), Silent(), head_only=True
        )


def test_images_that_are_gone_are_named(before, tmp_path):
    copy = Atlas(shutil.copytree(before.atlas.root, tmp_path / "atlas"))
    images = copy.read(schema.IMAGES)
    copy.write(schema.IMAGES, images.assign(path="/nowhere/" + images["image_id"]), {})
    with pytest.raises(UserError, match="are not where they were.*--images-dir"):
        open_for_cutting(
            copy, MODEL, Means(weights=before.weights, device="cpu"), Silent(), head_only=False
        )
