"""The ego graph as a picture that needs nothing else: SVG, and one HTML page around it."""

import html

import pandas as pd

from explorer.graphs import ROLES, role_colours
from explorer.queries import named
from explorer.theme import FONT, LIGHT, Palette, sign_colour

WIDTH, HEIGHT, MARGIN = 960, 640, 190  # pixels; the margin holds the names
COLUMN = 90  # pixels between which two nodes stand in the same column

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1c2127;background:#fdfcf9}svg{width:100%;height:auto}table{border-collapse:collapse}"
    "td,th{padding:.2rem .8rem;border-bottom:1px solid #dcd8cc;text-align:left}"
    "td:last-child{text-align:right;font-variant-numeric:tabular-nums}"
)


def ego_svg(
    edges: pd.DataFrame,
    nodes: pd.DataFrame,
    categories: pd.DataFrame,
    colours: Palette = LIGHT,
    meanings: tuple[str, ...] = ROLES,
) -> str:
    """The picture of an ego frame and its nodes (`graphs.nodes_of`), in the places of the page;
    `meanings` are the words for the nodes' roles."""
    places = {
        int(node.category): (
            MARGIN + (node.x + 1) / 2 * (WIDTH - 2 * MARGIN),
            24 + (1 - node.y) / 2 * (HEIGHT - 60),
        )
        for node in nodes.itertuples()
    }
    heaviest = max(float(edges["coefficient"].abs().max()) if len(edges) else 0.0, 1e-9)
    lines = [_line(places, edge, heaviest, colours) for edge in edges.itertuples()]
    roles = role_colours(colours)
    names = categories["name"].to_numpy()
    dots = [
        _dot(
            *places[int(node.category)],
            str(names[node.category]),
            node,
            meanings[node.role],
            roles[node.role],
            heaviest,
        )
        for node in nodes.itertuples()
    ]
    marks = "".join(_marker(name, colour) for name, colour in _signs(colours).items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="{html.escape(FONT)}" font-size="13" fill="{colours.ink}">'
        f'<defs>{marks}</defs><rect width="100%" height="100%" fill="{colours.ground}"/>'
        f"{''.join(lines)}{''.join(dots)}</svg>"
    )


def ego_page(
    title: str,
    subtitle: str,
    equation: str,
    svg: str,
    edges: pd.DataFrame,
    categories: pd.DataFrame,
) -> str:
    """One HTML page with the picture, the equation (HTML) and the table; it makes no request."""
    rows = "".join(
        f"<tr><td>{html.escape(str(edge.target_name))}</td><td>{html.escape(str(edge.source_name))}</td>"
        f"<td>{edge.coefficient:.4f}</td></tr>"
        for edge in named(edges, categories).itertuples()
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{STYLE}</style><h1>{html.escape(title)}</h1><p>{html.escape(subtitle)}</p>{equation}{svg}"
        f"<table><tr><th>Target</th><th>Source</th><th>Coefficient</th></tr>{rows}</table></html>"
    )


def _line(places: dict, edge, heaviest: float, colours: Palette) -> str:
    (x1, y1), (x2, y2) = places[int(edge.source)], places[int(edge.target)]
    bend = (x1 + x2) / 2
    if abs(x1 - x2) < COLUMN:  # within one column: bow inwards, further on the way down
        bend += (WIDTH / 2 - bend) * (0.5 if y1 < y2 else 0.35)
    sign = "plus" if edge.coefficient >= 0 else "minus"
    width = 1 + 5 * abs(edge.coefficient) / heaviest
    return (
        f'<path d="M{x1:.1f} {y1:.1f}C{bend:.1f} {y1:.1f} {bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}" '
        f'fill="none" stroke="{sign_colour(colours, edge.coefficient)}" stroke-width="{width:.2f}" '
        f'opacity=".85" marker-end="url(#{sign})"/>'
    )


def _dot(x: float, y: float, name: str, node, meaning: str, colour: str, heaviest: float) -> str:
    radius = 14 if node.ring == 0 else 4 + 8 * min(node.weight / heaviest, 1.0)
    gap = radius + 5
    dx, dy, anchor = {0: (0, gap + 12, "middle"), -1: (-gap, 4, "end"), 1: (gap, 4, "start")}[
        (node.ring > 0) - (node.ring < 0)
    ]
    weight = ' font-weight="700" font-size="17"' if node.ring == 0 else ""
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colour}">'
        f"<title>{html.escape(f'{name}: {meaning}')}</title></circle>"
        f'<text x="{x + dx:.1f}" y="{y + dy:.1f}" text-anchor="{anchor}"{weight}>{html.escape(name)}</text>'
    )


def _signs(colours: Palette) -> dict[str, str]:
    return {"plus": colours.positive, "minus": colours.negative}


def _marker(name: str, colour: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z" fill="{colour}"/></marker>'
    )
