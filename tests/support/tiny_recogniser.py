"""A recogniser of four characters, and a typeface that has them, both small enough to make in a test."""

from pathlib import Path

import numpy as np
from PIL import ImageFont

from precompute.characters.recogniser import BIAS, FEATURES, WEIGHTS, Recogniser
from precompute.characters.typefaces import Typeface
from tests.support.onnx_writer import constant, message, port

CHARACTERS = "A-b水"
STRIDE = 8  # pixels of a step

# A step's features are the mean grey of its strip, three times, -1 for black and 1 for white: bright paper
# is blank, and the darker the strip, the surer of "A"; then of each following character, the space last.
_SLOPES = np.array([6.0, -6, -5, -4, -3, -2])


def write_recogniser(file: Path, characters: str = CHARACTERS) -> Path:
    """An ONNX file like the recogniser's: input x (B, 3, 48, W), steps of 8 pixels, a softmax."""
    weights = np.tile(_SLOPES / 3, (3, 1))
    nodes = [
        message(
            _1="x", _2="pooled", _4="AveragePool",
            _5=[_integers("kernel_shape", 48, STRIDE), _integers("strides", 48, STRIDE)],
        ),
        message(_1="pooled", _2="strips", _4="Squeeze", _5=_integers("axes", 2)),
        message(_1="strips", _2=FEATURES, _4="Transpose", _5=_integers("perm", 0, 2, 1)),
        message(_1=[FEATURES, WEIGHTS], _2="product", _4="MatMul"),
        message(_1=["product", BIAS], _2="sum", _4="Add"),
        message(_1="sum", _2="softmax", _4="Softmax"),
    ]  # fmt: skip
    graph = message(
        _1=nodes, _2="line", _5=[constant(WEIGHTS, weights), constant(BIAS, np.arange(6) / 10)],
        _11=port("x", ["batch", 3, 48, "width"]), _12=port("softmax", ["batch", "steps", 6]),
    )  # fmt: skip
    names = message(_1="character", _2="\n".join(characters))
    file.write_bytes(message(_1=8, _7=graph, _8=message(_1="", _2=11), _14=names))
    return file


def recogniser(folder: Path) -> Recogniser:
    """That file, opened."""
    return Recogniser(write_recogniser(folder / "recogniser.onnx"))


def typeface(folder: Path, name: str = "Plain Regular", characters: str = CHARACTERS) -> Typeface:
    """Pillow's own font under a name, with these characters."""
    file = folder / "plain.ttf"
    file.write_bytes(ImageFont.load_default(20).font_bytes)
    return Typeface(name, file, 0, frozenset(characters))


def _integers(name: str, *values: int) -> bytes:
    return message(_1=name, _8=list(values), _20=7)
