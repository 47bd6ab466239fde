"""What the number of parents costs, over all targets of a network."""

import pandas as pd

from explorer.answers.yardsticks.baselines import BASELINES

LEVELS = (1, 3, 8, 16, 32, 64)


def evaluation_columns(refit: bool) -> dict[str, str]:
    """Columns of evaluation.parquet that `sparsity_table` needs, and what it calls them."""
    suffix = "_refit" if refit else ""
    return {
        f"holdout_error{suffix}": "error",
        f"r2{suffix}": "r2",
        **({} if refit else {"holdout_error_refit": "refit_error", "r2_refit": "refit_r2"}),
        **{
            f"{name}_{figure}": f"{name}_{figure}"
            for name, _ in BASELINES
            for figure in ("error", "r2")
        },
    }


def sparsity_table(evaluations: dict[str, pd.DataFrame], refit: bool) -> pd.DataFrame:
    """Medians over targets at each number of parents: model, n_parents, n_targets, error, r2, and both of
    each of BASELINES, and of the lasso's equations refit, too. A target whose path jumps over a number
    counts with the largest support below it."""
    columns = evaluation_columns(refit)
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
