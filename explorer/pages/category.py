"""Category: one equation at any sparsity, and what held-out images say about it."""

import numpy as np
import pandas as pd
import streamlit as st

from explorer import claims, components, data, figures, graphs, heldout, queries, selection, theme
from explorer.text import count, equation_html, key_html, number, percent, plain

CERTIFIED = 1e-9  # largest relative duality gap that counts as solved exactly

root, model = st.session_state["atlas"], st.session_state["model"]
network = data.network(root, model)
name = selection.category(network) or network.edges["target_name"].iat[0]
selection.publish_category(name)
target = network.index_of(name)
row = network.categories.iloc[target]
path = network.paths[target]
colours = theme.palette()


def header() -> None:
    """Who this is, and how far its path can be trusted."""
    line = " › ".join([name, *list(row["hypernyms"] if row["hypernyms"] is not None else [])[:5]])
    meaning = plain(row["definition"], 200) if row["definition"] else ""
    components.page_header(f"Category · {plain(model)}", name, meaning)
    gaps = network.edges.loc[network.edges["target"] == target, "duality_gap"]
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if len(gaps):
            gap = float(gaps.max())
            solved = gap <= CERTIFIED
            st.badge(
                f"{'certified' if solved else 'not certified'}: gap {gap:.0e}",
                icon=":material/verified:" if solved else ":material/gpp_bad:",
                color="green" if solved else "red",
                help="Largest duality gap over the whole path, relative to the logit's power: how far the "
                "solution can be from the true optimum. Rounding alone leaves about 1e-13.",
            )
        st.badge(f"in {count(row['n_children'])} equations of others", color="gray")
        st.badge(
            plain(network.community_names[int(row["community"])]),
            color="gray",
            help="Community of the graph.",
        )
        if row["hypernyms"] is not None and len(row["hypernyms"]):
            st.caption(plain(line, 120))


@st.fragment
def workbench() -> None:
    """Everything that moves with the sparsity."""
    if path is None:
        components.empty_state(
            "No equation", "This logit is constant on the fit images, so nothing explains it."
        )
        return
    place, refit = controls()
    equation = queries.named(queries.equation(path, place, refit), network.categories)
    intercept = heldout_intercept(equation)
    with st.container(border=True):
        st.html(
            equation_html(name, equation, intercept if network.centred else None, model, colours)
        )
    images = data.holdout(root, model)
    predicted = heldout.predict(
        images, equation["source"].to_numpy(), equation["coefficient"].to_numpy(), intercept
    )
    origin = float(row["mean"]) if network.centred else 0.0
    judged = heldout.judge(images, target, predicted, float(row["sd"]), origin)
    figures_row(judged, len(equation))
    with st.grid(2, min_column_width=430, gap="large") as grid:
        with grid.cell():
            neighbourhood(equation)
        with grid.cell():
            path_panel(place, refit)
        with grid.cell():
            truth_panel(images, predicted)
        with grid.cell():
            epsilon_panel(images, predicted)
    replacement(images, judged)
    tables(equation)


def controls() -> tuple[float, bool]:
    """Where on the path, and which coefficients."""
    chosen_lam = network.evaluation.loc[
        (network.evaluation["target"] == target) & network.evaluation["chosen"], "lambda"
    ]
    chosen = (
        round(path.position_of(float(chosen_lam.iat[0])), 2)
        if len(chosen_lam)
        else float(path.last)
    )
    start = selection.position(network, target, path.last, chosen)
    slider, switch = st.columns([3, 1], gap="large", vertical_alignment="bottom")
    with slider:
        place = st.slider(
            "Sparsity: position on the path", 0.0, float(path.last), start, 0.05, key="position",
            bind="query-params", format="%.2f",
            help="Whole numbers are the knots, where a source enters or leaves; in between, coefficients "
            "run linearly in λ, so every position is exact. Left is sparse, right is dense. The start is the "
            "sparsity that cross-validation on the fit images chose.",
        )  # fmt: skip
    with switch:
        fit = selection.choice(
            "Coefficients", selection.FITS, "fit",
            help="Lasso: as CovLasso found them, shrunk towards zero. Refit: least squares on the same sources.",
        )  # fmt: skip
    lam = path.lam_at(place)
    parents = int((path.coefficients_at(place) != 0).sum())
    st.caption(
        f"λ = {lam:.4g} ({percent(lam / path.lam[0], 1)} of λ max) · **{parents} "
        f"{'parent' if parents == 1 else 'parents'}** · knot {place:.2f} of {path.last} · "
        f"cross-validation chose knot {chosen:g}"
    )
    return place, fit == "refit"


