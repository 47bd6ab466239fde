"""Walking back and forward along the categories that were visited."""

import numpy as np

from explorer.session.history import LONGEST, History


def walked(*names: str) -> History:
    history = History()
    for name in names:
        history = history.visit(name)
    return history


def test_a_walk_goes_back_and_forward_the_same_way():
    history = walked("cat", "dog", "hamster")
    assert history.back() == History(("cat",), "dog", ("hamster",))
    assert history.back().back() == History((), "cat", ("dog", "hamster"))
    assert history.back().back().forward().forward() == history


def test_the_ends_are_ends():
    history = walked("cat", "dog")
    assert history.forward() == history
    assert history.back().back() == history.back()
    assert History().back() == History().forward() == History()


def test_a_new_choice_cuts_what_lay_ahead():
    history = walked("cat", "dog", "hamster").back().visit("broccoli")
    assert history == History(("cat", "dog"), "broccoli", ())


def test_choosing_what_is_open_changes_nothing():
    history = walked("cat", "dog").back()
    assert history.visit("cat") == history


def test_the_browsers_own_buttons_are_steps_of_the_history():
    history = walked("cat", "dog", "hamster")
    assert history.follow("dog") == history.back()
    assert history.back().follow("hamster") == history
    assert history.back().follow("broccoli") == History(("cat", "dog"), "broccoli")


def test_what_another_network_lacks_is_passed_over():
    history = walked("cat", "nothing", "dog", "hamster").back()
    assert history.among({"cat", "dog"}) == History(("cat",), "dog", ())


def test_a_step_passes_over_what_a_network_lacks_and_forgets_nothing():
    history = walked("cat", "unicorn", "dog")
    assert history.back_among({"cat", "dog"}) == History((), "cat", ("unicorn", "dog"))
    assert history.back_among({"cat", "dog"}).forward_among({"dog"}) == history
    assert history.back_among({"dog"}) == history.forward_among({"cat"}) == history


def test_recent_ones_come_once_and_without_the_open_one():
    history = walked("cat", "dog", "cat", "hamster", "dog")
    assert history.recent(9) == ["hamster", "cat"]
    assert history.back().recent(1) == ["cat"]


def test_only_so_many_steps_are_remembered():
    history = walked(*map(str, range(LONGEST + 50)))
    assert len(history.behind) == LONGEST and history.here == str(LONGEST + 49)
    for _ in range(LONGEST):
        history = history.back()
    assert history.back() == history and len(history.ahead) == LONGEST


def test_a_random_walk_agrees_with_a_list_and_a_finger():
    rng = np.random.default_rng(0)
    history, visited, at = History(), [], -1
    for step, name in zip(rng.integers(4, size=300), rng.integers(9, size=300), strict=True):
        if step == 0 and at > 0:
            history, at = history.back(), at - 1
        elif step == 1 and 0 <= at < len(visited) - 1:
            history, at = history.forward(), at + 1
        elif step > 1 and (at < 0 or visited[at] != str(name)):
            history, visited, at = history.visit(str(name)), [*visited[: at + 1], str(name)], at + 1
        assert history.here == (visited[at] if visited else None)
        assert history.behind == tuple(visited[: max(at, 0)])
