"""Cut: networks that were fine-tuned to lose dependencies, beside a control, and what came of it."""

import streamlit as st

from explorer import theme
from explorer.answers.cutting import in_short, several, whole
from explorer.answers.cutting.seeds import after_less_control, means
from explorer.pages.cut import dependencies, foreign, made
from explorer.session import address, choices, cuts, place
from explorer.tables.cut import CutTables
from explorer.widgets import layout
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns
from explorer.words import commands
from explorer.words.formatting import count, number, percent, plain
from explorer.words.help import HELP

here, colours = place.here(), theme.palette()
found = cuts.of_network(here.root, here.model)
NUMBER = st.column_config.NumberColumn


def chosen() -> CutTables:
    """The cut network that the reader looks at, of several the one that he chose."""
    names = sorted(found, key=lambda name: int(found[name].info["n_pairs"]))
    if len(names) == 1:
        return found[names[0]]
    name = choices.one_of(
        "Cut network", address.CUT, names, names[0], help=HELP["cut_choice"]
    )  # fmt: skip
    return found[name]


def short(name: str) -> str:
    """A cut network beside others of the same network."""
    return name.removeprefix(here.model).removeprefix("+")


def cards(cut: CutTables) -> None:
    """The headline figures."""
    still, kept = (means(cut.sides, column) for column in ("still_selected", "kept"))
    top1, gain = after_less_control(cut.sides, "top1_holdout"), whole.robustness(cut)
    auroc = whole.auroc_of(cut)
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
         HELP["cut_gain"], "no interval" if gain is None
         else f"{in_short.signed(gain['low'])} to {in_short.signed(gain['high'])}"),
        ("AUROC over before", in_short.signed(auroc["after"] - auroc["before"]) if auroc else "–",
         HELP["cut_over_before"], f"from {number(auroc['before'], 3)}" if auroc else "no foreign images"),
    ])  # fmt: skip


def few_or_many() -> None:
    """All networks that were cut from this one."""
    layout.section("Few or many at once", HELP["cut_several"])
    rows = several.beside_each_other(list(found.values()), here.network.categories["name"])
    share, points, auroc = "%.0f %%", "%+.1f", "%+.3f"
    columns: Columns = {
        "mark": "Cut network",
        "n_pairs": "Cut",
        "still_selected": NUMBER("Still there", format=share, help=HELP["cut_dropped"]),
        "back": NUMBER("Come back", format=share, help=HELP["cut_several"]),
        "back_control": NUMBER("in control", format=share, help=HELP["cut_several"]),
        "kept": NUMBER("Others kept", format=share, help=HELP["cut_kept"]),
        "top1": NUMBER("Top-1, points", format=points, help=HELP["cut_top1"]),
        "top1_low": NUMBER("from", format=points),
        "top1_high": NUMBER("to", format=points),
        "gain": NUMBER("AUROC", format=auroc, help=HELP["cut_gain"]),
        "gain_low": NUMBER("from ", format=auroc),
        "gain_high": NUMBER("to ", format=auroc),
        "over_before": NUMBER("over before", format=auroc, help=HELP["cut_over_before"]),
    }
    shares = ["still_selected", "top1", "top1_low", "top1_high", "kept", "back", "back_control"]
    shown = rows.assign(**{name: 100 * rows[name] for name in shares})
    st.dataframe(
        shown.assign(mark=rows["cut_model"].map(short))[list(columns)], hide_index=True,
        column_config=columns, placeholder="–", alt="Every network that was cut from this one",
    )  # fmt: skip
    st.markdown(plain(several.said(rows), 800))
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
        few_or_many()
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
    others = cuts.bases(here.root)
    beside = (
        f" In this atlas there are cut networks of {plain(', '.join(others))}." if others else ""
    )
    layout.empty_state(
        "No dependency of this network was cut",
        "This cuts the strongest ones between categories that WordNet holds far apart; `--pairs FILE` "
        "cuts those of a file. Without `--head-only` the whole network is fine-tuned, for which a GPU is "
        f"good. For figures on robustness, show it foreign images first.{beside}",
        ":material/content_cut:",
    )
    st.code(
        "\n".join(
            commands.written(here.root, *parts)
            for parts in (
                ("ood", here.model, "--images", "FOLDER"),
                ("cut", here.model, "--suspicious", "20", "--head-only"),
            )
        ),
        language=None,  # to the highlighter `cut` is a word of bash, in a colour that is too pale
        wrap_lines=True,
    )  # fmt: skip