def heldout_intercept(equation: pd.DataFrame) -> float:
    """Constant of the equation in raw logits: 0 unless the model was fitted on centred logits."""
    if not network.centred:
        return 0.0
    means = network.categories["mean"].to_numpy(float)
    return float(means[target] - equation["coefficient"] @ means[equation["source"]])


def figures_row(judged: heldout.Judgement, n_parents: int) -> None:
    """The equation in five numbers, the control beside them."""
    rows = network.evaluation[network.evaluation["target"] == target]
    control = rows.loc[rows["n_parents"] <= max(n_parents, 1), "control_error"]
    components.metric_row([
        ("Held-out error", number(judged.error),
         "Squared error of the equation over the mean squared logit, on images that the fit never saw. "
         "0 is perfect, 1 is no better than saying zero."),
        ("Shuffled control", number(control.iat[-1] if len(control) else None),
         "The same error where the images of the target were shuffled, so that there is nothing to find. "
         "An equation is worth something only well below this."),
        ("Held-out R²", number(judged.r2), "Explained share of the logit's variance on held-out images. 1 is perfect."),
        ("Within ½ sd", percent(judged.within_half_sd, 0),
         f"Held-out images whose logit lies within half a standard deviation (sd = {number(row['sd'])}) of the equation."),
        ("Within 1 sd", percent(judged.within_one_sd, 0), "The same within one standard deviation."),
    ])  # fmt: skip


def neighbourhood(equation: pd.DataFrame) -> None:
    """The ego graph: parents left, children right."""
    components.section(
        "Neighbourhood",
        "Left: the sources in this category's equation. Right: the categories whose equation uses it. Arrows run "
        "from source to target, as wide as the coefficient is large. Click a category to open it.",
    )
    selection.remember("direction", "depth")
    with st.container(horizontal=True, gap="medium"):
        direction = selection.choice("Show", ("both", "parents", "children"), "direction")
        depth = selection.choice(
            "Steps", ("1", "2", "3"), "depth", help="How far to follow the arrows."
        )
    edges = queries.ego(
        network.edges, target, equation, depth=int(depth), direction=direction, limit=40
    )
    nodes = graphs.nodes_of(edges, target, path.sources.tolist())
    key = f"ego-{model}-{name}-{direction}-{depth}"
    st.echarts_chart(
        graphs.ego_option(edges, nodes, network.categories, colours),
        height=540, key=key, on_select=opener(key, nodes["category"].tolist()),
        alt=f"{name} with {int((edges['ring'] == -1).sum())} parents and {int((edges['ring'] == 1).sum())} children",
    )  # fmt: skip
    st.html(key_html([
        (colours.positive, "positive coefficient", "bar"), (colours.negative, "negative coefficient", "bar"),
        (colours.accent, "this category", "dot"), (colours.ink, "parents", "dot"), (colours.faint, "children", "dot"),
    ]))  # fmt: skip


def opener(key: str, categories: list[int]):
    """Callback of the ego graph: open the category of the node."""

    def clicked() -> None:
        for group in st.session_state[key].selection.selected:
            for index in group["data_indices"]:
                if group["data_type"] == "node" and 0 < index < len(categories):
                    selection.open_category(network.name_of(categories[index]))

    return clicked


