"""Folding batch normalisation changes the steps of a network, not its logits."""

import pytest
import timm
import torch
from torch import nn

from precompute.inference.lean.folding import folded
from precompute.inference.timm_models import TimmNetwork

PIXELS = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))


def norms(model: nn.Module) -> int:
    return sum(isinstance(module, nn.BatchNorm2d) for module in model.modules())


def lived_in(model: nn.Module) -> nn.Module:
    """With normalisation that has seen images: means, variances and weights that are not 0 and 1."""
    torch.manual_seed(1)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            for tensor in (module.running_mean, module.bias.data):
                tensor.normal_()
            for tensor in (module.running_var, module.weight.data):
                tensor.uniform_(0.5, 2.0)
    return model.eval()


@torch.inference_mode()
def off(one: nn.Module, other: nn.Module) -> float:
    """Largest difference of their logits, in standard deviations."""
    theirs = other(PIXELS)
    return float((one(PIXELS) - theirs).abs().max() / theirs.std())


@pytest.mark.parametrize("name", ["test_efficientnet", "test_resnet", "test_byobnet", "test_vit"])
def test_logits_stay_the_same_within_rounding(name):
    model = lived_in(timm.create_model(name))
    lean = folded(model)

    assert norms(lean) == 0 and (norms(model) > 0) is (name != "test_vit")
    assert off(lean, model) < 1e-4


class Shared(nn.Module):
    """What the convolution gives is read twice: before normalisation, too."""

    def __init__(self):
        super().__init__()
        self.convolution, self.norm = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)

    def forward(self, pixels):
        plain = self.convolution(pixels)
        return plain + self.norm(plain)


class Unclear(Shared):
    """Where the pixels decide what is done, nothing is known of what follows what."""

    def forward(self, pixels):
        return self.norm(self.convolution(pixels)) if pixels.sum() > 0 else pixels


@pytest.mark.parametrize("kind", [Shared, Unclear])
def test_what_cannot_be_folded_stays(kind):
    model = lived_in(kind())
    lean = folded(model)

    assert norms(lean) == 1 and off(lean, model) == 0.0


def test_a_network_that_has_changed_is_folded_anew():
    """As fine-tuning changes it, in place, between one look at the images and the next."""
    model = lived_in(timm.create_model("test_resnet"))
    network = TimmNetwork(model, torch.device("cpu"))
    before = network(PIXELS)
    with torch.no_grad():
        model.bn1.running_mean += 1.0
        changed = model(PIXELS).numpy()

    assert abs(before - changed).max() > 1e-2 * changed.std()
    assert abs(network(PIXELS) - changed).max() < 1e-4 * changed.std()
