"""Links and consensus as the pages compute them, against the tables of the pipeline and by hand."""

import shutil

import numpy as np
import pandas as pd
import pytest

from explorer.answers import consensus, links, neighbourhood
from explorer.answers.evidence.evidence import Evidence
from explorer.answers.network_pair import NetworkPair, Subject
from explorer.figures.graphs.linked import two_sided
from explorer.session import cache, yardsticks
from explorer.tables.link import Link
from precompute.atlas import schema
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.equations.fit import FitOptions
from precompute.runs.link import link_models

CHOICE = "readable"


def link_of(atlas: Atlas) -> Link:
    target, source = atlas.models()
    return cache.link(atlas.root, cache.linked_pairs(atlas.root)[target, source], CHOICE)


def pair_of(atlas: Atlas) -> NetworkPair:
    networks = (cache.network(atlas.root, model, CHOICE) for model in atlas.models())
    return NetworkPair.between(*networks, link_of(atlas))


def categories(*rows: tuple[str, str | None]) -> pd.DataFrame:
    names, synsets = zip(*rows, strict=True)
    return pd.DataFrame({"name": names, "synset": synsets, "community": 0})


def equation(**terms: float) -> pd.DataFrame:
    sources = [int(key[1:]) for key in terms]
    return pd.DataFrame({"target": 0, "source": sources, "coefficient": list(terms.values())})


def test_a_category_is_the_same_by_synset_and_else_by_name():
    ours = categories(("crane", "n1"), ("tub", "n2"), ("mug", None))
    theirs = categories(("mug", None), ("crane", "n9"), ("bath", "n2"))
    assert [links.counterpart(i, ours, theirs) for i in range(3)] == [None, 2, 0]


def test_a_network_of_plain_names_has_the_categories_of_one_of_synsets():
    """As `precompute link` matched them: by name where either side has no synset."""
    ours, theirs = categories(("a", "n1"), ("b", "n2")), categories(("b", None), ("a", None))
    assert [links.counterpart(i, ours, theirs) for i in range(2)] == [1, 0]
    assert [links.counterpart(i, theirs, ours) for i in range(2)] == [1, 0]
    found = links.agreement(equation(s0=0.4), equation(s1=0.3), equation(s0=0.2), ours, theirs)
    assert found["source_name"].tolist() == ["b"] and found["n_equations"].tolist() == [3]


def test_a_source_is_opened_by_the_name_that_the_target_network_has_for_it():
    ours = categories(("bathtub", "n1"), ("crane", "n2"), ("own", "n3"))
    theirs = categories(("tub", "n1"), ("crane", "n9"))
    found = links.agreement(
        equation(s0=0.5, s1=0.4), equation(s1=0.3, s2=0.2), equation(), ours, theirs
    )
    assert found["source_name"].tolist() == ["tub", "crane", "crane", "own"]
    assert found["target_name"].fillna("–").tolist() == ["bathtub", "–", "crane", "own"]
    assert found["n_equations"].tolist() == [1, 1, 1, 1], "a bird and a machine"


def test_agreement_puts_three_equations_side_by_side():
    ours = categories(("a", "n1"), ("b", "n2"), ("c", "n3"))
    theirs = categories(("c", "n3"), ("a", "n1"), ("d", "n4"))
    found = links.agreement(
        equation(s1=0.2, s2=-0.7), equation(s0=0.5, s1=0.1), equation(s1=-0.3), ours, theirs
    )
    assert found["source_name"].tolist() == ["d", "a", "b"]  # between first, largest first
    rows = found.set_index("source_name")
    assert rows.loc["a", list(links.EQUATIONS)].tolist() == [0.2, 0.5, -0.3]
    assert rows["n_equations"].to_dict() == {"d": 1, "a": 3, "b": 1}
    assert not rows.at["a", "signs_agree"] and rows.at["d", "signs_agree"]
    kinds = {row.source_name: links.agreement_kind(row) for row in found.itertuples()}
    assert kinds == {"d": 3, "a": 0, "b": 1}


def ends(*pairs: tuple[int, int]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["target", "source"], dtype=int)


def test_a_link_shares_the_sources_that_stand_inside_either_network():
    """Target network: a b c; source network: c a d. By their own numbers a is 0 there and 1 here."""
    ours = categories(("a", "n1"), ("b", "n2"), ("c", "n3"))
    theirs = categories(("c", "n3"), ("a", "n1"), ("d", "n4"))
    between = ends((0, 0), (0, 2), (1, 0), (2, 2))  # a uses c and d, b uses c, c uses d

    def level(inside: pd.DataFrame, other: pd.DataFrame) -> float:
        return links.also_inside(between, inside, other, ours, theirs)

    assert level(ends(), ends()) == 0
    assert level(ends((0, 2)), ends()) == 1 / 4, "a uses c inside the target network"
    assert level(ends((0, 2), (1, 2)), ends((1, 2))) == 3 / 4, "and d inside the source network"
    assert level(ends((0, 2)), ends((1, 0))) == 1 / 4, "the same one twice counts once"
    # Controls: categories that the other network lacks, and numbers that only look alike.
    assert level(ends((0, 1), (2, 0)), ends((2, 2))) == 0
    assert np.isnan(links.also_inside(ends(), ends(), ends(), ours, theirs))


