"""Which glyphs are drawn, in which typefaces, and on which side; and what the pictures look like."""

import shutil

import numpy as np
import pytest

from precompute.characters.drawing import HEIGHT, WIDTH, draw
from precompute.characters.glyphs import Glyph, choose
from precompute.characters.typefaces import PACKAGES, installed, parse
from precompute.errors import UserError
from tests.support.tiny_recogniser import typeface

LINES = [
    "/f/NotoSansCJK-Regular.ttc|2|Noto Sans CJK SC|Regular|20-7e 4e00 6c34",
    "/f/other.ttf|0|Noto Sans CJK SC|Regular|20-7e",
    "/f/DejaVuSans.ttf|0|DejaVu Sans|Oblique|41",
    "/f/mine.ttf|0|My Own Font|Regular|41",
    "/f/ukai.ttc|0|AR PL UKai CN|Book|6c34",
]


@pytest.fixture
def faces(tmp_path):
    return [typeface(tmp_path, name, has) for name, has in (("a", "AB"), ("b", "AB "), ("c", "A"))]


def test_typefaces_are_those_of_the_list_each_once():
    found = parse(LINES)
    assert [face.name for face in found] == ["AR PL UKai CN Book", "Noto Sans CJK SC Regular"]
    assert found[1].index == 2 and {"~", "一", "水"} < found[1].characters
    assert found[0].characters == {"水"}


def test_a_machine_without_fontconfig_is_told_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UserError, match="apt-get install fontconfig") as error:
        installed()
    assert all(package in str(error.value) for package in PACKAGES.values())


@pytest.mark.skipif(shutil.which("fc-list") is None, reason="needs fontconfig")
def test_a_machine_without_these_fonts_is_told_what_to_install(monkeypatch, tmp_path):
    (tmp_path / "fonts.conf").write_text("<fontconfig></fontconfig>")
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))
    with pytest.raises(UserError, match="None of the fonts .* apt-get install"):
        installed()


def test_a_glyph_is_drawn_once_and_of_each_character_one_is_held_out(faces):
    found = choose("AB", faces, 3, seed=0)
    assert len({glyph.image_id for glyph in found}) == len(found) == 3 + 2
    held_out = [glyph.character for glyph in found if glyph.split == "holdout"]
    assert held_out == ["A", "B"]


def test_what_one_typeface_has_is_fitted_on_and_what_none_has_or_shows_is_left_out(faces):
    found = choose("水 A", faces[2:], 2, seed=0)
    assert [(glyph.character, glyph.split) for glyph in found] == [("A", "fit")]


def test_the_lot_of_a_glyph_does_not_depend_on_other_characters_but_on_the_seed(faces):
    alone, among = choose("B", faces, 2, seed=0), choose("AB", faces, 2, seed=0)
    assert alone == [glyph for glyph in among if glyph.character == "B"]
    drawn = {tuple(g.typeface.name for g in choose("A", faces, 2, seed)) for seed in range(20)}
    assert len(drawn) > 1


def test_one_image_of_each_character_is_refused(faces):
    with pytest.raises(UserError, match="--images-per-character 2 or more"):
        choose("A", faces, 1, seed=0)


def test_a_picture_is_the_same_whenever_it_is_drawn_and_another_with_another_seed(faces):
    glyph = Glyph("A", faces[0], "fit")
    first = draw(glyph, 0)
    assert first.shape == (HEIGHT, WIDTH) and first.dtype == np.uint8
    assert (draw(glyph, 0) == first).all() and (draw(glyph, 1) != first).any()


def test_a_picture_holds_its_character(tmp_path):
    """Type is darker or lighter than the ground; without a character there is only ground."""
    face = typeface(tmp_path)

    def spread(character: str) -> float:
        pictures = [draw(Glyph(character, face, "fit"), seed) for seed in range(10)]
        return float(np.median([np.ptp(np.percentile(p, [2, 98])) for p in pictures]))

    assert spread("A") > 90 > spread(" ")
