"""What the figures on foreign images mean, their unit and where they come from."""

FOREIGN = {
    "foreign_image": "An image unlike those that the network knows; held-out ones are of the same kind as "
    "those of the fit.",
    "foreign_set": "A set of images that the network was not made for: `python -m precompute ood` has "
    "let it look at them. Foreign and held-out images choose nothing, they only judge.",
    "foreign_verdict": "Judged by AUROC with 95 % bootstrap intervals over images; differences between "
    "scores are taken on the same resamples. Better: the dependency score is ahead of each of its "
    "controls, and what those lack is the dependencies alone. Worse: it is behind one of them. No "
    "better: all else. With fewer than 20 images of either kind nothing is decided. Equations may be off "
    "by no more than on held-out images and yet be broken beside a largest logit that is smaller. "
    "Dense: uses all logits or features at once, and no equations.",
    "measures": "AUROC: how often a held-out image has a larger score than a foreign one. AUPR: "
    "average precision of finding the foreign images by small scores. FPR at 95 %: share of the "
    "foreign images that pass where 95 % of the held-out ones do. Lines: 95 % bootstrap intervals over "
    "images.",
    "dependency_score": "Largest logit over the root mean square, over all categories, of the logit "
    "less its equation (refit, at the choice at the side): large where dependencies hold. On an image "
    "unlike those that the network knows they break. It says nothing about whether the network's "
    "answer is right.",
    "foreign_auroc": "How often a held-out image has a larger score than a foreign one; equal scores "
    "count half. 0.5 is guessing.",
    "aupr": "Average precision of finding the foreign images by small scores; guessing reaches their "
    "share of all images.",
    "fpr95": "Share of the foreign images that pass the threshold which 95 % of the held-out images "
    "pass. Small is good.",
    "foreign_ahead": "AUROC of the dependency score less this score's; its interval resamples the "
    "images of both in pairs.",
    "foreign_scores": "Controls have the form of the dependency score, without its dependencies. "
    "Permuted sources: the same coefficients on other categories. Random equations: as many random "
    "sources, least squares on the fit images. Max / sd: the largest logit over the standard deviation "
    "of all logits. Others: max softmax, max logit, energy (log of the sum of exp), PCA residual (what "
    "components with 95 % of the variance of the fit images' logits leave, as a negative number), max "
    "/ PCA residual, and ViM where the network's features can be seen. All take their scale from fit "
    "images.",
    "pca_residual": "Root mean square of what is left of an image's logits beside the components that "
    "hold 95 % of their variance on fit images; max / PCA residual: the largest logit over it. Dense "
    "yardsticks: they use all logits at once, and no equations.",
    "vim": "Energy, less what the network's features have outside of the space that fit images use, "
    "scaled so that it weighs as much as the largest logit does. Only where the features before the "
    "last layer can be seen.",
    "max_logit": "The largest logit: the simplest score of all.",
    "best_control": "The control with the largest AUROC: the form of the dependency score, without its "
    "dependencies.",
    "one_score": "Every score is large where an image is like those that the network knows.",
    "foreign_distribution": "Share of the held-out and of the foreign images in each of 60 bins; what lies "
    "beyond the axis is counted at its ends. The dotted line is the threshold of the FPR at 95 %.",
    "foreign_roc": "Share of the held-out images that pass against the share of foreign ones that "
    "pass, for every threshold. The area under it is the AUROC.",
    "broken": "Root mean square residual of each equation (logit less equation) over that on fit "
    "images, on held-out and on foreign images; the ratio of both says how much the equation breaks. "
    "Bias: the mean residual on foreign images in the same unit; negative: the equation promises a "
    "larger logit than the network gives.",
    "broken_caution": "⚠: on held-out images the equation holds more than twice as well as on fit "
    "images, so that a large ratio may owe to a small divisor.",
    "foreign_ends": "The images on which the network's dependencies hold least and most, by the "
    "dependency score. Below each: its score, its place among the held-out images, and the three "
    "equations that are off most, in root mean square residuals on fit images (negative: the equation "
    "promises too much). Pictures are read from their own files and shown as middle squares; the atlas "
    "stores none.",
    "usual_percentile": "Share of the network's held-out images on which dependencies hold less well.",
    "everywhere": "AUROC of the dependency score less that of its best control (by AUROC) on the same "
    "set: above 0 the dependencies themselves tell something. In brackets: no more than chance "
    "allows, by the interval of the difference.",
    "holding": "The dependency score of the picture beside those of the network's held-out images: as "
    "usual; unusual, where more than 95 % of them hold better; broken, where more than 99 % do (told "
    "only by networks with at least 100 held-out images). Equations: refit, at the choice at the side. "
    "It says whether the picture is like those that the network knows, not whether its answer is "
    "right.",
    "off_rms": "The network's logit less its equation, in root mean square residuals of the equation "
    "on fit images; negative: the equation promises a larger logit than the network gives.",
}