def test_the_level_of_a_pair_is_that_of_its_equations_one_by_one(linked_atlas):
    pair = pair_of(linked_atlas)
    networks = pair.target.categories, pair.source.categories
    inside = pair.target.edges, pair.source.edges
    found = links.also_inside(pair.dependencies, *inside, *networks)
    shared = total = 0
    for target in range(len(networks[0])):
        same = links.counterpart(target, *networks)
        equations = [
            neighbourhood.stored_equation(table, category, False)
            for table, category in zip(
                (pair.dependencies, *inside), (target, target, same), strict=True
            )
        ]
        rows = links.agreement(*equations, *networks)
        rows = rows[rows["between"].notna()]
        shared, total = shared + (rows["n_equations"] > 1).sum(), total + len(rows)
    assert 0 < found == pytest.approx(shared / total)


@pytest.mark.parametrize("refit", [False, True])
def test_the_evidence_on_a_link_is_what_the_pipeline_stored(linked_atlas, refit):
    agree_with_table(linked_atlas, refit)


def test_a_centred_link_has_its_constant(linked_atlas, tmp_path):
    root = tmp_path / "centred"
    shutil.copytree(linked_atlas.root, root)
    shutil.rmtree(root / "links")
    atlas = Atlas(root)
    options = FitOptions(max_parents=4, center=True)
    link_models(atlas, [tuple(atlas.models())], options, Silent())
    agree_with_table(atlas, refit=False)
    pair = pair_of(atlas)
    equation = neighbourhood.stored_equation(pair.dependencies, 0, refit=False)
    # The control: it is not simply zero.
    assert abs(Subject(pair, 0).intercept(equation)) > 1e-3
    assert Subject(NetworkPair.within(pair.target), 0).intercept(equation) is None


def agree_with_table(atlas: Atlas, refit: bool) -> None:
    pair = pair_of(atlas)
    images, sources = cache.shared_holdout(atlas.root, pair)
    suffix = "_refit" if refit else ""
    chosen = pair.chosen.set_index("target")
    for target in (0, 3, 20):
        subject, row = Subject(pair, target), chosen.loc[target]
        equation = neighbourhood.stored_equation(pair.dependencies, target, refit)
        evidence = Evidence.of(subject, equation, images, sources)
        figures = evidence.figures
        every = [pair.predicted(image, refit)[target] for image in sources.logits[:9]]
        np.testing.assert_allclose(every, evidence.predicted[:9], rtol=1e-6, atol=1e-6)
        # The tables are float32, and so are the stored coefficients.
        assert figures.r2 == pytest.approx(row[f"r2{suffix}"], abs=2e-5)
        assert figures.top1_after == pytest.approx(row[f"top1_after{suffix}"], abs=1e-6)
        assert figures.within_half_sd == pytest.approx(row[f"within_half_sd{suffix}"], abs=2 / 150)


def test_the_path_at_the_chosen_size_is_the_stored_equation(linked_atlas):
    link = link_of(linked_atlas)
    for target in (0, 5):
        stored = neighbourhood.stored_equation(link.dependencies, target, refit=False)
        path = link.paths[target]
        found = neighbourhood.equation(path, path.position_of_size(len(stored)))
        assert found["source"].tolist() == stored["source"].tolist()
        np.testing.assert_allclose(found["coefficient"], stored["coefficient"], rtol=1e-6)


def test_the_target_stands_left_and_its_sources_right_and_stay(linked_atlas):
    link = link_of(linked_atlas)
    path = link.paths[0]
    places = []
    for size in (2, 4):
        found = neighbourhood.equation(path, path.position_of_size(size))
        edges, nodes = two_sided(found, path.sources.tolist(), centre=99)
        assert nodes["category"].iat[0] == 99 and nodes["x"].iat[0] == 0
        assert (nodes["x"].iloc[1:] > 0.5).all()
        assert set(edges["target"]) == {99}
        places.append(nodes.set_index("category")["y"])
    both = places[0].index.intersection(places[1].index)
    assert len(both) == 3
    assert (places[0][both] == places[1][both]).all()


def test_the_target_is_told_from_a_source_of_the_same_name():
    ours, theirs = categories(("a", "n1"), ("b", "n2")), categories(("b", "n2"), ("a", "n1"))
    used = pd.Series([1])
    assert links.joint_categories(0, ours, theirs, used)["name"].iat[-1] == "a (target)"
    assert links.joint_categories(0, ours, theirs, used[:0])["name"].iat[-1] == "a"


