"""One set of foreign images before one network: logits -> scores -> detection -> broken -> ood.

Scores learn everything from fit images; held-out and foreign images only judge.
"""

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from precompute.atlas import schema
from precompute.atlas.contract.schema_robustness import BROKEN, DETECTION, FOREIGN, OOD, SCORES
from precompute.atlas.files import file_digest, safe_name
from precompute.atlas.known_models import checked_model
from precompute.atlas.progress import Report
from precompute.atlas.stages import Stages
from precompute.atlas.store import Atlas
from precompute.atlas.vectors import read_vectors
from precompute.equations.batches import logits_digest
from precompute.errors import UserError
from precompute.ood.broken import broken_table, residual_scale
from precompute.ood.detection import detection_table
from precompute.ood.learned import principal_space, scores_of, stored_map
from precompute.ood.scores import ENERGY, VIM, WITH_EQUATIONS
from precompute.ood.virtual_logit import VirtualLogit, last_layer
from precompute.runs.features.made_later import features, fresh_features
from precompute.runs.ood.foreign import Request, open_foreign, refuse_known, store

if TYPE_CHECKING:
    from precompute.inference.classifiers import Classifier

Values = tuple[np.ndarray, np.ndarray]  # of the held-out images (H,), of the foreign ones (F,)


def ood_folder(model: str, name: str) -> str:
    """Where the tables of a set of foreign images lie."""
    return f"ood/{safe_name(model)}--{safe_name(name)}"


