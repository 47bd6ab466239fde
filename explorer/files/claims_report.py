"""The claims of an atlas as one HTML file with its plots, which loads nothing; light and dark."""

import html
import json

import pandas as pd
import plotly.io
from plotly.offline import get_plotlyjs

from explorer import theme
from explorer.answers import claims
from explorer.answers.claims import ClaimRows
from explorer.figures.claims import verdict_plot
from explorer.tables.claims import JudgedClaims, read_claims
from explorer.words import claims as words
from explorer.words.claims_report_style import DRAW, STYLE
from precompute.atlas import schema
from precompute.atlas.store import Atlas


def read_claims_report(atlas: Atlas) -> str:
    """The report of an atlas whose claims were judged. Raises UserError where they were not."""
    models = pd.concat([atlas.read(schema.MODEL, name) for name in atlas.models()])
    models = models.assign(versions=models["versions"].map(json.loads))
    return report(read_claims(atlas), models, str(atlas.root))


def report(found: JudgedClaims, models: pd.DataFrame, root: str) -> str:
    """The page; `models` are rows of model.parquet with `versions` read, `root` the atlas's folder."""
    rows = found.rows
    sections, plots = [], {}
    for claim in claims.CLAIMS:
        own = claims.of_claim(rows, claim)
        sections.append(_section(own, rows))
        if len(own.told):
            plots[claim.id] = {
                name: json.loads(plotly.io.to_json(verdict_plot(own, colours)))
                for name, colours in (("light", theme.LIGHT), ("dark", theme.DARK))
            }
    data = json.dumps(plots).replace("</", "<\\/")
    n_tests = int(rows["n_tests_in_all"].max())
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{words.TITLE}</title><style>{STYLE}</style></head><body><main>"
        f"<h1>{words.TITLE}</h1><p>{html.escape(words.LEDE)}</p>"
        f"{_grid(rows)}<p>{html.escape(claims.counted(n_tests))}</p>{''.join(sections)}"
        f"{_made(found, models, root)}</main><script>{get_plotlyjs()}</script>"
        f"<script>const PLOTS = {data};{DRAW}</script></body></html>"
    )


def _grid(rows: pd.DataFrame) -> str:
    """Claims and networks; every claim leads to its section."""
    names = claims.networks(rows)
    body = [
        f'<tr><th scope="row"><a href="#{row["claim"]}">{html.escape(row["title"])}</a></th>'
        + "".join(f"<td>{html.escape(row[name])}</td>" for name in ("everything", *names))
        + "</tr>"
        for row in claims.grid(rows).to_dict("records")
    ]
    return _table(["Claim", "All networks", *names], "".join(body))


def _section(found: ClaimRows, rows: pd.DataFrame) -> str:
    claim = found.claim
    said = {
        "In the abstract": claim.place,
        "Tested here": claim.test,
        "Figure": f"{claim.statistic}; interval over {claim.over}",
        "Rule": claim.rule,
    }
    text = "".join(f"<dt>{name}</dt><dd>{html.escape(value)}</dd>" for name, value in said.items())
    plot = f'<div class="plot" id="plot-{claim.id}"></div>' if len(found.told) else ""
    return (
        f'<section id="{claim.id}"><h2>{html.escape(claim.title)}</h2>'
        f"<p><b>{html.escape(claims.sentence(rows, claim))} {html.escape(found.ends())}</b></p>"
        f"<dl>{text}</dl>{plot}<details><summary>Every verdict</summary>{_verdicts(found)}</details>"
        "</section>"
    )


def _verdicts(found: ClaimRows) -> str:
    form = found.claim.form
    body = []
    for row in found.rows.itertuples():
        beside = "; ".join(
            f"{name} {claims.written(x, form)}" for name, x in row.yardsticks.items()
        )
        cells = (
            row.subject, f"{claims.MARKS[row.verdict]} {row.verdict}",
            found.figure(row), beside or "–", f"{row.n_images}",
            f"{row.n_categories}", row.why,
        )  # fmt: skip
        body.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>")
    headings = ["On", "Verdict", "Figure", "Compared with", "Images", "Categories", "Why"]
    return _table(headings, "".join(body))


def _table(headings: list[str], body: str) -> str:
    head = "".join(f'<th scope="col">{html.escape(heading)}</th>' for heading in headings)
    return f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>'


def _made(found: JudgedClaims, models: pd.DataFrame, root: str) -> str:
    """How it was made: atlas, networks, images, versions, date."""
    body = "".join(
        f"<tr><td>{html.escape(row['name'])}</td><td>{row['n_fit']}</td><td>{row['n_holdout']}</td>"
        f"<td>{row['n_categories']}</td><td>{html.escape(row['weights_sha256'][:16])}</td>"
        f"<td>{html.escape(_versions(row['versions']))}</td></tr>"
        for row in models.to_dict("records")
    )
    headings = [
        "Network",
        "Fit images",
        "Held-out images",
        "Categories",
        "Weights, SHA-256",
        "Versions",
    ]
    return (
        f'<section id="made"><h2>How this was made</h2><p>Atlas {html.escape(root)}, schema version '
        f"{schema.SCHEMA_VERSION}; verdicts of {found.written:%d %B %Y, %H:%M}, from {len(found.files)} "
        "tables. Made by <code>python -m precompute claims --report</code>.</p>"
        f"{_table(headings, body)}</section>"
    )


def _versions(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in versions.items())
