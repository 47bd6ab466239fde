"""The overview's filters: widgets in the address, and which dependencies pass them."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.answers import dependencies
from explorer.figures.atlas_map.component import MapFilters
from explorer.session import address, choices
from explorer.session.address import Key
from explorer.tables.network import Network
from explorer.words.formatting import count
from explorer.words.help import HELP

# The slider's ends; the left one lets all that lies below it through, too.
R2: tuple[float, float] = address.R2.default


@dataclass(frozen=True)
class Chosen:
    """What the reader has chosen."""

    looks: MapFilters  # what the map computes by itself, at once
    others: np.ndarray | None  # (m,) bool, what passes all other filters; None where none is set
    passes: np.ndarray  # (m,) bool, what passes all of them


@dataclass(frozen=True)
class Reach:
    """The widest setting of every filter on one network."""

    strength: float
    parents: tuple[int, int]
    communities: tuple[str, ...]

    @classmethod
    def of(cls, network: Network) -> "Reach":
        edges = network.edges
        top = float(np.ceil(edges["strength"].max() * 20) / 20) if len(edges) else 1.0
        most = max(int(network.info["max_parents"]), 2)
        return cls(top, (1, most), tuple(network.community_names.values()))

    def start(self) -> dict[Key, object]:
        """Value of every widget that lets everything through."""
        fixed = (
            address.STRENGTH, address.SIGN, address.R2, address.SOLVED, address.BRANCH,
            address.STABILITY,
        )  # fmt: skip
        return {key: key.default for key in fixed} | {
            address.PARENTS: self.parents, address.COMMUNITIES: [],
        }  # fmt: skip

    def fit(self) -> None:
        """Bring in what was chosen on another network and lies outside this one's reach."""
        strength, parents, communities = address.STRENGTH, address.PARENTS, address.COMMUNITIES
        if strength.known:
            strength.set(min(strength.get(), self.strength))
        if parents.known:
            untouched = tuple(parents.get()) == address.PARENTS_REACH.get()
            inside = tuple(min(end, self.parents[1]) for end in parents.get())
            parents.set(self.parents if untouched else inside)
        address.PARENTS_REACH.set(self.parents)
        if communities.known:
            communities.set([c for c in communities.get() if c in self.communities])


def draw(network: Network, refusals: DeltaGenerator) -> Chosen:
    """All filters, one under the other; what the address asks for in vain is said in `refusals`, as the
    filters themselves are folded away."""
    reach = Reach.of(network)
    address.recall(*reach.start())
    reach.fit()
    communities, branch = _categories(network, refusals)
    r2, solved, parents = _equations(reach, refusals)
    strength, sign = _dependencies(reach, refusals)
    stability = _stability(network, refusals)
    others = dependencies.passing(
        network.edges,
        parents=parents if parents != reach.parents else None,
        r2=(r2[0] if r2[0] > R2[0] else -np.inf, r2[1]) if r2 != R2 else None,
        solved=solved,
        stability=stability / 100,
        among=branch,
    )
    members = None
    if communities:
        members = np.isin(network.categories["community"].to_numpy(), communities)
    looks = dependencies.passing(network.edges, strength=strength, sign=sign, among=members)
    return Chosen(
        looks=MapFilters(strength, sign, communities or None),
        others=None if others.all() else others,
        passes=others & looks,
    )


def _categories(
    network: Network, refusals: DeltaGenerator
) -> tuple[tuple[int, ...], np.ndarray | None]:
    branches, word = network.branches, None
    if branches.words:
        sizes = dict(zip(branches.words, branches.sizes, strict=True))
        word = choices.mirrored(
            "WordNet branch", address.BRANCH, branches.words, placeholder="all", help=HELP["branch"],
            format_func=lambda word: f"{word} ({count(sizes[word])})", where=refusals,
        )  # fmt: skip
    else:
        st.caption("No filter by WordNet branch: these categories have no WordNet ids.")
    names = list(network.community_names.values())
    tied = choices.tie(
        address.COMMUNITIES, [], lambda name: name in names, instead="all", where=refusals
    )
    shown = st.multiselect(
        "Communities", names, placeholder="all", help=HELP["communities"], **tied
    )
    communities = tuple(k for k, name in network.community_names.items() if name in shown)
    return communities, None if word is None else branches.mask(word)


def _equations(
    reach: Reach, refusals: DeltaGenerator
) -> tuple[tuple[float, float], str, tuple[int, int]]:
    tied = choices.tie_range(address.R2, R2, where=refusals)
    r2 = st.slider("Held-out R²", *R2, R2, 0.01, help=HELP["r2_filter"], **tied)
    solved = choices.choice("Solved", address.SOLVED, where=refusals, help=HELP["solved"])
    tied = choices.tie_range(address.PARENTS, reach.parents, where=refusals)
    parents = st.slider(
        "Parents in the equation", *reach.parents, reach.parents, help=HELP["parents"], **tied
    )
    return r2, solved, parents


def _dependencies(reach: Reach, refusals: DeltaGenerator) -> tuple[float, str]:
    tied = choices.tie(
        address.STRENGTH, 0.0, choices.number_in(0, reach.strength), instead=0, where=refusals
    )
    strength = st.slider(
        "Strength at least", 0.0, reach.strength, 0.0, 0.01, help=HELP["strength"], **tied
    )
    sign = choices.choice("Sign", address.SIGN, where=refusals, help=HELP["sign"])
    return strength, sign


def _stability(network: Network, refusals: DeltaGenerator) -> int:
    """Least stability in percent; it asks for nothing where stability was not measured at all."""
    measured = bool(network.edges["stability"].notna().any())
    tied = choices.tie(address.STABILITY, 0, choices.number_in(0, 100), instead=0, where=refusals)
    least = st.slider(
        "Stability at least", 0, 100, 0, 1, format="%d %%", disabled=not measured,
        help=HELP["stability_filter"], **tied,
    )  # fmt: skip
    if not measured:
        st.caption(f"No filter by stability: it was not measured for “{network.choice}”.")
    return least if measured else 0


def clear(network: Network) -> None:
    """Callback: let everything through again."""
    for key, value in Reach.of(network).start().items():
        key.set(value)


def follow(network: Network, looks: MapFilters) -> None:
    """Callback: the map's own legend has moved; the widgets, and with them the address, follow."""
    address.STRENGTH.set(looks.min_strength)
    address.SIGN.set(looks.sign)
    address.COMMUNITIES.set([network.community_names[k] for k in looks.communities or ()])
