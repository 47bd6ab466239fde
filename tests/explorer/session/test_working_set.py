"""The working set in an address, in a file and in a browser: whatever comes back is checked."""

from urllib.parse import parse_qs, urlencode

import pytest

from explorer.session import kept_sets
from explorer.session.address import PINS, SET
from explorer.session.working_set import (
    FORMAT,
    LONGEST,
    MOST,
    WorkingSet,
    from_browser,
    from_json,
    to_json,
)
from precompute.errors import UserError

ODD = ("crane, bird", "a&b=c#d?", "Čapek ☃", "<b>x</b>", "100%", "a+b", '"quoted"', "  spaced  ")


def test_pinning_keeps_the_order_and_unpinning_takes_out():
    pinned = WorkingSet().toggled("cat").toggled("dog").toggled("hamster")
    assert pinned.categories == ("cat", "dog", "hamster") and "dog" in pinned
    assert pinned.toggled("dog").categories == ("cat", "hamster")


def test_a_set_has_every_category_once_and_not_more_than_it_can_show():
    many = WorkingSet.of("", [f"c{k}" for k in range(MOST + 20)] * 2)
    assert many.categories == tuple(f"c{k}" for k in range(MOST)) and many.full
    assert many.toggled("one more") == many
    assert WorkingSet.of("", ["", "x" * 1000, "half \ud800", "fine"]).categories == ("fine",)


def test_a_name_is_one_short_line():
    assert WorkingSet.of(" two\nlines\x00 \u202e ", []).name == "two lines"
    assert len(WorkingSet.of("x" * 500, []).name) == LONGEST


@pytest.mark.parametrize("pinned", [WorkingSet.of("ünï, & co", ODD), WorkingSet(), WorkingSet("n")])
def test_address_and_file_read_back_the_same(pinned):
    found = parse_qs(urlencode(kept_sets.parameters(pinned), doseq=True))
    name, categories = found.get(SET.name, [""])[0], found.get(PINS.name, [])
    assert WorkingSet.of(name, categories) == pinned
    assert from_json(to_json(pinned, "some network")) == pinned
    assert from_json(to_json(pinned).encode()) == pinned


def test_what_a_network_lacks_is_told_apart():
    assert WorkingSet.of("", ["cat", "unicorn", "dog"]).split({"cat", "dog"}) == (
        ["cat", "dog"],
        ["unicorn"],
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "no working set"),
        ('{"categories": ["cat"]}', "no working set"),
        (f'{{"format": "{FORMAT}"}}', "no list of names"),
        (f'{{"format": "{FORMAT}", "categories": "cat"}}', "no list of names"),
        (f'{{"format": "{FORMAT}", "categories": [1]}}', "no list of names"),
        (f'{{"format": "{FORMAT}", "categories": [], "name": 3}}', "no list of names"),
    ],
)
def test_another_file_is_refused_in_one_line(text, complaint):
    with pytest.raises(UserError, match=complaint):
        from_json(text)


def test_a_browser_gives_back_what_can_be_read():
    kept = {name: to_json(WorkingSet.of(name, ODD)) for name in ("", "pets, and more")}
    found = from_browser(kept | {"broken": "{", "worse": None})
    assert found == {name: WorkingSet.of(name, ODD) for name in ("", "pets, and more")}
    assert from_browser(None) == from_browser("x") == {}
