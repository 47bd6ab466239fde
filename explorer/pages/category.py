"""Category: one equation at any sparsity, and what held-out images say about it."""

import numpy as np
import pandas as pd
import streamlit as st

from explorer import (
    claims,
    components,
    data,
    figures,
    graphs,
    heldout,
    picture,
    queries,
    selection,
    theme,
)
from explorer.text import count, equation_html, key_html, number, percent, plain
from explorer.words import HELP

COEFFICIENT = st.column_config.NumberColumn("Coefficient", format="%.4f")
R2 = st.column_config.NumberColumn("Held-out R²", format="%.2f")
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
                help=HELP["certificate"],
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
            components.section("Neighbourhood", HELP["ego"])
            edges = ego_edges(equation)
            nodes = graphs.nodes_of(edges, target, path.sources.tolist())
            neighbourhood(edges, nodes)
        with grid.cell():
            path_panel(place, refit)
        with grid.cell():
            truth_panel(images, predicted)
        with grid.cell():
            epsilon_panel(images, predicted)
    replacement(images, judged)
    tables(equation, edges, nodes)


def controls() -> tuple[float, bool]:
    """Where on the path, and which coefficients."""
    most, chosen = int(network.info["max_parents"]), float(row["n_parents"])
    start = selection.sparsity(most, chosen)
    slider, switch = st.columns([3, 1], gap="large", vertical_alignment="bottom")
    with slider:
        size = st.slider(
            "Sparsity: parents in the equation", 0.0, float(most), start, 0.05, key="sparsity",
            bind="query-params", format="%.2f", help=HELP["slider"],
        )  # fmt: skip
    with switch:
        fit = selection.choice("Coefficients", selection.FITS, "fit", help=HELP["fit"])
    place = path.position_of_size(size)
    lam = path.lam_at(place)
    longest = int(path.n_parents().max())
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            f"λ = {lam:.4g}, {percent(lam / path.lam[0], 1)} of λ max · knot {number(place)} of {path.last}"
            + (f" · this path ends at {longest} parents" if longest < most else "")
        )
        if size != chosen:
            st.button(
                f"back to the {chosen:g} that cross-validation chose", type="tertiary",
                on_click=selection.choose_sparsity, args=(chosen,),
            )  # fmt: skip
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
    sd = number(row["sd"])
    control = rows.loc[rows["n_parents"] <= max(n_parents, 1), "control_error"]
    components.metric_row([
        ("Held-out error", number(judged.error), HELP["error"]),
        ("Shuffled control", number(control.iat[-1] if len(control) else None), HELP["control"]),
        ("Held-out R²", number(judged.r2), HELP["r2"]),
        ("Within ½ sd", percent(judged.within_half_sd, 0), HELP["within_half"].format(sd=sd)),
        ("Within 1 sd", percent(judged.within_one_sd, 0), HELP["within_one"]),
    ])  # fmt: skip


def ego_edges(equation: pd.DataFrame) -> pd.DataFrame:
    """The edges of graph, table twin and files alike, as the controls above them ask."""
    selection.remember("direction", "depth")
    with st.container(horizontal=True, gap="medium"):
        direction = selection.choice("Show", ("both", "parents", "children"), "direction")
        depth = selection.choice("Steps", ("1", "2", "3"), "depth", help=HELP["depth"])
    return queries.ego(
        network.edges, target, equation, depth=int(depth), direction=direction, limit=40
    )


def neighbourhood(edges: pd.DataFrame, nodes: pd.DataFrame) -> None:
    """The ego graph: parents left, children right."""
    # Every category has a chart of its own, or a click on it would be remembered as a choice in the next.
    key = f"ego-{model}-{name}"
    rings = edges["ring"].value_counts()
    st.echarts_chart(
        graphs.ego_option(edges, nodes, network.categories, colours),
        height=540, renderer="svg", key=key, on_select=opener(key, nodes["category"].tolist()),
        alt=f"{name} with {rings.get(-1, 0)} parents and {rings.get(1, 0)} children",
    )  # fmt: skip
    kinds = zip(graphs.role_colours(colours), graphs.ROLES, strict=True)
    st.html(key_html([
        (colours.positive, "positive coefficient", "bar"),
        (colours.negative, "negative coefficient", "bar"),
        *((colour, role, "dot") for colour, role in kinds),
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
    components.section("The whole path", HELP["path"])
    figure = figures.path_plot(path, network.categories["name"].to_numpy(), place, refit, colours)
    st.plotly_chart(
        figure,
        key="path",
        config={"displaylogo": False},
        alt=f"Coefficients of {name} against lambda",
    )


def truth_panel(images: heldout.Holdout, predicted: np.ndarray) -> None:
    components.section("Predicted and true logit", HELP["truth"])
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
    components.section("How often is it off by more than ε?", HELP["epsilon"])
    truth = images.logits[:, target].astype(np.float64)
    figure = figures.epsilon_plot(
        truth - predicted, truth - truth.mean(), float(row["sd"]), colours
    )
    st.plotly_chart(
        figure, key="epsilon", config={"displaylogo": False}, alt=f"Epsilon-delta curve of {name}"
    )


def replacement(images: heldout.Holdout, judged: heldout.Judgement) -> None:
    """The paper's claim that classification survives, judged in plain words."""
    components.section("Replacement test", HELP["replacement"])
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


def tables(equation: pd.DataFrame, edges: pd.DataFrame, nodes: pd.DataFrame) -> None:
    """The table twin of the graph, and the numbers behind the slider."""
    graph, used_by, levels = st.tabs(["The graph as a table", "Used by", "Every sparsity"])
    stem = f"{model}-{name}"
    with graph:
        twin = queries.named(edges, network.categories)
        # A row leads to the end that is not this category.
        far = twin["source_name"].where(twin["target"] == target, twin["target_name"]).tolist()
        columns = {"target_name": "Target", "source_name": "Source", "coefficient": COEFFICIENT}
        components.leading_table(
            twin, f"graph-{name}", far, columns=columns, alt=f"Neighbourhood of {name}"
        )
        components.graph_downloads(edges, network.categories, stem, "graph")
        picture_downloads(equation, edges, nodes, stem)
    with used_by:
        used = network.edges[network.edges["source"] == target]
        columns = {"target_name": "Target", "coefficient": COEFFICIENT, "r2": R2}
        components.leading_table(
            used,
            f"used-{name}",
            used["target_name"].tolist(),
            columns=columns,
            alt=f"Users of {name}",
        )
        components.downloads(used, f"{stem}-used-by", "used")
    with levels:
        rows = network.evaluation[network.evaluation["target"] == target].drop(columns="target")
        st.dataframe(rows, hide_index=True, alt=f"Evaluation of {name} at every number of parents")
        components.downloads(rows, f"{stem}-evaluation", "levels")


def picture_downloads(
    equation: pd.DataFrame, edges: pd.DataFrame, nodes: pd.DataFrame, stem: str
) -> None:
    """The neighbourhood as a picture, alone and in a page of its own."""

    def svg() -> str:
        return picture.ego_svg(edges, nodes, network.categories)

    def page() -> str:
        words = equation_html(name, equation, None, model, theme.LIGHT, links=False)
        return picture.ego_page(
            name, f"Neural dependencies in {model}", words, svg(), edges, network.categories
        )

    with st.container(horizontal=True, gap="small"):
        components.file_button("SVG", svg, f"{stem}.svg", "image/svg+xml", "picture")
        components.file_button("HTML", page, f"{stem}.html", "text/html", "picture")


header()
workbench()
