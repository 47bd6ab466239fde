"""`ood` on images: the network of the atlas itself looks at them, and shows its features where it can."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from precompute.atlas import parts, schema
from precompute.atlas.contract.schema_robustness import DETECTION, FOREIGN, OOD_TABLES, SCORES
from precompute.atlas.files import file_digest
from precompute.atlas.store import Atlas
from precompute.errors import UserError
from precompute.inference.image_sets import open_images
from precompute.inference.reopen import reopen
from precompute.inference.stream import stream_looks
from precompute.ood.scores import VIM
from precompute.runs.ood.foreign import Request
from precompute.runs.ood.run import OodRun
from precompute.runs.weighted import weighted_name
from tests.support.looking import (
    CUT_NAME,
    ONNX,
    TIMM,
    add_model,
    cut,
    noise_pictures,
    save_network,
    smooth_pictures,
)
from tests.support.onnx_writer import weights, write_graph
from tests.support.scores_by_hand import vim_by_hand


class Heard:
    """A report that keeps what it is told; `after` images it is interrupted."""

    def __init__(self, after: int | None = None):
        self.lines: list[str] = []
        self._after = after

    def say(self, text: str) -> None:
        self.lines.append(text)

    def progress(self, stage: str, done: int, total: int) -> None:
        if self._after is not None and done >= self._after:
            raise KeyboardInterrupt


@pytest.fixture
def copied(looking_atlas, tmp_path) -> Atlas:
    return Atlas(shutil.copytree(looking_atlas.atlas.root, tmp_path / "atlas"))


@pytest.fixture
def run(looking_atlas, copied):
    """`ood` with the files of the two networks; the run itself, and what was said."""

    def call(model=TIMM, after=None, **options):
        name = "onnx" if ONNX in model else "weights"
        given = {"images": str(looking_atlas.foreign), name: getattr(looking_atlas, name)}
        given |= {"device": "cpu", "workers": 0, "batch_size": 3} | options
        heard = Heard(after)
        made = OodRun(copied, model, Request(**given), heard)
        made.run()
        return made.folder, heard.lines

    return call


def shown(atlas: Atlas, folder: str, column: str) -> np.ndarray:
    return np.stack(atlas.read(FOREIGN, folder=folder)[column])


@pytest.mark.parametrize("model", [TIMM, ONNX])
def test_it_looks_as_the_network_does(run, copied, looking_atlas, model):
    folder, _ = run(model)
    file = {TIMM: {"weights": looking_atlas.weights}, ONNX: {"onnx": looking_atlas.onnx}}[model]
    images = open_images(looking_atlas.foreign)
    ((rows, logits, features),) = stream_looks(
        reopen(copied, model, device="cpu", **file), images, range(9), workers=0
    )
    table = copied.read(FOREIGN, folder=folder)
    assert folder == f"ood/{model}--static" and table["image_id"].tolist() == images.ids
    assert table["path"].tolist() == images.paths
    for column, values in (("logits", logits), ("features", features)):
        np.testing.assert_allclose(shown(copied, folder, column), values, rtol=2e-3, atol=1e-4)


def test_a_second_run_does_nothing_and_opens_no_network(run):
    run()
    _, said = run(weights=None)
    assert all("is up to date" in line for line in said) and len(said) == 5


def test_an_interrupted_run_goes_on_and_ends_the_same(run, copied, monkeypatch):
    monkeypatch.setattr(parts, "MOST", 3)
    folder, _ = run()
    files = [copied.file(table, folder) for table in OOD_TABLES]
    whole = [file.read_bytes() for file in files]
    shutil.rmtree(copied.root / folder)
    with pytest.raises(KeyboardInterrupt):
        run(after=6)
    assert len(list((copied.root / folder).rglob("*.parts/*.parquet"))) == 2
    run()
    assert [file.read_bytes() for file in files] == whole
    assert not list(copied.root.rglob("*.parts"))


def test_vim_of_an_onnx_file_by_its_features(run, copied):
    folder, _ = run(ONNX, vim=True)
    head, bias = (array.astype(np.float32).astype(float) for array in weights())
    ids, _, logits = copied.logits(ONNX)
    features = copied.read(schema.FEATURES, ONNX)
    assert features["image_id"].tolist() == ids
    known = np.stack(features["features"]).astype(float)
    np.testing.assert_allclose(known @ head + bias, logits.astype(float), atol=2e-2)
    fit = np.isin(ids, copied.image_ids(ONNX, "fit"))
    other = shown(copied, folder, "features").astype(float)
    expected = vim_by_hand(known[fit], logits[fit].astype(float), head.T, bias, other)
    scores = copied.read(SCORES, folder=folder)
    vim = scores[(scores["score"] == VIM) & scores["foreign"]]["value"]
    # The head is told from rounded features and logits, and the energy is that of rounded logits.
    np.testing.assert_allclose(vim, expected, atol=0.05 * np.std(expected) + 0.02)
    assert VIM in copied.read(DETECTION, folder=folder)["score"].tolist()


def test_vim_of_a_timm_network_stays_once_its_features_are_there(run, copied):
    folder, _ = run()
    assert VIM not in set(copied.read(SCORES, folder=folder)["score"])
    _, said = run(vim=True)
    assert any("scores (changed: vim)" in line for line in said)
    assert VIM in set(copied.read(SCORES, folder=folder)["score"])
    _, said = run(weights=None)
    assert all("is up to date" in line for line in said)
    width = copied.read(schema.MODEL, TIMM)["n_features"][0]
    assert np.stack(copied.read(schema.FEATURES, TIMM)["features"]).shape == (40, width)


def test_features_of_an_interrupted_run_are_not_made_twice(run, copied, monkeypatch):
    monkeypatch.setattr(parts, "MOST", 3)
    run(ONNX, vim=True)
    file = copied.file(schema.FEATURES, copied.model_folder(ONNX))
    whole = file.read_bytes()
    file.unlink()
    with pytest.raises(KeyboardInterrupt):
        run(ONNX, vim=True, after=12)
    assert len(list(copied.root.rglob("features.parts/*.parquet"))) == 4
    run(ONNX, vim=True)
    assert file.read_bytes() == whole


def test_models_made_of_another_one_are_opened_as_it_is(run, copied, tmp_path):
    weighted = weighted_name(TIMM, 0.1)
    add_model(copied, weighted, TIMM)
    head = {
        name: tensor
        for name, tensor in load_file(save_network(tmp_path / "o.safetensors", seed=1)).items()
        if name.startswith("head.")
    }
    cut(copied, TIMM, head)
    plain, same, other = (run(model)[0] for model in (TIMM, weighted, CUT_NAME))
    assert (shown(copied, plain, "logits") == shown(copied, same, "logits")).all()
    features = torch.from_numpy(shown(copied, plain, "features").astype(np.float32))
    expected = features @ head["head.weight"].T + head["head.bias"]
    np.testing.assert_allclose(shown(copied, other, "logits"), expected, atol=5e-3)


def test_unreadable_images_are_told_and_left_out(run, copied, tmp_path):
    folder = noise_pictures(tmp_path / "more", np.random.default_rng(5), 20)
    (folder / "011.png").write_bytes(b"no picture")
    made, said = run(ONNX, images=str(folder))
    assert "skipped more/011.png: not an image file" in said
    assert len(copied.read(FOREIGN, folder=made)) == 19


def test_an_archive_is_a_set_of_its_name(run, copied, looking_atlas, tmp_path):
    packed = shutil.make_archive(str(tmp_path / "packed"), "tar", looking_atlas.foreign)
    folder, _ = run(ONNX, images=packed)
    assert folder == f"ood/{ONNX}--packed"
    loose, _ = run(ONNX, set="loose")
    assert (shown(copied, folder, "logits") == shown(copied, loose, "logits")).all()


def test_moved_photographs_are_found_in_their_folder(run, copied, looking_atlas, tmp_path):
    lose_photographs(copied)
    _, said = run(ONNX)
    assert any("40 of the atlas's 40 images are not where they were" in line for line in said)
    with pytest.raises(UserError, match="40 of 40 images .* Say in which folder .* --images-dir"):
        run(ONNX, vim=True)
    run(ONNX, vim=True, images_dir=looking_atlas.photographs)
    other = smooth_pictures(tmp_path / "photographs", np.random.default_rng(9), 40)
    copied.file(schema.FEATURES, copied.model_folder(ONNX)).unlink()
    with pytest.raises(UserError, match="is another image than it was"):
        run(ONNX, vim=True, images_dir=other)


def lose_photographs(atlas: Atlas) -> None:
    images = atlas.read(schema.IMAGES).assign(path="/nowhere.png")
    atlas.write(schema.IMAGES, images, {})


def one_of_the_atlas(made, folder: Path, name: str) -> str:
    folder.mkdir()
    shutil.copy(sorted(made.photographs.iterdir())[3], folder / name)
    shutil.copy(sorted(made.foreign.iterdir())[0], folder / "other.png")
    return str(folder)


def test_an_image_of_the_atlas_is_not_foreign_whatever_it_is_called(
    run, copied, looking_atlas, tmp_path
):
    renamed = one_of_the_atlas(looking_atlas, tmp_path / "renamed", "new.png")
    with pytest.raises(
        UserError, match="'renamed/new.png' is the image 'photographs/003.png' of the atlas .1 such"
    ):
        run(ONNX, images=renamed)
    named = one_of_the_atlas(looking_atlas, tmp_path / "photographs", "009.png")
    lose_photographs(copied)
    with pytest.raises(UserError, match="'photographs/009.png' is the image 'photographs/009.png'"):
        run(ONNX, images=named)


def test_rows_of_an_array_have_the_names_of_its_images(run, copied, looking_atlas, tmp_path):
    file = tmp_path / "logits.npy"
    np.save(file, np.random.default_rng(0).normal(size=(9, 5)))
    folder, _ = run(ONNX, logits=file)
    table = copied.read(FOREIGN, folder=folder)
    assert table["path"].tolist() == open_images(looking_atlas.foreign).paths
    assert table["features"].isna().all()
    np.save(file, np.zeros((8, 5)))
    with pytest.raises(UserError, match="has 8 rows, but there are 9 images"):
        run(ONNX, logits=file)


def test_no_vim_without_features(run, copied, tmp_path):
    file = write_graph(tmp_path / "plain.onnx", features=False)
    info = copied.read(schema.MODEL, ONNX)
    copied.write(
        schema.MODEL, info.assign(weights_sha256=file_digest(file)), {}, copied.model_folder(ONNX)
    )
    folder, _ = run(ONNX, onnx=file)
    assert copied.read(FOREIGN, folder=folder)["features"].isna().all()
    with pytest.raises(UserError, match="does not show its features"):
        run(ONNX, onnx=file, vim=True)


def test_a_network_that_is_not_here_says_so(run):
    with pytest.raises(UserError, match="Give --onnx FILE"):
        run(ONNX, onnx=None)
