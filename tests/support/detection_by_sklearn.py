"""A referee of how well a score tells foreign images from held-out ones: scikit-learn."""

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve

from precompute.ood.detection import PASSING


def figures(held_out: np.ndarray, foreign: np.ndarray) -> list[float]:
    """AUROC, AUPR and FPR at 95% of scores (H,) and (F,)."""
    score, known = np.r_[held_out, foreign], np.r_[np.ones(len(held_out)), np.zeros(len(foreign))]
    fpr, tpr, _ = roc_curve(known, score, drop_intermediate=False)
    passing = fpr[tpr >= PASSING - 1e-12].min()
    return [roc_auc_score(known, score), average_precision_score(1 - known, -score), passing]
