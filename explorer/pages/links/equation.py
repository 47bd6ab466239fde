"""One category written in another network's logits, beside its equation inside each network."""

import pandas as pd
import streamlit as st

from explorer.answers import heldout, links, neighbourhood
from explorer.answers.bootstrap import bootstrap
from explorer.figures import evidence as evidence_figures
from explorer.figures.graphs import ego, picture
from explorer.figures.graphs.component import ego_graph
from explorer.figures.graphs.linked import two_sided
from explorer.pages.links import agreement
from explorer.pages.links.linked import LinkedPair, open_equation
from explorer.session import cache as tables
from explorer.session import selection
from explorer.widgets import layout, verdict
from explorer.widgets.charts import chart
from explorer.widgets.downloads import graph_downloads
from explorer.words.formatting import plain
from explorer.words.help import HELP
from explorer.words.markup import equation_html, key_html, sign_key


@st.fragment
def draw(pair: LinkedPair, name: str) -> None:
    """Everything that moves with the sparsity."""
    target = pair.target.index_of(name)
    path = pair.link.paths[target]
    if path is None:
        layout.empty_state(
            "No equation", "This logit is constant on the fit images, so nothing explains it."
        )
        return
    place, refit = controls(pair, target, path)
    equation = neighbourhood.equation(path, place, refit)
    intercept = pair.link.intercept(target, equation)
    words(pair, name, equation, intercept if pair.link.means is not None else None)
    images, sources = links.shared_images(
        tables.holdout(pair.root, pair.target.name), tables.holdout(pair.root, pair.source.name)
    )
    predicted = heldout.predict(
        sources, equation["source"].to_numpy(), equation["coefficient"].to_numpy(), intercept
    )
    truth = images.logits[:, target].astype(float)
    sd = float(truth.std())
    origin = float(pair.link.means[0][target]) if pair.link.means is not None else 0.0
    found = heldout.judge(images, target, predicted, sd, origin)
    rows = pair.link.evaluation[pair.link.evaluation["target"] == target]
    spread = bootstrap(truth, predicted, sd, origin)
    verdict.figures_row(found, spread, rows, len(equation), sd)
    own, other = agreement.inside(pair, target, refit)
    agreed = links.agreement(equation, own, other, pair.target.categories, pair.source.categories)
    with st.grid(2, min_column_width=430, gap=("medium", "large")) as grid:
        with grid.cell():
            graph(pair, name, target, equation, path.sources.tolist(), agreed)
        with grid.cell():
            agreement.draw(pair, name, own, other, agreed)
        with grid.cell():
            layout.section("Predicted and true logit", HELP["truth_between"])
            shows = images.truth == target
            figure = evidence_figures.truth_plot(
                truth, predicted, shows, images.image_ids, sd, name, pair.colours
            )
            chart(
                figure,
                "link_truth",
                f"Logit of {name} in {pair.target.name} against its prediction",
            )
        with grid.cell():
            layout.section("How often is it off by more than ε?", HELP["epsilon"])
            figure = evidence_figures.epsilon_plot(
                truth - predicted, truth - truth.mean(), sd, pair.colours
            )
            chart(figure, "link_epsilon", f"Epsilon-delta curve of {name}")
    verdict.verdict(found, name, images.has_labels)


def controls(pair: LinkedPair, target: int, path) -> tuple[float, bool]:
    """Where on the link's path, and which coefficients."""
    rows = pair.link.evaluation
    found = rows.loc[(rows["target"] == target) & rows["chosen"], "n_parents"]
    most = int(pair.link.info["max_parents"])
    chosen = float(found.iat[0]) if len(found) else float(most)
    start = selection.sparsity(most, chosen)
    slider, switch = st.columns([3, 1], gap="medium", vertical_alignment="bottom")
    with slider:
        size = st.slider(
            "Sparsity: sources in the equation", 0.0, float(most), start, 0.05, key="sparsity",
            bind="query-params", format="%.4g", help=HELP["slider"],
        )  # fmt: skip
    with switch:
        fit = selection.choice("Coefficients", selection.FITS, "fit", help=HELP["fit"])
    place = path.position_of_size(size)
    st.caption(
        f"λ = {path.lam_at(place):.4g} · knot {place:.4g} of {path.last} · cross-validation chose "
        f"{chosen:g} sources"
    )
    return place, fit == "refit"


def words(pair: LinkedPair, name: str, equation: pd.DataFrame, intercept: float | None) -> None:
    """The equation across networks."""
    with st.container(border=True):
        st.caption(f"{plain(pair.target.name)} ← {plain(pair.source.name)}")
        terms = equation.assign(
            source_name=pair.source.categories["name"].to_numpy()[equation["source"]]
        )
        st.html(equation_html(name, terms, intercept, pair.source.name, pair.colours))


def graph(
    pair: LinkedPair, name: str, target: int, equation: pd.DataFrame, order: list[int],
    agreed: pd.DataFrame,
) -> None:  # fmt: skip
    """Target left, sources right; a source's shape says which networks agree."""
    layout.section("The equation across networks", HELP["graph"])
    joint = links.joint_categories(
        target, pair.target.categories, pair.source.categories, equation["source"]
    )
    edges, nodes = two_sided(equation, order, len(joint) - 1)
    drawing = ego.drawing(edges, nodes, joint, pair.colours)
    between = agreed[agreed["between"].notna()]
    kinds = dict(
        zip(between["source_name"], map(links.agreement_kind, between.itertuples()), strict=True)
    )
    for node, category in zip(drawing["nodes"][1:], nodes["category"][1:], strict=True):
        node["symbol"], _, node["tip"] = links.AGREEMENT[kinds[pair.source.name_of(category)]]
    categories = nodes["category"].tolist()
    ego_graph(
        drawing, pair.colours, key="link_graph_drawn", height=480,
        alt=f"{name} of {pair.target.name} and {len(edges)} sources in {pair.source.name}",
        on_select=lambda index: index and _open_counterpart(pair, categories[index]),
    )  # fmt: skip
    st.html(key_html([
        *sign_key(pair.colours),
    ]) + shape_key())  # fmt: skip
    stem = f"{pair.target.name}--{pair.source.name}-{name}"
    graph_downloads(
        edges, joint, stem, "link_graph", svg=lambda: picture.ego_svg(edges, nodes, joint)
    )


def shape_key() -> str:
    """What the shape of a dot says."""
    shapes = "".join(f"<span>{sign} {meaning}</span>" for _, sign, meaning in links.AGREEMENT)
    return f'<p class="nde-key">{shapes}</p>'


def _open_counterpart(pair: LinkedPair, category: int) -> None:
    """Open the link of the source's counterpart in the target network, if it has one."""
    found = links.counterpart(category, pair.source.categories, pair.target.categories)
    if found is not None:
        open_equation(pair.target.name_of(found))
