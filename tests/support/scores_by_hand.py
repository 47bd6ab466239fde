"""A referee of the scores of foreign images: plain numpy, image by image."""

import numpy as np

from precompute.atlas import schema
from precompute.atlas.store import Atlas
from precompute.ood.scores import DEPENDENCY, ENERGY, LOGIT, PCA, PER_PCA, PER_SD, SOFTMAX


def scores_by_hand(
    atlas: Atlas, model: str, logits: np.ndarray, choice: str = "readable"
) -> dict[str, np.ndarray]:
    """The scores without chance in them, image by image, from the tables of the atlas."""
    rows = atlas.read(schema.DEPENDENCIES, model)
    rows = rows[rows["choice"] == choice]
    fit = atlas.logits(model, "fit")[2].astype(float)
    mean = fit.mean(axis=0)
    variance, vectors = np.linalg.eigh(np.cov(fit.T, bias=True))
    share = np.cumsum(variance[::-1]) / variance.sum()
    kept = vectors[:, ::-1][:, : (share < 0.95).sum() + 1]
    found: dict[str, list[float]] = {
        name: [] for name in (DEPENDENCY, SOFTMAX, LOGIT, ENERGY, PER_SD, PCA, PER_PCA)
    }
    for image in logits.astype(float):
        predicted = np.zeros(len(image))
        for row in rows.itertuples():
            predicted[row.target] += row.refit * image[row.source]
        for target, constant in rows.groupby("target")["intercept_refit"].first().items():
            predicted[target] += constant
        left = (image - mean) - kept @ (kept.T @ (image - mean))
        residual = np.sqrt(np.mean(left**2))
        highest = image.max()
        probabilities = np.exp(image) / np.exp(image).sum()
        found[DEPENDENCY].append(highest / np.sqrt(np.mean((image - predicted) ** 2)))
        found[SOFTMAX].append(probabilities.max())
        found[LOGIT].append(highest)
        found[ENERGY].append(np.log(np.exp(image).sum()))
        found[PER_SD].append(highest / image.std())
        found[PCA].append(-residual)
        found[PER_PCA].append(highest / residual)
    return {name: np.array(values) for name, values in found.items()}


def vim_by_hand(features, logits, head, bias, others):
    """ViM (Wang et al. 2022) as its authors' code has it, for d < 768: half of the dimensions are kept."""
    origin = -np.linalg.pinv(head) @ bias
    values, vectors = np.linalg.eigh(np.cov((features - origin).T, bias=True) + np.outer(
        (features - origin).mean(axis=0), (features - origin).mean(axis=0)))  # fmt: skip
    rest = vectors[:, np.argsort(values)[: features.shape[1] - features.shape[1] // 2]]
    alpha = logits.max(axis=1).mean() / np.linalg.norm((features - origin) @ rest, axis=1).mean()
    outside = np.linalg.norm((others - origin) @ rest, axis=1)
    return np.log(np.exp(others @ head.T + bias).sum(axis=1)) - alpha * outside
