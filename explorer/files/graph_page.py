"""A small graph as one HTML page that makes no request: its equation, its picture and its table."""

import html

import pandas as pd

from explorer.answers.dependencies import named

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1c2127;background:#fdfcf9}svg{width:100%;height:auto}table{border-collapse:collapse}"
    "td,th{padding:.2rem .8rem;border-bottom:1px solid #dcd8cc;text-align:left}"
    "td:last-child{text-align:right;font-variant-numeric:tabular-nums}"
)


def graph_page(
    title: str,
    subtitle: str,
    equation: str,
    svg: str,
    edges: pd.DataFrame,
    categories: pd.DataFrame,
    said: str = "",
) -> str:
    """The page; `equation` is HTML, `svg` a picture of the edges (target, source, coefficient), `said` a
    sentence on the equation."""
    below = f"<p>{html.escape(said)}</p>" if said else ""
    rows = "".join(
        f"<tr><td>{html.escape(str(edge.target_name))}</td><td>{html.escape(str(edge.source_name))}</td>"
        f"<td>{edge.coefficient:.4f}</td></tr>"
        for edge in named(edges, categories).itertuples()
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{STYLE}</style><h1>{html.escape(title)}</h1><p>{html.escape(subtitle)}</p>{equation}{below}{svg}"
        f"<table><tr><th>Target</th><th>Source</th><th>Coefficient</th></tr>{rows}</table></html>"
    )
