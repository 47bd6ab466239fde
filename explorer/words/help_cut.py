"""What the figures on cut dependencies mean, their unit and where they come from."""

CUT = {
    "cut_dependency": "a dependency that fine-tuning was to remove: its source is to leave the equation of "
    "its target at the λ that the target's readable equation had before. Beside cross-entropy stands a "
    "penalty on all pulls that exceed that λ.",
    "pull": "what pulls a source into the equation of a target: twice the mean product, without its sign, "
    "of the source's logit and the residual of the equation without its cut sources, on the fit images. "
    "CovLasso selects the source just where its pull exceeds λ (Karush, Kuhn and Tucker), so 1 in units "
    "of λ is the line.",
    "detour": "a third category through which a cut dependency comes back: a parent of the target that "
    "has the source among its own parents. Its coefficient is the product of both on that way. "
    "The control has such ways, too.",
    "detour_share": "Size of the detour as a share of the coefficient before, mean over seeds without its "
    "sign. From 10 % on the dependency counts as coming back. Before and in the control, where the "
    "dependency itself is there, such ways exist, too.",
    "control_of_cut": "the same network, fine-tuned with the same seeds, images and steps, without the "
    "penalty (β = 0): what fine-tuning does by itself. Before is the network as it was.",
    "cut_dropped": "Share of the cut dependencies that CovLasso no longer selects at the same λ on the fit "
    "images; the note has the control's. At least 90 % were to go.",
    "cut_top1": "Accuracy on labelled held-out images, after cutting less the control: mean over seeds, "
    "with Student's 95 % t interval. It was to lose no more than half a point.",
    "cut_kept": "Share of all other readable dependencies of before that are still there at as many "
    "parents; the note has the control's.",
    "cut_gain": "AUROC of telling foreign images from held-out ones by max softmax, after cutting less the "
    "control, mean over the sets; the interval is a bootstrap over images and seeds.",
    "cut_over_before": "The same AUROC after cutting less that before, as fine-tuning by itself may cost "
    "robustness; the note has that before. Only where it is above 0, too, is the network more robust than "
    "it was.",
    "cut_choice": "Networks of this atlas that were cut from the same one, each with other dependencies.",
    "cut_several": "What was cut from the same network, few or many at once, side by side: differences are "
    "after less control, unless they say over before. Back: share of them that come back through a third "
    "category by at least 10 % of the coefficient before.",
    "cut_pairs": "Every cut dependency: its pull over λ before, in the control, and after cutting (means "
    "over seeds). Left of the line CovLasso no longer selects the source. Lines join control and after.",
    "cut_table": "Coefficients are CovLasso's at the same λ on the fit images; scaled: at the same "
    "λ / λ max, where smaller logits alone take nothing away; held-out: at the same λ on the held-out "
    "images. 0 is not selected. Selected counts the seeds in which it is, after cutting. A row opens its "
    "category in the network at the side.",
    "cut_whole": "The network before, in the control and after cutting, means over seeds; the difference "
    "is after less control, with Student's 95 % t interval over seeds. Kept: other readable dependencies "
    "that are still there at as many parents. Change of coefficients: root mean square, over that of the "
    "coefficients before. Power: M over that before.",
    "cut_foreign": "How well each network tells foreign images from held-out ones, by every score, each by "
    "its own equations: AUROC after less control, with a 95 % bootstrap interval over images and seeds. "
    "Right of the line cutting helps against fine-tuning alone; only where it stands right of its hollow "
    "mark, the network before, it is better than that, too.",
    "cut_figures": "AUROC: how often a held-out image has a larger score than a foreign one. AUPR: average "
    "precision of finding the foreign ones. FPR: share of the foreign images that pass where 95 % of the "
    "held-out ones do; the smaller the better. Means over seeds.",
    "cut_training": "Mean cross-entropy of the images of an epoch, and the mean over its steps of the "
    "penalty without β; a line for each seed. The control has no penalty.",
    "cut_made": "What fine-tuning was given, as `precompute cut` was asked.",
}
