"""Claims: the paper's claims on trial, a verdict for each on every network, and the evidence behind it."""

import json
from functools import partial

import streamlit as st

from explorer.answers import claims
from explorer.files import claims_report
from explorer.pages.claims import evidence
from explorer.pages.claims.grid import draw_grid
from explorer.session import address, cache, choices, place, trials
from explorer.tables.claims import JudgedClaims
from explorer.widgets import layout
from explorer.widgets.downloads import downloads, file_button
from explorer.widgets.tables import Columns
from explorer.words import claims as words
from explorer.words.formatting import count, plain
from explorer.words.help import HELP

root = place.here().root
judged = trials.claims(root)


def draw(found: JudgedClaims) -> None:
    """The page of an atlas whose claims were judged."""
    if changed := found.changed(trials.judged_now(root)):
        st.warning(plain(words.stale(changed), 400), icon=":material/update:")
    in_short(found)
    layout.section("Claims and networks", HELP["claim_grid"])
    draw_grid(found.rows)
    st.caption(claims.counted(int(found.rows["n_tests_in_all"].max())))
    chosen = choices.mirrored(
        "Claim", address.CLAIM, claims.IDS, help=HELP["claim_choice"],
        format_func=lambda name: claims.BY_ID[name].title, placeholder=claims.CLAIMS[0].title,
    )  # fmt: skip
    evidence.draw(claims.of_claim(found.rows, claims.BY_ID[chosen or claims.IDS[0]]))
    every_row(found)


def in_short(found: JudgedClaims) -> None:
    """One sentence for each claim, over all networks."""
    lines = []
    for claim in claims.CLAIMS:
        verdict = claims.cell(found.rows, claim).verdict
        mark = claims.MARKS[verdict] if verdict else ""
        lines.append(f"{mark} **{plain(claim.title)}.** "
                     f"{plain(claims.sentence(found.rows, claim), 600)}")  # fmt: skip
    st.markdown("  \n".join(lines))


def every_row(found: JudgedClaims) -> None:
    """The whole table, and all of it to take away."""
    layout.section("All verdicts", HELP["claim_rows"])
    table = found.rows.assign(yardsticks=found.rows["yardsticks"].map(json.dumps))
    number = partial(st.column_config.NumberColumn, format="%.3f")
    columns: Columns = {
        "claim": "Claim",
        "model": "Network",
        "source": "Source, teacher or cut",
        "verdict": "Verdict",
        "value": number("Figure"),
        "low": number("Low"),
        "high": number("High"),
        "n_images": "Images",
        "n_categories": "Categories",
        "why": "Why",
    }
    st.dataframe(
        table[list(columns)], hide_index=True, column_config=columns, height=330, placeholder="–",
        alt="Every verdict with its figure, interval and reason",
    )  # fmt: skip
    downloads(table, "claims", "claims")
    file_button(
        "Report", lambda: claims_report.report(found, cache.provenance(root), str(root)),
        "claims.html", "text/html", "claims",
    )  # fmt: skip


layout.page_header(
    "No verdicts yet" if judged is None else
    f"{count(len(claims.networks(judged.rows)))} networks · judged {judged.written:%d %B %Y}",
    words.TITLE,
    words.LEDE,
)  # fmt: skip
if judged is None:
    layout.empty_state("The claims of this atlas were not judged yet", words.MISSING)
else:
    draw(judged)
