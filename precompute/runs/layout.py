"""Where each category lies on the map, and which community it belongs to.

The layout is decoration: near means tied by strong coefficients, directly or through others, and
nothing else. Both are seeded, so an atlas looks the same every time it is made.
"""

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse import coo_array


def tie_strengths(dependencies: pd.DataFrame, n: int) -> coo_array:
    """Symmetric (n, n) weights |coefficient| of both directions of each pair, without self-ties."""
    i, j = dependencies["target"].to_numpy(), dependencies["source"].to_numpy()
    weight = np.abs(dependencies["coefficient"].to_numpy(np.float64))
    both = coo_array((np.r_[weight, weight], (np.r_[i, j], np.r_[j, i])), shape=(n, n))
    both.sum_duplicates()
    return both


def communities(ties: coo_array, seed: int = 0) -> np.ndarray:
    """Louvain community of each category (n,), numbered by falling size; untied ones come last."""
    graph = nx.Graph()
    graph.add_nodes_from(range(ties.shape[0]))
    upper = ties.row < ties.col
    graph.add_weighted_edges_from(
        zip(
            ties.row[upper].tolist(),
            ties.col[upper].tolist(),
            ties.data[upper].tolist(),
            strict=True,
        )
    )
    found = nx.community.louvain_communities(graph, weight="weight", seed=seed)
    label = np.empty(ties.shape[0], dtype=np.int32)
    for number, members in enumerate(sorted(found, key=lambda group: (-len(group), min(group)))):
        label[list(members)] = number
    return label


def layout(ties: coo_array, seed: int = 0, iterations: int = 150) -> np.ndarray:
    """Positions (n, 2), centred, most of them within -1..1, by ForceAtlas2.

    Exact forces (Jacomy et al., PLoS ONE 2014): attraction weight * distance, repulsion
    (degree_i + 1)(degree_j + 1) / distance, gravity towards the centre, and a step that shrinks where
    a node swings. Ours because it was measured: 0.5 s at 1,000 nodes, where igraph's DrL, another method,
    takes 2.3 s, and networkx twenty times as long for this one.
    """
    from precompute.runs.repulsion import repulsion

    n = ties.shape[0]
    rng = np.random.default_rng(seed)
    at = rng.normal(size=(n, 2)).astype(np.float32)
    if n < 2:
        return np.zeros((n, 2), dtype=np.float32)
    attraction = ties.tocsr().astype(np.float32)
    strength = np.asarray(attraction.sum(axis=1), dtype=np.float32)
    attraction = attraction * np.float32(1.0 / max(strength.mean(), 1e-9))
    strength = np.asarray(attraction.sum(axis=1), dtype=np.float32)[:, None]
    mass = 1.0 + np.bincount(ties.row, minlength=n).astype(np.float32)
    mass /= mass.mean()
    before, speed = np.zeros_like(at), 0.1
    for _ in range(iterations):
        force = attraction @ at - strength * at + repulsion(at, mass) - 0.05 * mass[:, None] * at
        swing = mass * np.linalg.norm(force - before, axis=1)
        traction = mass * np.linalg.norm(force + before, axis=1) / 2
        target = float(traction.sum() / max(swing.sum(), 1e-9))
        speed += min(target - speed, 0.5 * speed)
        at = at + force * (speed / (1.0 + np.sqrt(speed * swing)))[:, None]
        before = force
    at = at - at.mean(axis=0)
    # The 98th percentile, so that one far category does not press all others together.
    return at / max(float(np.quantile(np.abs(at), 0.98)), 1e-9)
