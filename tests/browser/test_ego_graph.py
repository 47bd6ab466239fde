"""The small graph alone in a real Chromium: where names, lines and words stand, and what a click tells."""

import base64
import re
from itertools import chain, combinations

import numpy as np
import pytest
from playwright.sync_api import Page

from explorer.figures import browser_code
from explorer.figures.graphs import picture
from explorer.figures.graphs.component import SCRIPT
from explorer.figures.graphs.places import settled
from explorer.figures.graphs.rules import RULES, SYMBOLS
from explorer.theme import LIGHT

pytestmark = pytest.mark.browser

DRAW = """async ([code, data]) => {
    const graph = await import("data:text/javascript;base64," + code);
    window.told = [];
    document.body.replaceChildren(document.createElement("div"));
    document.body.style.margin = 0;
    graph.update({ data, parentElement: document.body.firstChild,
                   setTriggerValue: (name, index) => window.told.push([name, index]) });
}"""
BOXES = """selector => [...document.querySelectorAll(selector)].map((shape) => {
    const { left, right, top, bottom } = shape.getBoundingClientRect();
    return { left, right, top, bottom, text: shape.textContent };
})"""


def drawing(nodes: list[dict], edges: list[dict], height: int = 520) -> dict:
    """What `ego.drawing` would say, with what the tests do not care for filled in."""
    node = {"y": 0.0, "size": 10, "colour": "#000000", "bold": False, "tip": "a parent"}
    edge = {"colour": "#0000ff", "width": 2, "dash": "", "label": "", "tip": "takes", "opacity": 1}
    looks = {"ink": "#000000", "ground": "#ffffff", "accent": "#008080"}
    return {
        "nodes": [node | each for each in nodes],
        "edges": [edge | each for each in edges],
        "height": height,
        "alt": "a graph",
        **looks,
    }


def ego(*rings: tuple[int, int]) -> dict:
    """A centre and `size` nodes in each of the rings (ring, size), all tied to it or to the ring within."""
    nodes = [{"name": "centre", "x": 0, "column": 0, "side": "bottom", "bold": True, "size": 30}]
    edges = []
    deepest = max(abs(ring) for ring, _ in rings)
    first = {0: 0}
    for ring, size in sorted(rings, key=lambda ring: abs(ring[0])):
        within = first[ring - (1 if ring > 0 else -1)]
        first[ring] = len(nodes)
        for k in range(size):
            ends = [len(nodes), within + (k % 3 if within else 0)]
            source, target = ends if ring < 0 else ends[::-1]
            edges.append({"source": source, "target": target})
            nodes.append(
                {
                    "name": f"black-footed ferret {k}", "x": ring / deepest, "column": ring,
                    "y": 1 - 2 * (k + 0.5) / size, "side": "left" if ring < 0 else "right",
                }
            )  # fmt: skip
    return drawing(nodes, edges)


@pytest.fixture
def draw(browser):
    pages: list[Page] = []

    def drawn(data: dict, width: int = 1000) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 900})
        pages.append(page)
        page.evaluate(DRAW, [base64.b64encode(SCRIPT).decode(), settled(data, data["height"])])
        page.locator(".ego svg").wait_for()
        return page

    yield drawn
    for page in pages:
        page.close()


def apart(one: dict, other: dict) -> bool:
    """Whether two boxes share no place; letters have some air above and below them."""
    return (
        one["right"] <= other["left"]
        or other["right"] <= one["left"]
        or one["bottom"] - 3 <= other["top"]
        or other["bottom"] - 3 <= one["top"]
    )


