"""Edges as files. Every format holds the same edges that the page shows, with names.

Each writer takes the edges of a query (target, source, coefficient, further columns) and the
categories (category, name, ...) and returns the bytes of a file.
"""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from explorer.answers.dependencies import named

if TYPE_CHECKING:  # networkx takes a while to load, and only a press of a button needs it
    import networkx as nx

ENDS = ("target", "source", "target_name", "source_name")
PARQUET = "application/vnd.apache.parquet"


@dataclass(frozen=True)
class Format:
    """A file format: what to call it, how its file ends, its media type and its writer."""

    title: str
    suffix: str
    mime: str
    write: Callable[[pd.DataFrame, pd.DataFrame], bytes]


def graph(edges: pd.DataFrame, categories: pd.DataFrame) -> "nx.DiGraph":
    """Source -> target, as influence runs; nodes carry name and community, edges the coefficient, its
    absolute value as `weight`, and every further column that has a value there."""
    import networkx as nx

    found = nx.DiGraph()
    ends = pd.unique(pd.concat([edges["target"], edges["source"]]).astype(int))
    for category in ends.tolist():
        row = categories.iloc[category]
        found.add_node(category, label=str(row["name"]), community=int(row["community"]))
    further = edges.drop(columns=[*ENDS, "coefficient"], errors="ignore").to_dict("records")
    rows = zip(edges["source"], edges["target"], edges["coefficient"], further, strict=True)
    for source, target, coefficient, values in rows:
        weight = float(coefficient)
        known = {name: value for name, value in values.items() if pd.notna(value)}
        found.add_edge(int(source), int(target), coefficient=weight, weight=abs(weight), **known)
    return found


def _csv(edges: pd.DataFrame, categories: pd.DataFrame) -> bytes:
    return named(edges, categories).to_csv(index=False).encode()


def _parquet(edges: pd.DataFrame, categories: pd.DataFrame) -> bytes:
    return parquet(named(edges, categories))


def _json(edges: pd.DataFrame, categories: pd.DataFrame) -> bytes:
    import networkx as nx

    data = nx.node_link_data(graph(edges, categories), edges="edges")
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _graphml(edges: pd.DataFrame, categories: pd.DataFrame) -> bytes:
    import networkx as nx

    buffer = io.BytesIO()
    nx.write_graphml(graph(edges, categories), buffer)
    return buffer.getvalue()


def _gexf(edges: pd.DataFrame, categories: pd.DataFrame) -> bytes:
    import networkx as nx

    buffer = io.BytesIO()
    nx.write_gexf(graph(edges, categories), buffer)
    return buffer.getvalue()


def parquet(table: pd.DataFrame) -> bytes:
    """Any table as a parquet file."""
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()


FORMATS = (
    Format("CSV", "csv", "text/csv", _csv),
    Format("Parquet", "parquet", PARQUET, _parquet),
    Format("JSON", "json", "application/json", _json),
    Format("GraphML", "graphml", "application/xml", _graphml),
    Format("GEXF", "gexf", "application/xml", _gexf),
)
