"""Which categories are seen and unseen, for label sets of one size and of two."""

import numpy as np
import pandas as pd
import pytest

from precompute.atlas.labels import from_names, imagenet_1k
from precompute.errors import UserError
from precompute.unseen.partition import choose

SYNSETS = imagenet_1k().categories["synset"].tolist()[:12]


def categories(order) -> pd.DataFrame:
    return from_names([SYNSETS[i] for i in order]).categories


TEACHER = categories(range(10))
# The student has its own order, lacks the teacher's 1, 4 and 7, and knows two that the teacher lacks.
STUDENT = categories([11, 9, 8, 6, 5, 3, 2, 0, 10])


@pytest.fixture
def listed(tmp_path):
    def write(*names: str) -> str:
        file = tmp_path / "unseen.txt"
        file.write_text("\n".join(names) + "\n", encoding="utf-8")
        return str(file)

    return write


def test_within_one_label_set_the_drawn_categories_are_masked():
    part = choose("random:4", 0, TEACHER, TEACHER)
    assert len(set(part.unseen)) == 4 and part.has_ceiling
    np.testing.assert_array_equal(part.unseen_in_student, part.unseen)
    np.testing.assert_array_equal(np.sort(np.r_[part.seen, part.unseen]), np.arange(10))
    np.testing.assert_array_equal(part.seen_in_teacher, part.seen)


def test_a_draw_follows_its_seed():
    draws = [choose("random:4", seed, TEACHER, TEACHER).unseen.tolist() for seed in (0, 0, 1, 2)]
    assert draws[0] == draws[1] and len({tuple(draw) for draw in draws}) == 3


def test_between_label_sets_only_what_the_student_lacks_is_drawn():
    part = choose("random:3", 0, STUDENT, TEACHER)
    assert part.unseen.tolist() == [1, 4, 7] and not part.has_ceiling
    assert part.unseen_in_student.tolist() == [-1, -1, -1]
    assert part.seen.tolist() == list(range(9))
    assert part.seen_in_teacher.tolist() == [-1, 9, 8, 6, 5, 3, 2, 0, -1]


def test_a_file_names_categories_by_name_or_synset(listed):
    part = choose(listed(SYNSETS[4], TEACHER["name"][0]), 0, STUDENT, TEACHER)
    assert part.unseen.tolist() == [0, 4] and part.unseen_in_student.tolist() == [7, -1]
    assert not part.has_ceiling and 7 not in part.seen


def test_truth_comes_from_whoever_knows_it():
    part = choose("random:3", 0, STUDENT, TEACHER)
    #                  unseen  seen by both  only the student  nobody
    teacher, student = np.array([[4, 9, -1, -1], [-1, 1, 0, -1]])
    true_seen, true_unseen = part.truth(teacher, student)
    assert true_unseen.tolist() == [1, -1, -1, -1]
    assert true_seen.tolist() == [-1, 1, 0, -1]


def test_the_teachers_top_category_stands_in_for_truth():
    part = choose("random:3", 0, STUDENT, TEACHER)
    known = np.eye(9)[[3, 3, 3]]  # the student sees what the teacher also knows
    true_seen, true_unseen = part.stand_ins(np.eye(10)[[7, 9, 0]], known)
    assert true_unseen.tolist() == [2, -1, -1]
    assert true_seen.tolist() == [-1, 1, 7]


def test_nothing_stands_in_where_the_student_sees_what_the_teacher_does_not_know():
    part = choose("random:3", 0, STUDENT, TEACHER)
    unknown = np.eye(9)[[0, 0, 0]]
    true_seen, true_unseen = part.stand_ins(np.eye(10)[[7, 9, 0]], unknown)
    assert (true_seen == -1).all() and (true_unseen == -1).all()


def test_experiments_that_differ_have_different_names(listed):
    specs = [("random:3", 0), ("random:3", 1), ("random:2", 0), (listed(SYNSETS[4]), 0)]
    names = [choose(spec, seed, STUDENT, TEACHER).draw for spec, seed in specs]
    other = choose(listed(SYNSETS[5]), 0, STUDENT, TEACHER).draw
    assert names[0] == "random-3-seed-0" and names[3].startswith("unseen-")
    assert len({*names, other}) == 5


@pytest.mark.parametrize(
    ("student", "spec", "message"),
    [
        (TEACHER, "random:many", "write random:100"),
        (TEACHER, "random:0", "write random:100"),
        (TEACHER, "random:11", "asks for 11 unseen categories.*teacher has only 10"),
        (TEACHER, "random:10", "keeps none of its 10"),
        (STUDENT, "random:4", "asks for 4 unseen.*student lacks only 3"),
        (STUDENT, "no-such-file.txt", "Cannot read the names in 'no-such-file.txt'"),
        (categories([10, 11]), "random:2", "knows none of the student's seen categories"),
    ],
)
def test_what_cannot_be_had_is_refused(student, spec, message):
    with pytest.raises(UserError, match=message):
        choose(spec, 0, student, TEACHER)


def test_a_name_that_the_teacher_lacks_is_refused(listed):
    with pytest.raises(UserError, match="has no category 'unicorn'"):
        choose(listed(SYNSETS[0], "unicorn"), 0, STUDENT, TEACHER)
