"""ONNX graphs written byte by byte (the package onnx is not needed): the mean over all pixels of each
colour, then W and b, five categories."""

from pathlib import Path

import numpy as np


def message(**fields) -> bytes:
    """A protobuf message from {_<field number>: value or list of values}."""
    out = b""
    for key, values in fields.items():
        for value in values if isinstance(values, list) else [values]:
            number = int(key[1:])
            if isinstance(value, int):
                out += varint(number << 3) + varint(value)
            elif isinstance(value, np.float32):
                out += varint(number << 3 | 5) + value.tobytes()
            else:
                data = value.encode() if isinstance(value, str) else value
                out += varint(number << 3 | 2) + varint(len(data)) + data
    return out


def varint(value: int) -> bytes:
    low, rest = value & 127, value >> 7
    return bytes([low | 128]) + varint(rest) if rest else bytes([low])


def port(name: str, sides: list) -> bytes:
    dims = [message(_1=side) if isinstance(side, int) else message(_2=side) for side in sides]
    return message(_1=name, _2=message(_1=message(_1=1, _2=message(_1=dims))))


def constant(name: str, array: np.ndarray) -> bytes:
    return message(_1=list(array.shape), _2=1, _8=name, _9=array.astype(np.float32).tobytes())


def weights() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(3, 5)), rng.normal(size=5)


def last_layer(kind: str, output: str) -> list[bytes]:
    """The nodes that make the output of W, b and features: as exporters write a linear layer, or not."""
    product = message(_1=["features", "W"], _2="product", _4="MatMul")
    half = message(_1="alpha", _2=np.float32(0.5), _20=1)
    return {
        "gemm": [message(_1=["features", "W", "b"], _2=output, _4="Gemm")],
        "transposed": [message(_1=["features", "Wt", "b"], _2=output, _4="Gemm",
                               _5=message(_1="transB", _3=1, _20=2))],
        "product and sum": [product, message(_1=["b", "product"], _2=output, _4="Add")],
        "product": [message(_1=["features", "W"], _2=output, _4="MatMul")],
        "half": [message(_1=["features", "W", "b"], _2=output, _4="Gemm", _5=half)],
        "clipped": [product, message(_1="product", _2=output, _4="Relu")],
        "sum": [product, message(_1=["product", "product"], _2=output, _4="Add")],
    }[kind]  # fmt: skip


def write_graph(
    file: Path,
    *,
    sides=("batch", 3, 16, 16),
    output: str = "logits",
    features: bool = True,
    last: str = "gemm",
) -> Path:
    w, b = weights()
    nodes = [
        message(_1="image", _2="pooled", _4="GlobalAveragePool"),
        message(_1="pooled", _2="features", _4="Flatten"),
        *last_layer(last, output),
    ]
    batch = sides[0]
    outputs = [port(output, [batch, 5])] + [port("features", [batch, 3])] * features
    graph = message(
        _1=nodes, _2="colours", _5=[constant("W", w), constant("Wt", w.T), constant("b", b)],
        _11=port("image", list(sides)), _12=outputs,
    )  # fmt: skip
    file.write_bytes(message(_1=8, _7=graph, _8=message(_1="", _2=17)))
    return file
