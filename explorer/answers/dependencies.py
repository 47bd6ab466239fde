"""Questions to one network's tables: pure functions from frames to frames.

The graph, its table twin and every export come from these functions, so that what is shown and
what is saved cannot differ.
"""

import numpy as np
import pandas as pd

from explorer.tables.target_path import TargetPath

EDGE_COLUMNS = ["target", "source", "coefficient"]
STEPS = (32, 16, 8)  # edges that a step of the ego graph shows on each side: it must stay readable
CERTIFIED = 1e-9  # largest relative duality gap that counts as solved exactly


def dependencies(
    categories: pd.DataFrame, table: pd.DataFrame, evaluation: pd.DataFrame
) -> pd.DataFrame:
    """dependencies.parquet with names, `strength` = |coefficient|, its `sign`, the WordNet
    `distance` of both ends (steps over their nearest common hypernym, null where unknown), and of
    the target its `n_parents` and held-out `r2` at the chosen sparsity. Strongest first."""
    names = categories["name"].to_numpy()
    chosen = evaluation[evaluation["chosen"]].drop_duplicates("target").set_index("target")
    edges = table.reset_index(drop=True).copy()
    edges["target_name"] = names[edges["target"]]
    edges["source_name"] = names[edges["source"]]
    edges["strength"] = edges["coefficient"].abs()
    edges["sign"] = np.sign(edges["coefficient"]).astype(np.int8)
    edges["distance"] = _distances(categories, edges["target"], edges["source"])
    edges["n_parents"] = edges["target"].map(categories["n_parents"])
    edges["r2"] = edges["target"].map(chosen["r2"])
    return edges.sort_values("strength", ascending=False, ignore_index=True, kind="stable")


def passing(
    edges: pd.DataFrame,
    *,
    strength: float = 0.0,
    parents: tuple[int, int] | None = None,
    sign: str = "both",
    r2: tuple[float, float] | None = None,
    certificate: str = "any",
    among: np.ndarray | None = None,
) -> np.ndarray:
    """Which edges a filter keeps (m,) bool: |coefficient| of at least `strength`, `sign` positive |
    negative | both; of the target's equation `parents[0]..parents[1]` parents, a held-out R^2 in
    `r2[0]..r2[1]`, `certificate` certified | not certified | any; both ends `among` (n,) bool."""
    keep = edges["strength"].to_numpy() >= strength
    if parents is not None:
        keep &= edges["n_parents"].between(*parents).to_numpy()
    if sign != "both":
        keep &= (edges["coefficient"].to_numpy() > 0) == (sign == "positive")
    if r2 is not None:
        keep &= edges["r2"].between(*r2).to_numpy()
    if certificate != "any":
        certified = edges["duality_gap"].to_numpy() <= CERTIFIED
        keep &= certified == (certificate == "certified")
    if among is not None:
        keep &= among[edges["target"].to_numpy()] & among[edges["source"].to_numpy()]
    return keep


def equation(path: TargetPath | None, position: float, refit: bool = False) -> pd.DataFrame:
    """The equation of a target at a position of its path: target, source, coefficient (what the
    switch chose), largest first. Empty before the first source enters."""
    if path is None:
        return pd.DataFrame({"target": [], "source": [], "coefficient": []}).astype(
            {"target": int, "source": int, "coefficient": float}
        )
    weights = path.coefficients_at(position, refit)
    used = np.flatnonzero(weights)
    used = used[np.argsort(-np.abs(weights[used]), kind="stable")]
    return pd.DataFrame(
        {"target": path.target, "source": path.sources[used], "coefficient": weights[used]}
    )


def ego(
    edges: pd.DataFrame,
    target: int,
    own: pd.DataFrame,
    *,
    depth: int = 1,
    direction: str = "both",
    limits: tuple[int, ...] = STEPS,
) -> pd.DataFrame:
    """The neighbourhood of `target`: target, source, coefficient, `ring` and `found`, nearest ring first.

    `own` is the target's own equation (from `equation`); every other category has its stored one.
    Ring -k holds what the k-th step towards sources found, ring +k the k-th step towards targets.
    `direction` is parents | children | both. A step shows its `limits[k - 1]` strongest edges on each
    side, of the `found` ones that no earlier step has; it goes on from the ends of those.
    """
    stored = edges[EDGE_COLUMNS]
    left = pd.concat([own[EDGE_COLUMNS], stored[stored["target"] != target]], ignore_index=True)
    signs = {"parents": (-1,), "children": (1,), "both": (-1, 1)}[direction]
    known, frontier = ({sign: [target] for sign in signs} for _ in range(2))
    rings = []
    for step, limit in enumerate(limits[:depth], start=1):
        for sign in signs:
            here, there = ("target", "source") if sign < 0 else ("source", "target")
            met = left[left[here].isin(frontier[sign])]
            order = met["coefficient"].abs().sort_values(ascending=False, kind="stable").index
            ring = met.loc[order[:limit]].assign(ring=sign * step, found=len(met))
            left = left.drop(ring.index)
            ends = dict.fromkeys(ring[there].tolist())
            frontier[sign] = [category for category in ends if category not in known[sign]]
            known[sign] += frontier[sign]
            rings.append(ring)
    return pd.concat(rings, ignore_index=True)


