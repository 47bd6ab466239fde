"""Atlases for the pages that speak about more than one network, and a way to open a page of one."""

import shutil
import sys
from pathlib import Path

import numpy as np
from streamlit.testing.v1 import AppTest

from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.equations.fit import FitOptions
from precompute.runs.consensus import compare_models
from precompute.runs.link import chosen_pairs, link_models
from precompute.runs.model import ModelRun
from precompute.runs.unseen import UnseenRun
from precompute.sources.bundled import BUNDLE, BundledSource

REPOSITORY = Path(__file__).parents[1]
N_UNSEEN = 6


def linked(planted: Atlas, root: Path) -> Atlas:
    """A copy of the planted atlas with both links, consensus, and one experiment."""
    shutil.copytree(planted.root, root)
    atlas, options = Atlas(root), FitOptions(max_parents=8)
    compare_models(atlas, Silent())
    pairs = chosen_pairs(atlas, None, None, every=True, both=False)
    link_models(atlas, pairs, options, Silent())
    UnseenRun(atlas, *atlas.models(), f"random:{N_UNSEEN}", options, Silent()).run()
    return atlas


class FewImages(BundledSource):
    """Every tenth bundled image of a network: enough for an atlas of a network that can be run."""

    def __init__(self, model: str):
        super().__init__(BUNDLE / f"{model}.parquet")
        self._logits = np.ascontiguousarray(self._logits[::10])
        self.images = self.images[::10].reset_index(drop=True)


def photographed(root: Path, models: list[str]) -> Atlas:
    """Networks whose weights come with the requirements, linked, with one experiment."""
    atlas, options = Atlas(root), FitOptions(max_parents=2)
    for model in models:
        ModelRun(atlas, FewImages(model), options, Silent()).run()
    link_models(atlas, [(models[0], models[1])], options, Silent())
    UnseenRun(atlas, models[0], models[1], "random:900", options, Silent()).run()
    return atlas


def open_page(monkeypatch, root: Path, page: str, *arguments: str, **address: str) -> AppTest:
    """A page of an atlas as Streamlit runs it, at an address."""
    monkeypatch.chdir(REPOSITORY)
    monkeypatch.setattr(sys, "argv", ["app.py", "--atlas", str(root), *arguments])
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=120)
    for key, value in address.items():
        app.query_params[key] = value
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
