"""The overview's filters: widgets in the address, and which dependencies pass them."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.answers import dependencies
from explorer.figures.atlas_map.component import MapFilters
from explorer.session import selection
from explorer.tables.network import Network
from explorer.words.formatting import count
from explorer.words.help import HELP

CERTIFICATES = ("any", "certified", "not certified")
R2 = (-1.0, 1.0)  # the slider's ends; the left one lets all that lies below it through, too


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

    def start(self) -> dict[str, object]:
        """Value of every widget, by key, that lets everything through."""
        return {
            "strength": 0.0, "parents": self.parents, "sign": "both", "r2": R2,
            "certificate": "any", "communities": [], "branch": None,
        }  # fmt: skip

    def fit(self) -> None:
        """Bring in what was chosen on another network and lies outside this one's reach."""
        state = st.session_state
        if "strength" in state:
            state["strength"] = min(state["strength"], self.strength)
        if "parents" in state:
            untouched = tuple(state["parents"]) == state.get("parents_reach")
            inside = tuple(min(end, self.parents[1]) for end in state["parents"])
            state["parents"] = self.parents if untouched else inside
        state["parents_reach"] = self.parents
        if "communities" in state:
            state["communities"] = [c for c in state["communities"] if c in self.communities]


def draw(network: Network, refusals: DeltaGenerator) -> Chosen:
    """All filters, one under the other; what the address asks for in vain is said in `refusals`, as the
    filters themselves are folded away."""
    reach = Reach.of(network)
    selection.remember(*reach.start())
    reach.fit()
    communities, branch = _categories(network, refusals)
    r2, certificate, parents = _equations(reach, refusals)
    strength, sign = _dependencies(reach, refusals)
    rest = {
        "parents": parents if parents != reach.parents else None,
        "r2": (r2[0] if r2[0] > R2[0] else -np.inf, r2[1]) if r2 != R2 else None,
        "certificate": certificate,
        "among": branch,
    }
    others = dependencies.passing(network.edges, **rest)
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
        word = selection.mirrored(
            "WordNet branch", branches.words, "branch", placeholder="all", help=HELP["branch"],
            format_func=lambda word: f"{word} ({count(sizes[word])})", where=refusals,
        )  # fmt: skip
    else:
        st.caption("No filter by WordNet branch: these categories have no WordNet ids.")
    names = list(network.community_names.values())
    bind = selection.refuse("communities", lambda name: name in names, "all", refusals)
    shown = st.multiselect(
        "Communities", names, key="communities", bind=bind, placeholder="all",
        help=HELP["communities"],
    )  # fmt: skip
    communities = tuple(k for k, name in network.community_names.items() if name in shown)
    return communities, None if word is None else branches.mask(word)


def _equations(
    reach: Reach, refusals: DeltaGenerator
) -> tuple[tuple[float, float], str, tuple[int, int]]:
    bind = selection.refuse_range("r2", *R2, refusals)
    r2 = st.slider("Held-out R²", *R2, R2, 0.01, key="r2", bind=bind, help=HELP["r2_filter"])
    certificate = selection.choice(
        "Certificate", CERTIFICATES, "certificate", where=refusals, help=HELP["certificate_filter"]
    )
    bind = selection.refuse_range("parents", *reach.parents, refusals)
    parents = st.slider(
        "Parents in the equation", *reach.parents, reach.parents, key="parents",
        bind=bind, help=HELP["parents"],
    )  # fmt: skip
    return r2, certificate, parents


def _dependencies(reach: Reach, refusals: DeltaGenerator) -> tuple[float, str]:
    bind = selection.refuse_number("strength", 0, reach.strength, 0, refusals)
    strength = st.slider(
        "Strength at least", 0.0, reach.strength, 0.0, 0.01, key="strength", bind=bind,
        help=HELP["strength"],
    )  # fmt: skip
    sign = selection.choice(
        "Sign", ("both", "positive", "negative"), "sign", where=refusals, help=HELP["sign"]
    )
    return strength, sign


def clear(network: Network) -> None:
    """Callback: let everything through again."""
    st.session_state.update(Reach.of(network).start())


def follow(network: Network, looks: MapFilters) -> None:
    """Callback: the map's own legend has moved; the widgets, and with them the address, follow."""
    st.session_state["strength"] = looks.min_strength
    st.session_state["sign"] = looks.sign
    st.session_state["communities"] = [network.community_names[k] for k in looks.communities or ()]