def test_the_summary_of_a_pair_counts_its_dependencies(linked_atlas):
    link = link_of(linked_atlas)
    median = {
        f"r2_median{fit}{end}": 0.5 for fit in ("", "_refit") for end in ("", "_low", "_high")
    }
    found = links.summary(link.chosen, median, link.info["n_holdout"])
    assert found["n_links"] == len(link.dependencies)
    assert link.chosen[CHOICE].all() and link.chosen["target"].is_unique
    worth = [row.r2 > 0 and row.r2 > row.control_r2 for row in link.chosen.itertuples()]
    assert 0 < found["n_explained"] == sum(worth) < found["n_targets"]
    figures = cache.pair_figures(linked_atlas.root, CHOICE)
    assert len(figures) == 2
    own = figures.set_index("target_model").loc[link.target_model]
    assert own["n_explained"] == found["n_explained"]


@pytest.mark.parametrize("choice", schema.CHOICES)
def test_the_stored_median_is_that_of_the_table_and_lies_in_its_interval(linked_atlas, choice):
    (folder, *_) = cache.linked_pairs(linked_atlas.root).values()
    chosen = cache.link(linked_atlas.root, folder, choice).chosen
    own = cache.pair_figures(linked_atlas.root, choice).iloc[0]
    for name in ("r2", "r2_refit"):
        # Coefficients and figures are stored as float32.
        assert own[name] == pytest.approx(chosen[name].median(), abs=1e-5)
        assert own[f"{name}_low"] < own[name] < own[f"{name}_high"]
    # The control: another choice has another median.
    others = [cache.pair_figures(linked_atlas.root, c)["r2"].iat[0] for c in schema.CHOICES]
    assert len(set(others)) > 1


def test_best_and_worst_are_told_apart(linked_atlas):
    link = link_of(linked_atlas)
    table = links.category_figures(
        cache.network(linked_atlas.root, link.target_model, CHOICE).categories, link.chosen
    )
    assert table["r2"].is_monotonic_decreasing
    # Planted combinations of one network are not in the other's other logits: the control.
    assert table["r2"].iat[0] > table["control_r2"].max()


@pytest.fixture(scope="module")
def shared(linked_atlas) -> pd.DataFrame:
    return cache.consensus(linked_atlas.root, label_set_of(linked_atlas), CHOICE)


def label_set_of(atlas: Atlas) -> str:
    return atlas.read(schema.MODEL, atlas.models()[0])["label_set"].iat[0]


def test_what_chance_agrees_on_is_counted_from_the_shuffled_equations(linked_atlas, shared):
    """chance.parquet as the page reads it, against control.parquet of both networks joined by hand."""
    chance = cache.chance(linked_atlas.root, label_set_of(linked_atlas), CHOICE)
    found = consensus.beside_chance(consensus.counts(shared), chance)
    networks = [cache.network(linked_atlas.root, model, CHOICE) for model in linked_atlas.models()]
    one, other = (yardsticks.control(linked_atlas.root, network) for network in networks)
    both = one.merge(other, on=["target", "source"])
    assert found["chance"].tolist() == [len(one) + len(other) - 2 * len(both), len(both)]
    assert found["n"].tolist() == chance.sort_values("n_models")["n_dependencies"].tolist()
    # As many parents as the networks' own equations have, or nothing could be compared.
    assert len(one) == pytest.approx(len(networks[0].edges), rel=0.1)


def test_every_dependency_is_shared_by_all_several_or_one(shared):
    parts = [consensus.shared_by(shared, which) for which in consensus.SHARED]
    assert sum(map(len, parts)) == len(shared) and len(parts[0]) and len(parts[2])
    assert (parts[0]["n_models"] == 2).all() and (parts[2]["n_models"] == 1).all()


def test_counts_add_up(shared):
    counts = consensus.counts(shared)
    assert counts["n_models"].tolist() == [1, 2]
    assert counts[["positive", "negative", "conflict"]].to_numpy().sum() == len(shared)
    assert counts["conflict"].sum() == consensus.conflicting(shared).sum()


def test_one_categorys_sources_in_every_network(linked_atlas, shared):
    models = linked_atlas.models()
    wide = consensus.by_model(shared, 0, models)
    for model in models:
        rows = cache.network(linked_atlas.root, model, CHOICE).edges
        own = rows[rows["target"] == 0].set_index("source")["coefficient"]
        found = wide[model].dropna()
        assert found.sort_index().index.tolist() == own.sort_index().index.tolist()
        np.testing.assert_allclose(found.sort_index(), own.sort_index(), rtol=1e-6)


def test_aligned_places_are_what_the_pages_see(linked_atlas, atlas):
    second = linked_atlas.models()[1]
    aligned = linked_atlas.read(schema.ALIGNMENT)
    own = aligned[aligned["model"] == second]
    seen = cache.network(linked_atlas.root, second, CHOICE).categories
    for column in ("x", "y", "community"):
        np.testing.assert_array_equal(seen[column], own[column])
    # The control: without alignment.parquet the model's own layout is shown.
    raw = cache.network(atlas.root, second, CHOICE).categories
    assert not np.allclose(raw["x"], own["x"])