def named(edges: pd.DataFrame, categories: pd.DataFrame) -> pd.DataFrame:
    """Edges with the names of both ends in front, for tables and files."""
    names = categories["name"].to_numpy()
    table = edges.drop(columns=["target_name", "source_name"], errors="ignore")
    table.insert(0, "source_name", names[table["source"].astype(int)])
    table.insert(0, "target_name", names[table["target"].astype(int)])
    return table


def strongest(edges: pd.DataFrame, count: int = 50) -> pd.DataFrame:
    """The dependencies with the largest |coefficient|."""
    return edges.nlargest(count, "strength")


def most_surprising(edges: pd.DataFrame, count: int = 50) -> pd.DataFrame:
    """Strong dependencies between categories far apart in WordNet: by strength times distance."""
    known = edges.dropna(subset=["distance"])
    score = known["strength"] * known["distance"]
    return known.assign(score=score).nlargest(count, "score")


def most_depended_on(
    categories: pd.DataFrame, edges: pd.DataFrame, count: int = 50
) -> pd.DataFrame:
    """The categories that most targets use as a source; `n_children` and `n_parents` count in these
    `edges`, and who is no source in them is left out."""
    among = {"n_children": "source", "n_parents": "target"}
    tallies = {
        column: np.bincount(edges[end], minlength=len(categories)) for column, end in among.items()
    }
    found = categories.assign(**tallies).nlargest(count, "n_children")
    return found[found["n_children"] > 0]


def worst_explained(
    categories: pd.DataFrame,
    evaluation: pd.DataFrame,
    count: int = 50,
    *,
    among: np.ndarray | None = None,
) -> pd.DataFrame:
    """The categories whose chosen equation has the lowest held-out R^2; only targets `among`."""
    chosen = evaluation.loc[evaluation["chosen"], ["target", "r2", "holdout_error"]]
    if among is not None:
        chosen = chosen[chosen["target"].isin(among)]
    joined = categories.merge(chosen, left_on="category", right_on="target")
    return joined.drop(columns="target").nsmallest(count, "r2")


def community_names(categories: pd.DataFrame) -> dict[int, str]:
    """A word for every community: the WordNet hypernym that fits it best (highest F1 between having
    the hypernym and being a member), else its most depended-on category. No word is used twice."""
    lines = categories["hypernyms"].map(lambda found: [] if found is None else list(found))
    members = categories["community"].value_counts()
    having: dict[str, int] = {}
    inside: dict[tuple[int, str], int] = {}
    for community, line in zip(categories["community"], lines, strict=True):
        for word in set(line):
            having[word] = having.get(word, 0) + 1
            inside[community, word] = inside.get((community, word), 0) + 1
    score = {
        key: 2 * count / (members[key[0]] + having[key[1]])
        for key, count in inside.items()
        if count > 1
    }
    names: dict[int, str] = {}
    for community, word in sorted(score, key=lambda key: (-score[key], key)):
        if community not in names and word not in names.values():
            names[community] = word
    for community in members.index:
        if community not in names:
            group = categories[categories["community"] == community]
            names[community] = f"around {group.loc[group['n_children'].idxmax(), 'name']}"
    return {int(community): names[community] for community in members.index}


def _distances(categories: pd.DataFrame, targets: pd.Series, sources: pd.Series) -> list[float]:
    lines = [
        {}
        if found is None or not len(found)
        else {w: k for k, w in reversed([*enumerate([name, *found])])}
        for name, found in zip(categories["name"], categories["hypernyms"], strict=True)
    ]
    return [_distance(lines[t], lines[s]) for t, s in zip(targets, sources, strict=True)]


def _distance(one: dict[str, int], other: dict[str, int]) -> float:
    common = [steps + other[word] for word, steps in one.items() if word in other]
    return float(min(common)) if common else float("nan")


LEVELS = (1, 3, 8, 16, 32)


def judged_columns(refit: bool) -> dict[str, str]:
    """Columns of evaluation.parquet that `sparsity_table` needs, and what it calls them."""
    suffix = "_refit" if refit else ""
    return {
        f"holdout_error{suffix}": "error",
        f"r2{suffix}": "r2",
        "control_error": "control_error",
        "control_r2": "control_r2",
    }


def sparsity_table(evaluations: dict[str, pd.DataFrame], refit: bool) -> pd.DataFrame:
    """Medians over targets at each number of parents: model, n_parents, n_targets, error, r2,
    control_error, control_r2. A target whose path jumps over a number counts with the largest
    support below it."""
    columns = judged_columns(refit)
    tables = []
    for model, evaluation in evaluations.items():
        grid = evaluation.set_index(["target", "n_parents"])[list(columns)].rename(columns=columns)
        filled = grid.unstack("n_parents").T.groupby(level=0, group_keys=False).ffill().T
        medians = filled.median().unstack(level=0).reset_index()
        tables.append(medians.assign(model=model, n_targets=len(filled)))
    return pd.concat(tables, ignore_index=True).sort_values(
        ["model", "n_parents"], ignore_index=True
    )


def at_parents(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """One row per model and one column per number in LEVELS of a `sparsity_table` column."""
    rows = table[table["n_parents"].isin(LEVELS)]
    wide = rows.pivot(index="model", columns="n_parents", values=measure)
    wide.columns = [str(k) for k in wide.columns]
    return wide.reset_index()
