"""Worked examples found in the atlas: what to look at, and the exact view; no number is fixed here."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from explorer.answers import dependencies, neighbourhood
from explorer.tables.network import Network
from explorer.words.formatting import number, percent, plain

FEW = 6  # parents that still read well


@dataclass(frozen=True)
class Example:
    """A category of a model, and what the category page's widgets are set to."""

    title: str
    text: str
    model: str
    category: str
    sparsity: float | None = None  # parents in the equation; None: those of the reader's choice
    direction: str | None = None  # of the graph; None: as the reader has it


def hamster_and_broccoli(
    first: Network, consensus: pd.DataFrame, load: Callable[[str], Network | None]
) -> Example | None:
    """The oddest parent of the README, in a network that has it; None where none does.

    `consensus` is that of the network's label set (empty where the atlas has none); `load` reads a
    network, None where it has left the atlas.
    """
    known = first.search.index
    if "hamster" not in known or "broccoli" not in known:
        return None
    target, source = first.index_of("hamster"), first.index_of("broccoli")
    having, compared = _having(first, consensus, target, source)
    if not having:
        return None
    model = first.name if first.name in having else max(having, key=lambda m: abs(having[m]))
    network = first if model == first.name else load(model)
    path = network.paths[target] if network is not None else None
    if path is None or source not in path.sources:  # the consensus is older than the networks
        return None
    column = path.sources.tolist().index(source)
    enters = int(path.n_parents()[np.flatnonzero(path.coefficient[:, column])[0]])
    size = max(enters, FEW)
    weight = path.coefficients_at(path.position_of_size(size))[column]
    return Example(
        "Hamster and broccoli",
        f"In {len(having)} of {compared} networks, the equation of *hamster* holds *broccoli*. In "
        f"{plain(model)} it enters the path as source number {enters}, and among {size} parents its "
        f"coefficient is {number(weight, 3)}. Move the sparsity slider and watch it.",
        model, "hamster", float(size), "parents",
    )  # fmt: skip


def cats(network: Network) -> Example | None:
    """The cat that is most strongly written in another cat; None without cats in WordNet."""
    categories, edges = network.categories, network.edges
    is_cat = np.array([found is not None and "cat" in found for found in categories["hypernyms"]])
    inside = edges[is_cat[edges["target"]] & is_cat[edges["source"]]]
    if inside.empty:
        return None
    target = int(inside["target"].iat[0])  # edges come strongest first
    path = network.paths[target]
    if path is None:  # the tables do not belong together
        return None
    own = dependencies.named(neighbourhood.equation(path, path.position_of_size(FEW)), categories)
    like = own.loc[is_cat[own["source"]], "source_name"].tolist()
    name = network.name_of(target)
    if not like:
        return None
    return Example(
        "Cats",
        f"WordNet calls {int(is_cat.sum())} of these categories a cat. Of the first {len(own)} "
        f"parents of *{plain(name)}*, {len(like)} are: {', '.join(map(plain, like))}. What are the others?",
        network.name, name, float(FEW), "parents",
    )  # fmt: skip


def nobody_can_explain(r2: pd.DataFrame) -> Example | None:
    """The category whose best held-out R² over all networks is lowest.

    `r2` has a row per category (index: name), a column per model.
    """
    known = r2.dropna()
    if known.empty:
        return None
    name = known.max(axis=1).idxmin()
    model, best = known.loc[name].idxmax(), float(known.loc[name].max())
    middle = float(known[model].median())
    whose = f"Even in the best of {r2.shape[1]} networks" if r2.shape[1] > 1 else "Here"
    return Example(
        "A category nobody can explain",
        f"{whose} the equation of *{plain(name)}* explains only {percent(best, 0)} of its logit on "
        f"held-out images; half of all categories reach {percent(middle, 0)} there. Look at its "
        "predicted and true logits, and at the shuffled control.",
        model, name,
    )  # fmt: skip


def _having(
    first: Network, consensus: pd.DataFrame, target: int, source: int
) -> tuple[dict[str, float], int]:
    """Coefficient of a dependency in every network that has it, and how many were asked."""
    if len(consensus):
        rows = consensus[(consensus["target"] == target) & (consensus["source"] == source)]
        if rows.empty:
            return {}, int(consensus["n_compared"].max())
        row = rows.iloc[0]
        return dict(zip(row["models"], row["coefficients"], strict=True)), int(row["n_compared"])
    own = first.edges
    rows = own[(own["target"] == target) & (own["source"] == source)]
    return dict(zip([first.name], rows["coefficient"].astype(float), strict=False)), 1
