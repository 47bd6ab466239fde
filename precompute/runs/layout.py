"""Where each category lies on the map, and which community it belongs to.

The layout is decoration: near means tied by strong coefficients, directly or through others, and
nothing else. Both are seeded, so an atlas looks the same every time it is made, on any number of cores.
"""

import numpy as np
import pandas as pd
from joblib import cpu_count
from scipy.sparse import coo_array, csr_array, csr_matrix, diags_array
from scipy.sparse.csgraph import connected_components
from threadpoolctl import threadpool_limits

TINY = 8  # categories: a component of fewer stands in a circle
MANY = 15_000  # categories: from here on forces by FFT are faster than by a tree
GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


def tie_strengths(dependencies: pd.DataFrame, n: int) -> coo_array:
    """Symmetric (n, n) weights |coefficient| of both directions of each pair, without self-ties.

    Of 12 bits: t-SNE makes of a difference in the last place another map."""
    i, j = dependencies["target"].to_numpy(), dependencies["source"].to_numpy()
    weight = np.abs(dependencies["coefficient"].to_numpy(np.float64))
    both = coo_array((np.r_[weight, weight], (np.r_[i, j], np.r_[j, i])), shape=(n, n))
    both.sum_duplicates()
    fraction, exponent = np.frexp(both.data)
    both.data = np.ldexp(np.round(fraction * 2**12), exponent - 12)
    return both


def communities(ties: coo_array, seed: int = 0) -> np.ndarray:
    """Louvain community of each category (n,), numbered by falling size; untied ones come last.

    scikit-network's: the modularity of networkx' to a hundredth, in a twentieth of its time.
    """
    from sknetwork.clustering import Louvain

    if not ties.nnz:
        return np.arange(ties.shape[0], dtype=np.int32)
    louvain = Louvain(shuffle_nodes=True, random_state=seed)
    found = louvain.fit_predict(csr_matrix(ties))
    _, first, label, size = np.unique(
        found, return_index=True, return_inverse=True, return_counts=True
    )
    number = np.empty(len(size), dtype=np.int32)
    number[np.lexsort((first, -size))] = np.arange(len(size))
    return number[label]


def layout(ties: coo_array, seed: int = 0) -> np.ndarray:
    """Positions (n, 2), centred, most of them within -1..1, by t-SNE on the ties.

    Nothing holds categories together that no chain of ties connects: each connected component has a map of
    its own, on a disc as large as its share of the categories, and the discs lie around the largest one.
    """
    n_parts, part = connected_components(ties, directed=False)
    sizes = np.bincount(part, minlength=n_parts)
    order = np.argsort(-sizes, kind="stable")
    centres = np.empty((n_parts, 2))
    centres[order] = _spiral(sizes[order])
    at = centres[part]
    rows = csr_array(ties)
    members = np.split(np.argsort(part, kind="stable"), np.cumsum(sizes)[:-1])
    for some in members:
        if len(some) > 1:
            at[some] += np.sqrt(len(some)) * _one_map(rows[some][:, some], seed)
    at -= at.mean(axis=0)
    # The 98th percentile, so that one far category does not press all others together.
    return (at / max(float(np.quantile(np.abs(at), 0.98)), 1e-9)).astype(np.float32)


def _spiral(sizes: np.ndarray) -> np.ndarray:
    """Centres (n_parts, 2) of discs of these areas over pi, in falling order, as in a sunflower."""
    before = np.cumsum(sizes) - sizes
    distance = np.where(before > 0, np.sqrt(1.6 * before) + np.sqrt(sizes), 0.0)
    angle = GOLDEN_ANGLE * np.arange(len(sizes))
    return distance[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])


def _one_map(ties: csr_array, seed: int) -> np.ndarray:
    """Positions (n, 2) of categories that all hang together, on about the disc of radius 1."""
    n = ties.shape[0]
    if n < TINY:
        angle = 2 * np.pi * np.arange(n) / n
        return np.column_stack([np.cos(angle), np.sin(angle)]) / 2
    at = _tsne(ties, seed)
    at -= at.mean(axis=0)
    return at / np.quantile(np.linalg.norm(at, axis=1), 0.98)


def _tsne(ties: csr_array, seed: int) -> np.ndarray:
    """Positions (n, 2) by t-SNE (openTSNE; van der Maaten and Hinton 2008, by FFT: Linderman et al. 2019).

    A category's ties are its neighbours' probabilities. From a smooth start 250 steps are enough: 750, the
    usual number, keep no more neighbours on any network that was tried. The first hundred pull four times
    as hard, which leaves communities whole.
    """
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PrecomputedAffinities

    n = ties.shape[0]
    chances = csr_array(diags_array(1 / ties.sum(axis=1)) @ ties)
    near = PrecomputedAffinities(csr_matrix(chances + chances.T))
    forces = (
        {"negative_gradient_method": "bh", "theta": 0.8, "n_jobs": 1}
        if n < MANY
        else {"negative_gradient_method": "fft", "n_jobs": cpu_count()}
    )
    # BLAS on several threads rounds in another order, and t-SNE makes another picture of that.
    with threadpool_limits(1, user_api="blas"):
        at = TSNEEmbedding(_smooth_start(chances, seed), near, random_state=seed, **forces)
        at = at.optimize(100, exaggeration=4, momentum=0.5).optimize(150, momentum=0.8)
    return np.asarray(at, dtype=np.float64)


def _smooth_start(chances: csr_array, seed: int) -> np.ndarray:
    """Two noises (n, 2), averaged over neighbours again and again: nearly the eigenmaps of the graph, which
    a solver of eigenvectors does not find on every graph."""
    at = np.random.default_rng(seed).normal(size=(chances.shape[0], 2))
    for _ in range(100):
        at = (at + chances @ at) / 2
        at, _ = np.linalg.qr(at - at.mean(axis=0))
    return 1e-4 * at / at.std(axis=0)
