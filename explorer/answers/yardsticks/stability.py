"""How stable a dependency is: in which share of the half-samples of the fit images it is found again."""

import pandas as pd

from explorer.words.formatting import count

COLUMNS = ["stability", "n_half_samples"]
UNMEASURED = {"stability": float("nan"), "n_half_samples": 0}


def of_equation(equation: pd.DataFrame, stored: pd.DataFrame) -> pd.DataFrame:
    """An equation with `stability`, null where it was not measured, and `n_half_samples`, 0 there, of its
    sources in `stored`: rows of dependencies.parquet of the same target with as many parents, none where
    it has another number."""
    own = stored.set_index("source")
    found = {name: equation["source"].map(own[name]) for name in COLUMNS}
    return equation.assign(**found).fillna({"n_half_samples": 0}).astype({"n_half_samples": int})


def of_sources(table: pd.DataFrame, equation: pd.DataFrame) -> pd.DataFrame:
    """A table with a row per `source_name`, with the stability of those that an equation has."""
    own = equation.set_index("source_name")
    return table.assign(**{name: table["source_name"].map(own[name]) for name in COLUMNS})


def with_columns(edges: pd.DataFrame) -> pd.DataFrame:
    """The edges themselves, or with a stability that was not measured where they say nothing of it."""
    lacking = {name: value for name, value in UNMEASURED.items() if name not in edges}
    return edges.assign(**lacking) if lacking else edges


def in_words(edges: pd.DataFrame) -> pd.DataFrame:
    """The edges for a table: `stability` in percent, and `half_samples` such as "47 of 50"; both null where
    stability was not measured."""
    both = zip(edges["stability"], edges["n_half_samples"], strict=True)
    texts = pd.Series([half_samples(*row) for row in both], edges.index, dtype=object)
    return edges.assign(stability=100 * edges["stability"].astype(float), half_samples=texts)


def half_samples(stability: float, n: int) -> str | None:
    """In how many half-samples of how many, "47 of 50"; None where stability was not measured."""
    return None if pd.isna(stability) else f"{count(round(stability * n))} of {count(n)}"
