"""Whether some dependencies join what people find unrelated: WordNet and names stand in for people.

An edge counts if it is stable in the network, at least SHARED networks have it, neither category is named
in the other, and both are at least as far apart in WordNet as three of four random pairs are, by their own
words and by the company that they keep in the network's equations. The same share of the equations of
shuffled targets is what chance gives.
"""

import numpy as np
import pandas as pd

from precompute.claims import bootstrap
from precompute.claims.trial import Trial, too_few
from precompute.kinship import senses
from precompute.kinship.wordnet_steps import WordNetSteps

STABLE = 0.8  # of the half-samples
SHARED = 3  # networks
WANTED, LITTLE = 0.01, 0.001  # share of all edges of the network


def trial(
    edges: pd.DataFrame,
    shuffled: pd.DataFrame,
    categories: pd.DataFrame,
    n_networks: int,
    n_images: int,
) -> Trial:
    """`edges` are a network's dependencies at one choice (target, source, coefficient, stability, n_models:
    how many networks have it), `shuffled` the same of shuffled targets, without a stability, `categories`
    (name, definition, hypernyms) in logit order, `n_networks` those compared."""
    steps = WordNetSteps(categories)
    far = steps.quartile()
    lacking = _lacking(edges, far, n_networks, n_images)
    if lacking:
        return Trial(untestable=lacking, n_images=n_images)
    stable = edges["stability"] >= STABLE
    counts = _counted(edges, stable, categories, steps, far)
    low, high = bootstrap.over_categories(len(counts), lambda rows: _share(counts[rows]))
    always = pd.Series(True, index=shuffled.index)
    chance = _share(_counted(shuffled, always, categories, steps, far)) if len(shuffled) else 0.0
    return Trial(
        _share(counts), low, high, max(WANTED, 2 * chance), max(LITTLE, chance), n_images,
        len(counts), {"shuffled targets": chance}, ends=(0.0, 1.0),
        remark=f"{int(counts[:, 0].sum())} of {len(edges)} dependencies; {stable.mean():.0%} of all are "
        f"stable. Far means at least {far:.0f} steps in WordNet.",
    )  # fmt: skip


def _counted(
    edges: pd.DataFrame,
    stable: pd.Series,
    categories: pd.DataFrame,
    steps: WordNetSteps,
    far: float,
) -> np.ndarray:
    """(T, 2): of every target, its edges that count, and all of them."""
    rows = edges[stable & (edges["n_models"] >= SHARED)]
    # The company is all of the equation, also what does not count.
    apart = senses.sense(edges.assign(strength=edges["coefficient"].abs()), steps, rows)
    named = senses.named_in_each_other(categories, rows["target"], rows["source"])
    counts = pd.Series(False, index=edges.index)
    counts[rows.index] = (apart >= far) & ~named.to_numpy()
    return counts.groupby(edges["target"]).agg(["sum", "size"]).to_numpy(float)


def _share(counts: np.ndarray) -> float:
    return float(counts[:, 0].sum() / counts[:, 1].sum())


def _lacking(edges: pd.DataFrame, far: float, n_networks: int, n_images: int) -> str:
    if n_networks < SHARED:
        return (
            f"{n_networks} {'network' if n_networks == 1 else 'networks'} of this label set; at least "
            f"{SHARED} are asked for."
        )
    if not np.isfinite(far):
        return "The categories are not in WordNet, which stands in for what people find related."
    if not len(edges) or not edges["stability"].notna().any():
        return "The stability of dependencies was not measured."
    return too_few(n_images, edges["target"].nunique())
