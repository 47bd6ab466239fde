"""The map: ties pull together, communities are found, and the same seed draws the same picture."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

from precompute.atlas.files import read_metadata
from precompute.atlas.progress import Silent
from precompute.atlas.schema import ALIGNMENT
from precompute.atlas.store import Atlas
from precompute.runs import layout as layouts
from precompute.runs.alignment import alignment, renumbered
from precompute.runs.consensus import compare_models
from precompute.runs.layout import communities, layout, tie_strengths


@pytest.fixture
def groups():
    """Three groups of 20 categories; most dependencies stay inside."""
    rng = np.random.default_rng(0)
    target = np.repeat(np.arange(60), 4)
    inside = rng.random(240) < 0.9
    source = np.where(
        inside, target // 20 * 20 + rng.integers(0, 20, 240), rng.integers(0, 60, 240)
    )
    keep = source != target
    return pd.DataFrame(
        {"target": target[keep], "source": source[keep], "coefficient": rng.normal(size=keep.sum())}
    )


def test_ties_are_symmetric_sums_of_absolute_coefficients():
    table = pd.DataFrame({"target": [0, 1], "source": [1, 0], "coefficient": [0.5, -0.25]})
    np.testing.assert_allclose(tie_strengths(table, 3).toarray()[:2, :2], [[0, 0.75], [0.75, 0]])


def test_tied_categories_lie_together_and_in_one_community(groups):
    ties = tie_strengths(groups, 60)
    places, found = layout(ties, seed=1), communities(ties, seed=1)
    group = np.arange(60) // 20
    distance = np.linalg.norm(places[:, None] - places[None], axis=2)
    same = group[:, None] == group[None]
    assert distance[same].mean() < 0.6 * distance[~same].mean()
    assert all(
        (found[group == g] == np.bincount(found[group == g]).argmax()).mean() > 0.9
        for g in range(3)
    )
    sizes = np.bincount(found)
    assert (np.diff(sizes) <= 0).all(), "numbered by falling size"


def test_the_same_seed_draws_the_same_picture(groups):
    ties = tie_strengths(groups, 60)
    assert (layout(ties, seed=1) == layout(ties, seed=1)).all()
    assert not np.allclose(layout(ties, seed=1), layout(ties, seed=2))
    assert (communities(ties, seed=1) == communities(ties, seed=1)).all()


def test_rounding_in_the_last_places_draws_no_other_picture(groups):
    noise = np.random.default_rng(3).normal(size=len(groups))
    plain = layout(tie_strengths(groups, 60), seed=1)
    near, far = (
        layout(
            tie_strengths(groups.assign(coefficient=groups["coefficient"] + d * noise), 60), seed=1
        )
        for d in (1e-13, 1e-2)
    )
    assert (near == plain).all() and not (far == plain).all()


@pytest.fixture
def ring():
    """Ties of 300 categories in a ring: each leans on the four before it, on the nearest most."""
    target, back = np.repeat(np.arange(300), 4), np.tile([1, 2, 3, 4], 300)
    table = pd.DataFrame(
        {"target": target, "source": (target - back) % 300, "coefficient": 1.0 / back}
    )
    return tie_strengths(table, 300)


def neighbours_kept(places, ties):
    """Part of the categories' five strongest ties that are among their ten nearest on the map."""
    distance = np.linalg.norm(places[:, None] - places[None], axis=2)
    near = np.argsort(distance, axis=1)[:, 1:11]
    strongest = np.argsort(-ties.toarray(), axis=1)[:, :5]
    return np.mean([np.isin(strongest[k], near[k]).mean() for k in range(len(places))])


def test_the_strongest_ties_are_near_on_the_map_and_not_on_a_shuffled_one(ring):
    places = layout(ring)
    assert neighbours_kept(places, ring) > 0.9
    shuffled = np.random.default_rng(0).permutation(places)
    assert neighbours_kept(shuffled, ring) < 0.1


def test_many_categories_are_drawn_as_well_and_alike_on_any_number_of_threads(ring, monkeypatch):
    monkeypatch.setattr(layouts, "MANY", 200)  # forces by FFT, as for 21,841 categories
    drawn = []
    for threads in (1, 2):
        monkeypatch.setenv("LOKY_MAX_CPU_COUNT", str(threads))  # what joblib counts
        with threadpool_limits(threads):
            drawn.append(layout(ring))
    assert (drawn[0] == drawn[1]).all()
    assert neighbours_kept(drawn[0], ring) > 0.9


