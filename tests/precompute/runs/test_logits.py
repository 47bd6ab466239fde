"""Photographs become logits: the right ones, in order, whatever the batches, workers and bad files."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from PIL import Image
from safetensors.torch import save_file

from explorer.pages.live import networks, picture
from precompute.atlas.labels import from_names, match
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.equations.fit import FitOptions
from precompute.errors import UserError
from precompute.inference.classifiers import Classifier
from precompute.inference.image_sets import open_images
from precompute.inference.source import ImageSource
from precompute.inference.stream import stream_logits
from precompute.inference.timm_models import load_timm
from precompute.runs.model import ModelRun
from precompute.sources.request import Request

N_IMAGES = 11

# A machine with one core gets more workers here than torch suggests; Python 3.12 warns of any fork.
pytestmark = [
    pytest.mark.filterwarnings("ignore:This DataLoader will create:UserWarning"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def classifier(tmp_path_factory):
    torch.manual_seed(0)
    file = tmp_path_factory.mktemp("weights") / "vit.safetensors"
    save_file(timm.create_model("test_vit", pretrained=False).state_dict(), file)
    return load_timm("test_vit.r160_in1k", weights=file, device="cpu")


@pytest.fixture(scope="module")
def photographs(tmp_path_factory) -> Path:
    """Smooth random pictures of different sizes."""
    folder = tmp_path_factory.mktemp("images") / "photographs"
    rng = np.random.default_rng(0)
    for index in range(N_IMAGES):
        coarse = Image.fromarray(rng.integers(0, 256, (5, 6, 3), dtype=np.uint8))
        file = folder / f"class {index % 2}" / f"{index}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        coarse.resize((190 + 7 * index, 230 - 5 * index), Image.Resampling.BICUBIC).save(file)
    return folder


def collect(*arguments, **options) -> tuple[list[int], np.ndarray]:
    batches = list(stream_logits(*arguments, **options))
    indices = [int(index) for rows, _ in batches for index in rows]
    return indices, np.concatenate([logits for _, logits in batches])


def by_hand(classifier, file: Path) -> np.ndarray:
    """Resize, crop and normalize with PIL and numpy alone, one image at a time."""
    config = classifier.input_config
    side, image = config["input_size"][1], Image.open(file)
    scale = int(side / config["crop_pct"]) / min(image.size)
    image = image.resize([int(length * scale) for length in image.size], Image.Resampling.BICUBIC)
    left, top = (round((length - side) / 2) for length in image.size)
    pixels = np.asarray(image.crop((left, top, left + side, top + side))) / 255
    pixels = (pixels - config["mean"]) / config["std"]
    batch = torch.tensor(pixels.transpose(2, 0, 1)[None], dtype=torch.float32)
    with torch.inference_mode():
        return classifier.forward.model(batch).numpy()[0]


def test_logits_are_those_of_every_image_done_by_hand(classifier, photographs):
    images = open_images(photographs)

    indices, logits = collect(classifier, images, range(N_IMAGES), batch_size=4)

    expected = [by_hand(classifier, Path(file)) for file in images.paths]
    assert indices == list(range(N_IMAGES))
    assert (logits.dtype, logits.shape) == (np.float32, (N_IMAGES, 1000))
    # float32 sums in another order; the images' own logits differ by far more.
    np.testing.assert_allclose(logits, expected, atol=1e-5)
    assert np.abs(logits - np.roll(expected, 1, axis=0)).max() > 1e-2


@pytest.mark.parametrize(("batch_size", "workers"), [(1, 0), (3, 2), (64, 1), (4, None)])
def test_neither_batches_nor_workers_change_logits_or_order(
    classifier, photographs, batch_size, workers
):
    images, some = open_images(photographs), range(2, N_IMAGES)
    _, expected = collect(classifier, images, range(N_IMAGES))

    indices, logits = collect(classifier, images, some, batch_size=batch_size, workers=workers)

    assert indices == list(some)
    np.testing.assert_allclose(logits, expected[some], atol=1e-5)


@pytest.mark.parametrize("workers", [0, 2])
def test_archives_are_read_like_folders(classifier, photographs, tmp_path, workers):
    packed = shutil.make_archive(str(tmp_path / "photographs"), "tar", photographs)
    archive = open_images(packed)
    archive.read(0)  # an archive that was read before must not upset the workers

    _, logits = collect(classifier, archive, range(N_IMAGES), batch_size=2, workers=workers)

    _, expected = collect(classifier, open_images(photographs), range(N_IMAGES), batch_size=2)
    assert (logits == expected).all()


def test_a_copy_is_never_held_out_from_its_original(classifier, photographs, tmp_path):
    folder = tmp_path / "twice"
    for copy in ("first", "second"):
        shutil.copytree(photographs, folder / copy)
    images = open_images(folder)
    source = ImageSource(classifier, images, 0.5, Request("m", seed=3))
    sides = source.images.set_index("image_id")["split"]
    assert set(sides) == {"fit", "holdout"}
    for name in images.ids:
        assert sides[name] == sides[name.replace("/second/", "/first/")]


def test_features_of_images_are_what_the_head_makes_their_logits_of(classifier, photographs):
    images = open_images(photographs)
    source = ImageSource(classifier, images, 0.5, Request("m", batch_size=4, workers=0))
    rows, features = zip(*source.features(range(2, N_IMAGES), print), strict=True)
    same, logits = zip(*source.batches(range(2, N_IMAGES), print), strict=True)
    np.testing.assert_array_equal(np.concatenate(rows), np.concatenate(same))
    made = source.head().logits(np.concatenate(features))
    np.testing.assert_allclose(made, np.concatenate(logits), atol=1e-5)


def test_a_turned_photograph_has_the_logits_of_its_upright_twin_here_and_live(
    classifier, photographs, tmp_path
):
    exif = Image.Exif()
    exif[0x112] = 6  # the camera was turned by a quarter
    turned, twin = tmp_path / "turned.jpg", tmp_path / "upright.png"
    Image.open(photographs / "class 0" / "0.png").save(turned, exif=exif)
    Image.open(turned).transpose(Image.Transpose.ROTATE_270).save(twin)

    indices, logits = collect(classifier, open_images(tmp_path), range(2))

    assert indices == [0, 1]
    assert (logits[0] == logits[1]).all()
    lying = by_hand(classifier, turned)
    assert np.abs(logits[0] - lying).max() > 1e-2, "the test could not tell a picture that lies"
    # One image at a time: float32 sums in another order.
    seen = networks.logits_of(classifier, picture.open_image(turned.read_bytes()))
    np.testing.assert_allclose(seen, logits[0], atol=1e-5)


class Greys(Classifier):
    """Three linear functions of a picture's mean colour: quick, and it needs no weights."""

    def __init__(self):
        mix = np.array([[1.0, 0.2, 0.1], [0.5, 1.0, 0.3], [0.2, 0.4, 1.0]], dtype=np.float32)
        super().__init__(
            "greys", "test", "none", "0" * 64, from_names(["red", "green", "blue"]), 3, 9, {},
            transform=lambda image: torch.tensor(np.asarray(image).mean(axis=(0, 1)) / 255),
            forward=lambda pixels: pixels.numpy().astype(np.float32) @ mix,
            device=torch.device("cpu"),
        )  # fmt: skip


