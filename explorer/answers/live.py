"""What equations say of one picture, from its logits alone."""

import numpy as np
import pandas as pd


def probabilities(logits: np.ndarray) -> np.ndarray:
    """Softmax (n,) float64."""
    powers = np.exp(logits.astype(np.float64) - logits.max())
    return powers / powers.sum()


def terms(equation: pd.DataFrame, names: np.ndarray, logits: np.ndarray) -> pd.DataFrame:
    """An equation on one picture, term by term: source_name, coefficient, logit, term; largest first."""
    source = equation["source"].to_numpy(int)
    rows = pd.DataFrame(
        {
            "source_name": names[source],
            "coefficient": equation["coefficient"].to_numpy(float),
            "logit": logits[source].astype(float),
        }
    )
    rows["term"] = rows["coefficient"] * rows["logit"]
    return rows.sort_values("term", key=np.abs, ascending=False, ignore_index=True)


def r2(true_logits: np.ndarray, guess: np.ndarray) -> float:
    """Explained share of the variance over the categories of one picture."""
    known = np.isfinite(guess)
    rest = np.sum((true_logits[known] - guess[known]) ** 2)
    return float(1 - rest / np.sum((true_logits[known] - true_logits[known].mean()) ** 2))
