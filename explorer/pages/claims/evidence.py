"""The evidence of one claim: the verdict on the chosen network, its figure, the rule, and all others."""

import pandas as pd
import streamlit as st

from explorer import theme
from explorer.answers import claims
from explorer.answers.claims import ClaimRows
from explorer.figures.claims import verdict_plot
from explorer.session import place, selection
from explorer.widgets import layout
from explorer.widgets.charts import chart
from explorer.words.formatting import count, plain
from explorer.words.help import HELP

BOXES = {
    claims.HOLDS: (st.success, ":material/check_circle:"),
    claims.PARTLY: (st.info, ":material/contrast:"),
    claims.FAILS: (st.warning, ":material/cancel:"),
    claims.UNTESTABLE: (st.info, ":material/help:"),
}


def draw(found: ClaimRows) -> None:
    """All of it, for the network chosen at the side."""
    claim, model = found.claim, place.here().model
    layout.section(claim.title, f"{claim.place} {claim.test}")
    rows = found.of(model)
    if rows.empty:
        st.info(
            plain(f"{model} has no verdict of its own here. {_where(found)}", 300),
            icon=":material/help:",
        )
    for row in rows.itertuples():
        say(row)
    if len(rows) == 1 and pd.notna(rows["value"].iat[0]):
        _figures(rows.iloc[0], claim)
    if ends := found.ends():
        st.markdown(plain(ends, 300))
    if len(found.told):
        layout.section("All that was tried", HELP["claim_plot"])
        figure = verdict_plot(found, theme.palette(), model)
        lines = (f"{claim.title}: {claim.statistic}; interval over {claim.over}.", claim.test)
        alt = f"{claim.statistic} of everything that was tried"
        chart(figure, f"claim-{claim.id}", alt, lines)
    _rule(found)


def say(row) -> None:
    """One verdict in the box of its kind, with word and mark."""
    box, icon = BOXES[row.verdict]
    box(f"**{plain(row.subject)}: {plain(row.verdict)}.** {plain(row.why, 900)}", icon=icon)


def _where(found: ClaimRows) -> str:
    said = found.rows.loc[found.rows["model"].isna(), "why"]
    return said.iat[0] if len(said) else "It is no part of what was tried."


def _figures(row: pd.Series, claim: claims.Claim) -> None:
    def text(value: float) -> str:
        return claims.written(value, claim.form)

    images = "Images" if claim.subject == claims.CUT else "Held-out images"
    cards: list[tuple[str, ...]] = [
        ("Figure", text(row["value"]), HELP["claim_value"], f"{text(row['low'])} to {text(row['high'])}"),
        ("Interval alone", f"{text(row['low_alone'])} to {text(row['high_alone'])}", HELP["claim_alone"]),
        (images, count(row["n_images"]), HELP["claim_images"],
         f"{count(row['n_categories'])} categories" if row["n_categories"] else ""),
    ]  # fmt: skip
    layout.metric_row([card if card[-1] else card[:-1] for card in cards])
    if row["yardsticks"]:
        beside = pd.DataFrame(
            [(name, text(value)) for name, value in row["yardsticks"].items()],
            columns=["Compared with", "Figure there"],
        )
        st.dataframe(
            beside,
            hide_index=True,
            column_config={
                "Figure there": st.column_config.TextColumn(help=HELP["claim_yardstick"])
            },
            alt="What the figure is compared with",
        )


def _rule(found: ClaimRows) -> None:
    claim = found.claim
    st.markdown(
        f"**In the abstract.** {plain(claim.place, 300)}  \n**Tested here.** {plain(claim.test, 600)}  \n"
        f"**Figure.** {plain(claim.statistic, 200)}; interval over "
        f"{plain(claim.over, 200)}.  \n"
        f"**Rule.** {plain(claim.rule, 900)}"
    )
    st.button(
        f"Open {claim.page.capitalize()}, where the evidence lives", icon=":material/arrow_forward:",
        key="claim-evidence", on_click=selection.open_view, args=(claim.page, {}),
    )  # fmt: skip
