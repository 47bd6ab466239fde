"""A network of an atlas is opened again as it was, or says why it cannot be."""

import shutil

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from precompute.atlas.store import Atlas
from precompute.errors import UserError
from precompute.inference.image_sets import open_images
from precompute.inference.reopen import CUT_WEIGHTS, reopen
from precompute.inference.stream import stream_logits
from precompute.runs.weighted import weighted_name
from precompute.sources.reopening import why_not, without_weighting
from tests.support.looking import CUT_NAME, NAMES, ONNX, TIMM, add_model, cut, save_network


def stored(atlas: Atlas, model: str) -> np.ndarray:
    return atlas.logits(model)[2]


def seen(classifier, made) -> np.ndarray:
    """What it sees in the atlas's own images, as the atlas stores it."""
    images = open_images(made.photographs)
    batches = stream_logits(classifier, images, range(len(images)), workers=0)
    return np.concatenate([logits for _, logits in batches]).astype(np.float16)


@pytest.fixture
def copied(looking_atlas, tmp_path) -> Atlas:
    return Atlas(shutil.copytree(looking_atlas.atlas.root, tmp_path / "atlas"))


@pytest.mark.parametrize("model", [TIMM, ONNX])
def test_it_sees_what_the_atlas_stores(looking_atlas, model):
    files = {"weights": looking_atlas.weights} if model == TIMM else {"onnx": looking_atlas.onnx}
    classifier = reopen(looking_atlas.atlas, model, device="cpu", **files)
    assert classifier.name == model and list(classifier.labels.categories["name"]) == NAMES
    assert (seen(classifier, looking_atlas) == stored(looking_atlas.atlas, model)).all()


def test_a_model_with_weighted_equations_is_its_base(looking_atlas, copied):
    name = weighted_name(TIMM, 0.1)
    assert without_weighting(name) == TIMM and without_weighting(TIMM) == TIMM
    add_model(copied, name, TIMM)
    classifier = reopen(copied, name, weights=looking_atlas.weights, device="cpu")
    assert classifier.name == name
    assert (seen(classifier, looking_atlas) == stored(copied, TIMM)).all()


def test_a_cut_model_is_its_base_with_other_tensors(looking_atlas, copied, tmp_path):
    other = load_file(save_network(tmp_path / "other.safetensors", seed=1))
    head = {name: tensor for name, tensor in other.items() if name.startswith("head.")}
    cut(copied, TIMM, head)
    base = reopen(copied, TIMM, weights=looking_atlas.weights, device="cpu")
    classifier = reopen(copied, CUT_NAME, weights=looking_atlas.weights, device="cpu")
    pixels = torch.randn(2, 3, 160, 160, generator=torch.Generator().manual_seed(0))
    _, features = base.with_features(pixels)
    logits, same = classifier.with_features(pixels)
    expected = features @ head["head.weight"].numpy().T + head["head.bias"].numpy()
    np.testing.assert_allclose(same, features, atol=1e-6)
    np.testing.assert_allclose(logits, expected, atol=1e-5)
    np.testing.assert_array_equal(classifier.head.weights, head["head.weight"].numpy())
    assert classifier.weights == f"cut of {TIMM}"


@pytest.mark.parametrize(
    ("tensors", "reason"),
    [
        ({"tail.weight": torch.zeros(2)}, "holds 'tail.weight', which"),
        ({"head.bias": torch.zeros(2)}, "size mismatch"),
    ],
)
def test_tensors_that_do_not_fit_are_refused(looking_atlas, copied, tensors, reason):
    cut(copied, TIMM, tensors)
    with pytest.raises(UserError, match=reason):
        reopen(copied, CUT_NAME, weights=looking_atlas.weights, device="cpu")


def test_a_damaged_file_of_tensors_is_refused(looking_atlas, copied):
    cut(copied, TIMM, {"head.bias": torch.zeros(5)})
    (copied.root / "cut" / CUT_NAME / CUT_WEIGHTS).write_bytes(b"no tensors")
    with pytest.raises(UserError, match="Cannot put the tensors of"):
        reopen(copied, CUT_NAME, weights=looking_atlas.weights, device="cpu")


def test_only_a_timm_network_can_be_cut(looking_atlas, copied):
    cut(copied, ONNX, {"head.bias": torch.zeros(5)})
    with pytest.raises(UserError, match="is no timm network"):
        reopen(copied, CUT_NAME, onnx=looking_atlas.onnx, device="cpu")


def test_other_weights_are_refused(looking_atlas, tmp_path):
    other = save_network(tmp_path / "other.safetensors", seed=1)
    with pytest.raises(UserError, match="not those of the atlas"):
        reopen(looking_atlas.atlas, TIMM, weights=other, device="cpu")


@pytest.mark.parametrize(
    ("model", "way_out"), [(TIMM, "Give --weights FILE"), (ONNX, "Give --onnx FILE")]
)
def test_what_is_not_part_of_the_atlas_must_be_given(looking_atlas, model, way_out):
    with pytest.raises(UserError, match=f"not part of the atlas. {way_out}"):
        reopen(looking_atlas.atlas, model)


def test_a_network_that_the_atlas_does_not_have(looking_atlas):
    with pytest.raises(UserError, match="Did you mean 'colours'?"):
        reopen(looking_atlas.atlas, "colors")


def test_of_an_array_there_is_no_network(atlas):
    with pytest.raises(UserError, match="its logits only. Give --logits FILE.npy"):
        reopen(atlas, atlas.models()[0])


def test_a_cut_network_looks_where_its_base_does():
    known = {
        "a": {"architecture": "onnx", "weights": "file a.onnx"},
        "a+cut-1": {"architecture": "onnx", "weights": "cut of a"},
        "b+cut-1": {"architecture": "onnx", "weights": "cut of b"},
    }
    assert "a.onnx" in why_not("a+cut-1", known)
    assert why_not("a+cut-1", known, onnx="a.onnx") is None
    assert "b, is not in the atlas" in why_not("b+cut-1", known)
