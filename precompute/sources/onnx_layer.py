"""Where the linear last layer of an ONNX graph is, which has outputs `features` and `logits`."""

import struct
from dataclasses import dataclass, field

from precompute.sources.onnx_bytes import fields


@dataclass
class Node:
    """One operation of the graph; `told` has its attributes that are numbers."""

    kind: str = ""
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    told: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Layer:
    """Names of the tensors of a linear layer; the weights are (d, n), or (n, d) where `transposed`."""

    weights: str
    bias: str | None
    transposed: bool


def last_layer(model: bytes) -> Layer | None:
    """The layer that makes `logits` of `features`: one Gemm, or a MatMul with an Add or without; None where
    something else does."""
    try:
        return _layer(nodes(model))
    except (ValueError, IndexError, struct.error):
        return None


def nodes(model: bytes) -> list[Node]:
    """All operations of a graph. Raises ValueError for what is no ONNX file."""
    found = []
    for number, graph in fields(memoryview(model)):
        if number == 7 and not isinstance(graph, int):
            parts = (value for kind, value in fields(graph) if kind == 1)
            found += [_node(part) for part in parts if not isinstance(part, int)]
    return found


def _node(message: memoryview) -> Node:
    node = Node()
    for number, value in fields(message):
        if isinstance(value, int):
            continue
        if number == 1:
            node.inputs.append(_text(value))
        elif number == 2:
            node.outputs.append(_text(value))
        elif number == 4:
            node.kind = _text(value)
        elif number == 5:
            node.told |= _number(value)
    return node


def _number(attribute: memoryview) -> dict[str, float]:
    """An attribute by its name, if its value is one number."""
    told = dict(fields(attribute))
    name, real, whole = told.get(1), told.get(2), told.get(3)
    if isinstance(name, memoryview) and isinstance(real, memoryview):
        return {_text(name): struct.unpack("<f", real)[0]}
    if isinstance(name, memoryview) and isinstance(whole, int):
        return {_text(name): whole}
    return {}


def _text(value: memoryview) -> str:
    return bytes(value).decode()


def _layer(graph: list[Node]) -> Layer | None:
    made_by = {name: node for node in graph for name in node.outputs}
    last = made_by.get("logits", Node())
    if last.kind == "Gemm":
        plain = last.told.get("alpha", 1) == last.told.get("beta", 1) == 1
        if last.inputs[0] != "features" or not plain or last.told.get("transA", 0):
            return None
        bias = last.inputs[2] if len(last.inputs) > 2 else None
        return Layer(last.inputs[1], bias, bool(last.told.get("transB", 0)))
    bias = None
    if last.kind == "Add":
        product = next((name for name in last.inputs if _is_product(made_by, name)), None)
        if product is None:
            return None
        bias = next((name for name in last.inputs if name != product), None)
        if bias is None:
            return None
        last = made_by[product]
    if last.kind == "MatMul" and last.inputs[0] == "features":
        return Layer(last.inputs[1], bias, False)
    return None


def _is_product(made_by: dict[str, Node], name: str) -> bool:
    return made_by.get(name, Node()).kind == "MatMul"
