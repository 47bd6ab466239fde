"""The models page says of every network whether more images would help."""

from explorer.answers.yardsticks import more_images
from explorer.session import yardsticks
from explorer.words.formatting import plain
from tests.support.pages import header


def test_every_network_has_its_learning_curve_in_a_sentence(open_page, atlas):
    app = open_page("models")
    assert header(app) == "Models in this atlas"
    said = "\n".join(text.value for text in app.markdown)
    for model in atlas.models():
        learning = yardsticks.learning(atlas.root, model)
        assert learning["n_fit"].is_monotonic_increasing and len(learning) == 3
        assert plain(more_images.sentence(model, learning), 300) in said
