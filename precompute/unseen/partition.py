"""Which categories a student has seen and which it has not, and where each image belongs."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from precompute.atlas.files import digest
from precompute.atlas.labels import LabelSet, match, read_names
from precompute.atlas.matching import same_category
from precompute.errors import UserError

_RANDOM = "random:"


@dataclass(frozen=True)
class Partition:
    """The student's seen categories, the teacher's unseen ones, and who knows the other's.

    Everywhere else a seen category is a position in `seen`, an unseen one a position in `unseen`.
    """

    seen: np.ndarray  # (n_seen,) categories of the student
    unseen: np.ndarray  # (n_unseen,) categories of the teacher
    seen_in_teacher: (
        np.ndarray
    )  # (n_seen,) the same categories in the teacher, -1 where it has none
    unseen_in_student: (
        np.ndarray
    )  # (n_unseen,) the masked head in the student, -1 where it has none
    n_student: int
    n_teacher: int
    draw: str = ""  # what the unseen categories and the seed are called in a folder's name

    @property
    def has_ceiling(self) -> bool:
        """The student's own head knows every unseen category."""
        return bool((self.unseen_in_student >= 0).all())

    def truth(self, teacher: np.ndarray, student: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(true_seen, true_unseen) from both models' labels (N,); both -1 where neither knows it."""
        true_unseen = self._position(self.unseen, self.n_teacher)[teacher]
        true_seen = self._position(self.seen, self.n_student)[student]
        return np.where(true_unseen >= 0, -1, true_seen), true_unseen

    def stand_ins(
        self, teacher_logits: np.ndarray, seen_logits: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """The same from the teacher's own top category on images without labels: logits (N, n_teacher)
        and, of the student, (N, n_seen).

        Both are -1 where the student sees a category that the teacher does not know: on such images the
        teacher has only wrong answers, and whoever believed them would calibrate for them.
        """
        top = teacher_logits.argmax(axis=1)
        known = self.seen_in_teacher[seen_logits.argmax(axis=1)] >= 0
        seen, unseen = self._seen_of_teacher, self._position(self.unseen, self.n_teacher)
        return np.where(known, seen[top], -1), np.where(known, unseen[top], -1)

    @cached_property
    def _seen_of_teacher(self) -> np.ndarray:
        return self._position(self.seen_in_teacher, self.n_teacher)

    @staticmethod
    def _position(categories: np.ndarray, n: int) -> np.ndarray:
        """Position of each of n categories in the list; -1 where it is not, and at index -1."""
        position = np.full(n + 1, -1)
        known = categories >= 0
        position[categories[known]] = np.flatnonzero(known)
        return position


def choose(spec: str, seed: int, student: pd.DataFrame, teacher: pd.DataFrame) -> Partition:
    """The partition that `--categories` asks for; frames are both models' categories.parquet.

    random:K draws K of the teacher's categories that the student lacks; where it lacks none, K that it
    has, whose logits are then masked. Anything else is a file with a name or synset per line.
    Raises UserError for what cannot be drawn or found.
    """
    in_student = same_category(teacher, student)
    draw = f"{spec.replace(':', '-')}-seed-{seed}"
    if spec.startswith(_RANDOM):
        unseen = _drawn(spec, seed, in_student)
    else:
        unseen = _listed(Path(spec), teacher)
        draw = f"{Path(spec).stem}-{digest(*map(str, unseen))[:8]}-seed-{seed}"
    masked = in_student[unseen]
    seen = np.setdiff1d(np.arange(len(student)), masked)
    if not len(seen):
        raise UserError(
            f"With {len(unseen)} unseen categories the student keeps none of its {len(student)}. "
            "Ask for fewer."
        )
    in_teacher = same_category(student, teacher)[seen]
    if (in_teacher < 0).all():
        raise UserError(
            "The teacher knows none of the student's seen categories, so its predictions cannot "
            "calibrate seen against unseen. Choose another teacher."
        )
    return Partition(seen, unseen, in_teacher, masked, len(student), len(teacher), draw)


def _drawn(spec: str, seed: int, in_student: np.ndarray) -> np.ndarray:
    text = spec.removeprefix(_RANDOM)
    if not text.isdecimal() or int(text) < 1:
        raise UserError(f"--categories {spec}: write random:100, or the name of a file.")
    lacking = np.flatnonzero(in_student < 0)
    pool, whose = (
        (lacking, "the teacher has and the student lacks")
        if len(lacking)
        else (np.arange(len(in_student)), "the teacher has")
    )
    if int(text) > len(pool):
        raise UserError(
            f"--categories {spec} asks for {text} unseen categories, but {whose} only {len(pool)}."
            + (" Name them in a file to mask categories that it has." if len(lacking) else "")
        )
    return np.sort(np.random.default_rng(seed).choice(pool, int(text), replace=False))


def _listed(file: Path, teacher: pd.DataFrame) -> np.ndarray:
    names = read_names(file)
    found = match(names, LabelSet("teacher", teacher))
    if (found < 0).any():
        name = names[int(np.argmin(found))]
        raise UserError(
            f"{file}: the teacher has no category '{name}'. Write its names or synset ids, one a line."
        )
    return np.unique(found).astype(np.int64)
