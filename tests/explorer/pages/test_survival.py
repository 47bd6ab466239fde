"""Does classification survive? The curve on Models and beside a category's replacement test."""

from precompute.atlas import schema
from tests.support.pages import header


def charts(app) -> list[str]:
    return [element.proto.id for element in app.get("plotly_chart")]


def test_models_show_the_curve_its_rule_and_the_same_as_a_table(open_page, atlas):
    app = open_page("models", fit="refit")
    assert header(app)
    assert any("survival" in key for key in charts(app))
    said = " ".join(element.value for element in [*app.markdown, *app.caption])
    assert "Where classification survives" in said and "as they are, with a constant" in said
    assert "With fewer than 10 images neither is said" in said
    table = atlas.read(schema.SURVIVAL, atlas.models()[0])
    n = table["category"].nunique()
    assert f"{n} of {n} categories that have held-out images" in said
    (twin,) = [
        t.value for t in app.dataframe if "Recall kept" in t.value or "recall_kept" in t.value
    ]
    assert len(twin) == 6 * (table["n_parents"].nunique() + 1)
    assert set(twin["verdict"]) <= {"holds", "does not hold", "not decided"}
    (wide,) = [t.value for t in app.dataframe if "dense" in t.value]
    assert set(wide["model"]) == set(atlas.models())


def test_a_categorys_test_stands_beside_the_networks_curve(open_page, atlas):
    table = atlas.read(schema.SURVIVAL, atlas.models()[0])
    names = atlas.read(schema.CATEGORIES, atlas.models()[0])["name"]
    images = table.groupby("category")["n_images"].first()
    for enough, words in (
        (True, "the black line is its own"),
        (False, "too few for a line of its own"),
    ):
        found = images[(images >= 10) == enough].index
        if len(found):
            app = open_page("category", category=names[found[0]], evidence="Replacement test")
            said = " ".join(element.value for element in app.caption)
            assert not app.exception and words in said
    absent = sorted(set(range(len(names))) - set(images.index))
    app = open_page("category", category=names[absent[0]], evidence="Replacement test")
    said = " ".join(element.value for element in app.caption)
    assert "not in the sample" in said
    assert any("cannot be tested here" in box.value for box in app.info)
