"""`ood` as a person types it: the table, the sentence, and one line for bad input."""

import shutil
import sys

import numpy as np
import pytest

from precompute.atlas.contract.schema_robustness import DETECTION
from precompute.atlas.store import Atlas
from precompute.commands.cli import main
from tests.support.looking import ONNX


@pytest.fixture
def ood(monkeypatch, capsys, atlas, tmp_path):
    """Exit code and what was printed by `precompute ood` on a copy of the planted atlas."""
    root = shutil.copytree(atlas.root, tmp_path / "atlas")

    def call(*words, root=root):
        monkeypatch.setattr(
            sys, "argv", ["precompute", "ood", *map(str, words), "--atlas", str(root)]
        )
        with pytest.raises(SystemExit) as stop:
            main()
        printed = capsys.readouterr()
        return stop.value.code, printed.out, printed.err

    return call


def test_a_table_and_a_sentence_say_what_came_out(ood, tmp_path):
    np.save(tmp_path / "noise.npy", np.random.default_rng(0).normal(size=(50, 40)))
    code, out, err = ood("planted-a", "--logits", tmp_path / "noise.npy", "--set", "static")
    assert code == 0 and "streamlit run app.py" in err
    table = Atlas(tmp_path / "atlas").read(DETECTION, folder="ood/planted-a--static")
    found = table[(table["choice"] == "readable") & (table["score"] == "dependency")].iloc[0]
    assert f"{found['auroc']:.3f}" in out and "FPR at 95%" in out
    assert "The dependency score tells 50 foreign images and" in out
    _, _, err = ood("planted-a", "--logits", tmp_path / "noise.npy", "--set", "static")
    assert err.count("is up to date") == 5


def test_an_onnx_file_looks_at_a_folder(ood, looking_atlas, tmp_path):
    root = shutil.copytree(looking_atlas.atlas.root, tmp_path / "looking")
    code, out, _ = ood(
        ONNX, "--images", looking_atlas.foreign, "--onnx", looking_atlas.onnx, "--vim", "--device",
        "cpu", "--workers", 0, root=root,
    )  # fmt: skip
    assert code == 0 and "ViM" in out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("planted-a",), "Which images are foreign?"),
        (("planted",), "Did you mean 'planted-"),
        (("planted-a", "--images", "nowhere"), "There are no images at 'nowhere'"),
    ],
)
def test_bad_input_ends_with_one_line(ood, words, reason):
    code, _, err = ood(*words)
    assert code == 2 and reason in err and len(err.strip().splitlines()) == 1


def test_without_the_network_there_is_no_looking(ood, looking_atlas):
    code, _, err = ood("planted-a", "--images", looking_atlas.foreign)
    assert code == 2 and "its logits only. Give --logits FILE.npy" in err
