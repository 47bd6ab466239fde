"""An atlas of two small networks that can look at images, a timm and an ONNX one, and the images."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import timm
import torch
from PIL import Image
from safetensors.torch import save_file

from precompute.atlas import schema
from precompute.atlas.contract.schema_robustness import CUT
from precompute.atlas.files import file_digest
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.equations.fit import FitOptions
from precompute.inference.reopen import CUT_WEIGHTS
from precompute.runs.model import ModelRun
from precompute.runs.open_source import open_source
from precompute.sources.request import Request
from tests.support.onnx_writer import write_graph

TIMM, ONNX = "test_vit.r160_in1k", "colours"
N, N_IMAGES = 5, 40
NAMES = ["red", "green", "blue", "dark", "light"]
CUT_NAME = f"{TIMM}+cut-0123abcd"
LOOK = {"mean": "0.5,0.5,0.5", "std": "0.25,0.25,0.25"}


@dataclass(frozen=True)
class Looking:
    """The atlas, and the files that it was made of."""

    atlas: Atlas
    photographs: Path
    foreign: Path
    weights: Path
    onnx: Path


def looking(root: Path) -> Looking:
    """Both networks on N_IMAGES smooth photographs; the foreign images are noise."""
    rng = np.random.default_rng(0)
    made = Looking(
        Atlas(root / "atlas"),
        smooth_pictures(root / "photographs", rng, N_IMAGES),
        noise_pictures(root / "static", rng, 9),
        save_network(root / "vit.safetensors"),
        write_graph(root / "colours.onnx"),
    )
    names = root / "names.txt"
    names.write_text("\n".join(NAMES) + "\n", encoding="utf-8")
    shared = {
        "images": str(made.photographs), "holdout": "0.4", "labels": names, "device": "cpu",
        "workers": 0, "atlas": made.atlas.root,
    }  # fmt: skip
    for request in (
        Request(model=TIMM, weights=made.weights, **shared),
        Request(model=ONNX, onnx=made.onnx, input_config=LOOK, **shared),
    ):
        source = open_source(request, Silent())
        ModelRun(made.atlas, source, FitOptions(max_parents=2), Silent()).run()
    return made


def add_model(atlas: Atlas, name: str, like: str, **changes) -> None:
    """A model with all the tables of another one."""
    shutil.copytree(atlas.root / atlas.model_folder(like), atlas.root / atlas.model_folder(name))
    row = atlas.read(schema.MODEL, like).assign(name=name, **changes)
    atlas.write(schema.MODEL, row, {}, atlas.model_folder(name))


def cut(atlas: Atlas, base: str, tensors: dict) -> Atlas:
    """A cut model by hand: these tensors differ from those of its base."""
    file = atlas.root / "cut" / CUT_NAME / CUT_WEIGHTS
    file.parent.mkdir(parents=True)
    save_file(tensors, file)
    sha256 = file_digest(file)
    row = {name: "" for name in CUT.columns} | {
        "model": base, "cut_model": CUT_NAME, "weights_sha256": sha256, "head_only": True,
    }  # fmt: skip
    numbers = {f.name: 0 for f in CUT.schema if f.name not in row or row[f.name] == ""}
    texts = {"pairs": "by hand"}
    atlas.write(CUT, pd.DataFrame([row | numbers | texts]), {}, f"cut/{CUT_NAME}")
    add_model(atlas, CUT_NAME, base, weights=f"cut of {base}", weights_sha256=sha256)
    return atlas


def save_network(file: Path, seed: int = 0) -> Path:
    """Random weights of the timm network with N categories."""
    torch.manual_seed(seed)
    save_file(timm.create_model("test_vit", pretrained=False, num_classes=N).state_dict(), file)
    return file


def smooth_pictures(folder: Path, rng: np.random.Generator, count: int) -> Path:
    """Random pictures of few colours that flow into each other."""
    folder.mkdir(parents=True)
    for index in range(count):
        coarse = Image.fromarray(rng.integers(0, 256, (3, 4, 3), dtype=np.uint8))
        picture = coarse.resize((64 + index % 5, 60), Image.Resampling.BICUBIC)
        picture.save(folder / f"{index:03d}.png")
    return folder


def noise_pictures(folder: Path, rng: np.random.Generator, count: int) -> Path:
    """Random pixels, dark ones."""
    folder.mkdir(parents=True)
    for index in range(count):
        pixels = rng.integers(0, 90, (60, 64, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{index:03d}.png")
    return folder
