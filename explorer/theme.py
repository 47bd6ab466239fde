"""Colours and type of the dashboard, in light and dark, and safe for colour-blind readers.

Signs are blue (positive) and orange (negative); communities take the colours of Paul Tol's schemes
(`muted` on light, `light` on dark ground, https://sronpersonalpages.nl/~pault/), then a second tone of
each, then all one grey.
"""

from dataclasses import dataclass

import plotly.graph_objects as go


@dataclass(frozen=True)
class Palette:
    """Every colour that a figure may use on one ground."""

    ground: str
    ink: str
    faint: str  # text of second rank, at least 4.5:1 on the ground
    line: str  # axes, borders
    muted: str  # what a filter has greyed out
    positive: str
    negative: str
    accent: str
    warning: str
    communities: tuple[str, ...]
    other: str  # communities beyond the palette


LIGHT = Palette(
    ground="#fdfcf9",
    ink="#1c2127",
    faint="#5b626c",
    line="#dcd8cc",
    muted="#d9d6cd",
    positive="#1f5fbf",
    negative="#b8500c",
    accent="#0b6e69",
    warning="#a3341f",
    communities=(
        "#332288", "#cc6677", "#117733", "#8a8a25", "#2f9686",
        "#882255", "#4a90c2", "#aa4499", "#a67a1c",
        "#8d7fc4", "#7d3f4b", "#0c4f24", "#57581a", "#1b5f56",
        "#bf7597", "#2b587a", "#6b2a61", "#6a4d10",
    ),
    other="#81868f",
)  # fmt: skip

DARK = Palette(
    ground="#11151b",
    ink="#e8e6df",
    faint="#a3abb6",
    line="#343c48",
    muted="#333a44",
    positive="#76aef5",
    negative="#f59a57",
    accent="#35b8ac",
    warning="#f08a74",
    communities=(
        "#77aadd", "#ee8866", "#44bb99", "#eedd88", "#ffaabb",
        "#99ddff", "#bbcc33", "#c79be0", "#aaaa00",
        "#4b7fb5", "#b5593b", "#2b8a6d", "#a8964a", "#c4707f",
        "#3f8299", "#6f8f3a", "#8f63aa", "#7d6414",
    ),
    other="#7d8590",
)  # fmt: skip

# The system's own: a picture is painted without the page's web font, and would be cut where widths were
# measured in that.
FONT = "system-ui, sans-serif"

# A legend at the figure's foot: of the container, so that the plot makes room for axis and legend both.
BELOW = {
    "orientation": "h", "xref": "container", "x": 0, "xanchor": "left",
    "yref": "container", "y": 0, "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)", "tracegroupgap": 0,
}  # fmt: skip


def palette() -> Palette:
    """The palette of the ground that the reader has chosen in Streamlit's menu."""
    import streamlit as st  # only here: pictures are drawn without it, too

    return DARK if st.context.theme.type == "dark" else LIGHT


def community_colour(colours: Palette, community: int) -> str:
    """Colour of one community, the same everywhere; those beyond the palette share one grey."""
    if 0 <= community < len(colours.communities):
        return colours.communities[community]
    return colours.other


def sign_colour(colours: Palette, value: float) -> str:
    """Blue above zero, orange below."""
    return colours.positive if value >= 0 else colours.negative


def template(colours: Palette) -> go.layout.Template:
    """The look that every Plotly figure shares; whatever a page adds, its picture has, too."""
    axis = {
        "automargin": True,
        "gridcolor": colours.line,
        "linecolor": colours.line,
        "zerolinecolor": colours.line,
        "tickfont": {"color": colours.faint, "size": 12},
        "title": {"font": {"color": colours.ink, "size": 13}, "standoff": 12},
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 13, "color": colours.ink},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 8, "r": 16, "t": 16, "b": 48, "pad": 6},
            "xaxis": {**axis, "showgrid": False, "zeroline": False},
            "yaxis": axis,
            "hoverlabel": {"font": {"family": FONT, "size": 13}},
            "legend": {**BELOW, "font": {"color": colours.ink, "size": 12}},
        }
    )


def css(colours: Palette) -> str:
    """The little that Streamlit's theme cannot say: captions and buttons with enough contrast, the
    equation, the colour keys, and no motion for those who asked for none."""
    used = ("faint", "ground", "line", "accent")
    variables = "; ".join(f"--{name}: {getattr(colours, name)}" for name in used)
    return f"<style>:root {{{variables}}}{RULES}</style>"


