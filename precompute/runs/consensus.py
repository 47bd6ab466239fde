"""What the models of one label set have in common: shared dependencies, beside what chance shares."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa

from precompute.atlas import schema
from precompute.atlas.files import file_digest
from precompute.atlas.progress import Report
from precompute.atlas.schema import CHOICES, Table
from precompute.atlas.stages import Stages
from precompute.atlas.store import Atlas
from precompute.runs.alignment import alignment

STABLE = 0.8  # selected in at least this share of the half-samples


def compare_models(atlas: Atlas, report: Report) -> None:
    """Bring consensus.parquet, chance.parquet and alignment.parquet up to date with the atlas's models.

    Models whose equations are weighted are another reading of a network that is there already: they would
    count it twice, and stay out.
    """
    stages = Stages(atlas, "", report)
    by_set: dict[str, list[str]] = {}
    for model in atlas.plain_models():
        label_set = atlas.read(schema.MODEL, model)["label_set"][0]
        by_set.setdefault(label_set, []).append(model)
    if not by_set:
        return
    own, noise = schema.DEPENDENCIES, schema.CONTROL
    _stage(stages, "consensus", schema.CONSENSUS, [own], by_set, consensus)
    _stage(stages, "chance", schema.CHANCE, [own, noise], by_set, chance)
    _stage(
        stages, "alignment", schema.ALIGNMENT, [schema.CATEGORIES], by_set, alignment,
        unmatched="new numbers",  # makes those stale that have used ones
    )  # fmt: skip


def _stage(
    stages: Stages, name: str, table: Table, sources: list[Table], by_set: dict, make: Callable,
    **method: str,
) -> None:  # fmt: skip
    """`make` one table from some tables of every model, label set by label set. `method` is what else
    the result depends on."""
    atlas = stages.atlas
    made_from = {
        f"{model}: {source.file}": file_digest(atlas.file(source, atlas.model_folder(model)))
        for models in by_set.values()
        for model in models
        for source in sources
    } | method

    def work(made_from: dict) -> None:
        parts = []
        for label_set, models in by_set.items():
            frames = [{model: atlas.read(source, model) for model in models} for source in sources]
            parts.append(make(*frames).assign(label_set=label_set))
        joined = pd.concat(parts, ignore_index=True)[table.columns]
        atlas.write(table, joined, made_from)

    stages.run(name, [table], made_from, work)


def consensus(dependencies: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Every (choice, target, source) of any model's dependencies.parquet, with the models that have it."""
    n_models = len(dependencies)
    parts = [
        _agreement(_of_choice(dependencies, choice), n_models).assign(choice=choice)
        for choice in sorted(CHOICES)
    ]
    return pd.concat(parts, ignore_index=True).assign(n_compared=n_models)


def chance(dependencies: dict[str, pd.DataFrame], control: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """How many dependencies exactly k models share, for every choice and k, beside the equations of
    shuffled targets (control.parquet)."""
    parts = []
    for choice in sorted(CHOICES):
        found = _counts(_of_choice(dependencies, choice), len(dependencies))
        noise = _counts(_of_choice(control, choice), len(dependencies))
        parts.append(
            pd.DataFrame(
                {
                    "choice": choice,
                    "n_models": np.arange(1, len(dependencies) + 1),
                    "n_dependencies": found["all"],
                    "n_shuffled": noise["all"],
                    "n_conflicts": found["conflicts"],
                    "n_conflicts_shuffled": noise["conflicts"],
                    "n_conflicts_refit": found["conflicts_refit"],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _of_choice(tables: dict[str, pd.DataFrame], choice: str) -> pd.DataFrame:
    """The rows of all models for one choice, sorted by target, source and model."""
    columns = ["target", "source", "coefficient", "refit", "stability"]
    parts = []
    for number, (model, frame) in enumerate(sorted(tables.items())):
        rows = frame.loc[frame["choice"] == choice].reindex(columns=columns)
        parts.append(rows.assign(model=model, number=number))
    rows = pd.concat(parts, ignore_index=True)
    return rows.sort_values(["target", "source", "number"], ignore_index=True)


def _agreement(rows: pd.DataFrame, n_models: int) -> pd.DataFrame:
    """The rows of `_of_choice` joined to one for each pair of target and source."""
    first = np.flatnonzero(
        rows[["target", "source"]].ne(rows[["target", "source"]].shift()).any(axis=1)
    )
    edges = np.append(first, len(rows)).astype(np.int32)
    coefficient, refit = rows["coefficient"].to_numpy(), rows["refit"].to_numpy()
    stable = rows["stability"].to_numpy(float) >= STABLE
    total = _sums(edges)
    lists = {
        "models": pa.array(rows["model"].to_numpy(object), pa.string()),
        "coefficients": pa.array(coefficient, pa.float32()),
    }
    return pd.DataFrame(
        {
            "target": rows["target"].to_numpy()[first],
            "source": rows["source"].to_numpy()[first],
            "n_models": np.diff(edges),
            "n_positive": total(coefficient > 0),
            "n_negative": total(coefficient < 0),
            "n_stable": total(stable),
            "n_positive_refit": total(stable & (refit > 0)),
            "n_negative_refit": total(stable & (refit < 0)),
            "mean_coefficient": total(coefficient) / n_models,
        }
        | {name: _lists(edges, values) for name, values in lists.items()}
    )


def _sums(edges: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Sums of values between the edges."""

    def total(values: np.ndarray) -> np.ndarray:
        return np.add.reduceat(values, edges[:-1], dtype=np.result_type(values, np.int64))

    return total


def _lists(edges: np.ndarray, values: pa.Array) -> pd.Series:
    """A column of lists, made without a Python object for each: there may be half a million."""
    joined = pa.ListArray.from_arrays(pa.array(edges), values)
    return pd.Series(joined, dtype=pd.ArrowDtype(joined.type))


def _counts(rows: pd.DataFrame, n_models: int) -> dict[str, np.ndarray]:
    """By number of models, 1 to all: the pairs of target and source, and those with both signs."""
    table = _agreement(rows, n_models)
    conflicts = (table["n_positive"] > 0) & (table["n_negative"] > 0)
    conflicts_refit = (table["n_positive_refit"] > 0) & (table["n_negative_refit"] > 0)
    masks = {"all": conflicts | True, "conflicts": conflicts, "conflicts_refit": conflicts_refit}
    return {
        name: np.bincount(table["n_models"][mask], minlength=n_models + 1)[1:]
        for name, mask in masks.items()
    }
