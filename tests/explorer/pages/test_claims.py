"""The page of the claims, run as Streamlit runs it."""

import json
import shutil
from functools import partial
from types import SimpleNamespace

import pytest

from explorer.answers import claims
from explorer.pages.claims import grid
from explorer.session import address
from explorer.tables.claims import read_claims
from explorer.words import claims as words
from precompute.atlas import schema
from precompute.atlas.contract.schema_claims import CLAIMS
from precompute.atlas.store import Atlas
from tests.support.pages import REPOSITORY, header


@pytest.fixture
def page(open_page, linked_atlas):
    return partial(open_page, "claims", root=linked_atlas.root)


@pytest.fixture
def rows(linked_atlas):
    return read_claims(linked_atlas).rows


def said(app) -> list[str]:
    """The verdicts in boxes."""
    return [box.value for box in (*app.success, *app.info, *app.warning)]


def test_every_claim_has_its_sentence_and_its_row(page, rows):
    app = page()
    assert header(app) == words.TITLE
    (sentences,) = [e.value for e in app.markdown if e.value.count("**") == 2 * len(claims.CLAIMS)]
    assert sentences.count("\n") == len(claims.CLAIMS) - 1
    shown = app.dataframe[0].value
    assert shown["short"].tolist() == [claim.short for claim in claims.CLAIMS]
    assert all(claim.title in sentences for claim in claims.CLAIMS), "in full above the table"
    assert shown["everything"].tolist() == claims.grid(rows)["everything"].tolist()


@pytest.mark.parametrize("claim", claims.IDS)
@pytest.mark.parametrize("at", [0, 1])
def test_a_cell_opens_its_evidence(page, linked_atlas, rows, claim, at):
    """The address is what a cell sets."""
    model = linked_atlas.models()[at]
    app = page(claim=claim, model=model)
    assert header(app) == words.TITLE
    assert claims.BY_ID[claim].title in [title.value for title in app.subheader]
    found = claims.of_claim(rows, claims.BY_ID[claim]).of(model)
    boxes = said(app)
    for row in found.itertuples():
        assert any(row.verdict in box for box in boxes), row.verdict
    assert boxes, "a network without a verdict of its own is told so"


def test_neither_headings_nor_cells_of_the_table_are_cut(page, rows):
    """A letter takes at most 6.5 pixels there, and the edges of a cell 16."""
    table = page().dataframe[0]
    widths = {name: column["width"] for name, column in json.loads(table.proto.columns).items()
              if "width" in column}  # fmt: skip
    assert {"short", "everything", *claims.networks(rows)} <= set(widths)
    for name in widths:
        texts = [name if name in claims.networks(rows) else "", *table.value[name]]
        assert 16 + 6.5 * max(map(len, texts)) <= widths[name], name
    assert max(len(claim.short) for claim in claims.CLAIMS) <= 30


def test_a_cell_that_is_pressed_chooses_claim_and_network(monkeypatch):
    opened = []
    monkeypatch.setattr(
        grid.selection, "open_view", lambda page, given: opened.append((page, given))
    )
    pressed = SimpleNamespace(row=2)
    monkeypatch.setattr(grid.st, "session_state", {"click": pressed})
    grid.opened("click", "planted-b")
    grid.opened("click", None)
    (page, given), (_, without) = opened
    assert page == "claims"
    assert given == {address.CLAIM: claims.CLAIMS[2].id, address.MODEL: "planted-b"}
    assert without == {address.CLAIM: claims.CLAIMS[2].id}


def test_the_evidence_leads_to_its_page(page):
    app = page(claim="between")
    assert [b.label for b in app.button if b.key == "claim-evidence"] == [
        "Open Links, where the evidence lives"
    ]
    pages = {folder.name for folder in (REPOSITORY / "explorer" / "pages").iterdir()}
    assert {claim.page for claim in claims.CLAIMS} <= pages


def test_without_verdicts_the_page_says_how_to_get_them(open_page):
    app = open_page("claims")  # the planted atlas was never judged
    assert header(app) == words.TITLE
    assert any("python -m precompute claims" in text.value for text in app.markdown)


def test_verdicts_on_tables_that_have_changed_are_said_to_be_old(open_page, linked_atlas, tmp_path):
    root = tmp_path / "atlas"
    shutil.copytree(linked_atlas.root, root)
    app = open_page("claims", root=root)
    assert header(app) == words.TITLE and not [w for w in app.warning if "has changed" in w.value]
    atlas, model = Atlas(root), linked_atlas.models()[0]
    rows = atlas.read(schema.EVALUATION, model)
    atlas.write(schema.EVALUATION, rows.assign(random_r2=0.9), {}, Atlas.model_folder(model))
    app = open_page("claims", root=root)
    assert header(app) == words.TITLE
    assert any("evaluation" in w.value and "precompute claims" in w.value for w in app.warning)


def test_what_is_read_is_the_table_with_its_yardsticks(linked_atlas):
    found = read_claims(linked_atlas)
    assert len(found.rows) == len(linked_atlas.read(CLAIMS))
    assert found.rows["yardsticks"].map(type).eq(dict).all()
    assert f"models/{linked_atlas.models()[0]}/evaluation.parquet" in found.files
    assert found.changed(found.files) == []
    assert found.changed({}) == sorted(found.files)


def test_of_parents_few_are_best(rows):
    few = rows.head(2).assign(
        claim="sparsity", value=[40.0, 9.0], model=["many", "few"], source=None
    )
    assert claims.of_claim(few, claims.BY_ID["sparsity"]).ends() == (
        "The best is few (9), the worst many (40)."
    )
