"""What networks, and equations between their logits, say about one picture."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from explorer.answers import dependencies, live, neighbourhood
from explorer.answers.evidence.evidence import Evidence
from explorer.answers.evidence.heldout import Holdout
from explorer.answers.network_pair import NetworkPair, Subject
from explorer.figures import live as live_figures
from explorer.files import caption
from explorer.session import address, cache, choices
from explorer.tables.network import Network
from explorer.theme import Palette
from explorer.widgets import layout
from explorer.widgets.charts import chart
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns, leading_table
from explorer.words.choice import coefficients
from explorer.words.formatting import number, plain
from explorer.words.help import HELP

TOP = 8


@dataclass(frozen=True)
class Look:
    """One picture in the logits of the networks that were chosen."""

    root: Path
    networks: dict[str, Network]
    logits: dict[str, np.ndarray]
    pairs: dict[str, list[NetworkPair]]  # of every network: first itself, then what leads to it
    colours: Palette

    @classmethod
    def of(cls, root: Path, logits: dict[str, np.ndarray], colours: Palette) -> "Look":
        """`logits` (n,) of the picture in every network that looks."""
        choice, folders = address.CHOICE.get(), cache.linked_pairs(root)
        networks = {name: cache.network(root, name, choice) for name in logits}
        pairs = {
            name: [NetworkPair.within(network)]
            + [
                NetworkPair.between(network, other, cache.link(root, folders[name, source], choice))
                for source, other in networks.items()
                if (name, source) in folders
            ]
            for name, network in networks.items()
        }
        return cls(root, networks, logits, pairs, colours)

    def predicted(self, pair: NetworkPair, refit: bool) -> np.ndarray:
        """Every logit of the pair's target network by the picture's logits in the source network (n,)."""
        return pair.predicted(self.logits[pair.source.name], refit)

    def evidence(self, pair: NetworkPair, category: str, refit: bool) -> Evidence:
        """The stored equation of a category, with the picture in place of held-out images."""
        subject = Subject(pair, pair.target.index_of(category))
        stored = neighbourhood.stored_equation(pair.dependencies, subject.target, refit)
        equation = dependencies.named(stored, pair.target.categories, pair.source.categories)
        return Evidence.of(subject, equation, self._image(pair.target), self._image(pair.source))

    def _image(self, network: Network) -> Holdout:
        return Holdout.of(["picture"], np.array([-1]), self.logits[network.name][None])


def choose(name: str) -> None:
    """Callback: ask about another category."""
    address.CATEGORY.set(name)


def ranking(look: Look, refit: bool) -> None:
    """The best categories of every network."""
    layout.section("What the networks see", HELP["ranking"])
    with st.grid(len(look.networks), min_column_width=330, gap="medium") as grid:
        for model, network in look.networks.items():
            with grid.cell():
                logits = look.logits[model]
                best = np.argsort(-logits, kind="stable")[:TOP]
                table = pd.DataFrame(
                    {
                        "category": network.categories["name"].to_numpy()[best],
                        "probability": 100 * live.probabilities(logits)[best],
                        "logit": logits[best].astype(float),
                        "equation": look.predicted(look.pairs[model][0], refit)[best],
                    }
                )
                st.caption(f"**{plain(model)}**")
                ranked_table(table, f"ranking-{model}", model)
                layout.cut(len(best), len(logits), "first")


def ranked_table(table: pd.DataFrame, key: str, model: str) -> None:
    """One network's ranking; a row asks about its category."""
    columns: Columns = {
        "category": "Category",
        "probability": st.column_config.ProgressColumn(
            "Probability", format="%.1f %%", min_value=0.0, max_value=100.0, width="small"
        ),
        "logit": st.column_config.NumberColumn("Logit", format="%.2f"),
        "equation": st.column_config.NumberColumn("Equation", format="%.2f"),
    }
    leading_table(
        table, key, table["category"].tolist(), columns=columns, alt=f"What {model} sees",
        choose=choose,
    )  # fmt: skip


def answers(look: Look, category: str, refit: bool) -> pd.DataFrame:
    """Who says what about one category: model, kind, answer, logit, sd; networks without it are left
    out."""
    rows = []
    for model, network in look.networks.items():
        if category not in network.search.index:
            continue
        within, *between = (look.evidence(pair, category, refit) for pair in look.pairs[model])
        said = [
            ("network", "the network itself", float(within.truth[0])),
            ("equation", "its own equation", _guess(within)),
            *(("link", f"by {one.subject.pair.source.name}", _guess(one)) for one in between),
        ]
        rows += [(model, *answer, float(within.subject.row["sd"])) for answer in said]
    return pd.DataFrame(rows, columns=["model", "kind", "answer", "logit", "sd"])