def path_panel(place: float, refit: bool) -> None:
    components.section(
        "The whole path",
        "Coefficient of every source (dimensionless) against the penalty λ. A line that leaves zero is a "
        "source that enters. The dotted line is where the slider stands.",
    )
    figure = figures.path_plot(path, network.categories["name"].to_numpy(), place, refit, colours)
    st.plotly_chart(
        figure,
        key="path",
        config={"displaylogo": False},
        alt=f"Coefficients of {name} against lambda",
    )


def truth_panel(images: heldout.Holdout, predicted: np.ndarray) -> None:
    components.section(
        "Predicted and true logit",
        "Each dot is a held-out image: what the equation says against what the network says. On the dotted "
        "line they agree. The band is one standard deviation of the logit.",
    )
    truth = images.logits[:, target].astype(np.float64)
    figure = figures.truth_plot(
        truth, predicted, images.truth == target, images.image_ids, float(row["sd"]), name, colours
    )
    st.plotly_chart(
        figure,
        key="truth",
        config={"displaylogo": False},
        alt=f"True against predicted logit of {name}",
    )


def epsilon_panel(images: heldout.Holdout, predicted: np.ndarray) -> None:
    components.section(
        "How often is it off by more than ε?",
        "The paper's (ε, δ): the fraction δ of held-out images on which the equation misses the logit by at least "
        "ε, in standard deviations of the logit. Lower is better.",
    )
    truth = images.logits[:, target].astype(np.float64)
    figure = figures.epsilon_plot(
        truth - predicted, truth - truth.mean(), float(row["sd"]), colours
    )
    st.plotly_chart(
        figure, key="epsilon", config={"displaylogo": False}, alt=f"Epsilon-delta curve of {name}"
    )


def replacement(images: heldout.Holdout, judged: heldout.Judgement) -> None:
    """The paper's claim that classification survives, judged in plain words."""
    components.section(
        "Replacement test",
        "The category's logit is replaced by its equation on every held-out image; does classification survive? "
        "Recall: images of the category that are still recognised. False positives: other images that now get it.",
    )
    holds, verdict = claims.replacement(judged, name, images.has_labels)
    box = {True: st.success, False: st.warning, None: st.info}[holds]
    box(
        plain(verdict, 400),
        icon={True: ":material/check_circle:", False: ":material/cancel:"}.get(holds),
    )
    st.dataframe(
        claims.replacement_table(judged),
        hide_index=True,
        column_config={
            "before": st.column_config.NumberColumn("Network as it is", format="percent"),
            "after": st.column_config.NumberColumn("Logit replaced", format="percent"),
            "measure": "Measure",
        },
        alt="Classification before and after the replacement",
    )


def tables(equation: pd.DataFrame) -> None:
    """The table twin of the graph, and the numbers behind the slider."""
    parents, children, levels = st.tabs(
        ["Parents as a table", "Children as a table", "Every sparsity"]
    )
    coefficient = st.column_config.NumberColumn("Coefficient", format="%.4f")
    with parents:
        components.leading_table(
            equation, f"parents-{name}", equation["source_name"].tolist(),
            columns={"source_name": "Source", "coefficient": coefficient}, alt=f"Parents of {name}",
        )  # fmt: skip
        components.downloads(equation, f"{model}-{name}-equation", "parents")
    with children:
        used = network.edges[network.edges["source"] == target]
        components.leading_table(
            used, f"children-{name}", used["target_name"].tolist(),
            columns={"target_name": "Target", "coefficient": coefficient, "r2": "Held-out R²"},
            alt=f"Categories that use {name}",
        )  # fmt: skip
        components.downloads(used, f"{model}-{name}-children", "children")
    with levels:
        rows = network.evaluation[network.evaluation["target"] == target].drop(columns="target")
        st.dataframe(rows, hide_index=True, alt=f"Evaluation of {name} at every number of parents")
        components.downloads(rows, f"{model}-{name}-evaluation", "levels")


header()
workbench()
