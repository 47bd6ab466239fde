"""Batch normalisation folded into the convolutions before it: the same network in fewer steps.

A convolution and the batch normalisation of its output are one convolution with scaled weights. timm's
networks name their parts in many ways, so which follows which is read off the traced network.
"""

from copy import deepcopy

from timm.layers import BatchNormAct2d, Conv2dSame
from torch import fx, nn
from torch.nn.utils.fusion import fuse_conv_bn_weights

from precompute.inference.weights import TimmModel

# Just these: what inherits from them may change its weights on the way, or normalise otherwise.
CONVOLUTIONS = (nn.Conv2d, Conv2dSame)
NORMS = (nn.BatchNorm2d, BatchNormAct2d)


def folded(model: TimmModel) -> TimmModel:
    """A copy of the network for inference. What cannot be folded, or traced, stays as it is."""
    copy = deepcopy(model).eval()
    for convolution, norm in _pairs(copy):
        _fold(copy, convolution, norm)
    return copy


class _Tracer(fx.Tracer):
    def is_leaf_module(self, module: nn.Module, name: str) -> bool:
        return isinstance(module, CONVOLUTIONS + NORMS) or super().is_leaf_module(module, name)


def _pairs(model: TimmModel) -> list[tuple[str, str]]:
    """Names of each convolution whose output nothing but a batch normalisation reads, and of that."""
    try:
        nodes = list(_Tracer().trace(model).nodes)
    # Control flow that depends on the pixels makes tracing fail with almost any exception.
    except Exception:
        return []
    calls = [str(node.target) for node in nodes if node.op == "call_module"]
    found = []
    for node in nodes:
        before = node.args[0] if node.args else None
        if not isinstance(before, fx.Node) or not _is(model, node, NORMS):
            continue
        names = str(before.target), str(node.target)
        once = all(calls.count(name) == 1 for name in names)
        if _is(model, before, CONVOLUTIONS) and len(before.users) == 1 and once:
            found.append(names)
    return found


def _is(model: TimmModel, node: fx.Node, kinds: tuple) -> bool:
    return node.op == "call_module" and type(model.get_submodule(node.target)) in kinds


def _fold(model: TimmModel, convolution: str, norm: str) -> None:
    conv, bn = model.get_submodule(convolution), model.get_submodule(norm)
    if bn.running_mean is None:
        return
    conv.weight, conv.bias = fuse_conv_bn_weights(
        conv.weight, conv.bias, bn.running_mean, bn.running_var, bn.eps, bn.weight, bn.bias
    )
    rest = nn.Sequential(bn.drop, bn.act) if isinstance(bn, BatchNormAct2d) else nn.Identity()
    model.set_submodule(norm, rest)
