"""The ego graph as a picture that needs nothing else: SVG, and one HTML page around it."""

import html

import numpy as np
import pandas as pd

from explorer.answers.dependencies import named
from explorer.figures.graphs import shapes
from explorer.figures.graphs.ego import ROLES, role_colours
from explorer.theme import FONT, LIGHT, Palette, sign_colour
from explorer.words.formatting import weight_text

WIDTH, MARGIN = 960, 190  # pixels; the margin holds the names
FURTHER = 320  # pixels for another step on both sides, whose names stand among lines
LINE, LOWEST = 18, 640  # pixels between two names of a column, and of a small picture's height
CAPTION = 20  # pixels between two lines of the caption
KEY = "Arrows run from source to target; solid blue: positive coefficient, dashed orange: negative."

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
    *,
    lines: tuple[str, ...] = (),
    lowest: int = LOWEST,
    written: bool = False,
) -> str:
    """The picture of an ego frame and its nodes (`ego.nodes_of`), in the order of the page;
    `meanings` are the words for the nodes' roles, `lines` stand below it; with `written`, coefficients
    stand on their arrows."""
    sides = nodes.loc[nodes["ring"] != 0, "ring"].value_counts()
    height = max(lowest, 60 + LINE * int(sides.max() if len(sides) else 0))
    width = WIDTH + FURTHER * max(0, int(nodes["ring"].abs().max()) - 1)
    places = _places(nodes, width, height)
    heaviest = max(float(edges["coefficient"].abs().max()) if len(edges) else 0.0, 1e-9)
    radii = {
        int(node.category): 14 if node.ring == 0 else 4 + 8 * min(node.weight / heaviest, 1.0)
        for node in nodes.itertuples()
    }
    rings = dict(zip(nodes["category"], nodes["ring"], strict=True))
    names, roles = categories["name"].to_numpy(), role_colours(colours)
    ways = set(zip(edges["source"], edges["target"], strict=True))

    def line(edge) -> str:
        source, target = int(edge.source), int(edge.target)
        start, end, weight = places[source], places[target], float(edge.coefficient)
        return shapes.edge(
            start, end, radii[target], 1 + 5 * abs(weight) / heaviest, sign_colour(colours, weight),
            inwards=-int(np.sign(rings[source])) if rings[source] == rings[target] else 0,
            negative=weight < 0,
            back=(target, source) in ways and start[0] > end[0],
            title=f"{names[target]} takes {weight:.3f} × {names[source]}",
            word=("−" if weight < 0 else "") + weight_text(weight) if written else "",
        )  # fmt: skip

    def dot(node) -> str:
        category, name = int(node.category), str(names[node.category])
        return shapes.node(
            places[category], radii[category], roles[node.role], name, node.ring,
            f"{name}: {meanings[node.role]}",
            plate=colours.ground if _inner(node.ring, sides.index) else "",
        )  # fmt: skip

    drawn = [*map(line, edges.itertuples()), *map(dot, nodes.itertuples())]
    down_to = height + 12
    below = shapes.caption(lines, 24, down_to, CAPTION, colours.ink)
    tall = down_to + CAPTION * len(lines) if lines else height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {tall}" role="img" '
        f'font-family="{html.escape(FONT)}" font-size="13" fill="{colours.ink}">'
        f'<rect width="100%" height="100%" fill="{colours.ground}"/>{"".join(drawn)}{below}</svg>'
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


def _inner(ring: int, rings: pd.Index) -> bool:
    """Whether another ring stands further out on the same side, so that names stand among lines."""
    return any(other * ring > 0 and abs(other) > abs(ring) for other in rings)


def _places(nodes: pd.DataFrame, width: int, height: int) -> dict[int, shapes.Point]:
    """Pixels of every category's node."""
    across, down = _across(nodes["x"], width), 24 + (1 - _apart(nodes)) / 2 * (height - 60)
    rows = zip(nodes["category"], across, down, strict=True)
    return {int(category): (x, y) for category, x, y in rows}


def _across(x: pd.Series, width: int) -> pd.Series:
    """Pixels from the left; a side without nodes takes no room."""
    left, right = (-1 if x.min() < -0.01 else 0), (1 if x.max() > 0.01 else 0)
    share = (x - left) / (right - left) if right > left else 0 * x + 0.5
    return MARGIN + share * (width - 2 * MARGIN)


def _apart(nodes: pd.DataFrame) -> pd.Series:
    """Heights at which the names of a ring lie at equal distances: a picture cannot hide a name that
    covers another one until somebody points at it, as the page does."""
    heights = nodes["y"].copy()
    for _, ring in nodes[nodes["ring"] != 0].groupby("ring"):
        from_top = ring["y"].rank(ascending=False, method="first")
        heights[ring.index] = 1 - 2 * (from_top - 0.5) / len(ring)
    return heights