@pytest.mark.parametrize("n", [1, 2, 3, 5, 500])
def test_categories_without_any_tie_have_places_of_their_own(n):
    empty = pd.DataFrame({"target": [], "source": [], "coefficient": []}, dtype=int)
    places = layout(tie_strengths(empty, n))
    assert places.shape == (n, 2)
    assert np.isfinite(places).all()
    assert len(np.unique(places, axis=0)) == n
    assert np.abs(places).max() <= 1.5
    assert communities(tie_strengths(empty, n)).tolist() == list(range(n))


@pytest.mark.parametrize("n", [2, 3, 7, 8])
def test_a_few_categories_that_hang_together_have_places_of_their_own(n):
    chain = pd.DataFrame({"target": np.arange(1, n), "source": np.arange(n - 1)}).assign(
        coefficient=1.0
    )
    places = layout(tie_strengths(chain, n))
    assert len(np.unique(places, axis=0)) == n
    assert np.abs(places).max() <= 1.5


def test_what_hangs_on_nothing_else_lies_close_around_the_map(groups):
    # Beside the sixty: a pair, a chain of ten, and three categories without any tie.
    chain = np.arange(62, 71)
    beside = pd.DataFrame({"target": [61, *chain + 1], "source": [60, *chain]}).assign(
        coefficient=1.0
    )
    places = layout(tie_strengths(pd.concat([groups, beside]), 75))
    np.testing.assert_allclose(places.mean(axis=0), 0, atol=1e-6)
    assert np.abs(places).max() <= 1.5
    parts = {"pair": [60, 61], "chain": range(62, 72), "a": [72], "b": [73], "c": [74]}
    for name, part in parts.items():
        others = np.delete(places, list(part), axis=0)
        own, middle = places[list(part)], places[list(part)].mean(axis=0)
        reach = np.linalg.norm(own - middle, axis=1).max()
        nearest = np.linalg.norm(others - middle, axis=1).min()
        assert reach < nearest < 1.2, name


def test_a_turned_and_mirrored_layout_is_turned_back(groups):
    ties = tie_strengths(groups, 60)
    places = layout(ties)
    first = pd.DataFrame({"category": np.arange(60), "x": places[:, 0], "y": places[:, 1]})
    first["community"] = communities(ties)
    turned = first.assign(
        x=0.3 - first["y"], y=-first["x"] - 0.1, community=2 - first["community"].clip(0, 2)
    )
    table = alignment({"a": first, "b": turned})
    a, b = (table[table["model"] == model] for model in "ab")
    # float32 layout.
    np.testing.assert_allclose(a[["x", "y"]].to_numpy(), b[["x", "y"]].to_numpy(), atol=1e-5)
    assert (b["community"].to_numpy() == first["community"].clip(0, 2).to_numpy()).all()


def test_a_community_without_counterpart_gets_a_number_of_its_own():
    wanted = np.array([0, 0, 0, 1, 1, 1])
    found = renumbered(np.array([1, 1, 1, 0, 0, 2]), wanted)
    assert found.tolist() == [0, 0, 0, 1, 1, 2]


def test_a_number_is_never_shared_with_a_community_that_has_no_category_in_common():
    wanted = np.array([0, 0, 0, 0, 0, 1])
    found = renumbered(np.array([0, 0, 0, 0, 1, 0]), wanted)
    # 0 goes to the larger part; the number 1 is left over, but the rest shares nothing with it.
    assert found.tolist() == [0, 0, 0, 0, 2, 0]


def test_alignments_of_earlier_programs_are_made_again(atlas, tmp_path):
    root = tmp_path / "atlas"
    shutil.copytree(atlas.root, root)
    copy = Atlas(root)
    compare_models(copy, Silent())
    made_from = json.loads(read_metadata(copy.file(ALIGNMENT))["made_from"])
    del made_from["unmatched"]
    copy.write(ALIGNMENT, copy.read(ALIGNMENT).assign(community=7), made_from)
    compare_models(copy, Silent())
    assert copy.read(ALIGNMENT)["community"].nunique() > 1
    assert "unmatched" in read_metadata(copy.file(ALIGNMENT))["made_from"]
