"""Live image says of every network whether the picture's dependencies hold as usual."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer.answers.foreign import usual
from explorer.session import cache, foreign
from precompute.atlas.labels import from_names
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.equations.fit import FitOptions
from precompute.ood.scores import rms
from precompute.runs.model import ModelRun
from precompute.sources.arrays import ArraySource
from tests.support.linked import REAL
from tests.support.pages import header
from tests.support.planting import plant, save

CENTRED, SHARE = "centred", 0.1


@pytest.fixture(scope="module")
def ten(tmp_path_factory) -> Atlas:
    """A network with ten categories whose equations have a constant, and one in whose equations a
    category's own images weigh more."""
    root = tmp_path_factory.mktemp("ten")
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(400, 10)) + 5.0
    logits[:, 0] = logits[:, 1] - 0.5 * logits[:, 2] + 0.05 * rng.normal(size=400) + 3.0
    names = [f"thing {k}" for k in range(10)]
    for model, options in (
        (CENTRED, FitOptions(max_parents=4, center=True)),
        ("weighted", FitOptions(max_parents=4, weight_positives=SHARE)),
    ):
        files = save(root / model, plant(seed=0), names)
        np.save(files["logits"], logits.astype(np.float32))
        np.save(files["truth"], logits.argmax(axis=1))
        source = ArraySource(
            model, files["logits"], from_names(names), truth=files["truth"], holdout=0.3
        )
        ModelRun(Atlas(root / "atlas"), source, options, Silent()).run()
    return Atlas(root / "atlas")


def said(root, logits: dict[str, np.ndarray]) -> AppTest:
    """What stands below a picture with these logits in the networks of an atlas."""

    def page(root, logits):
        from explorer.pages.live import holding
        from explorer.pages.live.answers import Look
        from explorer.theme import LIGHT

        holding.draw(Look.of(root, logits, LIGHT))

    app = AppTest.from_function(page, args=(root, logits), default_timeout=60).run()
    assert not app.exception
    return app


def lines(app: AppTest) -> list[str]:
    return [text.value.replace("\\", "") for text in app.markdown]


def planted_images(atlas: Atlas, model: str, *shares: float) -> list[np.ndarray]:
    """Held-out images of a network at these places among all by the dependency score."""
    known = foreign.usual_of(atlas.root, model, "readable")
    _, _, logits = atlas.logits(model, "holdout")
    order = np.argsort(known.score(logits))
    return [logits[order[round(share * (len(order) - 1))]].astype(np.float32) for share in shares]


@pytest.mark.parametrize(
    ("share", "begins"),
    [
        (0.62, "as usual for this network: 6"),
        (0.02, "unusual: "),
        (1.0, "as usual for this network: above"),
    ],
)
def test_held_out_images_stand_where_they_stand(atlas, share, begins):
    model = atlas.models()[0]
    (logits,) = planted_images(atlas, model, share)
    (line,) = lines(said(atlas.root, {model: logits}))
    assert f"**{model}**: {begins}" in line


def test_an_image_whose_dependencies_are_gone_is_broken_and_says_where(atlas):
    model = atlas.models()[0]
    (logits,) = planted_images(atlas, model, 0.5)
    logits[3] += 30.0  # a planted category, whose equation promises nothing of it
    logits[20] -= 30.0
    app = said(atlas.root, {model: logits})
    assert "broken: more than 99 % of its held-out images hold better" in lines(app)[0]
    rows = app.dataframe[0].value
    network = cache.network(atlas.root, model, "readable")
    assert network.name_of(3) in set(rows["category"].head(3))
    assert rows["off"].abs().is_monotonic_decreasing
    row = rows[rows["category"] == network.name_of(3)].iloc[0]
    assert row["logit"] == pytest.approx(float(logits[3]), abs=1e-3)
    assert row["off"] > 10 and row["equation"] < row["logit"]


def test_every_network_that_looks_has_its_line(atlas):
    logits = {model: planted_images(atlas, model, 0.5)[0] for model in atlas.models()}
    found = lines(said(atlas.root, logits))
    assert len(found) == 2
    assert all(model in line for model, line in zip(logits, found, strict=True))


@pytest.mark.parametrize("choice", ["few", "readable", "best"])
def test_ten_categories_constants_and_weights_are_no_obstacle(ten, choice):
    for model in ten.models():
        known = foreign.usual_of(ten.root, model, choice)
        _, _, fit = ten.logits(model, "fit")
        off = rms(known.equations.residuals(fit.astype(float)).T)
        own = usual.has_equations(known)
        assert own[0]
        np.testing.assert_allclose(known.scale[own], off[own], rtol=0.01)
        (logits,) = planted_images(ten, model, 0.5)
        assert "as usual for this network: " in lines(said(ten.root, {model: logits}))[0]
        logits[0] += 40
        app = said(ten.root, {model: logits})
        assert "broken" in lines(app)[0]
        assert "thing 0" in set(app.dataframe[0].value["category"].head(3))


def test_the_page_says_it_of_a_real_picture(open_page, photo_atlas):
    app = open_page("live", root=photo_atlas.root, model=REAL[0])
    assert header(app) == "Live image"
    found = [line for line in lines(app) if "held-out images" in line and "**" in line]
    assert [name for name in REAL if any(f"**{name}**" in line for line in found)] == REAL
