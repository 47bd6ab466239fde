"""Every help text stands somewhere on a page, and every page finds the text that it asks for."""

import ast
from pathlib import Path

from explorer.answers import comparison
from explorer.words.help import HELP

ROOT = Path(__file__).parents[3] / "explorer"


def asked_for() -> tuple[set[str], list[str]]:
    """The keys that code looks up in HELP, and where it looks one up that only the run knows."""
    literal: set[str] = set()
    computed: list[str] = []
    for file in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Subscript) and getattr(node.value, "id", None) == "HELP":
                if isinstance(node.slice, ast.Constant):
                    literal.add(node.slice.value)
                else:
                    computed.append(file.name)
    return literal, computed


def test_no_text_is_missing_and_none_is_left_over():
    literal, computed = asked_for()
    assert computed == ["compare.py"], "it looks up the kinds of a dependency in two networks"
    assert literal | set(comparison.KINDS) == set(HELP)


def test_no_key_is_written_twice():
    keys = []
    for file in (ROOT / "words").glob("help*.py"):
        tree = ast.parse(file.read_text())
        (table,) = (node for node in ast.walk(tree) if isinstance(node, ast.Dict))
        keys += [key.value for key in table.keys]
    assert len(keys) == len(set(keys)) == len(HELP)
