"""What the pages compute on held-out images is what the pipeline stored, and what brute force says."""

import numpy as np
import pandas as pd
import pytest

from explorer.answers.evidence import heldout
from explorer.answers.evidence.evidence import Evidence
from explorer.answers.network_pair import NetworkPair, Subject


def at_level(network, holdout, row, refit: bool) -> Evidence:
    subject = Subject(NetworkPair.within(network), int(row["target"]))
    equation = subject.equation(subject.path.position_of_size(row["n_parents"]), refit)
    return Evidence.of(subject, equation, *heldout.shared(holdout, holdout))


@pytest.mark.parametrize("refit", [False, True])
def test_numbers_equal_evaluation_parquet_at_every_level(network, holdout, refit):
    suffix = "_refit" if refit else ""
    evaluation = pd.concat([network.every_sparsity[target] for target in range(6)])
    for _, row in evaluation.iterrows():
        evidence = at_level(network, holdout, row, refit)
        figures = evidence.figures
        assert evidence.sd == pytest.approx(evidence.subject.row["sd"], rel=1e-6)
        assert evidence.control_error == row["control_error"]
        # float32 columns, and refit coefficients that were stored as float32
        assert figures.error == pytest.approx(row[f"holdout_error{suffix}"], rel=1e-3, abs=1e-6)
        assert figures.r2 == pytest.approx(row[f"r2{suffix}"], rel=1e-3, abs=1e-6)
        one_image = 1.01 / len(holdout.labels)
        for ours, theirs in (
            (figures.within_half_sd, f"within_half_sd{suffix}"),
            (figures.within_one_sd, f"within_one_sd{suffix}"),
            (figures.top1_after, f"top1_after{suffix}"),
            (figures.fpr_after, f"fpr_after{suffix}"),
        ):
            assert ours == pytest.approx(row[theirs], abs=one_image), theirs
        assert figures.top1_before == pytest.approx(row["top1_before"], abs=1e-6)
        assert figures.fpr_before == pytest.approx(row["fpr_before"], abs=1e-6)
        if not np.isnan(row["recall_before"]):
            assert figures.recall_before == pytest.approx(row["recall_before"], abs=1e-6)
            assert figures.recall_after == pytest.approx(
                row[f"recall_after{suffix}"], abs=1.01 / figures.n_of_target
            )


def test_replacing_a_logit_is_what_argmax_says(holdout):
    rng = np.random.default_rng(3)
    for target in (0, 11):
        predicted = rng.normal(3, 3, len(holdout.labels))
        logits = holdout.logits.astype(np.float64)
        logits[:, target] = predicted
        np.testing.assert_array_equal(
            heldout.replaced_top1(holdout, target, predicted), logits.argmax(axis=1)
        )


def test_a_perfect_equation_changes_nothing(holdout):
    figures = heldout.measure(holdout, 9, holdout.logits[:, 9].astype(float), sd=1.0)
    assert figures.error == 0 and figures.r2 == 1
    assert figures.recall_after == figures.recall_before


def test_outside_counts_what_epsilon_leaves_out():
    residual = np.array([-2.0, -0.5, 0.0, 0.4, 1.0])
    found = heldout.outside(residual, 1.0, np.array([0.0, 0.45, 1.0, 3.0]))
    np.testing.assert_allclose(found, [1.0, 0.6, 0.4, 0.0])


def test_without_labels_the_networks_own_top1_is_the_truth():
    logits = np.array([[1.0, 2.0, 0.0], [3.0, 0.0, 1.0]], dtype=np.float16)
    images = heldout.Holdout.of(["a", "b"], np.array([-1, -1]), logits)
    assert not images.has_labels
    np.testing.assert_array_equal(images.truth, [1, 0])
    np.testing.assert_array_equal(images.second, [0, 2])
