"""A page of an atlas as Streamlit runs it, and what stands on it."""

import json
import sys
from pathlib import Path

from streamlit.testing.v1 import AppTest

REPOSITORY = Path(__file__).parents[2]


def open_page(monkeypatch, root: Path, page: str, *arguments: str, **address: str) -> AppTest:
    """A page at an address; `arguments` are those of app.py. Tests have the fixture of this name."""
    monkeypatch.chdir(REPOSITORY)
    monkeypatch.setattr(sys, "argv", ["app.py", "--atlas", str(root), *arguments])
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=120)
    for key, value in address.items():
        app.query_params[key] = value
    if page != "overview":  # the one that a bare address opens
        app.switch_page(f"explorer/pages/{page}/{page}.py")
    return app.run()


def header(app: AppTest) -> str:
    """The page's own title; fails if the page raised anything."""
    assert not app.exception
    (title,) = app.title
    return title.value


def metrics(app: AppTest) -> dict[str, str]:
    """Headline figures by label."""
    return {metric.label: metric.value for metric in app.metric}


def components(app: AppTest, key: str) -> list[dict]:
    """What the components with this key in their data were given."""
    protos = [element.proto for element in app.get("bidi_component")]
    found = [json.loads(proto.json or proto.mixed.json or "{}") for proto in protos]
    return [given for given in found if key in given]


def tiles(app: AppTest) -> list[str]:
    """Every gallery of pictures, as HTML."""
    return [e.proto.body for e in app.get("html") if 'class="nde-tiles"' in e.proto.body]


def equations(app: AppTest) -> list[str]:
    """Every equation in words, as HTML."""
    return [e.proto.body for e in app.get("html") if 'nde-equation"' in e.proto.body]
