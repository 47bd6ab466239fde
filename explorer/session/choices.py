"""Widgets that are tied to the address.

The address is untrusted: what it asks for is checked, and a value that cannot be shown is said aloud, as
widgets fall back silently. `where` is the container that this is said in, for widgets that are folded away.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitAPIException

from explorer.session import address
from explorer.session.address import Key
from explorer.words.formatting import plain
from explorer.words.help import HELP


def tie(
    key: Key,
    default: object,
    fine: Callable[[Any], bool] = lambda asked: True,
    *,
    instead: object = None,
    where: DeltaGenerator | None = None,
    also: Sequence[str] = (),
) -> dict[str, Any]:
    """Arguments that tie a widget to the address under its key; call it where the widget is made, and
    nowhere else. `fine` judges each text of the address, of a range all of them at once; `also` lists
    texts that are passed over in silence. `instead` says what is shown in place of what is refused."""
    address.recall(key)
    asked = key.asked()
    if key.many == address.RANGE:
        wrong = [" to ".join(asked)] if asked and not fine(asked) else []
    else:
        wrong = [one for one in asked if not (fine(one) or one in also)]
    if wrong:
        _refused(key, wrong[0], default if instead is None else instead, where)
        # Streamlit would squeeze a bad number or range into the widget, and not fall back.
        return {"key": key.name, "bind": None}
    several = key.many == address.SEVERAL
    address.publish(key, default, lambda value: all(map(fine, value)) if several else fine(value))
    return {"key": key.name, "bind": "query-params"}


def tie_range(
    key: Key, ends: tuple[float, float], where: DeltaGenerator | None = None
) -> dict[str, Any]:
    """`tie` for two numbers between these `ends`, the smaller one first; both ends by default."""
    inside = number_in(*ends)

    def fine(asked: Sequence[Any]) -> bool:
        return len(asked) == 2 and all(map(inside, asked)) and float(asked[0]) <= float(asked[1])

    return tie(key, ends, fine, instead=f"{ends[0]:g} to {ends[1]:g}", where=where)


def choice(
    label: str,
    key: Key,
    options: Sequence[str] = (),
    *,
    where: DeltaGenerator | None = None,
    **looks: Any,
) -> str:
    """One of a few options: those of the key, with its default, or those that the page knows, the first by
    default."""
    first = options[0] if options else key.default
    options = options or key.options
    tied = tie(key, first, lambda value: value in options, where=where)
    chosen = st.segmented_control(label, options, default=first, required=True, **tied, **looks)
    return chosen or first


def one_of(
    label: str,
    key: Key,
    options: Sequence[str],
    first: str,
    *,
    also: Sequence[str] = (),
    **looks: Any,
) -> str:
    """One of many options, `first` by default; what another network or experiment had is let go of."""
    address.recall(key)
    if key.known and key.get() not in options:
        key.set(first)  # dropped, it would live on in the browser
    tied = tie(key, first, lambda value: value in options, also=also)
    return st.selectbox(label, options, options.index(first), **tied, **looks)


def mirrored(
    label: str,
    key: Key,
    options: Sequence[str],
    *,
    where: DeltaGenerator | None = None,
    **looks: Any,
) -> str | None:
    """One of many options or None, in the address under its key as it is: a widget bound to the address
    would write there what its `format_func` shows."""
    address.recall(key)
    asked = st.query_params.get(key.name)
    if address.came_back() or (asked is not None and not key.known):
        if asked is not None and asked not in options:
            _refused(key, asked, "all", where)
        key.set(asked)
    if key.get() not in options:
        key.set(None)
    chosen = st.selectbox(label, options, index=None, key=key.name, **looks)
    if chosen is None:
        st.query_params.pop(key.name, None)
    elif chosen != asked:
        st.query_params[key.name] = chosen
    address.recall(key)
    return chosen


def sparsity(
    label: str, most: int, chosen: float, nearest: Callable[[float], float] = float
) -> float:
    """The slider along a path of at most `most` parents. It starts at the category's `chosen` number. A
    reader who has moved it keeps that number from category to category, as far as the path reaches;
    others get each one's own. It stands only where `nearest` lets it: at the nearest size of a path that
    does not have them all."""
    slider, before = address.SPARSITY, address.SPARSITY_CHOSEN.get()
    address.recall(slider)
    if slider.known:
        if slider.get() == before:
            slider.set(chosen)
        elif slider.get() > most:
            slider.set(float(most))
        if is_number(slider.get()):
            slider.set(float(nearest(slider.get())))
    elif len(asked := slider.asked()) == 1 and number_in(0, most)(asked[0]):
        _rewrite(slider, nearest(float(asked[0])))
    # Later the address may name what another category's path had, which is brought in above.
    fine = number_in(0, most) if before is None else is_number
    address.SPARSITY_CHOSEN.set(chosen)
    return st.slider(
        label, 0.0, float(most), chosen, 0.05, format="%.4g", help=HELP["slider"],
        **tie(slider, chosen, fine, instead=f"{chosen:g}"),
    )  # fmt: skip


def _rewrite(key: Key, value: float) -> None:
    """Let the address say what can be shown of what it asks for, before the widget reads it."""
    if float(key.asked()[0]) != value:
        st.query_params[key.name] = str(address.text(value))


def number_in(low: float, high: float) -> Callable[[Any], bool]:
    """Whether a text or number lies in low..high."""
    return lambda value: is_number(value) and low <= float(value) <= high


def is_number(value: Any) -> bool:
    """Whether a text or value is a finite number."""
    try:
        return math.isfinite(float(value))
    except ValueError:
        return False


def _refused(key: Key, asked: str, instead: object, where: DeltaGenerator | None) -> None:
    """Say it, in `where` or here, and take it out of the address."""
    (where or st).warning(
        f"This address asks for {key.name} “{plain(asked)}”, which cannot be shown here. "
        f"Showing {plain(instead)} instead.",
        icon=":material/link_off:",
    )
    try:
        st.query_params.pop(key.name)
    except StreamlitAPIException:
        pass  # bound by an earlier run: Streamlit clears it when the widget is unbound
