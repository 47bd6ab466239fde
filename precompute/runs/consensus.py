"""What the models of one label set have in common: shared dependencies, and layouts that match."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.linalg import orthogonal_procrustes
from scipy.optimize import linear_sum_assignment

from precompute.atlas import schema
from precompute.atlas.progress import Report
from precompute.atlas.schema import Table
from precompute.atlas.stages import Stages
from precompute.atlas.store import Atlas, file_digest


def compare_models(atlas: Atlas, report: Report) -> None:
    """Bring consensus.parquet and alignment.parquet up to date with the atlas's models."""
    stages = Stages(atlas, "", report)
    by_set: dict[str, list[str]] = {}
    for model in atlas.models():
        label_set = atlas.read(schema.MODEL, model)["label_set"][0]
        by_set.setdefault(label_set, []).append(model)
    _stage(stages, "consensus", schema.CONSENSUS, schema.DEPENDENCIES, by_set, consensus)
    _stage(
        stages, "alignment", schema.ALIGNMENT, schema.CATEGORIES, by_set, alignment,
        unmatched="new numbers",  # makes those stale that have used ones
    )  # fmt: skip


def _stage(
    stages: Stages, name: str, table: Table, source: Table, by_set: dict, make: Callable,
    **method: str,
) -> None:  # fmt: skip
    """`make` one table from a table of every model, label set by label set. `method` is what else the
    result depends on."""
    atlas = stages.atlas
    made_from = {
        model: file_digest(atlas.file(source, atlas.model_folder(model)))
        for models in by_set.values()
        for model in models
    } | method

    def work(made_from: dict) -> None:
        parts = []
        for label_set, models in by_set.items():
            frames = {model: atlas.read(source, model) for model in models}
            parts.append(make(frames).assign(label_set=label_set))
        joined = pd.concat(parts, ignore_index=True)[table.columns]
        atlas.write(table, joined, made_from)

    stages.run(name, [table], made_from, work)


def consensus(dependencies: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Every (target, source) of any model's dependencies.parquet, with the models that have it."""
    rows = pd.concat(
        [
            frame[["target", "source", "coefficient"]].assign(model=model)
            for model, frame in dependencies.items()
        ]
    ).sort_values(["target", "source", "model"])
    rows["positive"], rows["negative"] = rows["coefficient"] > 0, rows["coefficient"] < 0
    table = rows.groupby(["target", "source"], as_index=False).agg(
        n_models=("model", "size"),
        n_positive=("positive", "sum"),
        n_negative=("negative", "sum"),
        mean_coefficient=("coefficient", "sum"),
        models=("model", list),
        coefficients=("coefficient", list),
    )
    table["mean_coefficient"] /= len(dependencies)
    # Without any row pandas takes lists for text.
    lists = {name: table[name].astype(object) for name in ("models", "coefficients")}
    return table.assign(n_compared=len(dependencies), **lists)


def alignment(categories: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Every model's layout turned, mirrored and shifted onto the first model's (orthogonal Procrustes),
    and its communities renumbered to overlap the first model's most (assignment problem)."""
    first = next(iter(categories.values()))
    parts = []
    for model, table in categories.items():
        places = _onto(table[["x", "y"]].to_numpy(float), first[["x", "y"]].to_numpy(float))
        parts.append(
            pd.DataFrame(
                {
                    "model": model,
                    "category": table["category"],
                    "x": places[:, 0],
                    "y": places[:, 1],
                    "community": renumbered(
                        table["community"].to_numpy(), first["community"].to_numpy()
                    ),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _onto(places: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Turned, mirrored and shifted onto the wanted places; its own size is kept."""
    middle = places.mean(axis=0)
    turn, _ = orthogonal_procrustes(places - middle, wanted - wanted.mean(axis=0))
    return (places - middle) @ turn + wanted.mean(axis=0)


def renumbered(community: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Community numbers (n,) changed so that as many categories as possible keep the wanted number;
    communities without a counterpart get numbers that the wanted ones do not use."""
    n, n_wanted = community.max() + 1, wanted.max() + 1
    overlap = np.zeros((n, n_wanted), dtype=int)
    np.add.at(overlap, (community, wanted), 1)
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    number = np.full(n, -1, dtype=np.int32)
    met = overlap[rows, columns] > 0  # the assignment also pairs off what shares no category
    number[rows[met]] = columns[met]
    alone = number < 0
    number[alone] = n_wanted + np.arange(alone.sum())
    return number[community]
