"""Walking back and forward along the categories that were visited."""

import numpy as np

from explorer.session.history import LONGEST, Trail


def walked(*names: str) -> Trail:
    trail = Trail()
    for name in names:
        trail = trail.visit(name)
    return trail


def test_a_walk_goes_back_and_forward_the_same_way():
    trail = walked("cat", "dog", "hamster")
    assert trail.back() == Trail(("cat",), "dog", ("hamster",))
    assert trail.back().back() == Trail((), "cat", ("dog", "hamster"))
    assert trail.back().back().forward().forward() == trail


def test_the_ends_are_ends():
    trail = walked("cat", "dog")
    assert trail.forward() == trail
    assert trail.back().back() == trail.back()
    assert Trail().back() == Trail().forward() == Trail()


def test_a_new_choice_cuts_what_lay_ahead():
    trail = walked("cat", "dog", "hamster").back().visit("broccoli")
    assert trail == Trail(("cat", "dog"), "broccoli", ())


def test_choosing_what_is_open_changes_nothing():
    trail = walked("cat", "dog").back()
    assert trail.visit("cat") == trail


def test_the_browsers_own_buttons_are_steps_of_the_trail():
    trail = walked("cat", "dog", "hamster")
    assert trail.follow("dog") == trail.back()
    assert trail.back().follow("hamster") == trail
    assert trail.back().follow("broccoli") == Trail(("cat", "dog"), "broccoli")


def test_what_another_network_lacks_is_passed_over():
    trail = walked("cat", "nothing", "dog", "hamster").back()
    assert trail.among({"cat", "dog"}) == Trail(("cat",), "dog", ())


def test_a_step_passes_over_what_a_network_lacks_and_forgets_nothing():
    trail = walked("cat", "unicorn", "dog")
    assert trail.back_among({"cat", "dog"}) == Trail((), "cat", ("unicorn", "dog"))
    assert trail.back_among({"cat", "dog"}).forward_among({"dog"}) == trail
    assert trail.back_among({"dog"}) == trail.forward_among({"cat"}) == trail


def test_recent_ones_come_once_and_without_the_open_one():
    trail = walked("cat", "dog", "cat", "hamster", "dog")
    assert trail.recent(9) == ["hamster", "cat"]
    assert trail.back().recent(1) == ["cat"]


def test_only_so_many_steps_are_remembered():
    trail = walked(*map(str, range(LONGEST + 50)))
    assert len(trail.behind) == LONGEST and trail.here == str(LONGEST + 49)
    for _ in range(LONGEST):
        trail = trail.back()
    assert trail.back() == trail and len(trail.ahead) == LONGEST


def test_a_random_walk_agrees_with_a_list_and_a_finger():
    rng = np.random.default_rng(0)
    trail, visited, at = Trail(), [], -1
    for step, name in zip(rng.integers(4, size=300), rng.integers(9, size=300), strict=True):
        if step == 0 and at > 0:
            trail, at = trail.back(), at - 1
        elif step == 1 and 0 <= at < len(visited) - 1:
            trail, at = trail.forward(), at + 1
        elif step > 1 and (at < 0 or visited[at] != str(name)):
            trail, visited, at = trail.visit(str(name)), [*visited[: at + 1], str(name)], at + 1
        assert trail.here == (visited[at] if visited else None)
        assert trail.behind == tuple(visited[: max(at, 0)])
