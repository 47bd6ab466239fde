"""The held-out images of an experiment on unseen categories, with the truth that judges it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from precompute.atlas import schema
from precompute.atlas.store import Atlas
from precompute.equations.batches import joined_batches
from precompute.errors import UserError
from precompute.unseen.map_key import CEILING, MapKey
from precompute.unseen.partition import Partition


@dataclass(frozen=True)
class HeldOut:
    """Held-out images whose category is seen or unseen: logits of the student's seen categories, of its
    masked head (None without) and the teacher's unseen logits, (N, ...); true positions (N,)."""

    image_ids: np.ndarray
    seen: np.ndarray
    head: np.ndarray | None
    teacher: np.ndarray
    true_seen: np.ndarray
    true_unseen: np.ndarray

    def scores(self, maps: Mapping[MapKey, np.ndarray]) -> dict[MapKey, np.ndarray]:
        """Raw scores (N, n_unseen) under each map's weights and, where there is one, under the head."""
        scores = {key: self.seen @ weights for key, weights in maps.items()}
        return scores if self.head is None else scores | {CEILING: self.head}


def held_out_truth(
    atlas: Atlas, student: str, teacher: str, partition: Partition
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The held-out images that both models have, with either's label: image ids, and their true
    positions among the seen and the unseen categories (N,), in the order of `joined_batches`.

    Raises UserError where none is of a seen category, or none of an unseen one.
    """
    of_student, of_teacher = (
        atlas.read(schema.LOGITS, model, columns=["image_id", "label"]).set_index("image_id")[
            "label"
        ]
        for model in (student, teacher)
    )
    ids = [i for i in atlas.image_ids(teacher, "holdout") if i in of_student.index]
    true_seen, true_unseen = partition.truth(
        of_teacher.loc[ids].to_numpy(), of_student.loc[ids].to_numpy()
    )
    for side, true in (("seen", true_seen), ("unseen", true_unseen)):
        if not (true >= 0).any():
            raise UserError(
                f"No held-out image is labelled with a category that is {side}, so nothing can be "
                "judged. Choose other --categories, or run both models on labelled images."
            )
    return np.array(ids, dtype=object), true_seen, true_unseen


def held_out(atlas: Atlas, student: str, teacher: str, partition: Partition) -> HeldOut:
    """Those images with their logits. Raises UserError as `held_out_truth` does."""
    ids, true_seen, true_unseen = held_out_truth(atlas, student, teacher, partition)
    batches = list(joined_batches(atlas, teacher, student, "holdout"))
    targets, sources = (
        np.concatenate([getattr(batch, name) for batch in batches])
        for name in ("targets", "sources")
    )
    known = (true_seen >= 0) | (true_unseen >= 0)
    return HeldOut(
        ids[known],
        sources[np.ix_(known, partition.seen)],
        sources[np.ix_(known, partition.unseen_in_student)] if partition.has_ceiling else None,
        targets[np.ix_(known, partition.unseen)],
        true_seen[known],
        true_unseen[known],
    )
