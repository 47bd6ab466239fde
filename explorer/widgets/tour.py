"""The tour: five steps over the real pages, offered once per browser, beside the page and never over it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from explorer.session import address, selection
from explorer.session.address import Key
from explorer.tables.network import Network
from explorer.words.formatting import plain


@dataclass(frozen=True)
class Step:
    """What to do (Markdown; `{name}` is the example's category), on which page, with which widgets."""

    title: str
    page: str
    text: str
    view: tuple[tuple[Key, object], ...] = ()


STEPS = (
    Step(
        "A map of everything", "overview",
        "Every dot is a category, larger the more equations use it. **Hover over a dot** to see what its "
        "score is made of, or press Tab until the map has the focus and walk with the arrow keys. Then "
        "go on: *{name}* is next.",
    ),
    Step(
        "One equation", "category",
        "The box below says *{name}* in other categories. **Move the sparsity slider** to the left end "
        "and back, one parent at a time: the strongest sources enter first, and every position is exact.",
        ((address.SPARSITY, 3.0),),
    ),
    Step(
        "Is it true?", "category",
        "The five figures were measured on images that no fit saw. **Compare “Held-out error” with "
        "“Shuffled control”**, which is what noise alone reaches; then look at “Replacement test”, where "
        "the logit is replaced by its equation.",
    ),
    Step(
        "Another network", "links",
        "The same category, written in the logits of a network that was trained on its own. **Choose "
        "another network** above the graph, or swap the two, and see which sources stay.",
    ),
    Step(
        "Categories it never learned", "unseen",
        "A student scores categories that it has never seen, by equations alone. **Move γ**: images of "
        "unseen categories are won, those of seen ones are lost. All words are explained under *Learn*; "
        "*Share or cite*, at the side, links to the exact view.",
    ),
)  # fmt: skip

INVITATION = """<section class="nde-invitation" aria-label="Tour" hidden>
  <p><strong>New here?</strong> Five steps over the real pages, two minutes.</p>
  <button type="button" class="start">Take the tour</button>
  <button type="button" class="later">No, thanks</button>
</section>"""

STYLE = """.nde-invitation:not([hidden]) {display: flex; flex-wrap: wrap; align-items: center;
  gap: .5rem .75rem; padding: .6rem .9rem; font-family: var(--st-font); color: var(--st-text-color);
  background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color);
  border-radius: var(--st-base-radius)}
.nde-invitation p {margin: 0; flex: 1 1 16rem}
.nde-invitation button {font: inherit; padding: .3rem .8rem; border-radius: var(--st-button-radius);
  border: 1px solid var(--st-border-color); background: var(--st-background-color);
  color: var(--st-text-color); cursor: pointer}
.nde-invitation button.start {background: var(--st-primary-color); border-color: var(--st-primary-color);
  color: var(--st-background-color)}
.nde-invitation button:focus-visible {outline: 3px solid var(--st-primary-color); outline-offset: 2px}
"""

# A browser that forbids storage gets the invitation each time; an unseen one takes no room.
SCRIPT = """
const SEEN = "nde-tour-offered";
const seen = () => { try { return localStorage.getItem(SEEN); } catch { return null; } };
const remember = () => { try { localStorage.setItem(SEEN, "1"); } catch { /* forbidden */ } };
export default function ({ parentElement, setTriggerValue }) {
  const card = parentElement.querySelector("section");
  const place = parentElement.closest("[data-testid=stElementContainer]");
  const show = (wanted) => {
    card.hidden = !wanted;
    if (place) place.style.display = wanted ? "" : "none";
  };
  show(!seen());
  card.querySelector(".start").onclick = () => { remember(); setTriggerValue("start", true); };
  card.querySelector(".later").onclick = () => { remember(); show(false); };
}
"""

_invitation = st.components.v2.component(
    "tour_invitation", html=INVITATION, css=STYLE, js=SCRIPT, isolate_styles=False
)


def draw(network: Network, page: str) -> None:
    """Above a page: the step that the reader is at, or, to a new browser on the bare overview, an offer.
    Who came by a link to a category is left alone."""
    if address.TOUR.get() is not None:
        _card(network, page)
    elif page == "overview" and not address.CATEGORY.asked():
        _invitation(key="invitation", on_start_change=_starter(network))


def start_button(
    network: Network, key: str, type: Literal["secondary", "tertiary"] = "secondary"
) -> None:
    """A button that starts the tour, wherever it stands."""
    st.button(
        "Take the tour", key=key, icon=":material/tour:", on_click=go, args=(network, 0), type=type
    )


def example(network: Network) -> str:
    """The category that the tour speaks about: the hamster, else the target of the strongest dependency."""
    if "hamster" in network.search.index:
        return "hamster"
    return network.first_choice


def go(network: Network, number: int) -> None:
    """Callback: turn to a step's page as the step needs it."""
    step = STEPS[number]
    address.TOUR.set(number)
    about = step.page not in ("overview", "unseen")
    given = {address.CATEGORY: example(network)} if about else {}
    selection.open_view(step.page, given | dict(step.view))


def end() -> None:
    """Callback: the reader has had enough, or everything."""
    address.TOUR.set(None)


def _starter(network: Network) -> Callable[[], None]:
    return lambda: go(network, 0)


def _card(network: Network, page: str) -> None:
    number = address.TOUR.get()
    step, last = STEPS[number], number == len(STEPS) - 1
    with st.container(border=True, gap="small", key="tour-card"):
        st.markdown(
            f"**{number + 1} of {len(STEPS)} · {step.title}.** "
            + step.text.format(name=plain(example(network)))
        )
        with st.container(horizontal=True, gap="small"):
            if page != step.page:
                st.button("Show me", key="tour-show", icon=":material/arrow_forward:", on_click=go,
                          args=(network, number))  # fmt: skip
            st.button("Previous", key="tour-back", disabled=not number, on_click=go,
                      args=(network, max(number - 1, 0)))  # fmt: skip
            if not last:
                st.button("Next", key="tour-next", type="primary", on_click=go,
                          args=(network, number + 1))  # fmt: skip
            st.button("Finish" if last else "End the tour", key="tour-end", shortcut="esc",
                      type="secondary" if last else "tertiary", on_click=end)  # fmt: skip