def test_nodes_that_would_lie_on_each_other_are_moved_apart_in_their_order(draw):
    data = ego((-1, 12))
    for k, node in enumerate(data["nodes"][1:]):
        node["y"] = [0.5, -0.2, -0.9][k // 4] - 0.002 * k
    page = draw(data)
    assert page.locator(".covered").count() == 0
    names = page.evaluate(BOXES, ".node:not(.centre) text")
    assert len(names) == 12
    assert [name["top"] for name in names] == sorted(name["top"] for name in names)
    assert all(apart(*pair) for pair in combinations(names, 2))


def test_nodes_with_room_stay_where_they_are(draw):
    data = ego((-1, 16))
    places = lambda page: page.evaluate(BOXES, ".node:not(.centre) .mark")  # noqa: E731
    whole = places(draw(data))
    data["nodes"] = data["nodes"][:1] + data["nodes"][5:9]
    data["edges"] = []
    assert places(draw(data)) == whole[4:8]


@pytest.mark.parametrize(
    ("width", "rings"),
    [
        (358, ((-2, 16), (-1, 30), (1, 30), (2, 16))),
        (690, ((-3, 8), (-2, 16), (-1, 30), (1, 30), (2, 16), (3, 8))),
        (1008, ((-2, 16), (-1, 32), (1, 32), (2, 16))),
        (1008, ((-3, 8), (-2, 16), (-1, 32), (1, 32), (2, 16), (3, 8))),
    ],
)
def test_names_are_free_of_names_and_dots_at_every_width(draw, width, rings):
    data = ego(*rings) | {"height": 568}
    page = draw(data, width)
    assert page.locator(".covered").count() == 0
    names = page.evaluate(BOXES, ".node text")
    dots = page.evaluate(BOXES, ".node .mark")
    assert len(names) == len(dots) == 1 + sum(size for _, size in rings)
    assert all(0 <= name["left"] and name["right"] <= width for name in names)
    assert all(apart(*pair) for pair in combinations(names, 2))
    assert all(apart(name, dot) for name in names for dot in dots if name["text"] != "centre")
    shortest = min(len(name["text"]) for name in names)
    assert shortest >= 6  # cut, maybe, but to be told


def test_on_a_phone_lines_keep_to_the_left_of_a_list_of_names(draw):
    page = draw(ego((-2, 9), (-1, 20), (1, 20)), 358)
    names = page.evaluate(BOXES, ".node text")
    lines = page.evaluate(BOXES, ".line")
    assert max(line["right"] for line in lines) <= min(name["left"] for name in names)
    assert min(line["left"] for line in lines) >= 0
    assert not any("…" in name["text"] for name in names)
    assert float(page.locator(".ego svg").get_attribute("height")) > 50 * 18


def test_a_click_on_a_line_chooses_its_far_end(draw):
    page = draw(ego((-1, 3), (1, 2), (2, 2)))
    told = []
    for k in range(page.locator(".edge").count()):
        page.locator(".edge").nth(k).dispatch_event("click")
        told.append(page.evaluate("window.told.pop()[1]"))
    assert told == [1, 2, 3, 4, 5, 6, 7]  # sources of the centre, its targets, targets of these
    title = page.locator(".edge title").first.text_content()
    assert re.search("A click chooses black-footed ferret 0", title)


def test_words_of_a_pair_that_uses_each_other_stand_apart(draw):
    pair = [
        {"name": "a", "x": -0.9, "y": 0.5, "column": -1, "side": "left"},
        {"name": "b", "x": 0.9, "y": -0.5, "column": 1, "side": "right"},
        {"name": "c", "x": 0.9, "y": -0.95, "column": 1, "side": "right"},
    ]
    ways = [
        {"source": source, "target": target, "label": "0.4041", "bow": 0.08}
        for source, target in ((0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1))
    ]
    words = draw(drawing(pair, ways, 320)).evaluate(BOXES, ".weight")
    assert len(words) == 6
    assert all(apart(*pair) for pair in combinations(words, 2))


def test_a_word_of_a_chain_covers_no_name(draw):
    names = ("hammer", "screwdriver", "black-footed ferret")
    nodes = [
        {"name": name, "x": k - 1, "y": (0.6, -0.3, 0.6)[k], "column": 0, "side": "bottom",
         "bold": True, "size": 18}
        for k, name in enumerate(names)
    ]  # fmt: skip
    edges = [{"source": k, "target": k + 1, "label": "0.021"} for k in range(2)]
    page = draw(drawing(nodes, edges, 160), 470)
    texts = [*page.evaluate(BOXES, ".weight"), *page.evaluate(BOXES, ".node text")]
    assert len(texts) == 5
    assert all(apart(*pair) for pair in combinations(texts, 2))


def test_the_code_is_one_module():
    assert SCRIPT.count(b"export function update") == 1
    assert "code.update" in browser_code.LOADER


# Chromium's own letters, or a rule for their width that Python knows, too.
EVEN_LETTERS = """() => { CanvasRenderingContext2D.prototype.measureText = function (text) {
    return { width: 0.55 * parseFloat(this.font.match(/([\\d.]+)px/)[1]) * text.length };
}; }"""
SHAPES = """() => [...document.querySelectorAll(".line, .head, .mark, .weight, .node text")].map(
    (shape) => shape.getAttribute("d") ?? shape.getAttribute("x") + " " + shape.getAttribute("y")
).concat([...document.querySelectorAll(".node")].map((node) => node.getAttribute("transform")))"""


def random_graph(seed: int) -> dict:
    """Columns, symbols, bows, words and pairs that use each other."""
    random = np.random.default_rng(seed)
    depth = int(random.integers(1, 3))
    nodes = [{"name": "middle", "x": 0, "column": 0, "side": "bottom", "bold": True, "size": 30}]
    for k in range(int(random.integers(8, 24))):
        column = int(random.choice([c for c in range(-depth, depth + 1) if c]))
        y = float(random.uniform(-1, 1))
        nodes.append(
            {
                "name": f"node {k}", "x": column / depth * (1 - 0.18 * y**2), "y": y, "column": column,
                "size": float(random.uniform(8, 24)), "side": "left" if column < 0 else "right",
                "symbol": str(random.choice(list(SYMBOLS))), "hollow": bool(random.random() < 0.2),
            }
        )  # fmt: skip
    ends = {tuple(random.choice(len(nodes), 2, replace=False).tolist()) for _ in range(12)}
    ends |= {(target, source) for source, target in list(ends)[:3]}
    edges = [
        {
            "source": source, "target": target, "width": round(float(random.uniform(1, 6)), 2),
            "label": str(random.choice(["", "0.25", "−1.4"])),
        }
        | ({"bow": float(random.choice([0.14, -0.3]))} if random.random() < 0.3 else {})
        for source, target in sorted(ends)
    ]  # fmt: skip
    return drawing(nodes, edges)


def numbers(shapes: list[str]) -> list[list[float]]:
    return [[float(part) for part in re.findall(r"-?[\d.]+", shape)] for shape in shapes]


def furthest(browser, data: dict, script: bytes, width: int = 1000) -> float:
    """By how many pixels the page and the picture of a file differ at most."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    graph = settled(data, data["height"])
    page.evaluate(EVEN_LETTERS)
    page.evaluate(DRAW, [base64.b64encode(script).decode(), graph])
    on_page = numbers(page.evaluate(SHAPES))
    left, right = (RULES.room if graph[side] else RULES.bare for side in ("left", "right"))
    painted = "".join(picture.painted(graph, width, (left, right), LIGHT))
    page.set_content(f"<svg>{painted}</svg>")
    in_file = numbers(page.evaluate(SHAPES))
    page.close()
    assert [len(shape) for shape in on_page] == [len(shape) for shape in in_file]
    return max(abs(a - b) for a, b in zip(chain(*on_page), chain(*in_file), strict=True))


@pytest.mark.parametrize("seed", range(6))
def test_a_picture_in_a_file_is_drawn_as_the_page_draws_it(browser, seed):
    assert furthest(browser, random_graph(seed), SCRIPT) < 0.11  # written to 0.1


@pytest.mark.parametrize(
    ("rule", "other"),
    [
        (b"(b.y - a.y), y:", b"(b.y - a.y) * 1.01, y:"),
        (b"RULES.wing * long", b"0.5 * long"),
        (b"edge.middle ?? 0.5", b"0.45"),
        (b"r + gap, RULES.base", b"r + 5, RULES.base"),
    ],
)
def test_a_page_that_draws_by_another_rule_is_found_out(browser, rule, other):
    assert SCRIPT.count(rule) == 1
    assert (
        max(furthest(browser, random_graph(k), SCRIPT.replace(rule, other)) for k in range(3)) > 0.2
    )
