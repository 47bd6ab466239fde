"""Dependencies cut from a model: fine-tuning -> judgement -> a model of its own -> cut.

Fit images alone are fine-tuned on; held-out and foreign images only judge.
"""

from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from safetensors.torch import save

from precompute.atlas import schema
from precompute.atlas.contract import schema_robustness as tables
from precompute.atlas.files import digest, file_digest, replacing, safe_name
from precompute.atlas.progress import Report
from precompute.atlas.stages import Stages
from precompute.atlas.store import Atlas
from precompute.cutting.checkpoints import CheckpointFile
from precompute.cutting.fine_tuning import FineTuning, Schedule
from precompute.cutting.judgement import Labelled, Seen, pair_table, side_row
from precompute.cutting.networks import FIT, HOLDOUT, Look
from precompute.cutting.pull import Cuts
from precompute.equations.fit import FitOptions
from precompute.errors import UserError
from precompute.inference.reopen import CUT_WEIGHTS
from precompute.runs.cut.foreign import Scored, Side, detection_table, gain_table, scored
from precompute.runs.cut.opening import Opened
from precompute.runs.cut.request import Asked, Options, cut_name
from precompute.runs.cut.source import CutSource
from precompute.runs.model import ModelRun
from precompute.runs.ood.run import ood_folder

REFRESH = 5  # steps between two solutions of the equations inside the penalty
BEFORE = Side("before", 0)


