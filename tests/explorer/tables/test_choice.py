"""A network and a link are read for one choice of the sparsity."""

import numpy as np
import pandas as pd
import pytest

from explorer.session import cache
from explorer.tables.evaluation import read_chosen
from explorer.tables.target_path import PathIndex
from precompute.atlas import schema


@pytest.mark.parametrize("choice", schema.CHOICES)
def test_a_network_has_the_equations_of_its_choice(atlas, choice):
    model = atlas.models()[0]
    network = cache.network(atlas.root, model, choice)
    table = atlas.read(schema.DEPENDENCIES, model=model)
    own = table[table["choice"] == choice]
    ends = ["target", "source", "coefficient", "refit"]
    pd.testing.assert_frame_equal(
        network.edges[ends].sort_values(ends[:2], ignore_index=True),
        own[ends].sort_values(ends[:2], ignore_index=True),
    )
    n = len(network.categories)
    for column, end in (("n_parents", "target"), ("n_children", "source")):
        assert network.categories[column].tolist() == np.bincount(own[end], minlength=n).tolist()
    evaluation = atlas.read(schema.EVALUATION, model=model)
    assert (
        network.chosen["n_parents"].tolist() == evaluation[evaluation[choice]]["n_parents"].tolist()
    )


def test_choices_differ_in_their_edges_and_in_what_browsers_keep_of_them(atlas):
    found = [cache.network(atlas.root, atlas.models()[0], choice) for choice in schema.CHOICES]
    assert len({len(network.edges) for network in found}) == 3
    assert len({network.version for network in found}) == 3
    # Names of communities stand in addresses: they stay.
    assert found[0].community_names == found[1].community_names == found[2].community_names


def test_an_unknown_choice_is_refused(atlas):
    with pytest.raises(ValueError, match="no choice 'most'; there are few, readable, best"):
        read_chosen(atlas, atlas.model_folder(atlas.models()[0]), "most")


def test_a_links_constants_are_those_that_it_stores(linked_atlas):
    (pair, folder), *_ = cache.linked_pairs(linked_atlas.root).items()
    for choice in schema.CHOICES:
        link = cache.link(linked_atlas.root, folder, choice)
        targets, sources = link.means
        rows = link.dependencies
        assert len(rows)
        for weight, constant in (("coefficient", "intercept"), ("refit", "intercept_refit")):
            terms = rows[weight].astype(float) * sources[rows["source"]]
            sums = terms.groupby(rows["target"]).sum()
            stored = rows.groupby("target")[constant].first()
            np.testing.assert_allclose(targets[sums.index] - sums, stored, atol=2e-5)


@pytest.fixture(scope="module")
def long_path():
    """Every knot up to three parents, then only those of five and eight."""
    rows = []
    for knot, size in ((0, 0), (1, 1), (2, 2), (3, 3), (9, 5), (17, 8)):
        for source in range(max(size, 1)):
            weight = 0.0 if size == 0 else (knot + 1) / (source + 1)
            rows.append((0, knot, 10.0 - knot / 2, source + 1, weight, 2 * weight))
    columns = ["target", "knot", "lambda", "source", "coefficient", "refit"]
    found = PathIndex({0: pd.DataFrame(rows, columns=columns)})[0]
    assert found is not None
    return found


def test_a_long_path_is_exact_at_its_beginning_and_stands_at_stored_sizes_beyond(long_path):
    assert long_path.exact == 3 and long_path.sizes == [0, 1, 2, 3, 5, 8]
    assert long_path.position_of_size(2.5) == pytest.approx(2.5)
    assert [long_path.nearest_size(s) for s in (2.5, 3.2, 3.9, 4.1, 6.4, 6.6, 50)] == [
        2.5, 3, 3, 5, 5, 8, 8,
    ]  # fmt: skip
    for size, knot in ((3, 3), (4.5, 9), (5, 9), (7, 17), (8, 17)):
        assert long_path.knot_at(long_path.position_of_size(size)) == knot


def test_nothing_is_interpolated_between_distant_knots(long_path):
    stored = {tuple(row) for row in long_path.coefficient}
    for position in np.linspace(long_path.exact, long_path.last, 41):
        assert tuple(long_path.coefficients_at(position)) in stored
        assert long_path.lam_at(position) in long_path.lam
    # ... and between neighbours it is.
    assert tuple(long_path.coefficients_at(1.5)) not in stored