def test_an_atlas_of_pictures_that_were_not_turned_looks_at_them_again(tmp_path, photographs):
    for index in range(30):
        shutil.copy(photographs / "class 0" / f"{index % 5 * 2}.png", tmp_path / f"{index}.png")
        with open(tmp_path / f"{index}.png", "ab") as file:
            file.write(bytes([index]))  # no copies, which would all go to one side
    heard, atlas = [], Atlas(tmp_path / "atlas")
    report = Silent()
    report.say = heard.append
    for before in (True, False, False):
        source = ImageSource(Greys(), open_images(tmp_path), 0.4, Request("greys", workers=0))
        if before:
            del source.fingerprint["decoder"]
        ModelRun(atlas, source, FitOptions(max_parents=2), report).run()

    made = [line for line in heard if line.startswith("greys: logits")]
    assert made[0].startswith("greys: logits (missing)")
    assert made[1].startswith("greys: logits (changed: decoder)")
    assert made[2] == "greys: logits is up to date"


@pytest.mark.parametrize("workers", [0, 2])
def test_bad_images_are_skipped_and_told(classifier, photographs, tmp_path, workers):
    folder = tmp_path / "mixed"
    shutil.copytree(photographs / "class 0", folder)
    whole = (folder / "2.png").read_bytes()
    (folder / "1.png").write_bytes(whole[: len(whole) // 2])
    (folder / "3.jpg").write_text("no image")
    (folder / "5.jpg").write_bytes(b"")
    images = open_images(folder)
    (folder / "10.png").unlink()  # gone since it was listed
    heard = {}

    indices, logits = collect(
        classifier,
        images,
        range(len(images)),
        batch_size=2,
        workers=workers,
        on_bad=heard.__setitem__,
    )

    assert list(heard) == ["mixed/1.png", "mixed/3.jpg", "mixed/5.jpg", "mixed/10.png"]
    assert "truncated" in heard["mixed/1.png"]
    assert heard["mixed/3.jpg"] == "not an image file"
    assert heard["mixed/5.jpg"] == "the file is empty"
    assert "No such file" in heard["mixed/10.png"]
    assert [images.ids[index] for index in indices] == [f"mixed/{i}.png" for i in (0, 2, 4, 6, 8)]
    expected = [by_hand(classifier, Path(images.paths[index])) for index in indices]
    np.testing.assert_allclose(logits, expected, atol=1e-5)


def test_an_image_has_the_same_logits_whichever_others_are_asked_for(
    classifier, photographs, tmp_path, monkeypatch
):
    shutil.copytree(photographs, tmp_path / "mixed")
    (tmp_path / "mixed" / "class 0" / "4.png").write_text("no image")
    images, look, sizes = open_images(tmp_path / "mixed"), type(classifier.forward).__call__, []

    def looked(network, pixels):
        sizes.append(len(pixels))
        return look(network, pixels)

    monkeypatch.setattr(type(classifier.forward), "__call__", looked)
    heard: list[str] = []
    options = {"batch_size": 4, "workers": 0, "on_bad": lambda image, _: heard.append(image)}
    every, expected = collect(classifier, images, range(N_IMAGES), **options)
    whole, bad = set(sizes), heard.copy()
    sizes.clear(), heard.clear()

    shares = [range(2), range(2, 5), range(5, 9), range(9, N_IMAGES)]
    found = [collect(classifier, images, share, **options) for share in shares]

    assert [row for rows, _ in found for row in rows] == every
    assert (np.concatenate([logits for _, logits in found]) == expected).all()
    assert set(sizes) <= whole and len(bad) == 1
    assert heard == bad, "one share hears of the image that cannot be read, and no other"


def test_bad_images_alone_give_no_batches(classifier, tmp_path):
    (tmp_path / "a.png").write_text("no image")

    assert not list(
        stream_logits(classifier, open_images(tmp_path), range(1), on_bad=lambda *_: None)
    )


def test_logits_that_are_not_numbers_name_the_model_and_the_first_image(photographs, tmp_path):
    file = tmp_path / "vit.safetensors"
    tensors = timm.create_model("test_vit", pretrained=False).state_dict()
    tensors["head.bias"] = tensors["head.bias"].clone()
    tensors["head.bias"][3] = float("nan")
    save_file(tensors, file)
    broken = load_timm("test_vit.r160_in1k", weights=file, device="cpu")

    message = "Model 'test_vit.r160_in1k' gives the logit nan for image 'photographs/class 1/5.png'"
    with pytest.raises(UserError, match=message):
        list(stream_logits(broken, open_images(photographs), range(8, 10)))


@pytest.mark.skipif("NDE_REAL_DATA" not in os.environ, reason="needs the folder NDE_REAL_DATA")
def test_a_real_network_recognizes_real_photographs():
    images = open_images(Path(os.environ["NDE_REAL_DATA"]) / "imagenet-val-1300")
    classifier = load_timm("tf_efficientnet_lite0.in1k", device="cpu")
    some = range(0, len(images), 10)

    indices, logits = collect(classifier, images, some)

    labels = match(images.class_names, classifier.labels)[indices]
    # 0.833 on all 1,300; three standard errors of a proportion over 130 images
    assert (logits.argmax(axis=1) == labels).mean() == pytest.approx(0.833, abs=0.1)
