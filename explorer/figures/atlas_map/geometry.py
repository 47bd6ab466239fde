"""The geometry of an atlas as one small binary file: everything about the map that filters never change.

Layout, little-endian, then gzipped: the length of a JSON header (uint32), the header padded to a
multiple of 4 bytes, and the columns it lists one after another, each padded to a multiple of 4.
"""

import gzip
import json
import struct

import numpy as np
import pandas as pd

from explorer.figures.opacity import beside_plain, measured

NODE_COLUMNS = {"category": "int32", "x": "float32", "y": "float32", "community": "int32",
                "n_children": "int32"}  # fmt: skip
EDGE_COLUMNS = {"strength": "float32", "sign": "int8"}
OPTIONAL_EDGE_COLUMNS = {"lambda_ratio": "float32", "opacity": "uint8"}


def pack_geometry(nodes: pd.DataFrame, edges: pd.DataFrame) -> bytes:
    """Pack the map's nodes and edges for the browser.

    Parameters
    ----------
    nodes
        One row per category: category, name, x, y, community, n_children.
    edges
        One row per dependency: target and source (categories), strength (|coefficient|), sign (-1 or 1)
        and, if known, lambda_ratio (lambda over lambda_max at which the source enters) and stability (share
        of half-samples that have it, NaN where it was not measured). Of stability, opacity travels: a byte
        per edge, in percent of that of an edge without it.

    Raises
    ------
    ValueError
        A column is missing, a coordinate is not finite, or an edge names a category that nodes lack.
    """
    _require(nodes, "nodes", [*NODE_COLUMNS, "name"])
    _require(edges, "edges", ["target", "source", *EDGE_COLUMNS])
    if not np.isfinite(nodes[["x", "y"]].to_numpy(dtype=np.float32)).all():
        raise ValueError(
            "The map's nodes need finite x and y; draw categories without a place apart."
        )

    if measured(edges):
        edges = edges.assign(opacity=np.rint(100 * beside_plain(edges["stability"])))
    row_type = "uint16" if len(nodes) <= np.iinfo(np.uint16).max + 1 else "uint32"
    edge_columns = EDGE_COLUMNS | {k: v for k, v in OPTIONAL_EDGE_COLUMNS.items() if k in edges}
    columns = {name: nodes[name].to_numpy(dtype=kind) for name, kind in NODE_COLUMNS.items()}
    columns |= {end: rows_of(nodes, edges[end]).astype(row_type) for end in ("target", "source")}
    columns |= {name: edges[name].to_numpy(dtype=kind) for name, kind in edge_columns.items()}

    header = {
        "names": [str(name) for name in nodes["name"]],
        "columns": [[name, str(values.dtype), len(values)] for name, values in columns.items()],
    }
    text = _padded(json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode(), b" ")
    parts = [struct.pack("<I", len(text)), text]
    parts += [
        _padded(values.astype(values.dtype.newbyteorder("<")).tobytes(), b"\0")
        for values in columns.values()
    ]
    # Higher levels cost six times the time for 2 % of the size. mtime=0: equal geometry gives equal bytes,
    # and so one address in every session.
    return gzip.compress(b"".join(parts), compresslevel=1, mtime=0)


def rows_of(nodes: pd.DataFrame, categories: pd.Series) -> np.ndarray:
    """Rows of `nodes` that hold these categories; ValueError where one is missing."""
    rows = pd.Index(nodes["category"]).get_indexer(pd.Index(categories))
    if (rows < 0).any():
        missing = int(np.asarray(categories)[rows < 0][0])
        raise ValueError(f"Category {missing} is not among the map's {len(nodes)} nodes.")
    return rows


def _require(table: pd.DataFrame, name: str, columns: list[str]) -> None:
    missing = [column for column in columns if column not in table]
    if missing:
        raise ValueError(
            f"The map's {name} lack the column {missing[0]!r}; they have {list(table)}."
        )


def _padded(data: bytes, filler: bytes) -> bytes:
    return data + filler * (-len(data) % 4)
