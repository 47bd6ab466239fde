"""Fine-tuning on a planted problem: a chosen source leaves, the others stay; beta 0 is plain fine-tuning,
and one that was interrupted ends with the same weights."""

import math

import numpy as np
import pytest
import torch

from precompute.cutting.checkpoints import CheckpointFile
from precompute.cutting.fine_tuning import (
    LONGEST,
    MOMENTUM,
    FineTuning,
    Schedule,
    Trainable,
    steps_of_epoch,
)
from precompute.cutting.pull import Cuts, selected, solution
from precompute.errors import UserError

N, D, IMAGES = 10, 10, 300
LAM = 0.2


class Planted:
    """A linear head over features, in which category 0 leans on 1 and 2, and category 5 on 6."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.features = torch.tensor(rng.normal(size=(IMAGES, D)), dtype=torch.float32)
        weight = np.eye(N)
        weight[0] = 0.7 * weight[1] + 0.6 * weight[2] + 0.3 * weight[0]
        weight[5] = 0.8 * weight[6] + 0.4 * weight[5]
        self.head = torch.nn.Linear(D, N)
        self.head.load_state_dict({"weight": torch.tensor(weight), "bias": torch.zeros(N)})
        self.before = self.logits()
        self.labels = self.before.argmax(axis=1)

    def logits(self) -> np.ndarray:
        with torch.no_grad():
            return self.head(self.features).double().numpy()

    def moment(self) -> np.ndarray:
        logits = self.logits()
        return logits.T @ logits / len(logits)

    def inputs(self, batches):
        for rows in batches:
            yield self.features[torch.as_tensor(rows)]

    def tuning(self, file, beta, *, seed=0, epochs=15, labels=None, cuts=None, mixed=False):
        """A fine-tuning of the head."""
        cuts = cuts or Cuts(np.array([0]), np.array([1]), np.array([LAM]))
        schedule = Schedule(epochs, 0.02, 50, beta, 0.1, 3, seed)
        network = Trainable(self.head, self.inputs, torch.device("cpu"), mixed)
        labels = self.labels if labels is None else labels
        return FineTuning(
            network, labels, self.before, cuts, schedule, CheckpointFile(file, {"seed": seed})
        )


def weights(planted: Planted) -> bytes:
    return b"".join(tensor.numpy().tobytes() for tensor in planted.head.state_dict().values())


@pytest.mark.parametrize("mixed", [False, True])  # in bfloat16, as on a GPU
def test_the_chosen_source_leaves_and_the_others_stay(tmp_path, mixed):
    planted = Planted()
    assert solution(planted.moment(), 0, LAM)[[1, 2]].all()
    history = planted.tuning(tmp_path / "after", 1.0, mixed=mixed).run()
    after = solution(planted.moment(), 0, LAM)
    assert after[1] == 0 and after[2] > 0.2
    assert solution(planted.moment(), 5, LAM)[6] > 0.2
    assert history[0]["penalty"] > 10 * history[-1]["penalty"]
    assert (planted.logits().argmax(axis=1) == planted.labels).mean() > 0.7, (
        "and it still classifies"
    )


def test_the_control_leaves_the_chosen_source_in(tmp_path):
    planted = Planted()
    planted.tuning(tmp_path / "control", 0.0).run()
    assert selected(planted.moment(), Cuts(np.array([0]), np.array([1]), np.array([LAM])))[0] > 0.2


def test_all_sources_of_a_target_can_be_cut_at_once(tmp_path):
    planted = Planted()
    cuts = Cuts(np.array([0, 0]), np.array([1, 2]), np.array([LAM, LAM]))
    assert selected(planted.moment(), cuts).all()
    planted.tuning(tmp_path / "after", 1.0, cuts=cuts, epochs=40).run()
    assert not selected(planted.moment(), cuts).any()


def plain(planted: Planted, epochs: int) -> None:
    """SGD on the cross-entropy, written anew."""
    per_epoch = math.ceil(IMAGES / 50)
    optimizer = torch.optim.SGD(planted.head.parameters(), 0.02, MOMENTUM)
    for step in range(epochs * per_epoch):
        epoch, inside = divmod(step, per_epoch)
        order = np.random.default_rng([0, epoch]).permutation(IMAGES)
        rows = torch.as_tensor(np.array_split(order, per_epoch)[inside])
        for group in optimizer.param_groups:
            group["lr"] = 0.02 * (1 + math.cos(math.pi * step / (epochs * per_epoch))) / 2
        optimizer.zero_grad()
        logits, labels = planted.head(planted.features[rows]), torch.as_tensor(planted.labels)[rows]
        (torch.nn.functional.cross_entropy(logits, labels, reduction="sum") / len(rows)).backward()
        torch.nn.utils.clip_grad_norm_(planted.head.parameters(), LONGEST)
        optimizer.step()


def test_beta_0_is_plain_fine_tuning_bit_for_bit(tmp_path):
    control, referee, after = Planted(), Planted(), Planted()
    control.tuning(tmp_path / "control", 0.0, epochs=4).run()
    plain(referee, 4)
    assert weights(control) == weights(referee)
    after.tuning(tmp_path / "after", 1e-3, epochs=4).run()
    assert weights(after) != weights(referee), "control: any penalty makes a difference"


@pytest.mark.parametrize(
    ("images", "batch", "steps"), [(300, 50, 6), (301, 50, 7), (90, 100, 4), (3, 100, 3), (1, 1, 1)]
)
def test_seeds_differ_by_the_order_of_several_batches(images, batch, steps):
    assert steps_of_epoch(images, batch) == steps


class Interrupted(Exception):
    pass


@pytest.mark.parametrize("beta", [0.0, 1.0])
@pytest.mark.parametrize("stop", [1, 6, 8])  # within an epoch, at its end, within the next
def test_one_that_was_interrupted_ends_with_the_same_weights(tmp_path, beta, stop, monkeypatch):
    monkeypatch.setattr("precompute.cutting.checkpoints.SECONDS", -1.0)  # after every step
    whole, broken = Planted(), Planted()
    history = whole.tuning(tmp_path / "whole", beta, epochs=3).run()

    def interrupt(done: int, total: int) -> None:
        if done == stop:
            raise Interrupted

    with pytest.raises(Interrupted):
        broken.tuning(tmp_path / "broken", beta, epochs=3).run(interrupt)
    again = Planted()
    resumed = again.tuning(tmp_path / "broken", beta, epochs=3)
    assert resumed.run() == history
    assert weights(again) == weights(whole)


def test_a_checkpoint_of_another_fine_tuning_is_not_gone_on_from(tmp_path):
    first, other = Planted(), Planted()
    first.tuning(tmp_path / "file", 0.0, epochs=2).run()
    tuning = other.tuning(tmp_path / "file", 0.0, seed=1, epochs=2)
    tuning.run()
    assert weights(other) != weights(first)


def test_a_damaged_checkpoint_counts_as_none(tmp_path):
    (tmp_path / "file").write_bytes(b"nonsense")
    planted, whole = Planted(), Planted()
    planted.tuning(tmp_path / "file", 0.0, epochs=2).run()
    whole.tuning(tmp_path / "other", 0.0, epochs=2).run()
    assert weights(planted) == weights(whole)


def test_images_without_a_label_count_in_the_moments_alone(tmp_path):
    planted = Planted()
    labels = np.full(IMAGES, -1)
    history = planted.tuning(tmp_path / "after", 1.0, labels=labels).run()
    assert {row["cross_entropy"] for row in history} == {0.0}
    assert solution(planted.moment(), 0, LAM)[1] == 0


def test_a_checkpoint_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(UserError, match="Cannot write"):
        Planted().tuning(tmp_path / "file" / "inside", 0.0, epochs=1).run()
