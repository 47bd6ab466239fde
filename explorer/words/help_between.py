"""Help texts of the pages on links, unseen categories and live images."""

HELP = {
    # links
    "source": "The network whose logits are the sources. The target network is the one chosen at the "
    "side of the page.",
    "graph": "Left: the category in the target network. Right: the categories of the source network "
    "that it is written in, strongest where the arrow is widest. The shape of a dot says in which "
    "network's own equation the same source takes part. Click a source to see its own link.",
    "agreement": "Coefficient of every source in three equations of the same category: between the "
    "networks (at the slider), inside the target network and inside the source network (at their "
    "chosen sparsity). Empty: it takes no part.",
    "truth": "Each dot is a held-out image that both networks have seen: what the source network's "
    "logits say through the equation against what the target network says, in logits. The band is one "
    "standard deviation of the logit.",
    "distribution": "Explained share of every category's variance on images that no fit saw, at the "
    "sparsity that cross-validation chose; all below −0.5 stand at the left end. Grey: the same search on "
    "shuffled targets, where there is nothing to find. The claim is said to hold where the median over "
    "categories is at least 0.5, half of the variance.",
    "explained": "Categories with a held-out R² (lasso) above 0 and above the shuffled control.",
    "best": "The categories that the source network predicts best and worst. A row opens its equation.",
    "pairs": "Median over categories of the held-out R², for every ordered pair of networks that the "
    "atlas has linked; row: target, column: source.",
    "same": "Categories whose strongest source is the same category of the other network, where it was "
    "allowed as a source (`--allow-same`): near 100 % where both networks know what they see.",
    "shared_images": "Held-out images that both networks have seen.",
    "consensus": "In how many networks of this label set a dependency appears, each at its own chosen "
    "sparsity, and whether they agree on its sign. Read from consensus.parquet.",
    "mean": "Mean coefficient over all networks compared; one that lacks the dependency counts as 0.",
    "by_model": "Coefficient of every source of this category in every network; a dot where it takes no "
    "part, +0 and −0 where it is smaller than 0.005.",
    # live image
    "picture": "Pictures that came with scikit-image and scikit-learn, or one of your own.",
    "upload": "At most 8 MB and 40 million pixels. The picture stays in this machine's memory while "
    "the page is open, and is stored nowhere.",
    "networks": "Networks of the atlas whose weights are on this machine. Each is loaded when it first "
    "looks, which takes a few seconds.",
    "ranking": "The largest logits of every network with their softmax probability; beside them what "
    "the category's own equation says, given the picture's other logits. A row asks about its category.",
    "answers": "The network's own logit of this category; what its own equation makes of its other "
    "logits; and what the logits of another network make of it through a link. Equations stand at the "
    "sparsity that cross-validation chose.",
    "off": "Difference to the network's own logit, in standard deviations of that logit on held-out "
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
    "U": "Images of unseen categories that are named rightly while all categories compete.",
    "S": "Images of seen categories that are named rightly while all categories compete.",
    "H": "Harmonic mean of U and S: high only where both are.",
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
    "all_figures": "Every map and calibration with 95 % bootstrap intervals over held-out images. Ridge: "
    "all seen logits. Ceiling: the student's own masked head. Chance: guessing evenly.",
    "competition": "The student of an experiment, with its unseen categories masked: the seen logits less "
    "γ, and the calibrated scores of the unseen categories, in one ranking.",
    "live_score": "A seen category's logit less γ, or an unseen category's calibrated score.",
}
