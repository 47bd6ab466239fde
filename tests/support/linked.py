"""Atlases for the pages that speak about more than one network."""

import shutil
from pathlib import Path

import numpy as np

from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.equations.fit import FitOptions
from precompute.runs.claims.run import judge_claims
from precompute.runs.consensus import compare_models
from precompute.runs.link import chosen_pairs, link_models
from precompute.runs.model import ModelRun
from precompute.runs.unseen import UnseenRun
from precompute.sources.bundled import BUNDLE, BundledSource
from tests.support import foreign

N_UNSEEN = 6
REAL = ["tf_efficientnet_lite0.in1k", "tf_efficientnet_lite1.in1k"]


def linked(planted: Atlas, root: Path) -> Atlas:
    """A copy of the planted atlas with both links, consensus, one experiment, and foreign images."""
    shutil.copytree(planted.root, root)
    atlas, options = Atlas(root), FitOptions(max_parents=8)
    compare_models(atlas, Silent())
    pairs = chosen_pairs(atlas, None, None, every=True, both=False)
    link_models(atlas, pairs, options, Silent())
    UnseenRun(atlas, *atlas.models(), f"random:{N_UNSEEN}", options, Silent()).run()
    judge_claims(atlas, Silent())
    foreign.look_at_all(atlas)
    return atlas


class FewImages(BundledSource):
    """Every tenth bundled image of a network: enough for an atlas of a network that can be run."""

    def __init__(self, model: str):
        super().__init__(BUNDLE / f"{model}.parquet")
        self._logits = np.ascontiguousarray(self._logits[::10])
        self.images = self.images[::10].reset_index(drop=True)


def photographed(root: Path) -> Atlas:
    """Networks whose weights come with the requirements, linked, with one experiment."""
    atlas, options = Atlas(root), FitOptions(max_parents=2)
    for model in REAL:
        ModelRun(atlas, FewImages(model), options, Silent()).run()
    link_models(atlas, [(REAL[0], REAL[1])], options, Silent())
    UnseenRun(atlas, *REAL, "random:900", options, Silent()).run()
    return atlas
