"""Every command that the README shows is run, as it stands there."""

import re
import shlex
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from precompute.atlas import schema
from precompute.atlas.labels import imagenet_1k
from precompute.atlas.store import Atlas
from precompute.commands.cli import main
from precompute.sources.bundled import bundled_models
from tests.support.onnx_writer import write_graph
from tests.support.planting import plant, save

README = Path(__file__).parents[1] / "README.md"
BASH = re.findall(r"```bash\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)
LINES = [line for block in BASH for line in block.replace("\\\n", " ").splitlines()]
COMMANDS = [part.strip() for line in LINES for part in line.split("&&")]
SHOWN = [command for command in COMMANDS if command.startswith("python -m precompute")]


def run(command, monkeypatch, capsys):
    """Run one README command in this process; what it printed."""
    words = shlex.split(command, comments=True)
    assert words[:3] == ["python", "-m", "precompute"]
    monkeypatch.setattr(sys, "argv", ["precompute", *words[3:]])
    with pytest.raises(SystemExit) as stop:
        main()
    printed = "".join(capsys.readouterr())
    assert stop.value.code == 0, printed
    return printed


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What the README's commands take for granted: photographs, an ONNX file, an array of logits."""
    folder = tmp_path_factory.mktemp("readme")
    rng = np.random.default_rng(0)
    for name, count in (("photos", 12), ("more-photos", 4)):
        for k, synset in enumerate(imagenet_1k().categories["synset"][:count]):
            (folder / name / synset).mkdir(parents=True)
            pixels = rng.integers(0, 255, (48, 64, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / name / synset / f"{name}-{k}.png")
    planted = plant(seed=0)
    files = save(folder / "made", planted, [f"thing {k}" for k in range(planted.logits.shape[1])])
    for option, name in (
        ("logits", "logits.npy"),
        ("labels", "names.txt"),
        ("truth", "labels.npy"),
    ):
        files[option].rename(folder / name)
    write_graph(folder / "mynet.onnx", sides=("batch", 3, 224, 224))
    (folder / "classes.txt").write_text("red\ngreen\nblue\ndark\nlight\n")
    return folder


def commands_with(*words):
    found = [command for command in SHOWN if all(word in command for word in words)]
    assert found, words
    return found


def test_the_two_commands_install_run_and_test():
    assert [part for block in BASH[:2] for part in block.strip().split(" && ")] == [
        "pip install -r requirements.txt", "python -m precompute demo", "streamlit run app.py",
        "pip install -r requirements.txt", "pytest",
    ]  # fmt: skip


def test_every_shown_command_is_run_by_a_test_below():
    known = (
        "demo",
        "run tf_efficientnet",
        "--onnx",
        "--logits",
        "link",
        "unseen",
        "export",
        "figure",
    )
    assert all(any(word in command for word in known) for command in SHOWN)


def test_a_timm_model_on_photographs(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    (command,) = commands_with("run tf_efficientnet")
    run(command, monkeypatch, capsys)
    model = Atlas("atlas").read(schema.MODEL, "tf_efficientnet_lite0.in1k").iloc[0]
    assert (model["n_fit"], model["n_holdout"], model["n_categories"]) == (12, 4, 1000)
    assert "is up to date" in run(command, monkeypatch, capsys)


def test_an_onnx_file_on_photographs(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    (command,) = commands_with("--onnx")
    run(command, monkeypatch, capsys)
    model = Atlas("atlas").read(schema.MODEL, "mynet").iloc[0]
    assert (model["n_categories"], model["n_features"]) == (5, 3)


def test_an_array_of_logits(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    (command,) = commands_with("--logits")
    run(command, monkeypatch, capsys)
    assert "anynet" in Atlas("atlas").models()


def test_the_demo_then_links_and_unseen_which_it_has_done(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (demo,) = commands_with("demo")
    run(demo, monkeypatch, capsys)
    atlas, networks = Atlas("atlas"), len(bundled_models())
    assert len(atlas.models()) == networks == 7
    assert len(list(Path("atlas/links").iterdir())) == networks * (networks - 1)
    for command in commands_with(" link ") + commands_with(" unseen "):
        assert "(missing)" not in run(command, monkeypatch, capsys)
    (export,) = commands_with(" export ")
    run(export, monkeypatch, capsys)
    assert sorted(Path("exports").iterdir()) == [
        Path(f"exports/{model}.graphml") for model in atlas.models()
    ]
    (figure,) = commands_with(" figure ")
    run(figure, monkeypatch, capsys)
    assert Path("exports/tinydarknet-hamster.pdf").read_bytes().startswith(b"%PDF")
    gaps = [atlas.read(schema.DEPENDENCIES, model)["duality_gap"].max() for model in atlas.models()]
    assert max(gaps) <= 1e-12
