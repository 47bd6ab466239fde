"""From trials to verdicts: all tests of an atlas are counted before any of them is judged."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from precompute.claims.catalogue import BY_ID, CLAIMS
from precompute.claims.claim import FAILS, HOLDS, PARTLY, UNTESTABLE
from precompute.claims.trial import Trial


@dataclass(frozen=True)
class Subject:
    """Whom a claim is tried on: a network, an ordered pair of them, or (no name) the whole atlas."""

    claim: str
    model: str | None = None  # the network, or the target, or the student
    source: str | None = None  # of a pair: the source, or the teacher; of a cut network: its name


def verdicts(trials: dict[Subject, Trial]) -> pd.DataFrame:
    """claims.parquet: a row per subject, in the order of the claims."""
    n_tests = sum(trial.n_tests for trial in trials.values())
    order = {claim.id: rank for rank, claim in enumerate(CLAIMS)}
    subjects = sorted(trials, key=lambda s: (order[s.claim], s.model or "", s.source or ""))
    return pd.DataFrame([_row(subject, trials[subject], n_tests) for subject in subjects])


def _row(subject: Subject, trial: Trial, n_tests: int) -> dict:
    claim = BY_ID[subject.claim]
    judged = trial.judged(n_tests, claim.statistic, claim.form)
    numbers = {
        "value": judged.value,
        "low": judged.low,
        "high": judged.high,
        "low_alone": trial.low,
        "high_alone": trial.high,
        "full": trial.full,
        "some": trial.some,
    }
    return {
        "claim": subject.claim,
        "model": subject.model,
        "source": subject.source,
        "verdict": judged.verdict,
        "why": judged.why,
        **{name: value if np.isfinite(value) else None for name, value in numbers.items()},
        "n_images": trial.n_images,
        "n_categories": trial.n_categories,
        "yardsticks": json.dumps(trial.yardsticks),
        "n_tests": trial.n_tests,
        "n_tests_in_all": n_tests,
    }


def together(found: Iterable[str]) -> str:
    """One verdict over several: holds (does not hold) where all that can be tested do; partly between."""
    told = {verdict for verdict in found if verdict != UNTESTABLE}
    if not told:
        return UNTESTABLE
    return HOLDS if told == {HOLDS} else FAILS if told == {FAILS} else PARTLY
