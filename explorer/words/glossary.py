"""The glossary: every word of the pages once, with its unit, formula and source.

Where a help text says the same, it is that text: one text per concept. The README's list of words is
checked against this one by a test.
"""

from dataclasses import dataclass

from explorer.words.help import HELP

PAPER = "Feng et al., CVPR 2023"


@dataclass(frozen=True)
class Word:
    """One concept: its name, or names that only make sense together; its meaning (Markdown); unit;
    pages (addresses) where it is seen; whose it is; and a formula (LaTeX) where one helps."""

    name: str
    meaning: str
    unit: str = "none"
    pages: tuple[str, ...] = ("category",)
    source: str = "this program"
    formula: str | None = None

    @property
    def sentence(self) -> str:
        """The meaning with a capital letter and a full stop."""
        first, rest = self.meaning[0], self.meaning[1:]
        return f"{first.upper() if first.isalpha() else first}{rest.removesuffix('.')}."


GROUPS: dict[str, tuple[Word, ...]] = {
    "Equations": (
        Word(
            "target, source",
            "the category whose logit is written, and one it is written in; the sources of one target "
            "are its **parents**, the targets of one source its **children**",
            source=PAPER,
        ),
        Word("logit", "what the network says for a category before the softmax", "logits",
             ("category", "live")),
        Word(
            "dependency, link",
            "such an equation within one network, and between two",
            pages=("overview", "category", "links"),
            source=f"{PAPER}: neural dependencies within and between networks",
            formula=r"f_i(x) \approx \sum_{j \neq i} \theta_j f_j(x)",
        ),
        Word("coefficient", "how many logits the target changes with one logit of the source",
             "logits per logit", ("category", "compare", "links"), PAPER),
        Word(
            "second moment",
            "`M = F'F / N` of N images' logits `F`, not centred, as in the paper (`--center` subtracts "
            "the mean)",
            "logits²", ("models",), f"{PAPER}, who call it covariance", r"M = \tfrac{1}{N} F^\top F",
        ),
        Word(
            "CovLasso",
            "`min theta' M theta + lambda ‖theta‖₁` with `theta_target = -1`: the larger **lambda**, the "
            "fewer parents",
            source=f"{PAPER}: the CovLasso problem",
            formula=r"\min_{\theta :\, \theta_i = -1} \; \theta^\top M \theta"
            r" + \lambda \lVert\theta\rVert_1",
        ),
        Word(
            "lambda",
            "the penalty λ on the size of coefficients; from λ max upwards no source takes part",
            "logits²", source=f"{PAPER}; λ max by KKT",
            formula=r"\lambda_{\max} = 2 \max_{j \neq i} |M_{ij}|",
        ),
        Word(
            "path, knot",
            "the solution for every lambda; it is linear between its knots: all of those up to 32 parents "
            "are stored, so every lambda there is exact, and beyond them those of some sizes",
            source="Efron et al., Annals of Statistics 2004",
        ),
        Word("support", "the categories with a non-zero coefficient",
             "categories", source="the field's word"),
        Word(
            "refit",
            "least squares on the support: removes the lasso's shrinkage",
            "logits per logit", ("category", "links", "unseen"),
            "relaxed lasso, Meinshausen 2007",
            r"w_S = M_{SS}^{-1} M_{Si}",
        ),
        Word(
            "KKT conditions",
            "what every solution satisfies and nothing else: the residual's correlation with a source in "
            "the support is λ / 2, with the sign of its coefficient, and at most that with all others",
            source="Karush, Kuhn and Tucker",
            formula=r"\begin{gathered} 2 (c - P w)_j = \lambda \operatorname{sign} w_j"
            r"\;\; (w_j \neq 0) \\ |2 (c - P w)_j| \le \lambda \end{gathered}",
        ),
        Word("certificate", HELP["certificate"], "share of the logit's power",
             source="duality gap of the lasso"),
        Word(
            "few, readable, best", HELP["choice"], "parents", ("overview", "category", "links"),
            "few: one-standard-error rule, Breiman et al. 1984",
        ),
        Word("stopped", HELP["stopped"], "parents", ("overview", "category", "links")),
    ),
    "Held-out truth": (
        Word("held-out", "on images that the fit never saw; they choose nothing, they only judge",
             pages=("category", "links", "models", "unseen")),
        Word(
            "relative error", HELP["error"], pages=("overview", "category", "models"),
            source=f"{PAPER}: the CovLasso objective without its penalty",
            formula=r"\mathrm{err}_i = \frac{\sum_x (f_i - \hat f_i)^2}{\sum_x f_i^2}",
        ),
        Word(
            "R²", HELP["r2"], pages=("overview", "category", "links", "models"),
            source="coefficient of determination",
            formula=r"R^2 = 1 - \frac{\sum_x (f_i - \hat f_i)^2}{\sum_x (f_i - \bar f_i)^2}",
        ),
        Word(
            "epsilon, delta", HELP["epsilon"], "ε: standard deviations; δ: share of images",
            ("category", "links"), f"{PAPER}: definition of a neural dependency",
            r"\Pr\bigl(|f_i - \hat f_i| < \varepsilon\bigr) > 1 - \delta",
        ),
        Word("stability", HELP["stability"], "share of half-samples", ("overview", "category", "links"),
             "Meinshausen and Bühlmann 2010; Shah and Samworth 2013"),
        Word("baselines", HELP["baselines"], pages=("category", "links", "models")),
        Word("control", HELP["control"], pages=("category", "links", "models"),
             source="permutation test"),
        Word("replacement test", HELP["replacement"], "share of images",
             source=f"{PAPER}: the claim that a logit can be replaced"),
        Word(
            "floor",
            "relative error at lambda 0: how redundant a category is among all others",
            pages=("models", "redundancy"), source=f"{PAPER}: redundant covariance, by determinants",
            formula=r"\mathrm{err}_i(0) = \frac{1}{(M^{-1})_{ii}} = \frac{\det M}{\det M_{-i,-i}}",
        ),
        Word("rank", HELP["rank"], "dimensions", ("models", "redundancy"), "linear algebra",
             r"f = W h + b \;\Rightarrow\; \operatorname{rank} M \le d + 1"),
        Word("effective rank", HELP["effective_rank"], "dimensions", ("redundancy",),
             "Roy and Vetterli, EUSIPCO 2007", r"\exp\bigl(-\sum_k p_k \log p_k\bigr)"),
        Word("exponent of the spectrum", HELP["exponent"], pages=("redundancy",),
             source="power law of singular values", formula=r"\sigma_k \approx c\, k^{-a}"),
        Word("agreement", HELP["compliance"], pages=("redundancy",),
             source="rank statistics against confusion, head weights and WordNet"),
    ),
    "Between networks": (
        Word("consensus", HELP["consensus"], "networks", ("links",)),
        Word("by chance", HELP["by_chance"], "dependencies", ("links", "compare"), "permutation test"),
        Word("sign flip", HELP["sign flip"], pages=("compare",)),
        Word("claim of a link", HELP["link_verdict"], pages=("links",)),
        Word("same category", HELP["same"], "share of categories", ("links",)),
        Word("terms", HELP["terms"], "logits", ("live",)),
    ),
    "Unseen categories": (
        Word(
            "student, teacher; seen, unseen",
            "a network that lacks some categories and one that knows them; what the student knows and "
            "does not",
            pages=("unseen", "live"), source=f"{PAPER}: generalizing to unseen categories",
        ),
        Word("U", HELP["U"], "share of images", ("unseen",),
             "generalized zero-shot learning, Xian et al. 2017"),
        Word("S", HELP["S"], "share of images", ("unseen",),
             "generalized zero-shot learning, Xian et al. 2017"),
        Word("H", HELP["H"], "share of images", ("unseen",),
             "generalized zero-shot learning, Xian et al. 2017", r"H = \frac{2 U S}{U + S}"),
        Word("AUSUC", HELP["AUSUC"], "area, 0 to 1", ("unseen",), "Chao et al., ECCV 2016"),
        Word("gamma", HELP["gamma"], "logits", ("unseen", "live"), "Chao et al., ECCV 2016"),
        Word("calibration", HELP["calibration"], pages=("unseen",)),
        Word("ridge, ceiling, chance", HELP["all_figures"], "share of images", ("unseen",)),
        Word("AUROC", f"{HELP['auroc']} On foreign images: {HELP['foreign_auroc'].lower()}", "0 to 1",
             ("unseen", "foreign"), "the field's word"),
        Word("average precision", HELP["average_precision"], "0 to 1", ("unseen",),
             "the field's word"),
    ),
    "Foreign images": (
        Word("foreign image", HELP["foreign_image"], pages=("foreign",),
             source="out-of-distribution detection, Hendrycks and Gimpel 2017"),
        Word("dependency score", HELP["dependency_score"], pages=("foreign", "live"),
             formula=r"s(x) = \max_i f_i(x) \Big/ \sqrt{\operatorname{mean}_i (f_i - \hat f_i)^2}"),
        Word("controls of the dependency score", HELP["foreign_scores"], pages=("foreign",)),
        Word("AUPR", HELP["aupr"], "0 to 1", ("foreign",), "Hendrycks and Gimpel 2017"),
        Word("FPR at 95 %", HELP["fpr95"], "share of images", ("foreign",),
             "Hendrycks and Gimpel 2017"),
        Word("PCA residual", HELP["pca_residual"], "logits", ("foreign",), "the field's word"),
        Word("ViM", HELP["vim"], "logits", ("foreign",), "Wang et al., CVPR 2022"),
        Word("as usual, unusual, broken", HELP["holding"], pages=("live",)),
    ),
    "Cutting": (
        Word("cut dependency", HELP["cut_dependency"], pages=("cut",),
             source=f"{PAPER}: its regularizer"),
        Word("pull", HELP["pull"], "logits²; on the page in units of λ", ("cut",),
             "Karush, Kuhn and Tucker", r"\bigl| 2 \, \mathbb{E}[f_j r_i] \bigr| \le \lambda"),
        Word("before, control, after", HELP["control_of_cut"], pages=("cut",)),
        Word("detour", HELP["detour"], "logits per logit", ("cut",)),
    ),
    "Atlas and map": (
        Word("atlas", "one folder of results for one set of images", "files", ("models",)),
        Word("map, community", HELP["map"], pages=("overview",),
             source="Louvain communities, Blondel et al. 2008; t-SNE, van der Maaten and Hinton 2008"),
        Word("WordNet steps", HELP["distance"], "steps", ("overview",), "WordNet, Miller 1995"),
        Word("provenance", HELP["provenance"], pages=("models",)),
    ),
}  # fmt: skip


def find(text: str) -> list[Word]:
    """Words whose name begins with, then whose name or meaning contains, the text; case ignored."""
    asked = text.strip().casefold()
    words = [word for group in GROUPS.values() for word in group]
    ranked = [(rank, word) for word in words if (rank := _rank(word, asked)) is not None]
    return [word for _, word in sorted(ranked, key=lambda found: found[0])]


def _rank(word: Word, asked: str) -> int | None:
    names = [name.strip().casefold() for name in word.name.replace(";", ",").split(",")]
    for rank, found in enumerate((
        asked in names,
        any(name.startswith(asked) for name in names),
        asked in word.name.casefold(),
        asked in word.meaning.casefold(),
    )):  # fmt: skip
        if found:
            return rank
    return None
