"""The maps of several models turned onto each other, and their communities renumbered alike."""

import numpy as np
import pandas as pd
from scipy.linalg import orthogonal_procrustes
from scipy.optimize import linear_sum_assignment


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
