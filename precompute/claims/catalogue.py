"""The nine claims of the paper's abstract (arXiv 2211.12339), in our words, and the rule of each.

The abstract and the introduction are all of the paper that was at hand: the tests are in its spirit, and
reproduce none of its tables.
"""

from precompute.atlas.schema import READABLE
from precompute.claims.claim import ATLAS, CUT, NETWORK, PAIR, UNTESTABLE, Claim
from precompute.claims.rules import (
    architectures,
    cutting,
    prediction,
    redundancy,
    sparsity,
    survival,
    unrelated,
)
from precompute.claims.rules import unseen_scores as unseen
from precompute.claims.trial import LEAST_CATEGORIES, LEAST_IMAGES
from precompute.claims.words import written
from precompute.survival import rule as survival_rule


def _share(value: float) -> str:
    return written(value, "share")


LEAST = f"Asked for: {LEAST_IMAGES} held-out images and {LEAST_CATEGORIES} categories."
# Undecided and untested are one verdict: its word alone does not say which, the rule has to.
OPEN = f"Where the interval leaves both open, the word is “{UNTESTABLE}”, too."
IMAGES_AND_CATEGORIES = "held-out images and categories"

CLAIMS = (
    Claim(
        id="within",
        title="A few other categories predict a category's logit",
        short="A few others predict a logit",
        place="The first finding: a logit as a sum of “a few other categories”.",
        test=(
            f"Equations of at most {READABLE} parents, refit on fit images, predict every category's "
            "logit on held-out images."
        ),
        statistic="median held-out R²",
        over=IMAGES_AND_CATEGORIES,
        rule=(
            f"Holds where the interval lies at or above {prediction.WANTED}, or what as many random "
            f"parents reach if that is more; does not hold where it lies below {prediction.LITTLE}. "
            f"{OPEN} {LEAST}"
        ),
        subject=NETWORK,
        page="overview",
    ),
    Claim(
        id="survival",
        title="A category is still recognised when its logit is replaced by its equation",
        short="Still recognised when replaced",
        place="The first finding: predictions are “directly obtained” from others.",
        test=(
            "Each logit in turn is replaced by its equation on held-out images, at several numbers "
            "of parents, with and without extra weight on the category's own images, and by the "
            "dense map. A sample of categories is pooled."
        ),
        statistic=f"recall kept by equations of at most {survival.FEW} parents as they are",
        over="categories, each with all its images",
        rule=(
            "A point of the curve keeps the category where the whole interval of recall kept lies "
            f"at or above {_share(survival.KEPT)}, and that of false positives at or below "
            f"{survival_rule.TIMES:g} times those of the network itself and {survival_rule.MORE:g} "
            "in 1,000 images more; it loses it where one of both lies wholly on the other side. "
            f"Holds where an equation of at most {survival.FEW} parents as it is keeps it; partly "
            "where only others do (more parents, own images weighted, one constant, the dense map); "
            "does not hold where every point loses it. Where intervals leave that open, on however many "
            f"images, the word is “{UNTESTABLE}”, too. Asked for: {LEAST_IMAGES} held-out images of "
            f"{LEAST_CATEGORIES} categories."
        ),
        subject=NETWORK,
        page="models",
        form="share",
    ),
    Claim(
        id="between",
        title="A network's logits can be written in the logits of another network",
        short="In another network's logits",
        place="The second finding: between “two independently learned models”.",
        test=(
            f"Equations of at most {READABLE} parents, refit, with a constant; a category's own "
            "namesake in the other network is left out unless the link allows it."
        ),
        statistic="median held-out R²",
        over=IMAGES_AND_CATEGORIES,
        rule=(
            f"Holds where the interval lies at or above {prediction.WANTED}, or what as many random "
            f"parents reach if that is more; does not hold where it lies below {prediction.LITTLE}. "
            f"{OPEN} {LEAST}"
        ),
        subject=PAIR,
        page="links",
    ),
    Claim(
        id="architectures",
        title="Whatever the two architectures",
        short="Whatever the architectures",
        place="The end of the second finding: “regardless of their architectures”.",
        test=(
            "The links between networks of different families, told by their names; the figure of a "
            "pair of families is the mean over its links, and the worst pair decides."
        ),
        statistic="median held-out R² of the worst pair of families",
        over=IMAGES_AND_CATEGORIES,
        rule=(
            f"Holds where the worst pair's interval lies at or above {prediction.WANTED}; does not "
            f"hold where it lies below {prediction.LITTLE}. {OPEN} Asked for: "
            f"{architectures.LEAST_FAMILIES} families, all pairs linked. More can be said only with "
            "more families."
        ),
        subject=ATLAS,
        page="links",
    ),
    Claim(
        id="redundancy",
        title="The more redundant a category, the smaller the error of its equation",
        short="More redundant, smaller error",
        place="The theory: dependency is guaranteed by a “redundant logit covariance matrix”.",
        test=(
            "Categories are ranked by the residual power at λ = 0 (the floor), or by the dense "
            "map's held-out error where the floor says nothing, and by the held-out error of their "
            f"equations of at most {READABLE} parents."
        ),
        statistic="Spearman's rank correlation",
        over="categories",
        rule=(
            f"Holds where the interval lies at or above {redundancy.STRONG}; does not hold where it "
            f"lies below {redundancy.WEAK}. {OPEN} {LEAST}"
        ),
        subject=NETWORK,
        page="redundancy",
    ),
    Claim(
        id="sparsity",
        title="Few parents are enough",
        short="Few parents are enough",
        place="The theory: dependency is “highly sparse”.",
        test=(
            f"The fewest parents whose refit equation explains {_share(sparsity.SHARE)} of what the "
            "dense map explains on held-out images; a path that ends before counts as one more than "
            "its end."
        ),
        statistic="parents that the median category needs",
        over="categories",
        rule=(
            f"Holds where the interval lies at or below {sparsity.FEW} parents (a tenth of the "
            f"categories, if that is fewer); does not hold where it lies above {sparsity.MANY} (a "
            f"quarter). {OPEN} Paths have to reach so far. Asked for: {LEAST_IMAGES} held-out images, "
            f"{LEAST_CATEGORIES} categories of which the dense map explains "
            f"{_share(sparsity.WORTH)}."
        ),
        subject=NETWORK,
        page="redundancy",
        form="parents",
    ),
    Claim(
        id="unseen",
        title="A network can score categories that it never learned",
        short="Scores what it never learned",
        place="The last sentence: “generalizing models to unseen categories”.",
        test=(
            "A student's unseen categories are written in its seen ones by equations of at most "
            f"{unseen.PARENTS} parents, fitted to a teacher on unlabelled images and calibrated "
            "there; held-out images judge all categories in competition."
        ),
        statistic="H, the harmonic mean of the accuracies on unseen and seen categories",
        over="held-out images, and draws of categories where there are several",
        rule=(
            f"Holds where the interval lies at or above {unseen.WANTED} (twice the chance level, if "
            f"that is more); does not hold where it lies below {unseen.LITTLE} (the chance level). "
            f"{OPEN} Asked for: {LEAST_IMAGES} held-out images of unseen categories."
        ),
        subject=PAIR,
        page="unseen",
    ),
    Claim(
        id="cutting",
        title="Cutting dependencies makes a network more robust",
        short="Cutting makes more robust",
        place="The last sentence: “improving model robustness”.",
        test=(
            "A network fine-tuned to lose dependencies, beside a control fine-tuned the same way "
            "without: how well each tells foreign images from held-out ones by its max softmax."
        ),
        statistic="AUROC of the cut network less that of its control, mean over sets of foreign images",
        over="images and seeds",
        rule=(
            f"Holds where the interval lies above 0; does not hold where it lies below 0. {OPEN} Nothing "
            f"was tested where CovLasso still selects more than {_share(cutting.STILL)} of the cut "
            f"dependencies at the same λ, or where top-1 lies more than {100 * cutting.LOSS:g} points "
            f"below the control's. Asked for: {cutting.LEAST_SEEDS} seeds, {LEAST_IMAGES} held-out "
            f"images, and {LEAST_IMAGES} in every set of foreign images."
        ),
        subject=CUT,
        page="cut",
        form="difference",
    ),
    Claim(
        id="unrelated",
        title="Some dependencies join categories that people find unrelated",
        short="Some join unrelated categories",
        place="The last sentence: “understanding internal data correlations”.",
        test=(
            f"Dependencies at {READABLE} parents that come back in {_share(unrelated.STABLE)} of "
            f"half-samples, that at least {unrelated.SHARED} networks have, of which neither "
            "category is named in the other, and that are as far apart in WordNet as three of four "
            "random pairs, by their own words and by the company that they keep in equations. "
            "WordNet and names stand in for people."
        ),
        statistic="share of such among a network's dependencies",
        over="target categories",
        rule=(
            f"Holds where the interval lies at or above {_share(unrelated.WANTED)} (twice what "
            "shuffled targets give, if that is more); does not hold where it lies below "
            f"{_share(unrelated.LITTLE)} (what shuffled targets give). {OPEN} Asked for: "
            f"{unrelated.SHARED} networks of one label set known to WordNet, measured stability, "
            f"{LEAST_IMAGES} held-out images, {LEAST_CATEGORIES} categories."
        ),
        subject=NETWORK,
        page="overview",
        form="share",
    ),
)

BY_ID = {claim.id: claim for claim in CLAIMS}
