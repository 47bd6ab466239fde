"""How the bundled logits were made: python -m precompute.inference.bundle FIT HOLDOUT ONNX_FOLDER

Seven networks look once at each image of two folders; see precompute/data/README.md. Writes
images.parquet and <model>.parquet into precompute/data/logits, and the cosines of linear heads into
precompute/data/heads.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from precompute.atlas.labels import match
from precompute.inference.classifiers import Classifier
from precompute.inference.image_sets import assert_disjoint, open_images
from precompute.inference.images import ImageSet
from precompute.inference.onnx_models import load_onnx
from precompute.inference.stream import stream_logits
from precompute.inference.timm_models import load_timm
from precompute.sources.heads import cosines, write_cosines

FOLDER = Path(__file__).parents[1] / "data" / "logits"
HEADS = FOLDER.with_name("heads")
TIMM = [f"tf_efficientnet_lite{size}.in1k" for size in (0, 1, 2)]
SIGNED = {"mean": (0.5, 0.5, 0.5), "std": (0.5, 0.5, 0.5), "crop_pct": 0.875}
ONNX = {
    "tinydarknet": {
        "mean": (0.0, 0.0, 0.0),
        "std": (1.0, 1.0, 1.0),
        "crop_pct": 1.0,
        "interpolation": "bilinear",
    },
    "mobilenet_v1_0.25_128": SIGNED,
    "mobilenet_v1_0.5_160": SIGNED,
    "mobilenet_v1_0.75_192": SIGNED,
}
FACTS = (
    "name", "architecture", "weights", "weights_sha256", "n_features", "n_parameters", "input_config",
)  # fmt: skip
# Sorted ids share their beginnings; the high bytes of neighbouring logits are alike, the low not.
ENCODING = {"image_id": "DELTA_BYTE_ARRAY", "logits.list.element": "BYTE_STREAM_SPLIT"}


def write_images(sets: dict[str, ImageSet], folder: Path) -> None:
    """images.parquet of the sets by split; the paths of one machine are of no use on another."""
    columns = image_columns(sets)
    columns["path"] = pa.nulls(len(columns["image_id"]), pa.string())
    _write(pa.table(columns), folder / "images.parquet", {})


def image_columns(sets: dict[str, ImageSet]) -> dict[str, list]:
    """image_id, split and class_name of all images, fit images first."""
    return {
        "image_id": [id_ for images in sets.values() for id_ in images.ids],
        "split": [split for split, images in sets.items() for _ in images.ids],
        "class_name": [name for images in sets.values() for name in images.class_names],
    }


def write_logits(
    classifier: Classifier, sets: dict[str, ImageSet], logits: np.ndarray, folder: Path
) -> None:
    """<model>.parquet with the logits (N, n) of all images, and what the classifier is."""
    columns = image_columns(sets)
    columns["label"] = pa.array(match(columns.pop("class_name"), classifier.labels))
    values = pa.array(logits.astype(np.float16).ravel())
    columns["logits"] = pa.FixedSizeListArray.from_arrays(values, logits.shape[1])
    facts = {fact: getattr(classifier, fact) for fact in FACTS}
    facts["label_set"] = classifier.labels.name
    _write(
        pa.table(columns),
        folder / f"{classifier.name}.parquet",
        {"classifier": json.dumps(facts)},
        use_dictionary=["split"],
        column_encoding=ENCODING,
    )


def write_head(classifier: Classifier, folder: Path) -> None:
    """<model>.parquet with the cosines of a linear head, where the classifier shows one."""
    if classifier.head is not None:
        write_cosines(cosines(classifier.head.weights), folder / f"{classifier.name}.parquet")


def _write(table: pa.Table, file: Path, metadata: dict, **options) -> None:
    table = table.replace_schema_metadata(metadata)
    pq.write_table(table, file, compression="zstd", compression_level=19, **options)


def main(fit: str, holdout: str, onnx: str) -> None:
    """Compute and write everything."""
    sets = {"fit": open_images(fit), "holdout": open_images(holdout)}
    assert_disjoint(sets["fit"], sets["holdout"])
    write_images(sets, FOLDER)
    classifiers = [load_timm(name, device="cpu") for name in TIMM]
    for name, config in ONNX.items():
        file = Path(onnx) / f"{name}.onnx"
        classifiers.append(load_onnx(name, file, input_config=config, device="cpu"))
    for classifier in classifiers:
        parts = [
            logits
            for images in sets.values()
            for _, logits in stream_logits(classifier, images, range(len(images)), batch_size=32)
        ]
        write_logits(classifier, sets, np.concatenate(parts), FOLDER)
        write_head(classifier, HEADS)


if __name__ == "__main__":
    main(*sys.argv[1:])
