"""An atlas made of random numbers, of any size, that looks like a real one: communities of uneven size."""

import numpy as np
import pandas as pd

SYLLABLES = "ba co di fe gu ha li mo nu pe ra si to vu za".split()


def synthetic_map(n: int, m: int, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Nodes and edges as `atlas_map` wants them: n categories, about m dependencies."""
    rng = np.random.default_rng(seed)
    n_communities = max(4, round(np.sqrt(n) / 3))
    share = 1 / np.arange(1, n_communities + 1) ** 0.6
    community = np.sort(rng.choice(n_communities, size=n, p=share / share.sum()))
    angle = 2.4 * np.arange(n_communities)
    radius = np.sqrt(np.arange(n_communities) / n_communities)
    spread = 0.5 * np.sqrt(np.bincount(community, minlength=n_communities) / n)[community]
    place = np.stack([np.cos(angle), np.sin(angle)], 1)[community] * radius[community, None]
    place += rng.normal(size=(n, 2)) * spread[:, None] * 0.6

    # A few categories are sources of many: popularity falls as 1 / rank within a shuffled order.
    popularity = 1 / (1 + rng.permutation(n)) ** 0.7
    target = rng.integers(n, size=2 * m)
    near = np.clip(
        target + rng.geometric(8 / n, size=2 * m) * rng.choice([-1, 1], size=2 * m), 0, n - 1
    )
    far = rng.choice(n, size=2 * m, p=popularity / popularity.sum())
    source = np.where(rng.random(2 * m) < 0.6, near, far)
    edges = (
        pd.DataFrame({"target": target, "source": source})
        .query("target != source")
        .drop_duplicates()[:m]
    )
    edges["strength"] = rng.gamma(1.2, 0.12, size=len(edges)).astype(np.float32)
    edges["sign"] = rng.choice([1, -1], size=len(edges), p=[0.8, 0.2]).astype(np.int8)
    edges["lambda_ratio"] = rng.random(len(edges)).astype(np.float32)
    edges = edges.astype({"target": np.int32, "source": np.int32})

    nodes = pd.DataFrame({
        "category": np.arange(n, dtype=np.int32),
        "name": [f"{name} {i}" for i, name in enumerate(_words(rng, n))],
        "x": place[:, 0].astype(np.float32),
        "y": place[:, 1].astype(np.float32),
        "community": community.astype(np.int32),
        "n_children": np.bincount(edges["source"], minlength=n).astype(np.int32),
    })  # fmt: skip
    # Of fifty half-samples; of one edge in twenty nobody knows.
    found = rng.binomial(50, rng.beta(3, 1, size=len(edges))) / 50
    unknown = rng.random(len(edges)) < 0.05
    edges["stability"] = np.where(unknown, np.nan, found).astype(np.float32)
    return nodes, edges.reset_index(drop=True)


def _words(rng: np.random.Generator, n: int) -> list[str]:
    return ["".join(rng.choice(SYLLABLES, size=rng.integers(2, 5))) for _ in range(n)]
