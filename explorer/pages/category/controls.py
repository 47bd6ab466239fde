"""Where on its path the equation of a category stands: the slider, single steps beside it, the switch."""

import math
from functools import partial

import streamlit as st

from explorer.answers.network_pair import Subject
from explorer.session import address, choices
from explorer.tables.target_path import TargetPath
from explorer.words.formatting import percent
from explorer.words.help import HELP


def draw(subject: Subject) -> tuple[float, bool]:
    """Position on the path, and whether coefficients are refit."""
    path, chosen, choice = subject.path, float(subject.chosen), subject.pair.choice
    most, longest = subject.max_parents, int(path.n_parents().max())
    left, switch = st.columns([3, 1], gap="large", vertical_alignment="bottom")
    with left, st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        size = choices.sparsity(
            "Sparsity: parents in the equation", most, chosen, path.nearest_size
        )
        _steps(path, size, min(most, longest))
    with switch:
        fit = choices.choice("Coefficients", address.FIT, help=HELP["fit"])
    place = path.position_of_size(size)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_where(path, place, most, longest))
        if size != chosen:
            st.button(
                f"Back to {choice}: {chosen:g}", key="sparsity_back",
                icon=":material/undo:", on_click=address.SPARSITY.set, args=(chosen,),
            )  # fmt: skip
    return place, fit == "refit"


def _steps(path: TargetPath, size: float, longest: int) -> None:
    """Buttons that move the slider to the next number of parents that is stored."""
    for sign, key, meaning, stuck in (
        ("−1", "step_down", HELP["step_down"], size <= 0),
        ("+1", "step_up", HELP["step_up"], size >= longest),
    ):
        step = partial(_step, path, key == "step_up", longest)
        st.button(sign, key=key, disabled=stuck, help=meaning, on_click=step)


def _step(path: TargetPath, up: bool, longest: int) -> None:
    """Callback: it reads the slider anew, so that quick clicks are not lost."""
    size = stepped(path, address.SPARSITY.get(), up)
    address.SPARSITY.set(float(min(max(size, 0), longest)))


def stepped(path: TargetPath, size: float, up: bool) -> int:
    """The next size above a size, or below it: whole numbers, beyond the path's exact part those that are
    stored."""
    beside = [other for other in path.sizes if (other > size if up else other < size)]
    next_whole = math.floor(size) + 1 if up else math.ceil(size) - 1
    if not beside:
        return next_whole
    stored = min(beside) if up else max(beside)
    return next_whole if path.nearest_size(next_whole) == next_whole else stored


def _where(path: TargetPath, place: float, most: int, longest: int) -> str:
    lam = path.lam_at(place)
    end = f" · this path ends at {longest} parents" if longest < most else ""
    share = percent(lam / path.lam[0])
    knot = f"knot {path.knot_at(place):.4g} of {path.knots[-1]}"
    return f"λ = {lam:.4g}, {share} of λ max · {knot}{end}"