def _guess(evidence: Evidence) -> float:
    return float(evidence.predicted[0]) if len(evidence.equation) else float("nan")


def one_category(look: Look, model: str, category: str, refit: bool) -> None:
    """One logit, true and predicted in every way."""
    layout.section(f"{plain(category)}: several answers", HELP["answers"])
    found = answers(look, category, refit)
    lines = [
        f"Logit of {category} in one picture; {coefficients(refit)}.",
        *caption.of_category(look.networks.values(), category),
    ]
    with st.grid(2, min_column_width=430, gap=("medium", "large")) as grid:
        with grid.cell():
            chart(
                live_figures.answers_plot(found, look.colours),
                "answers",
                f"Logit of {category} and what equations say",
                lines,
            )
            answers_table(found)
        with grid.cell():
            term_table(look, model, category, refit)


def answers_table(found: pd.DataFrame) -> None:
    """The same in numbers: how far from the network's own logit."""
    true = found[found["kind"] == "network"].set_index("model")["logit"]
    off = (found["logit"] - found["model"].map(true)) / found["sd"]
    table = found.assign(off=off.where(found["kind"] != "network"))
    columns: Columns = {
        "model": "Network",
        "answer": "Answer",
        "logit": st.column_config.NumberColumn("Logit", format="%.2f"),
        "off": st.column_config.NumberColumn("Off by (sd)", format="%.2f", help=HELP["off_answer"]),
    }
    st.dataframe(
        table[list(columns)],
        hide_index=True,
        column_config=columns,
        placeholder="–",
        alt="The same as a table",
    )
    downloads(table, "live-answers", "answers")


def term_table(look: Look, model: str, category: str, refit: bool) -> None:
    """The equation of one network on this picture, term by term."""
    evidence = look.evidence(look.pairs[model][0], category, refit)
    names = look.networks[model].categories["name"].to_numpy()
    rows = live.terms(evidence.equation, names, look.logits[model])
    st.markdown(f"**Term by term** in {plain(model)}", help=HELP["terms"])
    if rows.empty:
        st.caption("This network has no equation for it.")
        return
    number_column: Columns = {
        name: st.column_config.NumberColumn(title, format="%.3f")
        for name, title in (
            ("coefficient", "Coefficient"),
            ("logit", "× logit"),
            ("term", "= term"),
        )
    }
    st.dataframe(
        rows, hide_index=True, column_config={"source_name": "Source", **number_column}, height=300,
        alt=f"Terms of the equation of {category}",
    )  # fmt: skip
    st.caption(
        f"The {len(rows)} terms add up to {number(rows['term'].sum())}"
        + (" before the constant" if look.networks[model].centred else "")
        + f"; the network itself says {number(float(evidence.truth[0]))}."
    )
    downloads(rows, f"live-terms-{category}", "terms")


def every_category(look: Look, model: str, category: str, refit: bool) -> None:
    """All logits of one network against their predictions."""
    layout.section("Every category at once", HELP["every"])
    network, true = look.networks[model], look.logits[model]
    within, *between = look.pairs[model]
    ways = {"by its own equations": within} | {f"by {pair.source.name}": pair for pair in between}
    chosen = choices.choice("Predicted by", address.PREDICTED_BY, list(ways))
    guess = look.predicted(ways[chosen], refit)
    names = network.categories["name"].to_numpy()
    with st.grid(2, min_column_width=430, gap=("medium", "large")) as grid:
        with grid.cell():
            figure = live_figures.every_category_plot(
                true, guess, names, network.index_of(category), look.colours
            )
            lines = (
                f"Every logit of {model} in one picture, {chosen}; {coefficients(refit)}.",
                caption.of_network(ways[chosen]),
            )
            chart(figure, "every", f"Every logit of {model} and its prediction", lines)
        with grid.cell():
            table = pd.DataFrame(
                {"category": names, "logit": true.astype(float), "equation": guess}
            )
            table["off"] = table["equation"] - table["logit"]
            table = table.sort_values("logit", ascending=False, ignore_index=True)
            ranked = pd.Series(guess).rank(ascending=False)
            best = int(np.argmax(true))
            st.caption(
                f"All logits of {plain(model)}, {plain(chosen)}: R² over the categories of this picture "
                f"**{number(live.r2(true, guess))}**. Its first category, {plain(names[best])}, would be "
                f"number {ranked[best]:.0f} if every logit were replaced."
            )
            columns: Columns = {
                "category": "Category",
                "logit": st.column_config.NumberColumn("Logit", format="%.2f"),
                "equation": st.column_config.NumberColumn("Predicted", format="%.2f"),
                "off": st.column_config.NumberColumn("Difference", format="%.2f"),
            }
            st.dataframe(
                table, hide_index=True, column_config=columns, height=330, alt="Every category"
            )
            downloads(table, f"live-{model}", "every")
