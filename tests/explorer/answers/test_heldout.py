"""What the pages compute on held-out images is what the pipeline stored, and what brute force says."""

import numpy as np
import pandas as pd
import pytest

from explorer.answers import heldout, neighbourhood


def at_level(network, row, refit: bool) -> pd.DataFrame:
    path = network.paths[int(row["target"])]
    return neighbourhood.equation(path, path.position_of_size(row["n_parents"]), refit)


@pytest.mark.parametrize("refit", [False, True])
def test_numbers_equal_evaluation_parquet_at_every_level(network, holdout, refit):
    suffix = "_refit" if refit else ""
    evaluation = pd.concat([network.every_sparsity[target] for target in range(6)])
    for _, row in evaluation.iterrows():
        terms = at_level(network, row, refit)
        predicted = heldout.predict(
            holdout, terms["source"].to_numpy(), terms["coefficient"].to_numpy()
        )
        target = int(row["target"])
        judged = heldout.judge(
            holdout, target, predicted, float(network.categories["sd"].iat[target])
        )
        # float32 columns, and refit coefficients that were stored as float32
        assert judged.error == pytest.approx(row[f"holdout_error{suffix}"], rel=1e-3, abs=1e-6)
        assert judged.r2 == pytest.approx(row[f"r2{suffix}"], rel=1e-3, abs=1e-6)
        one_image = 1.01 / len(holdout.labels)
        for ours, theirs in (
            (judged.within_half_sd, f"within_half_sd{suffix}"),
            (judged.within_one_sd, f"within_one_sd{suffix}"),
            (judged.top1_after, f"top1_after{suffix}"),
            (judged.fpr_after, f"fpr_after{suffix}"),
        ):
            assert ours == pytest.approx(row[theirs], abs=one_image), theirs
        assert judged.top1_before == pytest.approx(row["top1_before"], abs=1e-6)
        assert judged.fpr_before == pytest.approx(row["fpr_before"], abs=1e-6)
        if not np.isnan(row["recall_before"]):
            assert judged.recall_before == pytest.approx(row["recall_before"], abs=1e-6)
            assert judged.recall_after == pytest.approx(
                row[f"recall_after{suffix}"], abs=1.01 / judged.n_of_target
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
    judged = heldout.judge(holdout, 9, holdout.logits[:, 9].astype(float), sd=1.0)
    assert judged.error == 0 and judged.r2 == 1
    assert judged.recall_after == judged.recall_before


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
