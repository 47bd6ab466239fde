"""Every value that a session keeps, declared once, and how the address bar says what is on the screen.

A shared key stands in the address under its own name wherever it differs from its default. Streamlit
writes there what the reader does with a widget, and what code sets while the widget is shown; what is set
before that, on another page, it leaves out, so `publish` writes it. All other keys are the session's own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx

from explorer.answers import comparison, consensus, unseen
from explorer.answers.evidence import worst_images
from explorer.answers.foreign import standing
from explorer.session.history import History
from explorer.session.working_set import WorkingSet
from precompute.atlas import schema
from precompute.unseen.map_key import CALIBRATIONS

THE_PAGE_SAYS: Final = object()  # a default that only the page knows: it depends on the tables
ONE, SEVERAL, RANGE = "one value", "several", "two ends"


@dataclass(frozen=True, eq=False)
class Key:
    """One value of the session; `options` are all that it may be, where the page need not check."""

    name: str
    default: Any = None
    pages: tuple[str, ...] = ()  # whose widget it is; none: every page's
    many: str = ONE
    options: tuple[str, ...] = ()
    shared: bool = False

    def get(self) -> Any:
        """The value, or the default; None as long as only the page knows that."""
        own = None if self.default is THE_PAGE_SAYS else self.default
        return st.session_state.get(self.name, own)

    def set(self, value: object) -> None:
        """A widget that is set puts itself back where it was told, over what its reader does meanwhile:
        so what it says already is not set again."""
        if not self.known or st.session_state[self.name] != value:
            st.session_state[self.name] = value

    def drop(self) -> None:
        st.session_state.pop(self.name, None)

    @property
    def known(self) -> bool:
        return self.name in st.session_state

    @property
    def last(self) -> Any:
        """The value, or the one at the last visit of its page; None without any."""
        return (KEPT.get() or {}).get(self.name) if not self.known else self.get()

    def asked(self) -> list[str]:
        """What the address says; nothing, one text or several."""
        return st.query_params.get_all(self.name)


def _shared(name: str, *pages: str, default: object = THE_PAGE_SAYS, many: str = ONE) -> Key:
    return Key(name, default, pages, many, shared=True)


def _choice(name: str, options: tuple[str, ...], *pages: str, default: str | None = None) -> Key:
    return Key(name, default or options[0], pages, options=options, shared=True)


# On every page.
MODEL = _shared("model")
CATEGORY = _shared("category", default=None)
CHOICE = _choice("choice", schema.CHOICES, default="readable")  # of the sparsity of all equations
# On pages that speak about equations.
FIT = _choice(
    "fit", ("lasso", "refit"), "category", "links", "live", "compare", "redundancy", "models"
)
SPARSITY = _shared("sparsity", "category", "links")
# The overview's filters, mark and lists.
STRENGTH = _shared("strength", "overview", default=0.0)
STABILITY = _shared("stability", "overview", default=0)
SIGN = _choice("sign", ("both", "positive", "negative"), "overview")
SOLVED = _choice("certificate", ("any", "solved exactly", "not solved exactly"), "overview")
BRANCH = _shared("branch", "overview", default=None)
COMMUNITIES = _shared("communities", "overview", many=SEVERAL)
R2 = _shared("r2", "overview", default=(-1.0, 1.0), many=RANGE)
PARENTS = _shared("parents", "overview", many=RANGE)
MARK = _shared("mark", "overview", default="")
LIST = _shared("list", "overview")
# One category.
DIRECTION = _choice("direction", ("both", "parents", "children"), "category")
DEPTH = _choice("depth", ("1", "2", "3"), "category")
EVIDENCE = _shared("evidence", "category")
FAILS = _choice("fails", worst_images.SIDES, "category")
TABLE = _shared("table", "category")
# The working set.
PINS = _shared("pins", "pins", default=(), many=SEVERAL)
SET = _shared("set", "pins", default="")
SCOPE = _choice("scope", ("among them", "with their parents"), "pins")
FROM = _shared("from", "pins", default=None)
TO = _shared("to", "pins", default=None)
# Links.
SOURCE = _shared("source", "links")
VIEW = _choice("view", ("One category", "The pair", "Consensus"), "links")
ORDER = _choice("order", ("best", "worst"), "links")
SHARED_BY = _choice("shared", consensus.SHARED, "links")
CONFLICTS = _shared("conflicts", "links", default=False)
# Unseen categories.
EXPERIMENT = _shared("experiment", "unseen")
UNSEEN_PARENTS = _shared("unseen_parents", "unseen")
UNSEEN_FIT = _choice("unseen_fit", ("refit", "lasso"), "unseen")
CALIBRATION = _choice("calibration", CALIBRATIONS, "unseen")
GAMMA = _shared("gamma", "unseen")
MERIT = _choice("merit", tuple(unseen.MEASURES), "unseen")
UNSEEN = _shared("unseen", "unseen")
UNSEEN_TABLE = _shared("unseen_table", "unseen")
# A picture of the reader's own.
PICTURE = _shared("picture", "live")
NETWORKS = _shared("networks", "live", many=SEVERAL)
PREDICTED_BY = _shared("predicted_by", "live")
LIVE_EXPERIMENT = _shared("live_experiment", "live")
# Foreign images.
FOREIGN_SET = _shared("foreign_set", "foreign")
DETECTED = _choice("detected", tuple(standing.MEASURES), "foreign")
SCORE = _shared("score", "foreign")
FOREIGN_TABLE = _shared("foreign_table", "foreign")
ENDS = _choice("ends", ("foreign", "held-out"), "foreign")
# The paper's claims.
CLAIM = _shared("claim", "claims", default=None)
# Cut networks.
CUT = _shared("cut", "cut")
# Comparisons, models, words.
OTHER = _shared("other", "compare")
KIND = Key("kind", (), ("compare",), SEVERAL, comparison.KINDS, shared=True)
MEASURE = _choice("measure", ("error", "R²"), "models")
WORD = _shared("word", "glossary", default="")
GROUP = _shared("group", "glossary")

# The session's own: where it is ...
ATLAS, PAGE, IMAGES = Key("atlas"), Key("page"), Key("image_folder")
# ... what it has seen, and heard from the address ...
KEPT = Key("kept")  # what widgets of other pages had chosen, by key
HISTORY = Key("history", History())
CATEGORY_IN_ADDRESS, CATEGORY_LEFT = Key("category_in_address"), Key("category_left")
SPARSITY_CHOSEN, PARENTS_REACH, GAMMA_OF = (
    Key("sparsity_chosen"), Key("parents_reach"), Key("gamma_of"),
)  # fmt: skip
LOOKED_AT = Key("looked_at", ("", {}))
TOUR = Key("tour")
PICTURES, PICTURE_FORMAT = Key("pictures", "PNG"), Key("picture_format")
# ... the working set, and what this browser keeps ...
WORKING_SET, CLEARED_SET = Key("working_set", WorkingSet()), Key("cleared_set")
KEPT_SETS, SET_IN_ADDRESS, SET_FILE_READ = (
    Key("kept_sets"), Key("set_in_address"), Key("pins_file_read"),
)  # fmt: skip
SHELF_READ, SHELF_SERIAL, SHELF_CHANGES = (
    Key("shelf_read", False), Key("shelf_serial", ""), Key("shelf_changes"),
)  # fmt: skip
# ... and fields and components that callbacks read or empty.
FIND, PIN_FIND, PINNED, SET_NAME = Key("find"), Key("pin_find"), Key("pinned"), Key("set_name")
SHELF, SEARCH_KEYS, EQUATION_LINKS = Key("shelf"), Key("search_keys"), Key("equation_links")

KEYS: tuple[Key, ...] = tuple(value for value in dict(globals()).values() if isinstance(value, Key))


def shared(page: str) -> tuple[Key, ...]:
    """The keys that may stand in the address of a page."""
    return tuple(key for key in KEYS if key.shared and (not key.pages or page in key.pages))


def came_back() -> bool:
    """Whether the browser's own buttons, back or forward, have brought this run. Then what the address
    says, or does not say, wins over the session."""
    return bool(getattr(get_script_run_ctx(), "is_history_navigation", False))


def recall(*keys: Key) -> None:
    """Carry widgets over to the next visit of their page; call it before they are made."""
    kept = KEPT.get() or {}
    for key in keys:
        if key.known:
            kept = kept | {key.name: key.get()}
        elif key.name in kept and not key.asked() and not came_back():
            key.set(kept[key.name])
    KEPT.set(kept)


def publish(key: Key, default: object, fine: Callable[[Any], bool] = lambda value: True) -> None:
    """Write into the address what was set before the widget is made, if it is `fine` there."""
    value = key.get()
    if key.asked() or came_back() or not _differs(value, default) or not fine(value):
        return
    try:
        st.query_params[key.name] = text(value)
    except StreamlitAPIException:
        return  # the widget was there in the last run, too: Streamlit writes it by itself
    st.session_state[key.name] = value


def carried(page: str, given: Mapping[Key, object]) -> dict[str, str | list[str]]:
    """What the address of another page is to say at once: `given`, and what was chosen there before.
    Streamlit refuses keys whose widgets stand on this page; they are published there."""
    found = {}
    for key in shared(page):
        here = not key.pages or PAGE.get() in key.pages
        if key is CATEGORY or not (here or (key.default is THE_PAGE_SAYS and key not in given)):
            value = given.get(key, key.last)
            if _differs(value, key.default):
                found[key.name] = text(value)
    return found


def permanent_link() -> str:
    """The address of this page with everything that is chosen on it, defaults included: they change when
    the atlas grows."""
    params = st.query_params
    chosen: dict[str, object] = {key: params.get_all(key) for key in params}
    for key in shared(PAGE.get()):
        value = st.session_state.get(key.name)
        if key.many == ONE and value not in (None, ""):
            chosen[key.name] = text(value)
    return f"{st.context.url}?{urlencode(chosen, doseq=True)}"


def file_of(page: str) -> str:
    """Where the page of this address lies, from app.py."""
    return str(Path("explorer", "pages", page, f"{page}.py"))


def text(value: object) -> str | list[str]:
    """A value as Streamlit writes it into the address."""
    if isinstance(value, list | tuple):
        return [str(text(one)) for one in value]
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)


def _differs(value: object, default: object) -> bool:
    if value is None or (isinstance(value, list | tuple) and not value):
        return False
    return text(value) != (None if default in (None, THE_PAGE_SAYS) else text(default))
