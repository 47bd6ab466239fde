"""Cut: networks that were fine-tuned to lose dependencies, beside a control, and what came of it."""

import streamlit as st

from explorer import theme
from explorer.answers.cutting import in_short, whole
from explorer.answers.cutting.seeds import after_less_control, means
from explorer.pages.cut import dependencies, foreign, made
from explorer.session import address, choices, cuts, place
from explorer.tables.cut import CutTables
from explorer.widgets import layout
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns
from explorer.words.formatting import count, percent, plain
from explorer.words.help import HELP

here, colours = place.here(), theme.palette()
found = cuts.of_network(here.root, here.model)
NUMBER = st.column_config.NumberColumn


def chosen() -> CutTables:
    """The cut network that the reader looks at, of several the one that he chose."""
    names = list(found)
    if len(names) == 1:
        return found[names[0]]
    name = choices.one_of(
        "Cut network", address.CUT, names, names[0], help=HELP["cut_choice"]
    )  # fmt: skip
    return found[name]


def cards(cut: CutTables) -> None:
    """The headline figures."""
    still, kept = (means(cut.sides, column) for column in ("still_selected", "kept"))
    top1, gain = after_less_control(cut.sides, "top1_holdout"), whole.robustness(cut)
    interval = "one seed, no interval"
    if top1.n > 1:
        interval = f"{in_short.signed(100 * top1.low, 1)} to {in_short.signed(100 * top1.high, 1)}"
    layout.metric_row([
        ("Dropped", percent(1 - still["after"], 0), HELP["cut_dropped"],
         f"control {percent(1 - still['control'], 0)}"),
        ("Top-1, points", in_short.signed(100 * top1.mean, 1), HELP["cut_top1"],
         interval if top1.n else "no labels"),
        ("Others kept", percent(kept["after"], 0), HELP["cut_kept"],
         f"control {percent(kept['control'], 0)}"),
        ("AUROC over control", "–" if gain is None else in_short.signed(gain["gain"]),
         HELP["cut_gain"], in_short.beside_gain(cut)),
    ])  # fmt: skip


def several() -> None:
    """All networks that were cut from this one."""
    layout.section("Few or many at once", HELP["cut_several"])
    rows = whole.beside_each_other(list(found.values()), here.network.categories["name"])
    share, small, points, auroc = "%.0f %%", "%.1f %%", "%+.1f", "%+.3f"
    columns: Columns = {
        "cut_model": "Cut network",
        "pairs": "Asked for",
        "n_pairs": "Dependencies",
        "still_selected": NUMBER("Still selected", format=share, help=HELP["cut_dropped"]),
        "top1": NUMBER("Top-1, points", format=points, help=HELP["cut_top1"]),
        "top1_low": NUMBER("from", format=points),
        "top1_high": NUMBER("to", format=points),
        "kept": NUMBER("Others kept", format=share, help=HELP["cut_kept"]),
        "back": NUMBER("Come back", format=share, help=HELP["cut_several"]),
        "detour": NUMBER("Detour", format=small, help=HELP["detour_share"]),
        "detour_control": NUMBER("in control", format=small, help=HELP["detour_share"]),
        "gain": NUMBER("AUROC over control", format=auroc, help=HELP["cut_gain"]),
        "gain_low": NUMBER("from ", format=auroc),
        "gain_high": NUMBER("to ", format=auroc),
        "over_before": NUMBER("over before", format=auroc, help=HELP["cut_gain"]),
    }
    shares = [
        "still_selected", "top1", "top1_low", "top1_high", "kept", "back", "detour", "detour_control",
    ]  # fmt: skip
    st.dataframe(
        rows.assign(**{name: 100 * rows[name] for name in shares})[list(columns)], hide_index=True,
        column_config=columns, placeholder="–", alt="Every network that was cut from this one",
    )  # fmt: skip
    downloads(rows, f"{here.model}-cut-networks", "cut-several")


def as_a_whole(cut: CutTables) -> None:
    """Accuracy, and what was not to be cut."""
    layout.section("The network as a whole", HELP["cut_whole"])
    rows = whole.changes(cut)
    number = dict.fromkeys(("before", "control", "after"), "%.3f")
    columns: Columns = {
        "measure": "Figure",
        **{side: NUMBER(side.capitalize(), format=form) for side, form in number.items()},
        "difference": NUMBER("After − control", format="%+.3f"),
        "low": NUMBER("from", format="%+.3f"),
        "high": NUMBER("to", format="%+.3f"),
    }
    shown = rows[list(columns)]
    st.dataframe(
        shown, hide_index=True, column_config=columns, placeholder="–",
        alt="Figures of the network before, in the control and after cutting",
    )  # fmt: skip
    st.caption("Accuracies and kept dependencies are shares, 0 to 1.")
    downloads(shown, f"{cut.name}-whole", "cut-whole")


def draw(cut: CutTables) -> None:
    """The page of one cut network."""
    st.markdown(plain(in_short.sentence(cut), 1500))
    cards(cut)
    if len(found) > 1:
        several()
    dependencies.draw(cut, here.network, colours)
    as_a_whole(cut)
    foreign.draw(cut, colours)
    made.draw(cut, colours)


layout.page_header(
    here.model if not found else f"{here.model} · {count(len(found))} cut",
    "Cut dependencies",
    "A network is fine-tuned until chosen sources have left the equations of others, beside a control that "
    "is fine-tuned the same way: does it lose them, what does that cost, and is it more robust?",
)
if found:
    draw(chosen())
else:
    layout.empty_state(
        "No dependency of this network was cut",
        "Cut those between categories that have nothing in common with "
        f"`python -m precompute cut {here.model} --suspicious 20`, or those in a file with "
        "`--pairs FILE`. For figures on robustness, first show it foreign images: "
        f"`python -m precompute ood {here.model} --images FOLDER`.",
        ":material/content_cut:",
    )
