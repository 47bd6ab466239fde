"""THE CONTRACT, continued: the tables that join the models of one label set."""

import pyarrow as pa

from precompute.atlas.contract.columns import Table, category, column, count, number, text

CONSENSUS = Table(
    "consensus.parquet",
    "every dependency that any model of a label set has, and which of them have it",
    pa.schema([
        text("label_set", "label set of the models that are compared"),
        text("choice", "few, readable or best: the sparsity of all equations compared"),
        category("target", "category whose logit is written in others"),
        category("source", "one of its parents in at least one model"),
        count("n_models", "models in which the dependency appears"),
        count("n_compared", "models of the label set"),
        count("n_positive", "models in which its coefficient is positive"),
        count("n_negative", "models in which it is negative"),
        count("n_stable", "models in which it is selected in at least 80 % of the half-samples"),
        count("n_positive_refit", "of these, models in which its refit coefficient is positive"),
        count("n_negative_refit", "of these, models in which its refit coefficient is negative"),
        number("mean_coefficient", "mean coefficient over all models compared, 0 where absent"),
        column("models", pa.list_(pa.string()), "the models, in alphabetical order"),
        column("coefficients", pa.list_(pa.float32()), "their coefficients, in the same order"),
    ]),
    apart="choice",
)  # fmt: skip

CHANCE = Table(
    "chance.parquet",
    "how many dependencies so many models share, beside what shuffled targets give",
    pa.schema([
        text("label_set", "label set of the models that are compared"),
        text("choice", "few, readable or best"),
        count("n_models", "models that have a dependency, 1 to all"),
        count("n_dependencies", "dependencies that exactly so many models have"),
        count("n_shuffled", "the same among the equations of shuffled targets (control.parquet)"),
        count("n_conflicts", "of the first, those whose lasso signs differ"),
        count("n_conflicts_shuffled", "of the second, those whose lasso signs differ"),
        count("n_conflicts_refit", "of the first, those stable in at least two models whose refit signs "
              "differ there"),
    ]),
)  # fmt: skip

ALIGNMENT = Table(
    "alignment.parquet",
    "the layouts of all models of a label set turned onto the first one's, communities renumbered alike",
    pa.schema([
        text("model", "name of the model"),
        category("category", "index of the logit"),
        number("x", "horizontal place, comparable between models of the label set"),
        number("y", "vertical place, comparable between models of the label set"),
        category("community", "number of the first model's community that it shares most categories with"),
    ]),
)  # fmt: skip
