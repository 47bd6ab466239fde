"""The logits that ship with the program are those of seven real networks, whole and small."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from precompute.atlas.labels import imagenet_1k
from precompute.inference.bundle import (
    ENCODING,
    FACTS,
    FOLDER,
    HEADS,
    ONNX,
    TIMM,
    write_head,
    write_images,
    write_logits,
)
from precompute.inference.classifiers import Classifier
from precompute.inference.timm_models import load_timm
from precompute.sources.bundled import BundledSource
from precompute.sources.heads import STEP, read_cosines

# Top-1 on the fit and held-out images, from the folder's README.
TOP1 = {
    "tf_efficientnet_lite0.in1k": (0.879, 0.833),
    "tf_efficientnet_lite1.in1k": (0.891, 0.834),
    "tf_efficientnet_lite2.in1k": (0.895, 0.834),
    "tinydarknet": (0.648, 0.689),
    "mobilenet_v1_0.25_128": (0.467, 0.567),
    "mobilenet_v1_0.5_160": (0.692, 0.728),
    "mobilenet_v1_0.75_192": (0.797, 0.775),
}


def matrix(rows) -> np.ndarray:
    return rows["logits"].combine_chunks().flatten().to_numpy().reshape(len(rows), -1)


def test_the_bundle_is_complete_and_small():
    files = sorted(FOLDER.glob("*.parquet"))

    assert {file.stem for file in files} == {*TIMM, *ONNX, "images"} == {*TOP1, "images"}
    assert sum(file.stat().st_size for file in files) < 38e6


def test_the_heads_of_the_wheels_are_there_and_small():
    files = sorted(HEADS.glob("*.parquet"))

    assert {file.stem for file in files} == {*TIMM}
    assert sum(file.stat().st_size for file in files) < 3e6
    assert BundledSource(FOLDER / "tinydarknet.parquet").head_cosines() is None


def test_a_bundled_head_is_that_of_its_wheel(tmp_path):
    classifier = load_timm(TIMM[0], device="cpu")
    stored = BundledSource(FOLDER / f"{TIMM[0]}.parquet").head_cosines()
    weights = classifier.head.weights.astype(float)

    pairs = np.random.default_rng(0).integers(1000, size=(200, 2))
    for i, j in pairs[pairs[:, 0] != pairs[:, 1]]:
        a, b = weights[i], weights[j]
        assert stored[i, j] == pytest.approx(a @ b / np.sqrt(a @ a * (b @ b)), abs=STEP / 2 + 1e-6)
    write_head(classifier, tmp_path)
    np.testing.assert_array_equal(read_cosines(tmp_path / f"{TIMM[0]}.parquet", 1000), stored)


def test_the_images_are_named_split_and_classed_but_not_located():
    images = pq.read_table(FOLDER / "images.parquet").to_pandas()

    assert images["image_id"].is_unique
    assert images["split"].value_counts().to_dict() == {"holdout": 1300, "fit": 1000}
    assert set(images["class_name"]) == set(imagenet_1k().categories["synset"])
    assert images["path"].isna().all()


@pytest.mark.parametrize("model", TOP1)
def test_a_bundled_network_is_as_good_as_its_readme_says(model):
    rows = pq.read_table(FOLDER / f"{model}.parquet")
    images = pq.read_table(FOLDER / "images.parquet")
    logits, labels = matrix(rows).astype(np.float32), rows["label"].to_numpy()
    synsets = imagenet_1k().categories["synset"].to_numpy()

    assert rows.select(["image_id", "split"]).equals(images.select(["image_id", "split"]))
    assert synsets[labels].tolist() == images["class_name"].to_pylist()
    assert np.isfinite(logits).all()
    fit = np.array(rows["split"].to_pylist()) == "fit"
    right = logits.argmax(axis=1) == labels
    # Rounding to float16 makes a few ties; the README rounds to three digits.
    assert (right[fit].mean(), right[~fit].mean()) == pytest.approx(TOP1[model], abs=2e-3)


@pytest.mark.parametrize("model", ["tinydarknet", "mobilenet_v1_0.25_128"])
def test_few_features_make_logits_of_low_rank(model):
    rows = pq.read_table(FOLDER / f"{model}.parquet")
    d = json.loads(rows.schema.metadata[b"classifier"])["n_features"]

    spectrum = np.linalg.svd(matrix(rows)[: d + 50].astype(np.float32), compute_uv=False)

    # Beyond d + 1 there is rounding only: float16 keeps 11 bits.
    assert spectrum[d] > 20 * spectrum[d + 1]


@pytest.mark.parametrize("model", TOP1)
def test_a_bundled_network_says_what_it_is(model):
    facts = json.loads(pq.read_schema(FOLDER / f"{model}.parquet").metadata[b"classifier"])

    assert set(facts) == {*FACTS, "label_set"}
    assert (facts["name"], facts["label_set"]) == (model, "imagenet-1k")
    assert len(facts["weights_sha256"]) == 64
    assert set(facts["input_config"]) >= {"input_size", "crop_pct", "interpolation", "mean", "std"}
    assert f"| {model} | {facts['n_features']} |" in (FOLDER.parent / "README.md").read_text()


class TwoImages:
    """The least that the writer needs of an image set."""

    def __init__(self, split: str, class_names: list[str]):
        self.ids = [f"{split}/{row}" for row in range(len(class_names))]
        self.class_names = class_names


def test_written_logits_come_back(tmp_path):
    sets = {
        "fit": TwoImages("fit", ["n01440764"]),
        "holdout": TwoImages("holdout", ["hamster", "x"]),
    }
    facts = dict.fromkeys(("transform", "forward", "device"))
    classifier = Classifier(
        "net", "onnx", "file", "0" * 64, imagenet_1k(), None, None, {"crop_pct": 1}, **facts
    )
    logits = np.random.default_rng(0).normal(size=(3, 1000)).astype(np.float32)

    write_images(sets, tmp_path)
    write_logits(classifier, sets, logits, tmp_path)

    rows = pq.read_table(tmp_path / "net.parquet")
    assert (matrix(rows) == logits.astype(np.float16)).all()
    assert rows["label"].to_pylist() == [0, 333, -1]
    assert rows["split"].to_pylist() == ["fit", "holdout", "holdout"]
    assert json.loads(rows.schema.metadata[b"classifier"])["input_config"] == {"crop_pct": 1}
    layout = pq.ParquetFile(tmp_path / "net.parquet").metadata.row_group(0)
    columns = {layout.column(i).path_in_schema: layout.column(i) for i in range(4)}
    assert all(encoding in columns[name].encodings for name, encoding in ENCODING.items())
    assert pq.read_table(tmp_path / "images.parquet")["path"].null_count == 3
