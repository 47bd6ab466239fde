"""Whether dependencies hold on an image as usual: no word says more than the held-out images can."""

import numpy as np
import pytest

from explorer.answers.foreign import usual
from explorer.answers.foreign.usual import GONE, OPEN, UNUSUAL, USUAL
from explorer.session import cache, foreign
from precompute.ood.scores import LinearMap, rms
from precompute.ood.usual import Usual


def known(n_held_out: int, equations: int = 1) -> Usual:
    """Three categories, of which the first `equations` are the next one; scores 1, 2, ... are held out."""
    target, ones = np.arange(equations), np.ones(equations)
    linear = LinearMap.of(3, target, target + 1, ones, np.zeros(3))
    return Usual(linear, np.ones(3), np.arange(1.0, n_held_out + 1))


@pytest.mark.parametrize(
    ("n_held_out", "score", "kind", "said"),
    [
        (1000, 620.5, USUAL, "as usual for this network: 62nd percentile of its held-out images"),
        (1000, 50.5, USUAL, "as usual for this network: 5th percentile of its held-out images"),
        (1000, 49.5, UNUSUAL, "unusual: 951 of its 1\u202f000 held-out images hold better"),
        (1000, 10.5, UNUSUAL, "unusual: 990 of its 1\u202f000 held-out images hold better"),
        (1000, 9.5, GONE, "broken: more than 99 % of its held-out images hold better"),
        (1000, 2000, USUAL, "as usual for this network: above the 99th percentile of its held-out images"),
        (100, 0.0, GONE, "broken: more than 99 % of its held-out images hold better"),
        (100, 1.0, UNUSUAL, "unusual: 99 of its 100 held-out images hold better"),
        (99, 0.0, UNUSUAL, "unusual: all its 99 held-out images hold better"),
        (20, 0.0, UNUSUAL, "unusual: all its 20 held-out images hold better"),
        (20, 1.0, USUAL, "as usual for this network: 2nd percentile of its held-out images"),
        (19, 0.0, OPEN, "not decided: only 19 held-out images, of which 19 hold better"),
        (0, 0.0, OPEN, "not decided: only 0 held-out images, of which 0 hold better"),
    ],
)  # fmt: skip
def test_the_words_go_as_far_as_the_held_out_images(n_held_out, score, kind, said):
    assert usual.holding(known(n_held_out), score) == (kind, said)


def test_without_an_equation_nothing_is_decided():
    found = usual.holding(known(1000, equations=0), 5.0)
    assert found == (OPEN, "not decided: no category has an equation")
    assert usual.broken_on(known(9, equations=0), np.array(list("abc")), np.zeros(3), 5).empty


def test_the_equations_that_break_most_come_first():
    names = np.array(["a", "b", "c"])
    rows = usual.broken_on(known(9, equations=2), names, np.array([1.0, 5.0, 2.0]), 5)
    assert rows["category"].tolist() == ["a", "b"]  # c has none
    assert rows["equation"].tolist() == [5.0, 2.0]
    assert rows["off"].tolist() == [-4.0, 3.0]


def test_images_stand_in_the_order_of_their_scores():
    names, logits = np.array(["a", "b", "c"]), np.array([[1.0, 5, 2], [2.0, 2, 2], [0.0, 3, 9]])
    rows = usual.image_table(known(9), names, ["x", "y", "z"], logits, np.array([0, -1, 2]), k=1)
    assert rows["image_id"].tolist() == ["y", "x", "z"]
    assert rows["score"].is_monotonic_increasing
    assert rows["shows"].tolist()[1:] == ["a", "c"] and rows["shows"].isna().tolist()[0]
    assert rows["top1"].tolist() == ["a", "b", "c"]
    assert rows["breaks"].tolist() == ["a 0.0", "a −4.0", "a −3.0"]


def test_of_a_network_of_the_atlas_it_is_what_its_tables_say(linked_atlas):
    root, model = linked_atlas.root, linked_atlas.models()[0]
    (folder, *_) = foreign.sets_of(root, model).values()
    found = foreign.usual_of(root, model, "readable")
    held_out, other = foreign.read(root, folder, "readable").values("dependency")
    np.testing.assert_allclose(found.held_out, np.sort(held_out), rtol=1e-5)
    seen = foreign.foreign_images(root, folder, model, "readable")
    np.testing.assert_allclose(seen["score"], np.sort(other), rtol=1e-3)  # logits are float16
    _, _, fit = linked_atlas.logits(model, "fit")
    off = rms(found.equations.residuals(fit.astype(float)).T)
    explained = cache.network(root, model, "readable").chosen["target"]
    np.testing.assert_allclose(found.scale[explained], off[explained], rtol=1e-3)
