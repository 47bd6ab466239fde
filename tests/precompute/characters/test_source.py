"""A recogniser of lines on pictures of single characters: which step speaks, and what an atlas keeps."""

from importlib.util import find_spec

import numpy as np
import pytest

from precompute.atlas import schema
from precompute.atlas.labels import match
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.characters.label_set import label_set
from precompute.characters.recogniser import Recogniser, installed
from precompute.characters.source import MODEL, CharacterSource
from precompute.equations.fit import FitOptions
from precompute.errors import UserError
from precompute.inference.reopen import reopen
from precompute.runs.model import ModelRun
from tests.support.onnx_writer import write_graph
from tests.support.tiny_recogniser import (
    CHARACTERS,
    STRIDE,
    recogniser,
    typeface,
    write_recogniser,
)


@pytest.fixture
def source(tmp_path) -> CharacterSource:
    faces = [typeface(tmp_path, f"face {k}") for k in range(12)]
    return CharacterSource(recogniser(tmp_path), faces, 12, seed=0)


def test_the_step_speaks_that_is_surest_of_a_character(tmp_path):
    page = np.full((1, 48, 64), 255, dtype=np.uint8)
    page[:, :, 3 * STRIDE : 4 * STRIDE] = 40
    page[:, :, 6 * STRIDE : 7 * STRIDE] = 10  # surer: darker
    logits, features = recogniser(tmp_path).look(page)
    assert logits.argmax() == 1
    np.testing.assert_allclose(features, [[10 / 127.5 - 1] * 3], atol=1e-6)


def test_logits_are_the_head_of_the_features(source):
    head = source.head()
    for (rows, logits), (same, features) in zip(
        source.batches(range(5, 40), _never), source.features(range(5, 40), _never), strict=True
    ):
        assert (rows == same).all()
        np.testing.assert_allclose(logits, head.logits(features), atol=1e-5)


def test_rows_give_the_same_logits_wherever_a_run_goes_on(source):
    def logits(rows: range) -> np.ndarray:
        return np.concatenate([found for _, found in source.batches(rows, _never)])

    whole = logits(range(len(source.images)))
    np.testing.assert_allclose(logits(range(7, 12)), whole[7:12], atol=1e-5)


def test_every_image_has_its_character_for_a_label(source):
    labels = match(source.images["class_name"].tolist(), source.info.labels)
    shown = source.info.labels.categories["name"].to_numpy()[labels]
    assert [image.split(" ")[1] for image in source.images["image_id"]] == shown.tolist()
    assert set(shown) == set(CHARACTERS)


def test_categories_are_called_as_they_look_and_explained_in_words():
    table = label_set(["水", "A", "\u3000"]).categories
    assert table["name"].tolist() == ["(CTC blank)", "水", "A", "(ideographic space)", "(space)"]
    assert table["definition"].tolist()[1:3] == [
        "U+6C34 shuǐ: water, liquid, lotion, juice",
        "U+0041 LATIN CAPITAL LETTER A",
    ]


def test_its_atlas_is_whole_and_a_second_run_does_nothing(source, tmp_path):
    atlas = Atlas(tmp_path / "atlas")
    for report in (Silent(), _Heard()):
        ModelRun(atlas, source, FitOptions(max_parents=2), report).run()
    assert all("up to date" in text for text in report.told)
    model = atlas.read(schema.MODEL, MODEL).iloc[0]
    assert (model["n_categories"], model["n_features"]) == (6, 3)
    assert (model["n_fit"], model["n_holdout"]) == (44, 4) and model["n_labelled"] == 48
    with pytest.raises(UserError, match="reads characters .* Choose another network"):
        reopen(atlas, MODEL)


def test_what_is_no_recogniser_is_refused_with_the_way_out(tmp_path):
    with pytest.raises(UserError, match="pip install --no-deps rapidocr==3.10.0"):
        Recogniser(write_graph(tmp_path / "other.onnx"))
    with pytest.raises(UserError, match="names 2 characters for 6 logits"):
        Recogniser(write_recogniser(tmp_path / "short.onnx", characters="AB"))


@pytest.mark.skipif(find_spec("rapidocr") is not None, reason="the recogniser is installed")
def test_a_machine_without_the_recogniser_is_told_how_to_get_it():
    with pytest.raises(UserError, match="pip install --no-deps rapidocr==3.10.0"):
        installed()


class _Heard(Silent):
    def __init__(self):
        self.told: list[str] = []

    def say(self, text: str) -> None:
        self.told.append(text)


def _never(image: str, reason: str) -> None:
    raise AssertionError(f"{image}: {reason}")
