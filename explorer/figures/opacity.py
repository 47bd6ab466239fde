"""How strongly an edge is drawn: the fewer half-samples have it, the paler, in small graphs and on maps."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

PALEST, PLAIN = 0.2, 0.85  # opacity of an edge that no half-sample has, of one not measured
PALER = "The paler {}, the fewer half-samples of the images have it."


def opacity(stability: ArrayLike) -> np.ndarray:
    """Of edges that such shares of half-samples have; PLAIN where stability was not measured (NaN)."""
    share = np.asarray(stability, dtype=float)
    return np.where(np.isnan(share), PLAIN, np.round(PALEST + (1 - PALEST) * share, 2))


def beside_plain(stability: ArrayLike) -> np.ndarray:
    """The same as a multiple of PLAIN, for a drawing that is faint for other reasons, too: 1 where
    stability was not measured, up to 1 / PLAIN elsewhere."""
    return opacity(stability) / PLAIN


def measured(edges: pd.DataFrame) -> bool:
    """Whether `stability`, which may be missing, says anything about any of these edges."""
    return "stability" in edges and bool(edges["stability"].notna().any())