class OodRun:
    """Brings the tables of one set of foreign images up to date, for one network."""

    def __init__(self, atlas: Atlas, model: str, request: Request, report: Report):
        self.atlas, self.model = atlas, checked_model(atlas, model)
        self.request, self.report = request, report
        self.info = atlas.read(schema.MODEL, model).iloc[0].to_dict()
        self.foreign = open_foreign(request, atlas, self.info, lambda: self.classifier, report)
        own_name = self.foreign.name.removesuffix(".tar")
        given = own_name if request.set is None else request.set
        self.set = safe_name(given, "A set of foreign images")
        self.folder = ood_folder(model, self.set)
        self.stages = Stages(atlas, self.folder, report, OOD)

    def run(self) -> None:
        """Every stage in turn. Raises UserError for bad input, leaving only whole files behind."""
        atlas, stages, seed = self.atlas, self.stages, self.request.seed
        stages.run("logits", [FOREIGN], self.foreign.fingerprint, self._logits)
        self._refuse_known()
        if self.request.vim:
            self._make_features()
        learned = {
            "foreign": stages.digest(FOREIGN),
            "logits": logits_digest(atlas, self.model),
            "dependencies": file_digest(atlas.file(schema.DEPENDENCIES, self.own)),
        }
        how = {"center": bool(self.info["center"]), "seed": seed, "vim": self._has_features}
        stages.run("scores", [SCORES], learned | how, self._scores)
        stages.run("detection", [DETECTION], {"scores": stages.digest(SCORES)}, self._detection)
        stages.run("broken", [BROKEN], learned, self._broken)
        made = {table.file: stages.digest(table) for table in (FOREIGN, SCORES, DETECTION, BROKEN)}
        where = {"images": self.request.where, "set": self.set, "seed": seed}
        stages.run("ood", [OOD], made | where, self._ood)

    def _refuse_known(self) -> None:
        """Raises UserError where a foreign image is one of the atlas's own, and leaves nothing behind."""
        try:
            refuse_known(*self._seen, self.atlas, self.model)
        except UserError:
            self.stages.unfinish()
            self.atlas.remove(FOREIGN, self.folder)
            raise

    @property
    def own(self) -> str:
        """The folder of the model itself."""
        return self.atlas.model_folder(self.model)

    @cached_property
    def classifier(self) -> "Classifier":
        """The network, opened when it has to look."""
        from precompute.inference.reopen import reopen

        request = self.request
        found = reopen(
            self.atlas,
            self.model,
            weights=request.weights,
            onnx=request.onnx,
            device=request.device,
        )
        self.report.say(f"{found.name}: {found.weights}, on {found.device}")
        return found

    def _logits(self, made_from: dict) -> None:
        target, unfinish = self.atlas.file(FOREIGN, self.folder), self.stages.unfinish
        store(target, self.model, self.foreign, made_from, self.report, unfinish)

    def _make_features(self) -> None:
        request = self.request
        if fresh_features(self.atlas, self.model) is None:
            features(
                self.atlas, self.model, self.classifier, self.report, images_dir=request.images_dir,
                batch_size=request.batch_size, workers=request.workers,
            )  # fmt: skip

    @cached_property
    def _has_features(self) -> bool:
        """ViM can be had: features of the atlas's images and of the foreign ones are there."""
        known = fresh_features(self.atlas, self.model) is not None
        return known and read_vectors(self.atlas, FOREIGN, "features", self.folder)[1] is not None

    @property
    def _seen(self) -> tuple[list[str], np.ndarray]:
        """Ids and logits (F, n) float16 of the foreign images."""
        ids, logits = read_vectors(self.atlas, FOREIGN, "logits", self.folder)
        assert logits is not None, "every foreign image has logits"
        return ids, logits

    @cached_property
    def _fit(self) -> np.ndarray:
        return self.atlas.logits(self.model, "fit")[2].astype(np.float64)

    def _dependencies(self, choice: str) -> pd.DataFrame:
        chosen = [("choice", "=", choice)]
        return self.atlas.read(schema.DEPENDENCIES, self.model, filters=chosen)

    def _scores(self, made_from: dict) -> None:
        held_ids, _, held_out = self.atlas.logits(self.model, "holdout")
        ids, foreign = self._seen
        found: dict[tuple[str, str], Values] = {}
        for choice in schema.CHOICES:
            scores = scores_of(
                self._dependencies(choice), self._fit, bool(self.info["center"]), self.request.seed
            )
            known, other = scores(held_out), scores(foreign)
            found |= {
                (choice if name in WITH_EQUATIONS else "", name): (known[name], other[name])
                for name in known
            }
        if self._has_features:
            found |= self._vim(found["", ENERGY])
        parts = [
            pd.DataFrame(
                {
                    "choice": choice,
                    "score": name,
                    "image_id": [*held_ids, *ids],
                    "foreign": np.repeat([False, True], [len(held_ids), len(ids)]),
                    "value": np.concatenate(values),
                }
            )
            for (choice, name), values in sorted(found.items())
        ]
        self.stages.write(SCORES, pd.concat(parts, ignore_index=True), made_from)

    def _vim(self, energy: Values) -> dict[tuple[str, str], Values]:
        known = fresh_features(self.atlas, self.model)
        _, other = read_vectors(self.atlas, FOREIGN, "features", self.folder)
        assert known is not None and other is not None, "there are features"
        known, other = known.astype(np.float64), other.astype(np.float64)
        ids = self.atlas.read(schema.LOGITS, self.model, columns=["image_id"])["image_id"]
        fit = ids.isin(self.atlas.image_ids(self.model, "fit")).to_numpy()
        weights = self._weights(known[fit])
        if weights is None:
            self.report.say(
                f"{self.model}: no ViM, its last layer cannot be told from {fit.sum()} fit images"
            )
            return {}
        vim = VirtualLogit.of(known[fit], self._fit, weights)
        return {("", VIM): (vim(known[~fit], energy[0]), vim(other, energy[1]))}

    def _weights(self, features: np.ndarray) -> np.ndarray | None:
        """Of the last layer: as the atlas keeps them, as they can be told from the fit images, or as the
        network itself shows them."""
        kept = self.atlas.head(self.model)
        told = last_layer(features, self._fit) if kept is None else kept.weights
        if told is not None or self.classifier.head is None:
            return told
        return self.classifier.head.weights

    def _detection(self, made_from: dict) -> None:
        self.stages.write(
            DETECTION, detection_table(self.atlas.read(SCORES, folder=self.folder)), made_from
        )

    def _broken(self, made_from: dict) -> None:
        held_out = self.atlas.logits(self.model, "holdout")[2].astype(np.float64)
        foreign = self._seen[1].astype(np.float64)
        parts = []
        for choice in sorted(schema.CHOICES):
            equations = stored_map(self._dependencies(choice), self._fit.shape[1])
            scale = residual_scale(equations, self._fit)
            parts.append(broken_table(equations, scale, held_out, foreign).assign(choice=choice))
        table = pd.concat(parts, ignore_index=True)
        self.stages.write(BROKEN, table[BROKEN.columns], made_from)

    def _ood(self, made_from: dict) -> None:
        row = {
            "model": self.model,
            "set": self.set,
            "images": self.request.where,
            "weights_sha256": self.info["weights_sha256"],
            "n_foreign": len(self._seen[0]),
            "n_holdout": self.info["n_holdout"],
            "n_fit": len(self._fit),
            "n_components": len(principal_space(self._fit).components),
            "seed": self.request.seed,
        }
        self.stages.write(OOD, pd.DataFrame([row]), made_from)
