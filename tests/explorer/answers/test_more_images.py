"""What the learning curve says, in words, and that the models page says it of every network."""

import pandas as pd

from explorer.answers.yardsticks.more_images import sentence
from explorer.session import yardsticks
from explorer.words.formatting import plain
from tests.support.pages import header


def learned(*r2: float) -> pd.DataFrame:
    return pd.DataFrame({"n_fit": [250, 500, 1000][: len(r2)], "n_draws": 1, "r2_refit": r2})


def test_a_rising_curve_asks_for_more_images_and_a_flat_one_does_not():
    said = sentence("lite0", learned(0.42, 0.47, 0.52))
    assert said.startswith("lite0: R² 0.42 with 250, 0.47 with 500, 0.52 with 1")
    assert said.endswith("the last doubling added 0.05, so more images would help.")
    assert sentence("mobilenet", learned(0.885, 0.89, 0.891)).endswith("would hardly help.")
    assert sentence("worse", learned(0.5, 0.6, 0.55)).endswith("would hardly help.")


def test_only_the_last_doubling_decides():
    assert "hardly" in sentence("m", learned(0.1, 0.6, 0.605))


def test_an_atlas_without_a_curve_says_nothing():
    assert sentence("m", learned(0.5)) is None
    assert sentence("m", learned(0.5, float("nan"))) is None
    assert sentence("m", learned()) is None


def test_every_network_has_its_sentence_on_the_models_page(open_page, atlas):
    app = open_page("models")
    assert header(app) == "Models in this atlas"
    said = "\n".join(text.value for text in app.markdown)
    for model in atlas.models():
        learning = yardsticks.learning(atlas.root, model)
        assert learning["n_fit"].is_monotonic_increasing and len(learning) == 3
        assert plain(sentence(model, learning), 300) in said
