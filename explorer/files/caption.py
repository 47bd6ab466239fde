"""What stands below a figure that leaves the page, so that it can be read where the page is not."""

from collections.abc import Iterable

import pandas as pd

from explorer.answers.evidence.evidence import Evidence
from explorer.answers.evidence.in_one_sentence import yardsticks
from explorer.answers.network_pair import NetworkPair
from explorer.figures.opacity import PALER, measured
from explorer.tables.network import Network
from explorer.words import choice as words_of_choice
from explorer.words.formatting import count, counted, number

LEFT_AND_RIGHT = "Left: parents, in its equation; right: children, whose equation uses it."


def of_equation(evidence: Evidence) -> str:
    """How well an equation holds, beside its control, on how many images; for one between networks the
    images are those that both have."""
    n = len(evidence.truth)
    images = f"{count(n)} image{'' if n == 1 else 's'} that no fit saw"
    control = yardsticks(evidence.subject.evaluation, len(evidence.equation)).shuffled
    refit = f" (refit {number(evidence.refit.figures.r2)})" if evidence.refit else ""
    r2 = f"{number(evidence.figures.r2)}{refit}"
    return f"Held-out R² {r2} on {images}; shuffled control {number(control)}."


def size_of(evidence: Evidence) -> str:
    """Number of parents, and the reader's choice of sparsity beside it where that has another one."""
    size, pair = len(evidence.equation), evidence.subject.pair
    parents = f"{count(size)} parent{'' if size == 1 else 's'}"
    if size == evidence.subject.chosen:
        return f"{parents} ({pair.choice})"
    return f"{parents} ({pair.choice}: {count(evidence.subject.chosen)})"


def of_figure(evidence: Evidence) -> tuple[str, str]:
    """Below a plot of one equation: whose it is and how sparse, and how well it holds."""
    subject = evidence.subject
    return f"{subject.name} in {subject.pair.name}, {size_of(evidence)}.", of_equation(evidence)


def of_map(network: Network) -> tuple[str, str, str]:
    """Below a picture of the whole map: whose it is, how well its equations hold, and how to read it."""
    paler = f" {PALER.format('a line')}" if measured(network.edges) else ""
    return (
        f"Dependencies in {network.name}.",
        of_network(network),
        f"A line joins a source and its target; blue: positive coefficient, orange: negative.{paler} The "
        "larger a dot, the more equations use its category. Colours are communities:",
    )


def of_network(network: Network | NetworkPair) -> str:
    """How well the equations of a network, or between two, hold, for a figure that shows several: medians
    over the categories at the reader's choice of sparsity."""
    return medians(network.chosen, int(network.info["n_holdout"]), network.choice)


def of_networks(networks: Iterable[Network]) -> list[str]:
    """The same of each of several."""
    return [f"{network.name}: {of_network(network)}" for network in networks]


def of_category(networks: Iterable[Network], name: str) -> list[str]:
    """How well the stored equation of a category holds in each network that knows the category."""
    known = (network for network in networks if name in network.search.index)
    return [f"{network.name}: {of_stored(network, name) or 'no equation'}" for network in known]


def of_label_set(network: Network, r2: pd.Series, what: str) -> tuple[str, str]:
    """Below a plot of several networks with the categories of this one: how sparse their equations are, and
    the range of their held-out R² (`r2`, of `what`, by network)."""
    which = (
        f"{counted(len(r2), 'network')} with the categories of {network.info['label_set']}. Equations: "
        f"{words_of_choice.said(network.choice)}."
    )
    known = r2.dropna().sort_values()
    if known.empty:
        return which, f"{what}: no held-out R²."
    low, high = (f"{number(known.iloc[k])} ({known.index[k]})" for k in (0, -1))
    return which, f"{what}: held-out R² from {low} to {high}."


def of_medians(models: pd.DataFrame, refit: bool) -> tuple[str]:
    """Below a plot of the medians of several networks (rows of model.parquet) at many sizes."""
    return (
        f"Medians over the categories of {counted(len(models), 'network')}, "
        f"{words_of_choice.coefficients(refit)}, on {_images(models['n_holdout'])}.",
    )


def of_pairs(table: pd.DataFrame, refit: bool, choice: str) -> tuple[str, str]:
    """Below a plot of several pairs (`answers.links.summary` of each) at a choice of sparsity."""
    return (
        f"Medians over the categories, {words_of_choice.coefficients(refit)}, of {count(len(table))} "
        f"ordered pairs of networks. Equations: {words_of_choice.said(choice)}.",
        f"Judged on {_images(table['n_holdout'])}; shuffled control "
        f"{number(table['control_r2'].median())} (median over the pairs).",
    )


def _images(sizes: pd.Series) -> str:
    low, high = count(sizes.min()), count(sizes.max())
    return f"{low if low == high else f'{low} to {high}'} images that no fit saw"


def of_logits(network: Network) -> tuple[str]:
    """Below a plot of a network's logits alone: whose they are, on how many images."""
    info = network.info
    return (
        f"{count(info['n_categories'])} logits of {network.name} on {count(info['n_fit'])} fit images: "
        f"rank {count(info['rank'])}.",
    )


def of_stored(network: Network, category: str) -> str:
    """How well the stored equation of a category holds, at the reader's choice of sparsity; empty where
    nothing explains it."""
    rows = network.chosen[network.chosen["target"] == network.index_of(category)]
    if rows.empty:
        return ""
    row, n = rows.iloc[0], int(network.info["n_holdout"])
    size = (
        f"{count(row['n_parents'])} parent{'' if row['n_parents'] == 1 else 's'} ({network.choice})"
    )
    return (
        f"{size}: held-out R² {number(row['r2'])} on {count(n)} images that no fit saw, refit "
        f"{number(row['r2_refit'])}; shuffled control {number(row['control_r2'])}."
    )


def medians(chosen: pd.DataFrame, n_images: int, choice: str) -> str:
    """The same from the rows of evaluation.parquet at a choice."""
    return (
        f"Equations: {words_of_choice.said(choice)}. Over all categories a median held-out R² of "
        f"{number(chosen['r2'].median())} (refit {number(chosen['r2_refit'].median())}) on "
        f"{count(n_images)} images that no fit saw; shuffled control "
        f"{number(chosen['control_r2'].median())}."
    )
