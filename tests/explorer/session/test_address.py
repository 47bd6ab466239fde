"""Every key of session and address is declared once, and what a widget is set to comes back from the
address, whatever set it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer.session import address

REPOSITORY = Path(__file__).parents[3]
HOME = REPOSITORY / "explorer" / "session" / "address.py"
STATES = ("session_state", "query_params")
READS = ("get", "get_all", "pop", "setdefault")


def undeclared(source: str) -> list[str]:
    """Keys of session state or address that stand in this code as bare strings."""
    tree = ast.parse(source)
    names = set(STATES)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            names |= aliases(node)
    return [key for node in ast.walk(tree) for key in bare(node, names)]


def aliases(node: ast.Assign) -> set[str]:
    """Names by which a statement calls the session or the address."""
    (target,) = node.targets[:1]
    many = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
    pairs = zip(target.elts, node.value.elts, strict=False) if many else [(target, node.value)]
    return {one.id for one, value in pairs if isinstance(one, ast.Name) and last(value) in STATES}


def bare(node: ast.AST, names: set[str]) -> Iterator[str]:
    """Bare keys in one node of a tree."""
    if isinstance(node, ast.Subscript) and last(node.value) in names:
        yield from text(node.slice)
    elif isinstance(node, ast.Attribute) and last(node.value) in STATES[:1]:
        yield from [] if node.attr in (*READS, "update") else [node.attr]
    elif isinstance(node, ast.Compare) and any(last(where) in names for where in node.comparators):
        yield from text(node.left)
    elif isinstance(node, ast.Call):
        given = {word.arg: word.value for word in node.keywords}
        bound = [given["key"]] if "bind" in given and "key" in given else []
        called = node.func
        if isinstance(called, ast.Attribute) and last(called.value) in names:
            bound += node.args[:1] if called.attr in READS else []
            yield from given if called.attr == "update" else []
        declared = node.args[:1] if last(called) == "Key" else []
        yield from (key for found in (*bound, *declared) for key in text(found))


def last(node: ast.AST) -> str:
    """The last name of `a.b.c`."""
    return getattr(node, "attr", getattr(node, "id", ""))


def text(node: ast.AST) -> list[str]:
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def test_no_key_is_declared_outside_the_address_module():
    files = [REPOSITORY / "app.py", *(REPOSITORY / "explorer").rglob("*.py")]
    found = {str(f): undeclared(f.read_text(encoding="utf-8")) for f in files if f != HOME}
    assert len(found) > 80
    assert {file: keys for file, keys in found.items() if keys} == {}


@pytest.mark.parametrize(
    "code",
    [
        'st.session_state["x"]',
        'st.session_state["x"] = 1',
        "st.session_state.x",
        "st.session_state.update(x=1)",
        'st.session_state.get("x", 0)',
        'st.session_state.setdefault("x", {})',
        '"x" in st.session_state',
        'st.query_params["x"]',
        'st.query_params.pop("x", None)',
        'state = st.session_state\nstate["x"]',
        'state, params = st.session_state, st.query_params\n"x" not in params',
        'st.slider("Size", key="x", bind="query-params")',
        'Key("x")',
    ],
)
def test_a_key_that_is_not_declared_would_be_found(code):
    assert undeclared(code) == ["x"]


def test_what_is_no_key_of_the_session_is_left_alone():
    code = 'st.button("Go", key="go")\nrow["x"]\nst.session_state[key].get(event)\nKIND.get()'
    assert undeclared(code) == []


def test_every_key_is_declared_once():
    names = [key.name for key in address.KEYS]
    assert len(set(names)) == len(names)
    assert all(
        key.default in key.options
        for key in address.KEYS
        if key.many == address.ONE and key.options
    )


def shown(kind: str, value: object = None, **asked) -> AppTest:
    """A page of one widget, its value set before it is made, as by a button of another page."""

    def script(kind: str, value: object):
        import streamlit as st

        from explorer.session import address, choices

        if value is not None and "kept" not in st.session_state:
            getattr(address, kind).set(value)
        if kind == "SOURCE":
            choices.one_of("Source", address.SOURCE, ["a", "b, c"], "a")
        elif kind == "NETWORKS":
            names = ["a", "b & c", "d"]
            st.multiselect("Networks", names, ["a"], **choices.tie(address.NETWORKS, ["a"]))
        elif kind == "PREDICTED_BY":
            choices.choice("By", address.PREDICTED_BY, ["its own", "by b"])
        elif kind == "SPARSITY":
            choices.sparsity("Sparsity", 8, 5.0)
        elif kind == "R2":
            st.slider("R²", -1.0, 1.0, (-1.0, 1.0), 0.01,
                      **choices.tie_range(address.R2, (-1.0, 1.0)))  # fmt: skip
        elif kind == "CONFLICTS":
            st.toggle("Differ", **choices.tie(address.CONFLICTS, False))
        elif kind == "WORD":
            st.text_input("Word", **choices.tie(address.WORD, ""))

    app = AppTest.from_function(script, kwargs={"kind": kind, "value": value})
    app.query_params |= asked
    return app.run()


@pytest.mark.parametrize(
    ("kind", "value", "asked"),
    [
        ("SOURCE", "b, c", "b, c"),
        ("NETWORKS", ["b & c", "a"], ["b & c", "a"]),
        ("PREDICTED_BY", "by b", "by b"),
        ("SPARSITY", 3.0, "3"),
        ("SPARSITY", 2.35, "2.35"),
        ("R2", (-0.5, 1.0), ["-0.5", "1"]),
        ("CONFLICTS", True, "true"),
        ("WORD", "ε & <b>", "ε & <b>"),
    ],
)
def test_what_is_set_before_a_widget_is_made_stands_in_the_address(kind, value, asked):
    name = getattr(address, kind).name
    app = shown(kind, value)
    assert not app.exception and app.query_params == {name: asked}
    again = shown(kind, **app.query_params)
    assert again.session_state[name] == value and again.query_params == {name: asked}


@pytest.mark.parametrize(
    ("kind", "value"), [("SOURCE", "a"), ("SPARSITY", 5.0), ("R2", (-1.0, 1.0))]
)
def test_a_default_does_not_stand_in_the_address(kind, value):
    assert shown(kind, value).query_params == {}


@pytest.mark.parametrize(
    ("kind", "asked", "said"),
    [
        ("SPARSITY", "nan", "sparsity “nan”"),
        ("SPARSITY", "9", "Showing 5 instead"),
        ("R2", ["1", "0"], "r2 “1 to 0”"),
        ("SOURCE", "z", "source “z”"),
    ],
)
def test_what_cannot_be_shown_is_refused_and_leaves_the_address(kind, asked, said):
    app = shown(kind, **{getattr(address, kind).name: asked})
    assert said in app.warning[0].value and app.query_params == {}