class CutRun:
    """Brings the tables of one cut model up to date, and the model itself.

    Raises UserError for pairs that cannot be cut, and images without labels.
    """

    def __init__(
        self,
        atlas: Atlas,
        opened: Opened,
        asked: Asked,
        options: Options,
        report: Report,
    ):
        self.atlas, self.asked, self.options, self.report = atlas, asked, options, report
        self.classifier, self.network, self.sets = opened.classifier, opened.network, opened.sets
        self.model = self.classifier.name
        self.info = atlas.read(schema.MODEL, self.model).iloc[0].to_dict()
        self.pairs = asked.find(
            atlas.read(schema.DEPENDENCIES, self.model), atlas.read(schema.CATEGORIES, self.model)
        )
        if asked.suspicious and len(self.pairs) < asked.suspicious:
            report.say(f"Only {len(self.pairs)} dependencies are suspicious; all of them are cut")
        self.cuts = Cuts(*(self.pairs[name].to_numpy() for name in ("target", "source", "lambda")))
        self.name = cut_name(self.model, self.pairs, options)
        self.folder = f"cut/{safe_name(self.name)}"
        self.stages = Stages(atlas, self.folder, report, tables.CUT)
        self.labels = {split: atlas.logits(self.model, split)[1] for split in schema.SPLITS}
        if not (self.labels[FIT] >= 0).any():
            raise UserError(
                f"No fit image of {self.model} has a label, and fine-tuning needs them. Run the model "
                "again on images in folders by category."
            )

    def run(self) -> None:
        """Every stage in turn."""
        stages, options = self.stages, self.options
        made = {
            "logits": file_digest(
                self.atlas.file(schema.LOGITS, self.atlas.model_folder(self.model))
            ),
            "split": digest(*self._images[["image_id", "split"]].to_numpy().ravel()),
            "weights": self.classifier.weights_sha256,
            "pairs": digest(*map(str, self.pairs.to_numpy().ravel())),
            "center": bool(self.info["center"]),
        } | options.told
        stages.run("fine-tuning", [tables.TRAINING], made, self._fine_tuning)
        if not self._weights.exists():
            self._save_weights()
        made |= {"training": stages.digest(tables.TRAINING), "tensors": file_digest(self._weights)}
        judged = made | {"sets": {name: self._set_digest(name) for name in self.sets}}
        judgement = [tables.PAIRS, tables.CUT_SIDES, tables.CUT_DETECTION, tables.GAIN]
        stages.run("judgement", judgement, judged, self._judgement)
        made |= {table.file: stages.digest(table) for table in judgement} | {
            "asked": self.asked.words
        }
        self._as_model()
        stages.run("cut", [tables.CUT], made, self._cut)

    def _schedule(self, side: Side) -> Schedule:
        options = self.options
        beta = options.beta if side.side == "after" else 0.0
        return Schedule(
            options.epochs, options.rate, options.batch_size, beta, options.margin, REFRESH, side.seed
        )  # fmt: skip

    def _sides(self) -> list[Side]:
        """Every fine-tuning."""
        return [
            Side(side, seed) for seed in range(self.options.seeds) for side in ("control", "after")
        ]

    def _file(self, side: Side) -> Path:
        return (
            self.atlas.root / self.folder / "fine-tunings" / f"{side.side}-{side.seed}.safetensors"
        )

    @property
    def _weights(self) -> Path:
        return self.atlas.root / self.folder / CUT_WEIGHTS

    def _fine_tuning(self, made_from: dict) -> None:
        self.stages.unfinish()
        self.network.reset()
        before = self.network.look(FIT).logits.astype(np.float64)
        rows = [
            (*side, *row.values())
            for side in self._sides()
            for row in self._fine_tuned(side, before, made_from)
        ]
        self._save_weights()
        table = pd.DataFrame(rows, columns=tables.TRAINING.columns)
        self.stages.write(tables.TRAINING, table, made_from)

    def _fine_tuned(self, side: Side, before: np.ndarray, made_from: dict) -> list[dict]:
        """The epochs of one fine-tuning from `before`, logits (N, n) of the fit images."""
        self.network.reset()
        file = CheckpointFile(self._file(side), made_from | side._asdict())
        tuning = FineTuning(
            self.network.trainable, self.labels[FIT], before, self.cuts, self._schedule(side), file,
            center=self._fit_options.center,
        )  # fmt: skip
        number = self._sides().index(side) + 1
        stage = f"{side.side}, seed {side.seed} ({number} of {2 * self.options.seeds})"

        def tell(done: int, total: int) -> None:
            self.report.progress(stage, done, total)

        return tuning.run(tell)

    def _save_weights(self) -> None:
        """weights.safetensors: the tensors of the first cut network that differ from before."""
        self._become(Side("after", 0))
        changed = {
            name: tensor.cpu().contiguous() for name, tensor in self.network.changed().items()
        }
        with replacing(self._weights) as temporary:
            temporary.write_bytes(save(changed))

    def _become(self, side: Side) -> None:
        """Make the network that of a side."""
        self.network.reset()
        if side == BEFORE:
            return
        path = self._file(side)
        found = CheckpointFile(path, {}).last()
        if found is None:
            raise UserError(f"{path} is gone. Delete {path.parents[1]}, and cut again.")
        self.network.trainable.module.load_state_dict(found.parts["model"])

    def _judgement(self, made_from: dict) -> None:
        pairs, sides = [], []
        found: dict[Side, Scored] = {}
        everyone = [BEFORE, *self._sides()]
        before = None
        for number, side in enumerate(everyone):
            self.report.progress("judgement", number, len(everyone))
            self._become(side)
            looks = {part: self.network.look(part) for part in (FIT, HOLDOUT, *self.sets)}
            seen = self._seen(looks)
            before = before or seen
            table = pair_table(seen, before, self.cuts)
            pairs.append(table.assign(**side._asdict()))
            sides.append(side._asdict() | side_row(seen, before, self.cuts, table))
            found[side] = scored(looks, self.network.head(), seen, self._fit_options.seed)
        self.stages.write(tables.PAIRS, pd.concat(pairs, ignore_index=True), made_from)
        self.stages.write(tables.CUT_SIDES, pd.DataFrame(sides), made_from)
        self.stages.write(tables.CUT_DETECTION, detection_table(found), made_from)
        self.stages.write(tables.GAIN, gain_table(found, self.options.seeds), made_from)
        self.report.progress("judgement", len(everyone), len(everyone))

    def _seen(self, looks: dict[str, Look]) -> Seen:
        fit, holdout = (
            Labelled(looks[split].logits.astype(np.float64), self.labels[split])
            for split in (FIT, HOLDOUT)
        )
        return Seen(fit, holdout, self._fit_options)

    def _cut(self, made_from: dict) -> None:
        options = self.options
        row = {
            "model": self.model,
            "cut_model": self.name,
            "pairs": self.asked.words,
            "weights_sha256": file_digest(self._weights),
            "n_pairs": len(self.pairs),
            "n_targets": self.pairs["target"].nunique(),
            "n_seeds": options.seeds,
            "n_trained": int((self.labels[FIT] >= 0).sum()),
            "n_fit": len(self.labels[FIT]),
            "n_holdout": len(self.labels[HOLDOUT]),
        }
        told = {name: value for name, value in options.told.items() if name in tables.CUT.columns}
        self.stages.write(tables.CUT, pd.DataFrame([row | told]), made_from)

    def _as_model(self) -> None:
        """The first cut network as a model of the atlas, with everything that a model has."""
        self._become(Side("after", 0))
        ids = self._images["image_id"]
        logits = np.empty((len(ids), len(self.classifier.labels)), dtype=np.float16)
        for split in schema.SPLITS:
            logits[ids.isin(set(self.atlas.image_ids(self.model, split)))] = self.network.look(
                split
            ).logits
        head, sha256 = self.network.head(), file_digest(self._weights)
        source = CutSource(self.name, self.classifier, self._images, logits, head, sha256)
        ModelRun(self.atlas, source, self._fit_options, self.report).run()

    @property
    def _fit_options(self) -> FitOptions:
        """Those of the model before."""
        return FitOptions(
            max_parents=int(self.info["max_parents"]), center=bool(self.info["center"]),
            seed=int(self.info["seed"]),
        )  # fmt: skip

    @cached_property
    def _images(self) -> pd.DataFrame:
        """The rows of images.parquet that the model has, in the order of its logits."""
        ids = self.atlas.read(schema.LOGITS, self.model, columns=["image_id"])["image_id"]
        return self.atlas.read(schema.IMAGES).set_index("image_id").loc[ids].reset_index()

    def _set_digest(self, name: str) -> str:
        return file_digest(self.atlas.file(tables.FOREIGN, ood_folder(self.model, name)))
