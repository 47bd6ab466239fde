"""What every figure means, its unit and where it comes from, in the order of the pages."""

from explorer.words.help_cut import CUT
from explorer.words.help_foreign import FOREIGN

HELP = {
    # at the side
    "network": "The classifier whose logits are explained on Overview, Category, Working set, Links and "
    "Compare, and where the search finds categories. Unseen and Models show the networks that they name. "
    "At first it is the network with the best held-out top-1.",
    "choice": "How many sources every equation has, on all pages and in all graphs, lists and files. "
    "Few: the fewest whose cross-validated error on the fit images lies within one standard error of "
    "the least. Readable: 8, or as many below that as the path has. Best: the number with the least "
    "cross-validated error. Where a path stopped with that error still falling, few and best are "
    "those of the part that was searched; pages then say that more would still help.",
    "find": "Searches names, WordNet ids, words that WordNet places above them, and definitions, and "
    "forgives misspellings. Press / to come here from anywhere, the arrow keys to walk along what is "
    "found, and Enter to open the first one.",
    # overview
    "categories": "Logits of the network; each has one equation.",
    "dependencies": "Non-zero coefficients over all equations, each at the choice at the side: few, "
    "readable or best.",
    "median_error": "Median over categories of the relative error on images that no fit saw: squared "
    "error of the equation over the mean squared logit. 0 is perfect, 1 is no better than always "
    "saying zero. With refit coefficients: {refit}.",
    "median_r2": "Median over categories of the explained share of the logit's variance on images that "
    "no fit saw. 1 is perfect. With refit coefficients: {refit}; for shuffled targets, where there is "
    "nothing to find: {control}.",
    "top1": "Held-out images whose largest logit is the true category, judged by {reference}.",
    "map": "Every category is a dot, larger the more equations use it; colours are communities of the "
    "graph (Louvain), named by the WordNet word that fits most of their members, not each of them: "
    "broccoli may be among the arthropods. The layout (t-SNE on the dependencies) is decoration: true "
    "neighbours are those with a line between them; the paler it is, the fewer half-samples of the "
    "images have it. Hover to see a neighbourhood, click to open a category. With the keyboard: Tab to "
    "the map, arrows to move, Enter to open, Esc to let go.",
    "strength": "Least absolute coefficient of a dependency.",
    "parents": "Only equations with so many sources: the left end finds the simplest ones.",
    "sign": "Positive: the categories rise together. Negative: one speaks against the other.",
    "r2_filter": "Only equations whose held-out R² lies in this range: the right end finds those that hold "
    "on unseen images, the left end those that fail. The left end itself means: or anything below.",
    "solved": "Only equations that are solved exactly, by their certificate: a duality gap of at most "
    "1e-9 of the logit's power over the whole path. Or only those that are not.",
    "communities": "Only categories of these communities keep their colour. A community bears the WordNet "
    "word that fits most of its members; others may be among them.",
    "branch": "Only categories under this WordNet word keep their colour; the number says how many there "
    "are. A word of several senses stands for all of them.",
    "mark": "Rings the categories that a search by name, WordNet id or meaning finds, at most 40 that fit "
    "best.",
    "lists": "Lists over the dependencies that pass the filters above, each equation at the choice at "
    "the side. A row opens its category; a heading sorts.",
    "r2_of_target": "Of the category's whole equation, on images that no fit saw.",
    "used_by": "Equations of other categories that use it, among the dependencies that pass the filters.",
    "uses": "Sources in its own equation, among the dependencies that pass the filters.",
    "surprising": "Dependencies that people would not expect and that are there all the same: stable in "
    "at least 80 % of the half-samples; in so many networks that shuffled targets give less than 5 % of "
    "what is found there; with a source that shuffled targets take in at most 5 % of their equations; in "
    "the first half of the target's equation by coefficient; in another community of the map; neither "
    "named in the other's name or meaning; and in WordNet at least as far apart as all but the nearest "
    "quarter of random pairs, in the network's own sense of both words. Farthest first.",
    "sense": "WordNet steps in the network's own sense: the smallest of the distance between both, of the "
    "source from the target's other parents, and of the target from the source's other parents (means "
    "weighted by coefficient). ImageNet's cup is a punch by its WordNet id, but this network writes it in "
    "mugs and bowls.",
    "distance": "Steps between both categories over their nearest common WordNet word.",
    # category
    "one_sentence": "Explained: held-out R² of the equation as it stands, below 0 written as nothing. In "
    "brackets, refit: the same parents by least squares, without a number where the equation is that "
    "already; then what others reach there: the same search "
    "on shuffled targets; as many random parents (mean of 5 draws, 1 with more than 4,096 categories) "
    "and as many of the most correlated ones, by least squares; the dense ridge map from all sources. "
    "Below 0 they are written as 0 %. On its own images: mean of equation less network, in standard "
    "deviations of the logit (sd). Networks: "
    "how many of those compared have this parent at the same choice of sparsity. Half-samples: in how "
    "many halves of the fit images CovLasso selects it at as many parents; stable is at least 80 %. "
    "Where the slider leaves the choice of sparsity, the last two are not known.",
    "copy_equation": "Every term with four digits, and the constant where there is one. f in LaTeX is a "
    "category's logit; the files below the graph have all digits.",
    "certificate": "Largest duality gap over the whole path, relative to the logit's power: how far the "
    "solution can be from the true optimum. Rounding alone leaves about 1e-13; up to 1e-9 the equation "
    "counts as solved exactly, which says that it is the optimum of CovLasso, not that it is right.",
    "slider": "A whole number is the last point of the path with so many parents; in between the next "
    "one fades in. Coefficients run linearly in λ between the knots of the path, so up to 32 parents "
    "every position is exact; beyond, the slider moves between the sizes that are stored. It starts "
    "at the number of the choice at the side: few, readable or best.",
    "fit": "Lasso: as CovLasso found them, shrunk towards zero. Refit: least squares on the same sources.",
    "error": "Squared error of the equation over the mean squared logit, on images that the fit never "
    "saw. 0 is perfect, 1 is no better than saying zero.",
    "control": "Held-out error of the same search where the images of the target were shuffled, so that "
    "there is nothing to find. An equation is worth something only well below this.",
    "r2": "Explained share of the logit's variance on held-out images. 1 is perfect, 0 is the mean.",
    "within_half": "Held-out images whose logit lies within half a standard deviation of the equation "
    "(sd = {sd} logits).",
    "within_one": "Held-out images whose logit lies within one standard deviation of the equation.",
    "step_down": "One parent less.",
    "step_up": "One parent more.",
    "coefficient": "Logits by which the target's logit changes with one logit of the source.",
    "refit_coefficient": "The same by least squares on the equation's sources, without the lasso's "
    "shrinkage: logits of the target per logit of the source.",
    "levels": "One row per number of parents along the path, with the coefficients that the switch above "
    "shows; a row moves the slider there. The file has both kinds.",
    "parents_of_row": "Sources in the equation.",
    "cv_error": "Relative error over 5 folds of the fit images (3 with more than 4,096 "
    "categories): squared error over the mean squared logit.",
    "cv_spread": "Standard error of the cross-validated error over the folds.",
    "named_choices": "The rows of the three choices at the side. Few: the fewest parents whose "
    "cross-validated error lies within one standard error of the least. Readable: 8 parents, or the "
    "largest support below. Best: the least cross-validated error.",
    "stopped": "The path was followed to this many parents, and the cross-validated error was still "
    "falling there: few and best are those of the searched part. `--max-parents` sets how far `run` "
    "and `link` search.",
    "stability": "In how many half-samples of the fit images CovLasso, at the same number of parents, "
    "selects the source (complementary pairs; stability selection, Meinshausen and Bühlmann 2010, Shah and "
    "Samworth 2013). Empty: not measured at this number of parents. From 80 % on it counts as stable.",
    "stability_filter": "Only dependencies that come back in at least this share of half-samples of "
    "the fit images. Those whose stability was not measured do not pass.",
    "baselines": "The equation, refit (by least squares, as random and most correlated parents are) and, "
    "where the switch says lasso, as the lasso shrinks it, beside what else is to be had, all judged on "
    "the same held-out images. Dense ridge: a map from all sources. Most correlated, random: as many "
    "parents, least squares, of 5 random draws the mean (1 with more than 4,096 categories). Shuffled: "
    "the same search where the images of the target were shuffled. Guessing the mean: of the fit images. "
    "What is not the equation is stored "
    "for some numbers of parents; the nearest is shown.",
    "rank": "Rank of the logits' second moment on the fit images. A last layer of width d allows at "
    "most d + 1. Below the number of categories, good equations must exist whatever the network "
    "learned: read R² beside the baselines.",
    "fit_error": "Relative error on the images that the equation was fitted on: optimistic by design.",
    "lambda": "The penalty λ at which the equation has so many parents.",
    "ego": "Left: the sources in this category's equation. Right: the categories whose equation uses it. "
    "Arrows run from source to target, as wide as the coefficient is large. Click a category to open it, "
    "or a line to open its far end; the tables below say the same.",
    "depth": "How many arrows to follow. Each step adds the strongest further dependencies, at most 32, 16 "
    "and 8 on a side; beyond the first, every category has the equation of the choice at "
    "the side. The paler an arrow, the fewer half-samples of the images have it.",
    "path": "Coefficient of every source (without unit) against the penalty λ. A line that leaves "
    "zero is a source that enters. The dotted line is where the slider stands. Beyond 32 parents only "
    "the marked places are stored, and straight lines join them.",
    "truth": "Each dot is a held-out image: what the equation says against what the network says, in "
    "logits. On the dotted line they agree. The band is one standard deviation of the logit.",
    "epsilon": "The paper's (ε, δ): the fraction δ of held-out images on which the equation misses the "
    "logit by at least ε, in standard deviations of the logit. Lower is better.",
    "replacement": "The category's logit is replaced by its equation on every held-out image; does "
    "classification survive? Recall: images of the category that are still recognised. False "
    "positives: other images that get the category.",
    "survival": "A category's logit is replaced by its equation on every held-out image; how much of the "
    "network's classification is left? Recall kept: right answers after over right answers before, pooled "
    "over a seeded sample of categories. False positives: images of other categories that get the replaced "
    "one, per 1,000. Lines: equations as they are; equations in whose second moment a category's own fit "
    "images weigh 10 % or 30 %; and each with one constant per line and size added to the replaced logit, "
    "chosen on fit images that were left out of the fit. Bands: 95 % bootstrap intervals over categories.",
    "weight_positives": "Share of the second moment's mass that a category's own fit images have in its "
    "equation, so that it keeps its classification; 0 %: the paper's equations, where all images weigh the "
    "same. Made by `run --weight-positives`.",
    "survival_all": "Recall kept by every network at these numbers of parents, and by the dense ridge map "
    "from all other categories. An empty place: so many parents make every logit of the network exact, or "
    "its sample has none.",
    "interval": "Below it: 95 % of 1,000 bootstrap samples of the held-out images fall between these.",
    "examples": "Held-out images of this category, or that the network takes for it where they have no "
    "label; the network's largest logit first. Pictures are read from their own files, where these are "
    "on this machine, and shown as middle squares; the atlas stores none.",
    "failures": "The held-out images on which the equation, as it stands, is furthest from the network. "
    "▲ the equation says too much, ▼ too little, in standard deviations of the logit. They are the dots "
    "farthest from the dotted line in “Predicted and true logit”.",
    "off": "What the equation says less what the network says, in standard deviations of the logit.",
    # models
    "networks": "Rank is that of the fit images' second moment. A last layer of width d allows at most "
    "d + 1, and a rank below the number of categories forces dependencies.",
    "sparsity": "Median over categories on images that no fit saw, at each number of parents. Thin "
    "lines of the same colour are baselines. Dense ridge: a map from all sources. Most correlated, "
    "random: as many parents, least squares, to be compared with refit equations, which the lasso's have "
    "as one more thin line. Shuffled: the same search on shuffled targets, where "
    "there is nothing to find.",
    "forced": "Categories less the largest rank that the last layer allows, d + 1: so many must be "
    "combinations of others, whatever the network learned.",
    "more_images": "Median over categories of the held-out R² of readable equations (8 parents, refit) "
    "that were found on a quarter, a half and all of the fit images, and judged on the same held-out ones; "
    "of several such parts the mean. Read from learning.parquet.",
    "provenance": "Read from each network's model.parquet, written when it was computed.",
    # redundancy
    "width": "Features of the layer before the logits. A linear last layer of width d lets the logits "
    "span at most d + 1 directions, however many categories there are.",
    "effective_rank": "exp of the entropy of the eigenvalues of the second moment, as shares of their "
    "sum: over how many equal directions the logits would spread as much (Roy and Vetterli 2007). By "
    "participation: (sum of eigenvalues)² / sum of their squares, where large ones decide.",
    "exponent": "Steepness a of the singular values of the logits, rank^−a: least squares of log "
    "singular value on log rank, from rank 2 to half of the rank, every octave counting alike. "
    "Eigenvalues of M are squared singular values and fall with 2a. Below it: 95 % interval, by leaving "
    "out a fifth of the fit images at a time. Golowich et al. (2510.24966) find exponents just above "
    "1/2 in matrices of language models' logits over many contexts; those are other matrices of other "
    "networks.",
    "spectrum": "Singular values of F / √N, the square roots of the eigenvalues of the fit images' "
    "second moment M = F'F / N, largest first; the first is mostly the mean logit. Rounding to float16 "
    "makes singular values up to the dotted line out of nothing: what lies above it is the rank. With "
    "hardly more images than categories the last ones come out too small.",
    "support": "Number of parents at every penalty λ, as a share of the λ at which the category's first "
    "source enters: median over categories, and between which numbers half and 80 % of them lie.",
    "redundancy_error": "The floor of a category is the relative error that all other logits leave on "
    "the fit images, 1/((M⁻¹)ᵢᵢ Mᵢᵢ): small is redundant. Spearman's rank correlation with the held-out "
    "error of its equation is 1 where the more redundant category always has the smaller error, 0 where "
    "the one says nothing about the other.",
    "by_size": "The control: the same correlation where nothing is known of a category but its mean "
    "squared logit, large counting as redundant. Relative errors are divided by it.",
    "at_most_parents": "Equations of so many parents, or the largest that the category's path has below "
    "it.",
    "over_categories": "95 % of 1,000 bootstrap samples of the categories fall between these; of more "
    "than 2,000 categories the samples are not drawn: the normal interval of the same spread.",
    "compliance": "The readable equations (8 parents) on trial: are their sources categories that the "
    "network confuses with the target (mean softmax probability on held-out images of the target), "
    "whose weights in a linear last layer point the same way (cosine), or that WordNet places near "
    "(steps over the nearest common word)? Agreement is no explanation of what causes what.",
    "agreement_auroc": "Chance that a parent is more alike, by this measure, than a category that the "
    "equation does not use: mean over targets of the AUROC. 0.5: the measure knows nothing of parents.",
    "agreement_spearman": "Within one equation of at least 3 such parents: rank correlation of the "
    "absolute coefficient with the measure, mean over targets. 0: strong parents are no more alike than "
    "weak ones.",
    "agreement_sign": "Of the coefficient. With a negative one the source speaks against the target.",
    "dealt": "The same where every target is dealt the parents of another one: popular sources stay "
    "popular, and nothing else is left. 0.5, or 0 for the correlation, is what guessing gives.",
    "unexplained": "Readable dependencies with a positive coefficient, at least the median of the "
    "network's positive ones, that come back in at least 80 % of the half-samples and are known in two "
    "measures at least. The best rank is the largest in any measure: below 0.5 the source is less like "
    "the target than half of the categories that the equation does not use, whatever the measure, and "
    "nothing explains the dependency. A row opens its category.",
    "compliance_rank": "Share of the categories that the equation does not use which are less like the "
    "target than this source is: 0.5 by chance.",
    # compare
    "other": "The network to compare with; the sidebar chooses network A. Categories are joined by name.",
    "shared": "Dependencies that both equations have, with the same sign. By chance: as many are shared by "
    "the equations that the same search finds for shuffled targets of both networks, where there is "
    "nothing to find.",
    "sign flip": "Dependencies that both have, with opposite signs. Lasso signs "
    "practically never differ, whatever the networks: a source enters only with a residual correlation "
    "of λ / 2. Look at refit coefficients before reading agreement into a zero. By chance: the same of the "
    "equations of shuffled targets.",
    "stable flips": "Of the dependencies that both networks have and select in at least 80 % of the "
    "half-samples, those whose refit coefficients have opposite signs: where both are sure of the source, "
    "do they agree on what it says? Signs drawn at random would differ in half of them.",
    "only in A": "Dependencies that only network A has, at the choice at the side.",
    "only in B": "Dependencies that only network B has, at the choice at the side.",
    "compared": "Every dot is a dependency that both networks have: its coefficient in A against that "
    "in B. On the dotted line both agree; triangles have opposite signs.",
    # learn and share
    "worked_examples": "Found in this atlas; every number in them is read from its tables. A button opens "
    "the exact view.",
    "glossary": "Every word once, as the pages and the README use it.",
    "permanent_link": "The page with everything that is chosen on it, as it is now. It works wherever this "
    "dashboard runs under this address, on the same atlas.",
    "picture_format": "PNG has twice the size of the chart on the page; SVG is sharp at any size.",
    "kinds": "Which dependencies the maps draw and the list holds; none chosen means all.",
    "two_maps": "The same categories in both networks, their layouts and communities turned onto each "
    "other as far as they agree. Lines are the dependencies of the kinds that you chose; a category "
    "that has none of them is grey. Point at a category on one map and both show its neighbourhood; click "
    "it, or press Enter on it, and everything below turns to it. Esc lets go. Numbers on the "
    "maps are the lasso's.",
    "both": "The same category in both networks, each at the choice at the side. A source stands at "
    "the same height on both sides; colour and shape say whether both networks use it, a dashed line "
    "that its coefficient is negative. Click a source to turn both sides to it; the table below says "
    "the same.",
    # working set
    "pinned": "Categories that you pinned. The set is in this page's address and in your browser's own "
    "storage; no server keeps it.",
    "kept": "Named sets lie in this browser's own storage. Opening one replaces what is pinned now.",
    "pins_graph": "The dependencies among pinned categories, each equation at the choice at the side. "
    "Neighbours on the map stand side by side. Arrows run from source to target, as wide as the "
    "coefficient is large. Click a category to open it, or a line to open its target; the table below "
    "says the same.",
    "scope": "With their parents: also the sources of pinned categories that are not pinned.",
    "chain": "The fewest equations that lead from one category to another: each one is a source in the "
    "equation of the next. Among equally short chains the one with the largest product is shown. "
    "A chain says which logits go together on these images, step by step, and not that one moves the next.",
    "chain_end": "A category of this network. Both directions are shown.",
    # links
    "source": "The network whose logits are the sources. The target network is the one chosen at the "
    "side of the page.",
    "graph": "Left: the category in the target network. Right: the categories of the source network "
    "that it is written in, strongest where the arrow is widest. The shape of a dot says in which "
    "network's own equation the same source takes part. Click a source to see its own link.",
    "agreement": "Coefficient of every source in three equations of the same category: between the "
    "networks (at the slider), inside the target network and inside the source network (at the "
    "choice at the side). Empty: it takes no part.",
    "truth_between": "Each dot is a held-out image that both networks have seen: what the source network's "
    "logits say through the equation against what the target network says, in logits. The band is one "
    "standard deviation of the logit.",
    "distribution": "Explained share of every category's variance on images that no fit saw, at the "
    "choice at the side; all below −0.5 stand at the left end. Grey: the same search on "
    "shuffled targets, where there is nothing to find. The claim is said to hold where the whole 95 % "
    "interval of the median over categories lies at or above 0.5, half of the variance.",
    "explained": "Categories with a held-out R² above 0 and above the shuffled control.",
    "median_interval": "Below it: its 95 % interval, 1.96 root mean squares of the difference between it "
    "and the median on resamples of the held-out images, each drawn for all categories at once "
    "(median.parquet).",
    "link_verdict": "Whether the claim holds that one network's logits are combinations of the other's: it "
    "does where the whole 95 % interval of the median lies at or above 0.5, half of the variance; it does "
    "not where the whole interval lies below; in between it is not decided, nor on fewer than 30 images.",
    "best": "The categories that the source network predicts best and worst. A row opens its equation.",
    "pairs": "Median over categories of the held-out R², for every ordered pair of networks that the "
    "atlas has linked; row: target, column: source.",
    "same": "Categories whose strongest source is the same category of the other network, where it was "
    "allowed as a source (`--allow-same`): near 100 % where both networks know what they see.",
    "shared_images": "Held-out images that both networks have seen.",
    "consensus": "In how many networks of this label set a dependency appears, each at the choice "
    "at the side, and whether they agree on its sign. Read from consensus.parquet.",
    "by_chance": "Grey: how many dependencies as many networks share if every network's targets are "
    "shuffled, so that there is nothing to find (control.parquet of each). What both bars reach is chance. "
    "Agreement is said to be above chance from the smallest number of networks on at which shuffled "
    "targets give less than 5 % of what is found. Read from chance.parquet.",
    "signs_differ": "Of the dependencies that several networks have, those that are positive in some and "
    "negative in others, by lasso coefficients, whose signs hardly ever differ. By chance: the same among "
    "the equations of shuffled targets.",
    "signs_differ_refit": "Of the dependencies that at least two networks select in at least 80 % of the "
    "half-samples, those whose refit coefficients are positive in some of these networks and negative in "
    "others. Signs drawn at random would differ in half of them or more.",
    "mean": "Mean coefficient over all networks compared; one that lacks the dependency counts as 0.",
    "by_model": "Coefficient of every source of this category in every network; a dot where it takes no "
    "part, +0 and −0 where it is smaller than 0.005.",
    # live image
    "picture": "Pictures that came with scikit-image and scikit-learn, or one of your own.",
    "upload": "At most 8 MB and 40 million pixels. The picture stays in this machine's memory while "
    "the page is open, and is stored nowhere.",
    "who_looks": "Networks of the atlas whose weights are on this machine. Each is loaded when it first "
    "looks, which takes a few seconds.",
    "ranking": "The largest logits of every network with their softmax probability; beside them what "
    "the category's own equation says, given the picture's other logits. A row asks about its category.",
    "answers": "The network's own logit of this category; what its own equation makes of its other "
    "logits; and what the logits of another network make of it through a link. Equations stand at the "
    "choice at the side.",
    "off_answer": "Difference to the network's own logit, in standard deviations of that logit on held-out "
    "images.",
    "terms": "Coefficient times the source's logit on this picture; the terms add up to the prediction.",
    "every": "Each dot is a category: what its equation says against what the network says. On the "
    "dotted line they agree.",
    # unseen categories
    "experiment": "The student knows its seen categories only. The teacher knows the unseen ones; its "
    "logits on unlabelled images are what the equations were fitted to.",
    "unseen_parents": "The largest support on the path with at most so many seen categories; the last "
    "step is the end of all paths.",
    "unseen_fit": "Refit: least squares on the sources that CovLasso chose. Lasso: as CovLasso found "
    "them, shrunk towards zero.",
    "calibration": "Category: every unseen score gets the mean and spread of the teacher's logit, then γ. "
    "Stacking: raw scores, γ alone. Both were learned on fit images, without labels.",
    "gamma": "A constant taken off every seen logit (calibrated stacking, Chao et al., ECCV 2016). To the "
    "right more images go to unseen categories. It starts at what was chosen on fit images; the figures "
    "are recomputed exactly from every held-out image.",
    "U": "Share of the images of unseen categories that are named rightly while all categories compete.",
    "S": "Share of the images of seen categories that are named rightly while all categories compete.",
    "H": "Harmonic mean of U and S: high only where both are.",
    "unseen_interval": "Below it: the 95 % interval, over 1,000 bootstrap samples of the held-out images. "
    "Where the atlas has further experiments of the same student and teacher with other random draws of as "
    "many categories, it is that of a further one: their mean, and the interval of their bootstrap "
    "samples, with the distances between K draws widened by √((K + 1) / (K − 1)), as K draws tell too "
    "little of their spread.",
    "AUSUC": "Area under the curve of S over U for all γ; γ does not move it.",
    "unseen_only": "Images of unseen categories named rightly where only these compete; γ does not move "
    "it.",
    "curve": "Every γ is a point: left, everything goes to seen categories, right, to unseen ones. "
    "Dotted hyperbolas have equal H. The student's own head is what it would reach had the categories "
    "not been masked.",
    "cost": "The chosen figure against the number of parents, with 95 % bootstrap intervals over images. "
    "Dotted: the dense ridge map over all seen logits, the student's own head, and guessing.",
    "claims": "Both maps of a comparison are judged on the same 1,000 draws of held-out images (paired "
    "bootstrap). A hope holds where the 95 % interval of the difference lies above −2 points, fails where "
    "all of it lies below 0, and is undecided otherwise.",
    "unseen_category": "A category that the student never learned, written in those that it did.",
    "n_images": "Held-out images of the category; with one or two of them curves have few steps.",
    "auroc": "Chance that an image of the category scores higher than another one.",
    "average_precision": "Area under precision over recall; guessing reaches the category's share.",
    "teacher_r2": "Explained share of the variance of the teacher's logit on held-out images.",
    "roc": "Recall against the share of other images that score as high, for every threshold.",
    "precision": "Share of right images among those above a threshold, against recall; the area under "
    "these steps is the average precision.",
    "all_unseen": "How well each category's score alone tells its held-out images from all others. A row "
    "opens its category.",
    "ranked": "Held-out images with the highest calibrated score. Pictures are read from their own "
    "files, where these are on this machine.",
    "all_figures": "Every map and calibration, shares of images in percent, with 95 % bootstrap intervals "
    "over held-out images, without the draw of categories. Ridge: all seen logits. Ceiling: the student's "
    "own masked head. Chance: guessing evenly.",
    "competition": "The student of an experiment, with its unseen categories masked: the seen logits less "
    "γ, and the calibrated scores of the unseen categories, in one ranking.",
    "live_score": "A seen category's logit less γ, or an unseen category's calibrated score.",
    # claims
    "claim_grid": "A row for each claim, a column for each network. ● holds, ◐ holds partly, ○ does "
    "not hold, – cannot be tested with this atlas: not tried, or tried and left open by the interval. "
    "Of a claim about pairs a cell counts those of which the network is the target or the student. A "
    "cell opens its evidence below.",
    "claim_titles": "In short; in full they stand above the table, and in the choice below it.",
    "claim_choice": "The claim whose evidence stands below; the network is the one chosen at the "
    "side.",
    "claim_value": "The figure that decides, on held-out images, and its 95 % interval, widened for "
    "the number of tests of the atlas.",
    "claim_alone": "The same interval, had this been the only test.",
    "claim_yardstick": "What the figure is compared with, in the same unit.",
    "claim_images": "Images behind the figure: held-out ones, and foreign ones where those are told apart.",
    "claim_plot": "The figure of every network or pair; the thick line is its own 95 % interval, the "
    "thin one is widened for all tests. Short strokes are what it is compared with. Dotted: the "
    "thresholds, where they are the same for all.",
    "claim_rows": "claims.parquet as it lies in the atlas: every verdict with its figure, interval "
    "and reason.",
} | FOREIGN
HELP |= CUT
