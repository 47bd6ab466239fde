"""Cosines between the weights of categories in a network's linear last layer, and how the program packs
those that it ships with: only those of pairs, in thousandths."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

STEP = 1e-3


def cosines(weights: np.ndarray) -> np.ndarray:
    """Cosine of every pair of rows of the weights (n, d), float32 (n, n); 0 with a row of zeros."""
    weights = weights.astype(float)
    length = np.linalg.norm(weights, axis=1, keepdims=True)
    unit = np.divide(weights, length, out=np.zeros_like(weights), where=length > 0)
    return (unit @ unit.T).astype(np.float32)


class CosineRows:
    """The same matrix, of which rows are made when they are asked for: it need not fit into memory."""

    def __init__(self, weights: np.ndarray):
        length = np.linalg.norm(weights, axis=1, keepdims=True)
        self._unit = np.divide(weights, length, out=np.zeros_like(weights), where=length > 0)

    def __getitem__(self, rows: np.ndarray) -> np.ndarray:
        """Cosines of some categories with all, (B, n) float32."""
        return (self._unit[rows] @ self._unit.T).astype(np.float32)


def write_cosines(matrix: np.ndarray, file: Path) -> None:
    """One row per pair i < j of the matrix (n, n), rounded to a thousandth."""
    pairs = matrix[np.triu_indices(len(matrix), 1)]
    table = pa.table({"thousandths": np.round(pairs / STEP).astype(np.int16)})
    pq.write_table(table, file, compression="zstd", compression_level=19)


def read_cosines(file: Path, n: int) -> np.ndarray:
    """The matrix (n, n) float32 that `write_cosines` packed."""
    matrix = np.eye(n, dtype=np.float32)
    pairs = pq.read_table(file)["thousandths"].to_numpy() * np.float32(STEP)
    rows, columns = np.triu_indices(n, 1)
    matrix[rows, columns] = matrix[columns, rows] = pairs
    return matrix
