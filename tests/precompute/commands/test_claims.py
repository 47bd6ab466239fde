"""`precompute claims`: the table in the terminal, and the report, which loads nothing."""

import re
import sys
from html.parser import HTMLParser

import pandas as pd
import pytest

from precompute.atlas.contract.schema_claims import CLAIMS
from precompute.claims.catalogue import CLAIMS as CATALOGUE
from precompute.claims.rows import of_claim
from precompute.claims.summary import MARKS, SHORT
from precompute.commands.claims import WIDTH, show, wide_enough
from precompute.commands.cli import main


@pytest.fixture
def run(monkeypatch, capsys):
    """Exit code, what was printed and what was said beside it."""

    def called(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["precompute", "claims", *map(str, words)])
        with pytest.raises(SystemExit) as stop:
            main()
        return stop.value.code, *capsys.readouterr()

    return called


class Page(HTMLParser):
    """What a browser would load for a page, its text outside scripts, and the ids on it."""

    def __init__(self, text: str):
        super().__init__()
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.text = ""
        self._silent = 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self._silent += tag in ("script", "style")
        for name, value in attributes:
            if name in ("src", "srcset", "data", "poster") or (tag == "link" and name == "href"):
                self.loads.append(value)
            if name == "id":
                self.ids.add(value)

    def handle_endtag(self, tag):
        self._silent -= tag in ("script", "style")

    def handle_data(self, data):
        if not self._silent:
            self.text += data


def test_the_table_names_every_claim_and_says_what_the_marks_mean(run, linked_atlas):
    code, printed, said = run("--atlas", linked_atlas.root)
    assert code == 0 and "claims is up to date" in said
    for claim in CATALOGUE:
        assert f"\n{claim.title}\n" in printed
    assert "● holds" in printed and "– cannot be tested with this atlas" in printed
    for model in linked_atlas.models():
        assert model in printed


def test_every_verdict_has_its_figure_its_interval_and_its_reason_in_the_terminal(
    run, linked_atlas
):
    _, printed, _ = run("--atlas", linked_atlas.root)
    flat = " ".join(printed.split())
    table = linked_atlas.read(CLAIMS)
    assert table["value"].notna().any() and table["value"].isna().any()
    for claim in CATALOGUE:
        found = of_claim(table, claim)
        for row in found.rows.itertuples():
            figure = f": {found.figure(row)}" if row.value == row.value else ""
            said = f"{MARKS[row.verdict]} {SHORT[row.verdict]} {row.subject}{figure}"
            assert f"{said} {found.reason(row)}" in flat
            assert found.reason(row).lower() in row.why.lower(), "the words of the report"


@pytest.mark.parametrize("n_models", [7, 30])
def test_no_word_is_broken_and_no_line_too_long_where_output_goes_into_a_file(
    linked_atlas, capsys, n_models
):
    models = [f"network_of_some_length_{k}" for k in range(n_models)]
    rows = linked_atlas.read(CLAIMS)
    own, others = rows[rows["claim"] == "within"].iloc[:1], rows[rows["claim"] != "within"]
    pair = rows[rows["claim"] == "between"].iloc[:1]
    table = pd.concat([
        others[others["model"].isna()], *(own.assign(model=name) for name in models),
        *(pair.assign(model=one, source=other) for one in models for other in models if one != other),
        *(own.assign(claim=claim.id) for claim in CATALOGUE),
    ])  # fmt: skip
    show(table, wide_enough())
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= WIDTH
    grid = printed.partition("● holds ")[0]
    words = set(re.sub(r"[^\w'-]+", " ", grid).split())
    for claim in CATALOGUE:
        assert set(re.sub(r"[^\w'-]+", " ", claim.title).split()) <= words
    assert printed.count(" ← ") < 12, "of many pairs the few that decide"
    assert f"{n_models * (n_models - 1) - 2} more: --report" in printed


def test_the_report_holds_every_verdict_and_loads_nothing(run, linked_atlas, tmp_path):
    file = tmp_path / "missing" / "folder" / "report.html"
    code, _, said = run("--atlas", linked_atlas.root, "--report", file)
    assert code == 0 and str(file) in said
    page = Page(file.read_text(encoding="utf-8"))
    assert page.loads == []
    assert "@import" not in file.read_text(encoding="utf-8").split("<script>")[0]
    table = linked_atlas.read(CLAIMS)
    for row in table.itertuples():
        assert row.why in page.text and row.verdict in page.text
    for claim in CATALOGUE:
        assert claim.id in page.ids
        assert all(text in page.text for text in (claim.title, claim.place, claim.test, claim.rule))
    told = set(table.loc[table["value"].notna(), "claim"])
    assert {f"plot-{name}" for name in told} <= page.ids
    for model in linked_atlas.models():
        assert model in page.text


def test_a_page_that_loads_something_would_be_found():
    loading = '<script src="https://cdn.plot.ly/plotly.js"></script><link href="http://x/y.css">'
    assert len(Page(loading).loads) == 2


def test_a_report_is_not_written_over_by_mistake(run, linked_atlas, tmp_path):
    file = tmp_path / "report.html"
    file.write_text("mine")
    code, _, said = run("--atlas", linked_atlas.root, "--report", file)
    assert code == 2 and "is there already" in said and "--overwrite" in said
    assert file.read_text() == "mine"
    code, *_ = run("--atlas", linked_atlas.root, "--report", file, "--overwrite")
    assert code == 0 and file.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_an_atlas_without_models_is_refused_with_the_way_out(run, tmp_path):
    code, _, said = run("--atlas", tmp_path)
    assert code == 2 and "python -m precompute demo" in said
    assert not (tmp_path / CLAIMS.file).exists()


def test_a_name_with_markup_stays_a_name(linked_atlas):
    from explorer.files.claims_report import report
    from explorer.session import cache
    from explorer.tables.claims import read_claims

    found = read_claims(linked_atlas)
    evil = found.rows.assign(model=found.rows["model"].replace("planted-a", "<img src=x>"))
    text = report(
        type(found)(evil, found.files, found.written), cache.provenance(linked_atlas.root), "here"
    )
    assert Page(text).loads == []
