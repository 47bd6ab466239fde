"""The images on which an equation fails worst are the dots farthest off in the scatter."""

import io

import numpy as np
import pandas as pd
import pytest

from explorer.answers.evidence import heldout, worst_images
from explorer.answers.network_pair import NetworkPair, Subject
from explorer.figures import evidence as evidence_figures
from explorer.theme import LIGHT

TARGET = 12  # it has both images and an equation


@pytest.fixture(scope="module")
def predicted(network, holdout) -> np.ndarray:
    subject = Subject(NetworkPair.within(network), TARGET)
    return subject.predicted(subject.equation(3.4, refit=False), holdout.logits)


@pytest.fixture(scope="module")
def sd(network) -> float:
    return float(network.categories["sd"].iat[TARGET])


@pytest.fixture(scope="module")
def table(network, holdout, predicted, sd) -> pd.DataFrame:
    names = network.categories["name"].to_numpy()
    return worst_images.image_table(holdout, TARGET, predicted, sd, names)


def scatter(network, holdout, predicted, sd) -> pd.DataFrame:
    """The dots of the page's figure: image, x, y."""
    figure = evidence_figures.truth_plot(
        holdout.logits[:, TARGET].astype(float), predicted, holdout.truth == TARGET,
        holdout.image_ids, sd, network.name_of(TARGET), LIGHT,
    )  # fmt: skip
    dots = [trace for trace in figure.data if trace.mode == "markers"]
    return pd.concat(
        pd.DataFrame({"image": dot.text, "x": dot.x, "y": dot.y}) for dot in dots
    ).set_index("image")


def test_the_worst_are_the_dots_farthest_from_the_line(network, holdout, predicted, sd, table):
    dots = scatter(network, holdout, predicted, sd).loc[table["image_id"]]
    off = ((dots["x"] - dots["y"]) / sd).to_numpy()
    np.testing.assert_allclose(table["off"], off, atol=1e-5)  # the figure holds float32
    far = np.argsort(-np.abs(off), kind="stable")[:10]
    worst = worst_images.worst(table)
    assert worst["image_id"].head(10).tolist() == [table["image_id"][k] for k in far]
    assert len(worst) == len(table)


def test_each_side_holds_its_sign_and_both_together_everything(table):
    much, little = (worst_images.worst(table, side) for side in worst_images.SIDES[1:])
    assert (much["predicted"] > much["logit"]).all()
    assert (little["predicted"] < little["logit"]).all()
    assert set(much["image_id"]) | set(little["image_id"]) == set(table["image_id"])
    assert much["off"].is_monotonic_decreasing and little["off"].is_monotonic_increasing


def test_the_residuals_are_those_of_the_held_out_error(table, holdout, predicted, sd):
    error = heldout.measure(holdout, TARGET, predicted, sd).error
    assert np.sum((table["off"] * sd) ** 2) / np.sum(table["logit"] ** 2) == pytest.approx(error)


def test_examples_show_the_category_by_label_or_by_the_networks_own_word(network, holdout, table):
    found, own = worst_images.examples(table, 1000)
    assert own and set(found["shows"]) == {network.name_of(TARGET)}
    assert len(found) == (holdout.labels == TARGET).sum()
    assert found["logit"].is_monotonic_decreasing
    images = heldout.Holdout.of(["a", "b", "c"], np.array([-1, -1, 1]), np.eye(3)[[0, 1, 0]])
    table = worst_images.image_table(images, 0, np.zeros(3), 1.0, np.array(["x", "y", "z"]))
    assert table["shows"].isna().tolist() == [True, True, False]
    assert worst_images.examples(table, 9)[0]["image_id"].tolist() == ["a"]
    nothing, own = worst_images.examples(table.assign(of_category=False), 2)
    assert not own and nothing["image_id"].tolist() == ["a", "c"]


def test_a_logit_without_spread_is_off_by_nothing_that_can_be_said(holdout, network):
    names = network.categories["name"].to_numpy()
    table = worst_images.image_table(holdout, TARGET, np.zeros(len(holdout.labels)), 0.0, names)
    assert table["off"].isna().all()
    assert len(worst_images.worst(table)) == len(table)


def test_the_table_survives_its_download(table):
    worst = worst_images.worst(table, "too little")
    again = pd.read_csv(io.StringIO(worst.to_csv(index=False)))
    pd.testing.assert_frame_equal(again, worst, check_dtype=False)
