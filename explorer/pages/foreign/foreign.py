"""Foreign images: whether a network's dependencies break on them, and which score tells them best."""

import streamlit as st

from explorer import theme
from explorer.answers.foreign import standing
from explorer.answers.foreign.standing import CONTROL
from explorer.pages.foreign import equations, everywhere, images, scores
from explorer.pages.foreign.trial import Trial
from explorer.session import address, choices, foreign, place
from explorer.widgets import layout, verdict
from explorer.words import commands
from explorer.words.formatting import count, number, percent, plain, plain_name
from explorer.words.help import HELP
from precompute.ood.scores import DEPENDENCY, LOGIT
from precompute.ood.verdict import verdict as judge

here, colours = place.here(), theme.palette()
network = here.network
known = foreign.sets_of(here.root, network.name)


def choose() -> Trial:
    """The set of foreign images."""
    chosen = choices.one_of(
        "Set of foreign images", address.FOREIGN_SET, list(known), next(iter(known)),
        format_func=plain_name, help=HELP["foreign_set"], width=320,
    )  # fmt: skip
    found = foreign.read(here.root, known[chosen], network.choice)
    beside = foreign.scores_beside(here.root, known[chosen], network.choice)
    return Trial(here.root, network, found, beside, colours)


def headline(trial: Trial) -> None:
    """The verdict in a sentence, and the figures that it rests on."""
    info, rows = trial.found.info, trial.scores
    found = judge(rows, trial.found.broken, int(info["n_foreign"]), int(info["n_holdout"]))
    layout.section("In short", HELP["foreign_verdict"])
    verdict.say(found.holds, found.said, "Dependency score", found.beside)
    if info["weights_sha256"] != network.info["weights_sha256"]:
        st.caption(
            "The network has other weights now than when it looked: "
            f"`{command(str(info['images']))}` lets it look again."
        )
    named = {
        DEPENDENCY: HELP["dependency_score"],
        standing.best(rows, CONTROL): HELP["best_control"],
        LOGIT: HELP["max_logit"],
    }
    cards: list[tuple[str, ...]] = [
        (_title(row["name"]), f"AUROC {number(row['auroc'], 3)}", named[row["score"]], _ends(row))
        for score in named
        for row in rows[rows["score"] == score].to_dict("records")
    ]
    for row in rows[rows["score"] == DEPENDENCY].to_dict("records"):
        ends = " to ".join(f"{100 * row[f'fpr95_{end}']:.0f}" for end in ("low", "high"))
        cards.append(("FPR at 95 %", percent(row["fpr95"], 0), HELP["fpr95"], f"{ends} %"))
    held_out = f"{count(info['n_holdout'])} held-out"
    cards.append(("Foreign images", count(info["n_foreign"]), HELP["foreign_set"], held_out))
    layout.metric_row(cards)


def _title(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}"


def _ends(row: dict) -> str:
    return f"{number(row['auroc_low'], 3)} to {number(row['auroc_high'], 3)}"


def command(images: str) -> str:
    """What lets this network look at a set."""
    return commands.written(here.root, "ood", network.name, "--images", images)


def draw() -> None:
    """All about the set that was chosen."""
    trial = choose()
    headline(trial)
    scores.beside_each_other(trial)
    scores.one_score(trial)
    layout.lazy_tabs(
        address.FOREIGN_TABLE,
        {
            "Equations": lambda: equations.draw(trial),
            "Images": lambda: images.draw(trial, here.images),
            "All networks": lambda: everywhere.draw(trial.root, network, colours),
        },
    )


layout.page_header(
    network.name,
    "Foreign images",
    "Do a network's dependencies break on images unlike those that it knows, and does that tell them from "
    "held-out ones better than its logits alone do?",
)
if known:
    draw()
else:
    layout.empty_state(
        "No foreign images yet",
        f"{plain(network.name)} has not looked at any set of foreign images. This lets it look at a folder "
        "of them:",
        ":material/travel_explore:",
    )
    st.code(command("FOLDER"), language="bash", wrap_lines=True)
    everywhere.draw(here.root, network, colours)
