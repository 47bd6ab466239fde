"""ONNX graphs load with an input configuration and names, or say what is missing."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from precompute.atlas.labels import from_names
from precompute.errors import UserError
from precompute.inference.classifiers import proven_head
from precompute.inference.onnx_models import load_onnx
from precompute.sources.onnx_layer import last_layer
from tests.support.onnx_writer import weights, write_graph

NAMES = from_names(["red", "green", "blue", "dark", "light"])
CONFIG = {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}


@pytest.fixture
def graph(tmp_path) -> Path:
    return write_graph(tmp_path / "colours.onnx")


def images(count: int = 4) -> torch.Tensor:
    return torch.randn(count, 3, 16, 16, generator=torch.Generator().manual_seed(0))


def expected(batch: torch.Tensor) -> np.ndarray:
    w, b = weights()
    return batch.double().mean(dim=(2, 3)).numpy() @ w + b


def load(file: Path, **options):
    options = {"input_config": CONFIG, "labels": NAMES, "device": "cpu"} | options
    return load_onnx("colours", file, **options)


def test_a_graph_gives_its_logits(graph):
    classifier = load(graph)

    # float32 against float64
    np.testing.assert_allclose(classifier(images()), expected(images()), atol=1e-5)
    assert (classifier.name, classifier.architecture) == ("colours", "onnx")
    assert (classifier.n_features, classifier.n_parameters) == (3, None)
    assert classifier.weights == "file colours.onnx"
    assert classifier.labels is NAMES


def test_a_graph_of_batch_one_runs_image_by_image(tmp_path):
    classifier = load(write_graph(tmp_path / "one.onnx", sides=(1, 3, 16, 16)))

    np.testing.assert_allclose(classifier(images()), expected(images()), atol=1e-5)


def test_features_are_optional(tmp_path):
    assert load(write_graph(tmp_path / "plain.onnx", features=False)).n_features is None


@pytest.mark.parametrize("last", ["gemm", "transposed", "product and sum", "product"])
def test_a_linear_last_layer_is_found_as_exporters_write_it(tmp_path, last):
    classifier = load(write_graph(tmp_path / "colours.onnx", last=last))
    w, b = weights()
    found = proven_head(classifier)
    np.testing.assert_array_equal(found.weights, w.T.astype(np.float32))
    np.testing.assert_array_equal(
        found.bias, (0 * b if last == "product" else b).astype(np.float32)
    )


@pytest.mark.parametrize("last", ["half", "clipped", "sum"])
def test_what_only_looks_like_one_is_no_head(tmp_path, last):
    classifier = load(write_graph(tmp_path / "colours.onnx", last=last))
    assert classifier.with_features is not None and proven_head(classifier) is None


def test_a_head_needs_features_to_work_on(tmp_path):
    classifier = load(write_graph(tmp_path / "plain.onnx", features=False))
    assert classifier.head is None and proven_head(classifier) is None


def test_bytes_that_are_no_graph_have_no_head():
    for bytes_ in (b"", b"weights", bytes(range(256))):
        assert last_layer(bytes_) is None


def test_the_graph_knows_its_size_and_the_user_the_rest(graph):
    config = load(
        graph, input_config={"mean": "0.1,0.2,0.3", "std": (1, 1, 1), "crop_pct": 1}
    ).input_config

    assert config["input_size"] == (3, 16, 16)
    assert (config["mean"], config["std"]) == ((0.1, 0.2, 0.3), (1, 1, 1))
    assert (config["crop_pct"], config["interpolation"]) == (1.0, "bicubic")


def test_a_json_beside_the_graph_is_read_and_arguments_go_first(graph):
    beside = CONFIG | {"interpolation": "bilinear", "crop_pct": 0.9}
    graph.with_name("colours.onnx.json").write_text(json.dumps(beside))

    config = load(graph, input_config={"crop_pct": 1.0}).input_config

    assert (config["mean"], config["interpolation"], config["crop_pct"]) == (
        (0.5, 0.5, 0.5), "bilinear", 1.0,
    )  # fmt: skip


def test_a_graph_of_open_size_takes_the_users(tmp_path):
    file = write_graph(tmp_path / "open.onnx", sides=("batch", 3, "height", "width"))

    assert load(file, input_config=CONFIG | {"input_size": 20}).input_config["input_size"] == (
        3,
        20,
        20,
    )
    with pytest.raises(UserError, match="is not known: no input_size. Give --input-size"):
        load(file)


@pytest.mark.parametrize(
    ("config", "wrong"),
    [
        ({}, "is not known: no mean, std. Give --mean, --std, or write"),
        (CONFIG | {"input_size": 20}, "takes images of 16 x 16 pixels only"),
        (CONFIG | {"crop_pct": 1.5}, "crop_pct of .* is 1.5, but must be above 0"),
        (CONFIG | {"mean": "0.5"}, "mean of .* is '0.5', but must be three numbers"),
        (CONFIG | {"mean": "a,b,c"}, "mean of .* must be three numbers"),
        (CONFIG | {"std": [1, 1, 0]}, "std of .* must be three numbers above 0"),
        (CONFIG | {"interpolation": "cubic"}, "must be one of nearest, bilinear, bicubic"),
        (CONFIG | {"size": 3}, "'size' of .* is unknown; there are input_size, crop_pct"),
    ],
)
def test_input_that_makes_no_sense_is_refused(graph, config, wrong):
    with pytest.raises(UserError, match=wrong):
        load(graph, input_config=config)


@pytest.mark.parametrize("text", ["{", "[1]", '"mean"'])
def test_a_damaged_json_is_refused(graph, text):
    graph.with_name("colours.onnx.json").write_text(text)

    with pytest.raises(UserError, match="colours.onnx.json' (as JSON|must hold one JSON object)"):
        load(graph)


def test_bad_graphs_are_refused(tmp_path, graph):
    page = tmp_path / "page.onnx"
    page.write_text("<html>")
    softmax = write_graph(tmp_path / "softmax.onnx", output="probabilities")
    grey = write_graph(tmp_path / "grey.onnx", sides=("batch", 1, 16, 16))
    eight = write_graph(tmp_path / "eight.onnx", sides=(8, 3, 16, 16))
    for file, wrong in {
        tmp_path / "none.onnx": "There is no ONNX file",
        page: "Cannot read .*page.onnx' as an ONNX graph",
        softmax: "no output 'logits', only 'probabilities', 'features'",
        grey: r"takes 'image' tensor\(float\) .* it must take one float input",
        eight: "with a batch that is free or 1",
    }.items():
        with pytest.raises(UserError, match=wrong):
            load(file)
    with pytest.raises(UserError, match="has 5 categories without names. Give them with --labels"):
        load(graph, labels=None)
    with pytest.raises(UserError, match="has 5 categories, but 2 names were given"):
        load(graph, labels=from_names(["a", "b"]))
