"""An atlas of random numbers as large as ImageNet-21k's: `python tests/benchmarks/large_atlas.py FOLDER`.

Every table has the size and the shape that a real run of 21,841 categories would have (32 parents on every
path: 11.5 million path rows); what the numbers say is nothing. Only the map is worth a look: half of all
sources are of the target's family of twenty, three of ten of its clan of 360, the others from anywhere, and
the layout is that of a real run.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
import pandas as pd
import pyarrow as pa

from precompute.atlas import schema
from precompute.atlas.store import Atlas
from precompute.runs.layout import communities, layout, tie_strengths
from tests.support.synthetic_map import synthetic_map

CATEGORIES, DEPENDENCIES, PARENTS, IMAGES = 21_841, 100_000, 32, 300
MODEL = "synthetic-21k"
FAMILY, CLAN = 20, 360  # categories
PERCENTS = (10, 25, 50, 75, 90)
WORDS = "animal plant tool vehicle food garment building instrument furniture person".split()


def write_large_atlas(
    root: Path,
    n: int = CATEGORIES,
    m: int = DEPENDENCIES,
    parents: int = PARENTS,
    n_images: int = IMAGES,
    seed: int = 0,
) -> Atlas:
    """n categories, about m dependencies at the choice few, `parents` knots on every path, n_images
    images."""
    rng = np.random.default_rng(seed)
    atlas, folder, made = Atlas(root), Atlas.model_folder(MODEL), {"synthetic": [n, m, seed]}
    sizes = {
        "few": np.clip(rng.poisson(m / n, n), 1, parents),
        "readable": np.full(n, min(schema.READABLE, parents)),
        "best": np.full(n, parents),
    }
    sources = _sources(rng, n, parents)
    dependencies = _dependencies(rng, sizes, sources)
    readable = dependencies[dependencies["choice"] == "readable"]
    tables = {
        schema.CATEGORIES: _categories(rng, readable, n),
        schema.PATH: _path(rng, sources),
        schema.DEPENDENCIES: dependencies,
        schema.CONTROL: dependencies[schema.CONTROL.columns],
        schema.SPECTRUM: _spectrum(n, n_images),
        schema.SUPPORT: _support(parents),
        schema.COMPLIANCE: _compliance(rng, readable),
        schema.SURVIVAL: _survival(rng, n),
        schema.LEARNING: pd.DataFrame(
            {"n_fit": [25, 50, 100], "n_draws": [4, 2, 1], "r2_refit": [0.4, 0.5, 0.55]}
        ),
        schema.EVALUATION: _evaluation(rng, n, parents, sizes),
        schema.LOGITS: _logits(rng, n, n_images),
        schema.MODEL: _model(n, parents, n_images),
    }
    images = {
        "image_id": [f"image-{k}" for k in range(n_images)],
        "split": np.where(np.arange(n_images) % 3 == 0, "fit", "holdout"),
        "class_name": None, "path": None,
    }  # fmt: skip
    atlas.write(schema.IMAGES, pd.DataFrame(images), made)
    for table, rows in tables.items():
        atlas.write(table, rows, made, folder)
    return atlas


def _sources(rng: np.random.Generator, n: int, parents: int) -> np.ndarray:
    """(n, parents) distinct categories, none of them the target's own: each from the target's family, from
    its clan or from anywhere; who draws too many twice takes what comes next in the order."""
    target = np.arange(n)[:, None]
    reach = rng.choice([min(FAMILY, n), min(CLAN, n), n], size=(n, 2 * parents), p=[0.5, 0.3, 0.2])
    start = np.minimum(target // reach * reach, n - reach)
    drawn = start + (rng.random(reach.shape) * reach).astype(int)
    candidates = np.hstack([drawn, (target + 1 + np.arange(2 * parents)) % n])
    rows = [[s for s in dict.fromkeys(row) if s != k] for k, row in enumerate(candidates.tolist())]
    return np.array([row[:parents] for row in rows])


def _categories(rng: np.random.Generator, readable: pd.DataFrame, n: int) -> pd.DataFrame:
    nodes, _ = synthetic_map(n, 0)
    ties = tie_strengths(readable, n)
    places, community = layout(ties), communities(ties)
    lines = [[f"{WORDS[c % 10]} {c}", WORDS[c % 10], "entity"] for c in community]
    return nodes.assign(
        x=places[:, 0], y=places[:, 1], community=community,
        synset=[f"n{k:08d}" for k in range(n)],
        definition=[f"{line[1]} of the kind {line[0]}" for line in lines],
        hypernyms=lines,
        mean=0.0, sd=1.0, power=rng.uniform(1, 30, n), floor=None,
    )  # fmt: skip


def _path(rng: np.random.Generator, sources: np.ndarray) -> pd.DataFrame:
    """Knot k holds the first k sources; their coefficients grow in a straight line from entry."""
    n, parents = sources.shape
    knot = np.concatenate([[0], np.repeat(np.arange(1, parents + 1), np.arange(1, parents + 1))])
    place = np.concatenate([[0], *(np.arange(k) for k in range(1, parents + 1))])
    size = rng.normal(0.3, 0.2, size=(n, parents))
    growth = (knot - place) / parents * (knot > 0)
    coefficient = (size[:, place] * growth).ravel()
    return pd.DataFrame({
        "target": np.repeat(np.arange(n, dtype=np.int32), len(knot)),
        "knot": np.tile(knot.astype(np.int32), n),
        "lambda": np.tile(1.0 - knot / (parents + 1), n),
        "source": sources[:, place].ravel().astype(np.int32),
        "coefficient": coefficient,
        "refit": coefficient.astype(np.float32),
    })  # fmt: skip


def _dependencies(
    rng: np.random.Generator, sizes: dict[str, np.ndarray], sources: np.ndarray
) -> pd.DataFrame:
    parts = []
    for choice in sorted(sizes):
        target, place = np.nonzero(np.arange(sources.shape[1]) < sizes[choice][:, None])
        coefficient = rng.normal(0.2, 0.2, size=len(target))
        parts.append(pd.DataFrame({
            "choice": choice, "target": target, "source": sources[target, place],
            "coefficient": coefficient, "refit": coefficient, "intercept": 0.0, "intercept_refit": 0.0,
            "lambda": 1.0 - sizes[choice][target] / (sources.shape[1] + 1),
            "relative_error": 0.5, "duality_gap": 1e-15,
            "stability": rng.integers(51, size=len(target)) / 50, "n_half_samples": 50,
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _evaluation(
    rng: np.random.Generator, n: int, parents: int, sizes: dict[str, np.ndarray]
) -> pd.DataFrame:
    size = np.tile(np.arange(1, parents + 1), n)
    rows = {
        "target": np.repeat(np.arange(n), parents),
        "n_parents": size,
        "lambda": 1.0 - size / (parents + 1),
        **{choice: size == np.repeat(own, parents) for choice, own in sizes.items()},
        "stopped": np.repeat(rng.random(n) < 0.5, parents),
        "reference": "label",
    }
    numbers = [name for name in schema.EVALUATION.columns if name not in rows]
    return pd.DataFrame(rows | {name: rng.random(n * parents) for name in numbers})


def _logits(rng: np.random.Generator, n: int, n_images: int) -> pd.DataFrame:
    logits = rng.normal(size=(n_images, n)).astype(np.float16)
    ids = [f"image-{k}" for k in range(n_images)]
    return pd.DataFrame({
        "image_id": ids, "label": rng.integers(n, size=n_images), "logits": list(logits),
    })  # fmt: skip


def _spectrum(n: int, n_images: int) -> pd.DataFrame:
    rank = np.arange(1, n + 1)
    value = np.where(rank <= n_images // 3, n / rank**1.5, 0.0)
    return pd.DataFrame({
        "rank": rank, "eigenvalue": value, "without": None, "n_images": n_images // 3, "edge": 1e-6,
    })  # fmt: skip


def _support(parents: int) -> pd.DataFrame:
    ratio = np.geomspace(1, 0.01, 40)
    sizes = {f"n_parents_{percent}": parents * percent / 100 * (1 - ratio) for percent in PERCENTS}
    return pd.DataFrame({"ratio": ratio, **sizes, "stopped": 0.5 * (1 - ratio)})


def _compliance(rng: np.random.Generator, readable: pd.DataFrame) -> pd.DataFrame:
    """Own parents, and as many of the targets in another order."""
    own = readable[["target", "source", "coefficient"]].reset_index(drop=True)
    dealt = own.assign(target=rng.permutation(own["target"].to_numpy()))
    table = pd.concat([own.assign(control=False), dealt.assign(control=True)], ignore_index=True)
    for measure in ("confusion", "head_cosine", "wordnet"):
        table[measure] = rng.random(len(table))
        table[f"{measure}_rank"] = rng.random(len(table)) ** np.where(table["control"], 1, 0.5)
    steps = rng.integers(1, 15, size=len(table))
    return table.assign(wordnet=-steps.astype(float), n_images=1, reference="label")


def _survival(rng: np.random.Generator, n: int, tried: int = 200) -> pd.DataFrame:
    category = rng.choice(n, size=min(tried, n), replace=False)
    pool = [(kind, size) for kind in ("lasso", "refit") for size in (1, 2, 4, 8, 16, 32)]
    rows = pd.DataFrame(
        [(c, *one) for one in (*pool, ("dense", None)) for c in category],
        columns=["category", "kind", "n_parents"],
    ).convert_dtypes()
    counts = {name: rng.integers(4, size=len(rows)) for name in schema.SURVIVAL.columns
              if name.startswith(("hits_", "false_"))}  # fmt: skip
    return rows.assign(
        weighting=0.0, n_used=rows["n_parents"].fillna(n - 1), added=0.0, n_own=1, n_images=4,
        n_others=196, reference="label", own_reference="label", n_candidates=n, **counts,
    )  # fmt: skip


def _model(n: int, parents: int, n_images: int) -> pd.DataFrame:
    row = {
        "name": MODEL, "architecture": "logits", "weights": "none", "weights_sha256": "0" * 64,
        "label_set": MODEL, "n_categories": n, "n_features": None, "n_parameters": None,
        "n_fit": n_images // 3, "n_holdout": n_images - n_images // 3, "n_labelled": n_images,
        "rank": n_images // 3, "top1_fit": 0.5, "top1_holdout": 0.5, "center": False,
        "weight_positives": 0.0,
        "max_parents": parents, "seed": 0,
        "input_config": "{}", "versions": json.dumps({"pyarrow": pa.__version__}), "seconds": "{}",
    }  # fmt: skip
    return pd.DataFrame([row])


if __name__ == "__main__":
    write_large_atlas(Path(sys.argv[1]).resolve())
