"""Every command that the README shows is run, as it stands there."""

import numpy as np
import pytest
from PIL import Image

from precompute.atlas import schema
from precompute.atlas.contract.schema_robustness import CUT, OOD
from precompute.atlas.labels import imagenet_1k
from precompute.atlas.store import Atlas
from precompute.sources.bundled import bundled_models
from tests.support.onnx_writer import write_graph
from tests.support.planting import plant, save
from tests.support.readme import BASH, PYTHON, SHOWN, commands_with, run

KNOWN = (
    "demo",
    "run tf_efficientnet",
    "--onnx",
    "--logits",
    " link ",
    " unseen ",
    " ood ",
    " cut ",
    " claims ",
    " export ",
    " figure ",
)


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
    (folder / "textures").mkdir()
    for k in range(4):
        stripes = np.tile(rng.integers(0, 255, (1, 64, 3), dtype=np.uint8), (48, 1, 1))
        Image.fromarray(stripes).save(folder / "textures" / f"{k}.png")
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


def test_the_two_commands_install_run_and_test():
    assert [part for block in BASH[:2] for part in block.strip().split(" && ")] == [
        "pip install -r requirements.txt", "python -m precompute demo", "streamlit run app.py",
        "pip install -r requirements.txt", "pytest",
    ]  # fmt: skip


def test_every_shown_command_is_run_by_a_test_below():
    known = [command for word in KNOWN for command in commands_with(word)]
    assert sorted(known) == sorted(SHOWN)


@pytest.mark.slow
def test_a_timm_model_on_photographs(folder):
    (command,) = commands_with("run tf_efficientnet")
    run(command, folder)
    model = Atlas(folder / "atlas").read(schema.MODEL, "tf_efficientnet_lite0.in1k").iloc[0]
    assert (model["n_fit"], model["n_holdout"], model["n_categories"]) == (12, 4, 1000)
    assert "is up to date" in run(command, folder)


@pytest.mark.slow
def test_foreign_images_before_a_timm_model(folder):
    for command in (*commands_with("run tf_efficientnet"), *commands_with(" ood ")):
        printed = run(command, folder)
    assert "The dependency score" in printed and "FPR at 95%" in printed
    images = Atlas(folder / "atlas").read(OOD, folder="ood/tf_efficientnet_lite0.in1k--textures")
    assert images["n_foreign"][0] == 4


@pytest.mark.slow
def test_dependencies_between_strangers_are_cut_from_a_timm_model(folder):
    for command in (*commands_with("run tf_efficientnet"), *commands_with(" cut ")):
        printed = run(command, folder)
    (cut,) = (folder / "atlas" / "cut").glob(f"*/{CUT.file}")
    row = Atlas(folder / "atlas").read(CUT, folder=f"cut/{cut.parent.name}").iloc[0]
    assert (row["n_pairs"], row["n_trained"], row["pairs"]) == (20, 12, "suspicious 20")
    assert row["cut_model"] in Atlas(folder / "atlas").models() and row["cut_model"] in printed


@pytest.mark.slow
def test_logits_are_scored_from_python(folder):
    run(*commands_with("run tf_efficientnet"), folder)
    (code,) = [block for block in PYTHON if "score_logits" in block]
    names = {"logits": np.random.default_rng(0).normal(size=(3, 1000))}
    exec(code.replace('"atlas"', repr(str(folder / "atlas"))), names)
    assert len(names["table"]) == 3


@pytest.mark.slow
def test_an_onnx_file_on_photographs(folder):
    (command,) = commands_with("--onnx")
    run(command, folder)
    model = Atlas(folder / "atlas").read(schema.MODEL, "mynet").iloc[0]
    assert (model["n_categories"], model["n_features"]) == (5, 3)


@pytest.mark.slow
def test_an_array_of_logits(folder):
    (command,) = commands_with("--logits")
    run(command, folder)
    assert "anynet" in Atlas(folder / "atlas").models()


def test_the_demo_solves_seven_networks_and_links_all(demo_atlas):
    networks = len(bundled_models())
    assert len(demo_atlas.models()) == networks == 7
    assert len(list((demo_atlas.root / "links").iterdir())) == networks * (networks - 1)
    gaps = [demo_atlas.read(schema.DEPENDENCIES, model)["duality_gap"].max()
            for model in demo_atlas.models()]  # fmt: skip
    assert max(gaps) <= 1e-12


@pytest.mark.parametrize("command", [*commands_with(" link "), *commands_with(" unseen ")])
def test_what_the_demo_has_done_already_is_up_to_date(demo_atlas, command):
    printed = run(command, demo_atlas.root.parent)
    assert "is up to date" in printed and "(missing)" not in printed


def test_the_claims_are_judged_already_and_reported(demo_atlas):
    (command,) = commands_with(" claims ")
    assert "claims is up to date" in run(command, demo_atlas.root.parent)
    report = (demo_atlas.root.parent / "claims.html").read_text(encoding="utf-8")
    assert all(model in report for model in demo_atlas.models())


def test_every_model_is_exported(demo_atlas):
    (command,) = commands_with(" export ")
    run(command, demo_atlas.root.parent)
    exports = demo_atlas.root.parent / "exports"
    assert sorted(file.name for file in exports.glob("*.graphml")) == [
        f"{model}.graphml" for model in demo_atlas.models()
    ]


def test_a_category_is_printed(demo_atlas):
    (command,) = commands_with(" figure ")
    run(command, demo_atlas.root.parent)
    printed = demo_atlas.root.parent / "exports" / "tinydarknet-hamster.pdf"
    assert printed.read_bytes().startswith(b"%PDF")
