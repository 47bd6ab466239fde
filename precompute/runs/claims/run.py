"""claims.parquet of an atlas: every claim on every network, link and experiment, and then the verdicts.

The rules are those of `precompute.claims`; here is only what they are given.
"""

from collections.abc import Iterator

import pandas as pd

from precompute.atlas import claim_files, schema
from precompute.atlas.contract import schema_robustness, schema_unseen
from precompute.atlas.contract.schema_claims import CLAIMS
from precompute.atlas.files import digest
from precompute.atlas.progress import Report
from precompute.atlas.stages import Stages
from precompute.atlas.store import Atlas
from precompute.claims.catalogue import CLAIMS as CATALOGUE
from precompute.claims.rules import architectures, cutting, prediction, unseen_scores
from precompute.claims.rules.prediction import MedianR2
from precompute.claims.table import Subject, verdicts
from precompute.claims.trial import Trial
from precompute.runs.claims.link import link_median
from precompute.runs.claims.network import NetworkOnTrial, Shared

MISSING = {
    "between": "No link between two networks that are on trial: run python -m precompute link --all.",
    "unseen": "No experiment: run python -m precompute unseen STUDENT TEACHER --categories random:100.",
    "cutting": "The atlas has no network whose dependencies were cut, beside a control that was not: run "
    "python -m precompute cut MODEL --suspicious 20.",
}


def judge_claims(atlas: Atlas, report: Report) -> pd.DataFrame:
    """Bring claims.parquet up to date with the atlas and return it. Raises UserError for an outdated
    table."""
    stages = Stages(atlas, "", report)
    made_from = {
        "files": claim_files.digests(atlas),
        "rules": digest(*(claim.rule for claim in CATALOGUE)),
    }

    def work(made_from: dict) -> None:
        atlas.write(CLAIMS, verdicts(Trials(atlas, report).all()), made_from)

    stages.run("claims", [CLAIMS], made_from, work)
    return atlas.read(CLAIMS)


class Trials:
    """Every claim on every subject of an atlas."""

    def __init__(self, atlas: Atlas, report: Report):
        self.atlas, self.report = atlas, report
        # The paper does not speak of networks that were changed on purpose.
        self.networks = {name: NetworkOnTrial(atlas, name) for name in atlas.plain_models()}

    def all(self) -> dict[Subject, Trial]:
        """The trials. A claim without any subject has one about the whole atlas, which says why."""
        found = self._within_networks() | self._between_networks() | self._unseen() | self._cut()
        for claim in CATALOGUE:
            if not any(subject.claim == claim.id for subject in found):
                why = MISSING.get(claim.id, "The atlas has no network that is on trial.")
                found[Subject(claim.id)] = Trial(untestable=why)
        return found

    def _within_networks(self) -> dict[Subject, Trial]:
        found: dict[Subject, Trial] = {}
        label_sets = {network.info["label_set"] for network in self.networks.values()}
        shared = {name: Shared.of(self.networks.values(), name) for name in label_sets}
        for done, network in enumerate(self.networks.values()):
            self.report.progress("networks on trial", done, len(self.networks))
            trials = network.trials(shared[network.info["label_set"]])
            found |= {Subject(claim, network.name): trial for claim, trial in trials.items()}
        return found

    def _between_networks(self) -> dict[Subject, Trial]:
        found: dict[Subject, Trial] = {}
        medians: dict[tuple[str, str], MedianR2] = {}
        links = [
            (row["target_model"], row["source_model"], folder)
            for folder, row in finished(self.atlas, "links", schema.LINK)
            if {row["target_model"], row["source_model"]} <= self.networks.keys()
        ]
        for done, (target, source, folder) in enumerate(links):
            self.report.progress("links on trial", done, len(links))
            ends = self.networks[target], self.networks[source]
            medians[target, source], beside = link_median(self.atlas, folder, *ends)
            trial = prediction.trial(medians[target, source], beside)
            found[Subject("between", target, source)] = trial
        families = {name: network.family for name, network in self.networks.items()}
        return found | {Subject("architectures"): architectures.trial(medians, families)}

    def _unseen(self) -> dict[Subject, Trial]:
        draws: dict[tuple[str, str], list] = {}
        for folder, row in finished(self.atlas, "unseen", schema_unseen.EXPERIMENT):
            pair = row["student"], row["teacher"]
            if set(pair) <= self.networks.keys():
                metrics = self.atlas.read(schema_unseen.METRICS, folder=folder)
                draws.setdefault(pair, []).append((int(row["n_holdout_unseen"]), metrics))
        return {
            Subject("unseen", *pair): unseen_scores.trial(found) for pair, found in draws.items()
        }

    def _cut(self) -> dict[Subject, Trial]:
        found = {}
        for folder, row in finished(self.atlas, "cut", schema_robustness.CUT):
            tables = [
                self.atlas.read(table, folder=folder)
                for table in (
                    schema_robustness.CUT_SIDES,
                    schema_robustness.GAIN,
                    schema_robustness.CUT_DETECTION,
                )
            ]
            found[Subject("cutting", row["model"], row["cut_model"])] = cutting.trial(row, *tables)
        return found


def finished(atlas: Atlas, kind: str, last: schema.Table) -> Iterator[tuple[str, dict]]:
    """Folder and only row of the `last` table of every finished link, experiment or cut."""
    for file in sorted(atlas.root.glob(f"{kind}/*/{last.file}")):
        folder = f"{kind}/{file.parent.name}"
        yield folder, atlas.read(last, folder=folder).iloc[0].to_dict()
