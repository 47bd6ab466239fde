"""An array of features and the linear layer behind it as a source: logits need not be there."""

from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from precompute.atlas.files import file_digest
from precompute.atlas.head import Head
from precompute.errors import UserError
from precompute.sources.arrays import Rows, load_array
from precompute.sources.heads import CosineRows
from precompute.sources.protocol import ModelInfo, OnBad

_AT_ONCE = 256  # images


class FeatureArraySource:
    """Features of any classifier with a linear last layer, from a .npy file (N, d), and that layer, from a
    file that `read_head` reads; see FeatureSource."""

    def __init__(self, name: str, file: Path, head_file: Path, rows: Rows):
        self._features, self._head = load_array(file, "features", ndim=2), read_head(head_file)
        count, d = self._features.shape
        n = len(rows.labels)
        if (len(self._head), self._head.n_features) != (n, d):
            raise UserError(
                f"The weights in {head_file} are {self._head.weights.shape}; {n} category names and {d} "
                f"features an image in {file} need {(n, d)}."
            )
        self.images = rows.images(file, count)
        sha256 = file_digest(file)
        self.info = ModelInfo(name, "logits", file.name, sha256, rows.labels, d, None, {})
        self.fingerprint = {"features_file": sha256, "head_file": file_digest(head_file)}

    def batches(self, rows: range, on_bad: OnBad) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """See LogitSource; an array has no unreadable images."""
        for seen, features in self.features(rows, on_bad):
            yield seen, self._head.logits(features, np.float32)

    def head(self) -> Head:
        """See FeatureSource."""
        return self._head

    def features(self, rows: range, on_bad: OnBad) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """See FeatureSource."""
        for start in range(rows.start, rows.stop, _AT_ONCE):
            seen = np.arange(start, min(start + _AT_ONCE, rows.stop))
            yield seen, np.asarray(self._features[seen[0] : seen[-1] + 1], dtype=np.float32)

    def head_cosines(self) -> CosineRows:
        """See LogitSource."""
        return CosineRows(self._head.weights)


def read_head(file: Path) -> Head:
    """A layer from .npz or .safetensors: its weights are the one matrix (n, d) there, its bias the one
    vector (n,), or zeros without any. Raises UserError for anything else."""
    arrays = _arrays(file)
    shapes = ", ".join(f"'{name}' {array.shape}" for name, array in arrays.items())
    matrices = [array for array in arrays.values() if array.ndim == 2]
    vectors = [array for array in arrays.values() if array.ndim == 1]
    fits = len(matrices) == 1 and len(matrices) + len(vectors) == len(arrays) and len(vectors) < 2
    if not fits or any(len(vector) != len(matrices[0]) for vector in vectors):
        raise UserError(
            f"{file} has {shapes or 'nothing'}; a head is one matrix of weights (categories, features) "
            "and, where it has a bias, one vector with a number a category."
        )
    with np.errstate(over="ignore"):  # what float32 has no room for is refused below
        weights = matrices[0].astype(np.float32)
        bias = vectors[0].astype(np.float32) if vectors else np.zeros(len(weights), np.float32)
    if not (np.isfinite(weights).all() and np.isfinite(bias).all()):
        raise UserError(f"The head in {file} has numbers that are not finite.")
    return Head(weights, bias)


def _arrays(file: Path) -> dict[str, np.ndarray]:
    try:
        if file.suffix == ".safetensors":
            found = load_file(file)
        else:
            with np.load(file, allow_pickle=False) as archive:
                found = {name: archive[name] for name in archive.files}
    except FileNotFoundError as error:
        raise UserError(f"There is no file {file} to read a head from.") from error
    # numpy has another error for each kind of file that is no archive, one of them for a lone array.
    except (OSError, ValueError, EOFError, TypeError, BadZipFile, SafetensorError) as error:
        raise UserError(
            f"Cannot read a head from {file}: it must be a .npz of numpy.savez or a .safetensors file."
        ) from error
    numbers = (
        isinstance(array, np.ndarray) and array.dtype.kind in "fiu" for array in found.values()
    )
    if not all(numbers):
        raise UserError(f"The head in {file} must be real numbers.")
    return found
