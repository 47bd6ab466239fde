"""What stands in the address of a page is what is shown: set everything, and open the address anew."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from streamlit.testing.v1 import AppTest

from explorer.answers import claims
from explorer.session import address, experiments, place
from explorer.session.address import Key
from explorer.session.working_set import WorkingSet
from explorer.words import glossary
from precompute.atlas.store import Atlas
from tests.support.pages import header, open_page

# Only one option each in this atlas, or none; tests/explorer/session/test_address.py sets widgets of their
# kind, and tests/explorer/pages/cut/test_cut.py chooses among several cut networks.
SINGLE = {address.SOURCE, address.OTHER, address.EXPERIMENT, address.MODEL, address.CUT}
# Needs networks that can look at a picture.
LIVE = {address.PICTURE, address.NETWORKS, address.PREDICTED_BY, address.LIVE_EXPERIMENT}
FIXED = {
    "overview": {
        address.SIGN: "positive", address.R2: (-0.5, 1.0), address.SOLVED: "solved exactly",
        address.STRENGTH: 0.01, address.PARENTS: (1, 7), address.MARK: "fish",
        address.LIST: "Worst explained", address.CHOICE: "few", address.STABILITY: 25,
    },
    "category": {
        address.FIT: "refit", address.SPARSITY: 2.5, address.DIRECTION: "parents", address.DEPTH: "2",
        address.EVIDENCE: "Images", address.FAILS: "too much", address.TABLE: "Every sparsity",
    },
    "pins": {address.SCOPE: "with their parents", address.CHOICE: "best"},
    "links": {address.FIT: "refit", address.SPARSITY: 2.5},
    "links, the pair": {address.VIEW: "The pair", address.FIT: "refit", address.ORDER: "worst"},
    "links, consensus": {
        address.VIEW: "Consensus", address.SHARED_BY: "one network", address.CONFLICTS: True
    },
    "unseen": {
        address.UNSEEN_PARENTS: "2", address.UNSEEN_FIT: "lasso", address.CALIBRATION: "stacking",
        address.MERIT: "AUSUC", address.UNSEEN_TABLE: "All unseen categories",
    },
    "unseen, a constant": {address.GAMMA: 0.5},
    "compare": {address.FIT: "refit", address.KIND: ["only in A", "sign flip"]},
    "claims": {address.CLAIM: claims.IDS[2]},
    "foreign": {
        address.FOREIGN_SET: "small", address.DETECTED: "AUPR", address.SCORE: "energy",
        address.FOREIGN_TABLE: "Images", address.ENDS: "held-out",
    },
    "models": {address.FIT: "refit", address.MEASURE: "R²"},
    "glossary": {address.GROUP: list(glossary.GROUPS)[-1]},
    "glossary, a word": {address.WORD: "ausuc"},
}  # fmt: skip


def wanted(view: str, atlas: Atlas, network) -> dict[Key, object]:
    """What is set on a view, with the names that this atlas has."""
    names = [network.name_of(k) for k in (3, 20, 5)]
    more: dict[str, dict[Key, object]] = {
        "overview": {
            address.BRANCH: network.branches.words[0],
            address.COMMUNITIES: list(network.community_names.values())[:1],
        },
        "category": {address.CATEGORY: names[0]},
        "pins": {
            address.WORKING_SET: WorkingSet.of("pets, & more", names[1:]),
            address.FROM: names[1],
            address.TO: names[0],
        },
        "links": {address.CATEGORY: names[0]},
        "unseen": {address.UNSEEN: last_unseen(atlas)},
    }
    return FIXED[view] | more.get(view, {})


def last_unseen(atlas: Atlas) -> str:
    (folder,) = experiments.by_title(atlas.root).values()
    return experiments.read(atlas.root, folder).unseen["name"].iat[-1]


def test_every_key_of_the_address_is_tried(linked_atlas, network):
    tried = {key for view in FIXED for key in wanted(view, linked_atlas, network)}
    tried |= {address.PINS, address.SET} | SINGLE | LIVE
    assert {key.name for key in address.KEYS if key.shared} == {
        key.name for key in tried if key.shared
    }


@contextmanager
def callback(given: dict[Key, object]) -> Iterator[None]:
    """Runs of the dashboard inside this block begin with these values, as after a callback: what a test
    puts into the session between two runs has the rank of what an earlier run has left."""
    arrive = place.arrive

    def called(*where: object) -> None:
        arrive(*where)
        for key, value in given.items():
            key.set(value)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, "arrive", called)
        yield


def agrees(app: AppTest, given: dict[Key, object]) -> None:
    assert header(app) and not [said.value for said in app.warning if "asks for" in said.value]
    shown = {key.name: app.session_state[key.name] for key in given}
    assert shown == {key.name: value for key, value in given.items()}


@pytest.mark.parametrize("view", FIXED)
def test_a_view_comes_back_from_its_address(monkeypatch, linked_atlas, network, view):
    page, given = view.split(",")[0], wanted(view, linked_atlas, network)
    # As an example or the tour opens it: from another page; then, once more, on the page itself.
    app = open_page(monkeypatch, linked_atlas.root, "pins" if page == "glossary" else "glossary")
    here = open_page(monkeypatch, linked_atlas.root, page)
    app.switch_page(f"explorer/pages/{page}/{page}.py")
    with callback(given):
        app.run()
        here.run()
    for found in (app, here):
        asked = dict(found.query_params)
        agrees(found, given)
        assert {key.name for key in given if key.shared} <= set(asked)
        again = open_page(monkeypatch, linked_atlas.root, page, **asked)
        agrees(again, given)
        assert header(again) == header(found) and dict(again.query_params) == asked


def test_another_network_comes_back_from_the_address(monkeypatch, linked_atlas):
    other = linked_atlas.models()[1]
    app = open_page(monkeypatch, linked_atlas.root, "models")
    with callback({address.MODEL: other}):
        app.switch_page("explorer/pages/links/links.py").run()
    assert app.query_params[address.MODEL.name] == other
    again = open_page(monkeypatch, linked_atlas.root, "links", **app.query_params)
    assert again.selectbox(key=address.MODEL.name).value == other


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--atlsa", "X"), "Unknown argument '--atlsa'. Did you mean '--atlas'?"),
        (("--atlas=X", "--image=Y"), "Unknown argument '--image=Y'. Did you mean '--images'?"),
        (("--atlas",), "Argument --atlas: expected one argument."),
        (("somewhere",), "Unknown argument 'somewhere'. Did you mean '--atlas somewhere'?"),
        (("--help",), "Unknown argument '--help'. There are --atlas and --images."),
    ],
)
def test_an_unknown_argument_is_refused_in_one_line(monkeypatch, linked_atlas, given, said):
    app = open_page(monkeypatch, linked_atlas.root, "overview", *given)
    assert [error.value for error in app.error] == [said]
    assert not app.exception