RULES = """
[data-testid=stMain] h1 {padding: 0 0 .5rem 0}
div[data-testid=stCaptionContainer] {color: var(--faint); opacity: 1}
[data-testid=stBaseButton-primary], [data-tag], [data-tag] * {color: var(--ground)}
[data-testid=stDownloadButton] button {min-height: 2rem; padding: .1rem .6rem}
.nde-equation {font-size: 1.12rem; line-height: 1.75; margin: 0; overflow-wrap: anywhere}
.nde-equation a {color: inherit; text-decoration: underline; text-decoration-thickness: 1px;
  text-underline-offset: 3px}
.nde-equation b {font-variant-numeric: tabular-nums; white-space: nowrap}
[data-testid=stBaseButton-primary]:is(:hover, :focus, :active) {background: var(--accent)}
[data-has-shortcut] kbd {color: var(--faint); opacity: 1}
.katex-display {padding: .35rem .2rem}
.nde-key {display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; font-size: .86rem; margin: 0}
.nde-key span {display: inline-flex; align-items: center; gap: .4rem}
.nde-key i {display: inline-block; width: .8rem; height: .8rem; border-radius: 50%}
.nde-key i.none {display: none}
.nde-key i.bar {width: 1.3rem; height: .24rem; border-radius: .12rem}
.nde-key i.dashed {mask: repeating-linear-gradient(90deg, #000 0 .38rem, transparent 0 .54rem)}
.nde-beside {border-collapse: collapse; width: 100%; max-width: 46rem; font-size: .92rem}
.nde-beside :is(th, td) {padding: .16rem .7rem .16rem 0; text-align: right; font-weight: 400;
  border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; white-space: nowrap}
.nde-beside th:first-child {text-align: left}
.nde-beside thead th {color: var(--faint)}
.nde-beside .own :is(th, td) {font-weight: 700}
.nde-beside span {display: inline-block; width: min(9rem, 22vw); height: .5rem; margin-right: .6rem;
  border-radius: .25rem; background: var(--line); overflow: hidden; vertical-align: middle}
.nde-beside i {display: block; height: 100%}
.nde-beside b {display: inline-block; min-width: 2.6rem; font-weight: inherit}
.nde-tiles {display: grid; grid-template-columns: repeat(auto-fill, minmax(9.4rem, 1fr)); gap: 1rem .75rem}
.nde-tiles figure {margin: 0; min-width: 0}
.nde-tiles img, .nde-tiles i {display: block; width: 100%; aspect-ratio: 1; border-radius: .35rem;
  border: 1px solid var(--line); object-fit: cover; background: var(--line)}
.nde-tiles i {display: grid; place-items: center; font-size: .8rem; color: var(--faint)}
.nde-tiles figcaption {margin-top: .35rem; font-size: .82rem; line-height: 1.35; overflow-wrap: anywhere}
.nde-tiles b, .nde-tiles span {display: block}
.nde-tiles span {color: var(--faint); font-variant-numeric: tabular-nums}
@media (max-width: 1200px) {
  [data-testid=stMainBlockContainer] {padding-inline: 2rem}
}
@media (max-width: 640px) {
  [data-testid=stMainBlockContainer] {padding-inline: 1rem}
  .nde-beside :is(th, td) {white-space: normal; padding-right: .3rem}
  .nde-beside span {display: none}
  .stGrid:has(> .stGridCell .stMetric) > :last-child:nth-child(odd) {grid-column: 1 / -1}
}
@media (min-width: 641px) and (max-width: 1200px) {
  .stGrid:has(> .stGridCell .stMetric):has(> :nth-child(5)) {
    grid-template-columns: repeat(6, 1fr) !important}
  .stGrid:has(> .stGridCell .stMetric):has(> :nth-child(5)) > * {grid-column: span 2}
  .stGrid:has(> .stGridCell .stMetric) > :is(:nth-child(4):nth-last-child(2), :nth-child(5):last-child) {
    grid-column: span 3}
}
@media (min-width: 1201px) and (max-width: 1399px) {
  .stGrid:has(> .stGridCell .stMetric):has(> :nth-child(6):last-child) {
    grid-template-columns: repeat(3, 1fr) !important}
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after {animation-duration: .01ms !important; transition-duration: .01ms !important}
}
"""
