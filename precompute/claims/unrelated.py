"""Whether some dependencies join what people find unrelated: WordNet stands in for people.

An edge counts if it is stable in the network, at least SHARED networks have it, and its two categories are
as far apart in WordNet as two drawn at random usually are. The same share of the equations of shuffled
targets is what chance gives.
"""

import numpy as np
import pandas as pd

from precompute.claims import bootstrap
from precompute.claims.trial import Trial, too_few

STABLE = 0.8  # of the half-samples
SHARED = 3  # networks
WANTED, LITTLE = 0.01, 0.001  # share of all edges of the network
N_RANDOM = 2000  # pairs of categories that say how far two usually are apart


def trial(
    edges: pd.DataFrame,
    shuffled: pd.DataFrame,
    lines: list[list[str]],
    n_networks: int,
    n_images: int,
) -> Trial:
    """`edges` are a network's dependencies at one choice (target, source, stability, n_models: how many
    networks have it), `shuffled` the same of shuffled targets (target, source, n_models), `lines` (n,)
    each category's name and its hypernyms from near to far, `n_networks` those compared."""
    lacking = _lacking(edges, lines, n_networks, n_images)
    if lacking:
        return Trial(untestable=lacking, n_images=n_images)
    far = far_apart(lines)
    counts = _counted(edges, lines, far, edges["stability"] >= STABLE)
    low, high = bootstrap.over_categories(len(counts), lambda rows: _share(counts[rows]))
    chance = _share(_counted(shuffled, lines, far, True)) if len(shuffled) else 0.0
    stable = float((edges["stability"] >= STABLE).mean())
    return Trial(
        _share(counts), low, high, max(WANTED, 2 * chance), max(LITTLE, chance), n_images,
        len(counts), {"shuffled targets": chance}, ends=(0.0, 1.0),
        remark=f"{int(counts[:, 0].sum())} of {len(edges)} dependencies; {stable:.0%} of all are stable. "
        f"Far means {far:.0f} steps in WordNet at least.",
    )  # fmt: skip


def far_apart(lines: list[list[str]]) -> float:
    """Median distance of two different categories drawn at random."""
    rng = np.random.default_rng(bootstrap.SEED)
    a = rng.integers(len(lines), size=N_RANDOM)
    b = (a + rng.integers(1, len(lines), size=N_RANDOM)) % len(lines)
    return float(np.nanmedian(distances(lines, a, b)))


def distances(lines: list[list[str]], a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Steps from category `a[k]` to `b[k]` over their nearest common WordNet word; NaN without any."""
    steps = [{word: k for k, word in reversed(list(enumerate(line)))} for line in lines]
    return np.array([_distance(steps[i], steps[j]) for i, j in zip(a, b, strict=True)])


def _distance(one: dict[str, int], other: dict[str, int]) -> float:
    common = [k + other[word] for word, k in one.items() if word in other]
    return float(min(common)) if common else float("nan")


def _counted(edges: pd.DataFrame, lines, far: float, stable) -> np.ndarray:
    """(T, 2): of every target, its edges that count, and all of them."""
    apart = distances(lines, edges["target"].to_numpy(), edges["source"].to_numpy())
    counts = (apart >= far) & (edges["n_models"] >= SHARED) & stable
    by_target = counts.groupby(edges["target"]).agg(["sum", "size"])
    return by_target.to_numpy(float)


def _share(counts: np.ndarray) -> float:
    return float(counts[:, 0].sum() / counts[:, 1].sum())


def _lacking(edges: pd.DataFrame, lines: list[list[str]], n_networks: int, n_images: int) -> str:
    if n_networks < SHARED:
        return (
            f"{n_networks} {'network' if n_networks == 1 else 'networks'} of this label set; at least "
            f"{SHARED} are asked for."
        )
    if not any(len(line) > 1 for line in lines):
        return "The categories are not in WordNet, which stands in for what people find related."
    if not len(edges) or not edges["stability"].notna().any():
        return "The stability of dependencies was not measured."
    return too_few(n_images, edges["target"].nunique())
