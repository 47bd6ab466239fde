"""Glossary, worked examples and tour: one text per concept, and every number read from the atlas."""

import re
from pathlib import Path

import pandas as pd
import pytest
import typer

from explorer.answers import examples
from explorer.session import cache
from explorer.widgets import tour, worked_examples
from explorer.words import characters, glossary
from precompute.characters.recogniser import VERSION
from precompute.characters.typefaces import PACKAGES
from precompute.commands.cli import app

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
DESIGN = (
    "target", "source", "parents", "children", "coefficient", "refit", "support", "knot", "lambda",
    "second moment", "floor", "held-out", "student", "teacher", "seen", "unseen", "dependency", "link",
    "atlas", "KKT", "certificate", "R²", "epsilon", "delta", "U", "S", "H", "AUSUC",
)  # fmt: skip
WORDS = [word for group in glossary.GROUPS.values() for word in group]


@pytest.mark.parametrize("name", DESIGN)
def test_every_word_of_the_project_is_explained(name):
    word = glossary.find(name)[0]
    assert re.search(rf"(?<!\w){name}(?!\w)", f"{word.name} {word.meaning}")


def test_a_word_is_explained_once():
    assert len({word.name for word in WORDS}) == len(WORDS)
    assert len({word.meaning for word in WORDS}) == len(WORDS)


def test_the_readme_says_the_same():
    table = README.split("| word | meaning |\n| --- | --- |\n")[1].split("\n\n")[0]
    rows = dict(line.strip("| ").split(" | ", 1) for line in table.splitlines())
    known = {word.name: word.sentence for word in WORDS}
    assert len(rows) > 15
    assert rows == {name: known[name] for name in rows}


def test_no_text_of_the_glossary_waits_for_a_number():
    assert not [word.name for word in WORDS if re.search(r"\{\w+\}", word.meaning)]


def test_a_search_prefers_the_word_itself():
    assert glossary.find("refit")[0].name == "refit"
    assert glossary.find("delta")[0].name == "epsilon, delta"
    assert glossary.find("Hamster of doom") == []


def test_the_category_nobody_explains_has_the_lowest_best_r2():
    r2 = pd.DataFrame({"a": [0.9, 0.2, 0.1, 0.8], "b": [0.7, 0.3, 0.6, 0.9]}, ["w", "x", "y", "z"])
    found = examples.nobody_can_explain(r2)
    assert (found.category, found.model) == ("x", "b")
    assert "30 %" in found.text and "65 %" in found.text and "best of 2 networks" in found.text
    assert examples.nobody_can_explain(r2.iloc[:0]) is None


def test_examples_are_told_only_where_the_atlas_has_them(network, atlas):
    assert examples.hamster_and_broccoli(network, pd.DataFrame(), lambda m: network) is None
    assert examples.cats(network) is None  # the tiny atlas holds fish and birds
    (only,) = worked_examples.of_atlas(atlas.root, network)
    best = pd.DataFrame({
        model: cache.network(atlas.root, model, "readable").chosen.set_index("target")["r2"]
        for model in atlas.models()
    }).max(axis=1)  # fmt: skip
    assert only.category == network.name_of(best.idxmin())


def renamed(network, **names: int):
    """The network with other names and WordNet lines for some categories, in memory."""
    from dataclasses import replace

    from explorer.tables.search import SearchIndex

    categories = network.categories.copy()
    for name, category in names.items():
        categories.loc[category, "name"] = name
        categories.at[category, "hypernyms"] = ["cat", "feline"]
    edges = network.edges.assign(
        target_name=categories["name"].to_numpy()[network.edges["target"]],
        source_name=categories["name"].to_numpy()[network.edges["source"]],
    )
    return replace(network, categories=categories, edges=edges, search=SearchIndex(categories))


def test_hamster_and_broccoli_tells_what_the_path_says(network):
    edge = network.edges.iloc[0]
    odd = renamed(network, hamster=int(edge["target"]), broccoli=int(edge["source"]))
    found = examples.hamster_and_broccoli(odd, pd.DataFrame(), lambda model: odd)
    assert found.category == "hamster" and "1 of 1 networks" in found.text
    path = odd.paths[int(edge["target"])]
    weights = path.coefficients_at(path.position_of_size(found.sparsity))
    weight = dict(zip(path.sources.tolist(), weights, strict=True))[int(edge["source"])]
    assert f"{weight:.3f}".replace("-", "−") in found.text


def test_cats_are_counted_by_wordnet(network):
    edge = network.edges.iloc[0]
    furry = renamed(network, tabby=int(edge["target"]), lion=int(edge["source"]))
    found = examples.cats(furry)
    assert found.category == "tabby" and "lion" in found.text
    assert "calls 2 of these categories a cat" in found.text


def test_the_tour_speaks_about_a_category_that_is_there(network):
    assert tour.example(network) == network.edges["target_name"].iat[0]
    assert len(tour.STEPS) == 5
    assert all("**" in step.text for step in tour.STEPS)  # each says what to do


def test_the_commands_for_characters_are_those_of_the_program():
    commands = [line.split() for line in characters.MAKE.replace("\\\n", "").splitlines()]
    (demo,) = [
        words[3:] for words in commands if words[:4] == [*"python -m precompute demo".split()]
    ]
    options = {option for parameter in _parameters(demo[0]) for option in parameter.opts}
    assert {word for word in demo if word.startswith("--")} <= options
    assert f"rapidocr=={VERSION}" in commands[1]
    assert set(commands[0][2:]) == {"fontconfig", *PACKAGES.values()}


def _parameters(command: str) -> list:
    return typer.main.get_command(app).commands[command].params
