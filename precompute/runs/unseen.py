"""Unseen categories: a student scores what it never learned, and is judged on images never fitted.

equations -> calibration -> judgement. The first two see fit images without labels; only the last one
sees held-out images, when nothing is left to choose.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import pandas as pd

from precompute.atlas import schema
from precompute.atlas.contract import schema_unseen as tables
from precompute.atlas.files import digest, safe_name
from precompute.atlas.progress import Report
from precompute.atlas.stages import Stages
from precompute.atlas.store import Atlas
from precompute.equations.batches import Batch, joined_batches, logits_digest, shared_images
from precompute.equations.fit import FitOptions
from precompute.equations.folds import N_FOLDS, dealt_at_random, fold_moments
from precompute.equations.moments import CentredMoments, Moments
from precompute.errors import UserError
from precompute.runs.link import require_model
from precompute.unseen import calibration, score_maps
from precompute.unseen.calibration import Calibration
from precompute.unseen.held_out import held_out, held_out_truth
from precompute.unseen.judgement import judge, parents_needed, summary
from precompute.unseen.map_key import CEILING, RIDGE, MapKey
from precompute.unseen.partition import choose

# Where a path ends. On a thousand fit images a refit of 100 parents already scores like the dense map, and
# going on to 200 or 300 gained nothing beyond the spread between draws.
MAX_PARENTS = 100


def unseen_folder(student: str, teacher: str, draw: str) -> str:
    """Folder of an experiment inside the atlas; `draw` is `Partition.draw`."""
    return f"unseen/{safe_name(student)}--{safe_name(teacher)}--{safe_name(draw)}"


class UnseenRun:
    """Brings the tables of one experiment up to date.

    `categories` is random:K or the name of a file. Raises UserError for an unknown model, one model
    twice, categories that cannot be had, models without common images, or images that cannot judge.
    """

    def __init__(
        self,
        atlas: Atlas,
        student: str,
        teacher: str,
        categories: str,
        options: FitOptions,
        report: Report,
    ):
        for model in (student, teacher):
            require_model(atlas, model)
        if student == teacher:
            raise UserError(f"Student and teacher must be two models; '{student}' was given twice.")
        self.atlas, self.options, self.report = atlas, options, report
        self.student, self.teacher, self.asked = student, teacher, categories
        self.names = {m: atlas.read(schema.CATEGORIES, m) for m in (student, teacher)}
        self.partition = choose(categories, options.seed, self.names[student], self.names[teacher])
        self.folder = unseen_folder(student, teacher, self.partition.draw)
        self.stages = Stages(atlas, self.folder, report, tables.EXPERIMENT)
        self.shared = shared_images(atlas, teacher, student)
        if self.shared["fit"] < 2 * N_FOLDS:
            raise UserError(
                f"{student} and {teacher} share {self.shared['fit']} fit images, at least "
                f"{2 * N_FOLDS} are needed. Run both on more of the same images."
            )
        held_out_truth(atlas, student, teacher, self.partition)  # before anything is replaced

    def run(self) -> None:
        """Every stage in turn."""
        options, part, stages = self.options, self.partition, self.stages
        for side, lacking in (("only_target", self.student), ("only_source", self.teacher)):
            if self.shared[side]:
                self.report.say(f"{self.shared[side]} images are missing in {lacking} and left out")
        made = {
            "logits": [logits_digest(self.atlas, model) for model in (self.student, self.teacher)],
            "seen": digest(*map(str, part.seen)),
            "unseen": digest(*map(str, part.unseen)),
            "max_parents": options.max_parents,
            "min_lambda_ratio": options.min_lambda_ratio,
            "seed": options.seed,
        }
        fitted = (tables.CATEGORIES, tables.DEPENDENCIES, tables.RIDGE)
        stages.run("equations", fitted, made, self._equations)
        made |= {table.file: stages.digest(table) for table in fitted}
        stages.run("calibration", [tables.CALIBRATION], made, self._calibration)
        made |= {tables.CALIBRATION.file: stages.digest(tables.CALIBRATION), "asked": self.asked}
        judged = (tables.PREDICTIONS, tables.RANKING, tables.METRICS, tables.EXPERIMENT)
        stages.run("judgement", judged, made, self._judgement)

    def _equations(self, made_from: dict) -> None:
        part, fit = self.partition, sum(self._folds[1:], self._folds[0]).centred()
        equations = score_maps.level_table(fit, self.options)
        equations["target"] = part.unseen[equations["target"]]
        equations["source"] = part.seen[equations["source"]]
        penalty = score_maps.choose_penalty(self._folds)
        ridge = pd.DataFrame({"target": part.unseen, "penalty": penalty})
        ridge["weights"] = list(score_maps.ridge_map(fit, penalty).T)
        self.stages.write(tables.CATEGORIES, self._category_table(), made_from)
        self.stages.write(tables.DEPENDENCIES, equations, made_from)
        self.stages.write(tables.RIDGE, ridge, made_from)

    def _calibration(self, made_from: dict) -> None:
        """Learns from fit images only, and from no label."""
        whole = sum(self._folds[1:], self._folds[0])
        fitted = []
        for number, fold in enumerate(self._folds):
            self.report.progress(f"{self.student}: calibration", number, len(self._folds))
            fitted.append(self._fit_maps((whole - fold).centred()))
        matches = {
            key: calibration.spread_match(self._folds, [maps[key] for maps in fitted])
            for key in fitted[0]
        }

        def score(number: int, seen: np.ndarray, head: np.ndarray) -> Iterator[np.ndarray]:
            for key, (scale, offset) in matches.items():
                raw = seen @ fitted[number][key]
                yield raw
                yield raw * scale + offset
            if self.partition.has_ceiling:
                yield head

        results = calibration.fit_outcomes(
            self._batches("fit"), self._fold_of_images, self.partition, score
        )
        in_pairs = zip(
            results[::2], results[1::2], strict=False
        )  # the ceiling's is alone, at the end
        chosen = {
            key: calibration.calibrations(raw, scaled, *match)
            for (key, match), (raw, scaled) in zip(matches.items(), in_pairs, strict=True)
        }
        if self.partition.has_ceiling:
            chosen[CEILING] = calibration.stacking(results[-1], len(self.partition.unseen))
        rows = [(*key, *vars(each).values()) for key, kinds in chosen.items() for each in kinds]
        table = pd.DataFrame(rows, columns=tables.CALIBRATION.columns)
        self.stages.write(tables.CALIBRATION, table, made_from)
        self.report.progress(f"{self.student}: calibration", len(self._folds), len(self._folds))

    def _fit_maps(self, fit: CentredMoments) -> dict[MapKey, np.ndarray]:
        table = score_maps.level_table(fit, self.options)
        maps = score_maps.dependency_maps(table, *fit.cross.shape)
        return maps | {RIDGE: score_maps.ridge_map(fit, self._penalty)}

    def _judgement(self, made_from: dict) -> None:
        held = held_out(self.atlas, self.student, self.teacher, self.partition)
        scores = held.scores(self._stored_maps())
        predictions, ranking, metrics = judge(
            held, scores, self._stored_calibrations(), self.partition, self.options.seed
        )
        self.stages.write(tables.PREDICTIONS, predictions, made_from)
        self.stages.write(tables.RANKING, ranking, made_from)
        self.stages.write(tables.METRICS, metrics, made_from)
        row = {
            "student": self.student,
            "teacher": self.teacher,
            "categories": self.asked,
            "seed": self.options.seed,
            "masked": self.partition.has_ceiling,
            "n_seen": len(self.partition.seen),
            "n_unseen": len(self.partition.unseen),
            "n_fit": self.shared["fit"],
            "n_holdout": len(held.image_ids),
            "n_holdout_unseen": int((held.true_unseen >= 0).sum()),
            "max_parents": self.options.max_parents,
            "penalty": self._penalty,
        } | {f"parents_for_{p}": parents_needed(metrics, p / 100) for p in (50, 80, 95)}
        self.stages.write(tables.EXPERIMENT, pd.DataFrame([row]), made_from)
        self.report.say(f"{self.student}: {summary(metrics)}")

    def _stored_maps(self) -> dict[MapKey, np.ndarray]:
        part = self.partition
        table = self.atlas.read(tables.DEPENDENCIES, folder=self.folder)
        table["target"] = np.searchsorted(part.unseen, table["target"])
        table["source"] = np.searchsorted(part.seen, table["source"])
        maps = score_maps.dependency_maps(table, len(part.seen), len(part.unseen))
        ridge = self.atlas.read(tables.RIDGE, folder=self.folder)
        return maps | {RIDGE: np.stack(ridge["weights"].to_list(), axis=1)}

    def _stored_calibrations(self) -> dict[MapKey, list[Calibration]]:
        rows = self.atlas.read(tables.CALIBRATION, folder=self.folder)
        chosen: dict[MapKey, list[Calibration]] = {}
        for row in rows.itertuples():
            n_parents = None if pd.isna(row.n_parents) else int(row.n_parents)
            key = MapKey(row.method, n_parents, row.refit)
            found = Calibration(row.calibration, row.gamma, row.scale, row.offset)
            chosen.setdefault(key, []).append(found)
        return chosen

    def _category_table(self) -> pd.DataFrame:
        part = self.partition
        seen = (
            self.names[self.student]
            .loc[part.seen, ["name", "synset"]]
            .assign(seen=True, student_category=part.seen, teacher_category=part.seen_in_teacher)
        )
        unseen = (
            self.names[self.teacher]
            .loc[part.unseen, ["name", "synset"]]
            .assign(
                seen=False, student_category=part.unseen_in_student, teacher_category=part.unseen
            )
        )
        table = pd.concat([seen, unseen], ignore_index=True)
        for column in ("student_category", "teacher_category"):
            table[column] = table[column].where(table[column] >= 0)
        return table

    def _batches(self, split: str) -> Iterator[Batch]:
        return joined_batches(self.atlas, self.teacher, self.student, split)

    @cached_property
    def _fold_of_images(self) -> np.ndarray:
        return dealt_at_random(self.shared["fit"], self.options.seed)

    @cached_property
    def _folds(self) -> list[Moments]:
        batches = calibration.between(self._batches("fit"), self.partition)
        return fold_moments(batches, self._fold_of_images)

    @cached_property
    def _penalty(self) -> float:
        return float(self.atlas.read(tables.RIDGE, folder=self.folder)["penalty"][0])
