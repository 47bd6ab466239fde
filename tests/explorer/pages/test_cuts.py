"""A list or an equation that does not show all says so."""

import pytest

from explorer.session import cache
from explorer.widgets import layout
from tests.support.pages import REPOSITORY, equations, header


def test_the_equation_inside_each_network_has_all_its_terms(open_page, linked_atlas):
    target, source = linked_atlas.models()
    network = cache.network(linked_atlas.root, target, "best")
    sizes = network.edges["target"].value_counts()
    category, size = int(sizes.index[0]), int(sizes.iloc[0])
    assert size == 8, "as many as a readable equation has"
    app = open_page(
        "links", root=linked_atlas.root, model=target, source=source, choice="best",
        category=network.name_of(category),
    )  # fmt: skip
    assert header(app)
    inside = [text for text in equations(app) if f"category?model={target}" in text]
    assert inside and inside[0].count("<a ") == size


def test_the_lists_of_the_overview_say_of_how_many_they_are(open_page, network):
    app = open_page(list="Strongest")
    assert header(app)
    assert len(network.edges) > 50
    said = f"The first 50 of {len(network.edges)}; filters choose among them."
    assert said in [caption.value for caption in app.caption]


@pytest.mark.parametrize("folder", ["pages", "widgets"])
def test_no_page_takes_the_head_of_a_table_in_silence(folder):
    for file in (REPOSITORY / "explorer" / folder).rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert ".head(" not in text or f"layout.{layout.cut.__name__}(" in text, file
