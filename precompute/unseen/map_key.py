"""What a map from seen logits to unseen scores is called, and the kinds of its calibration."""

from typing import NamedTuple


class MapKey(NamedTuple):
    """Which map: "dependency" with a number of parents and whether refit, or one of those below."""

    method: str
    n_parents: int | None = None
    refit: bool | None = None


# All seen logits at once; the student's own, masked head; and guessing evenly.
RIDGE, CEILING, CHANCE = MapKey("ridge"), MapKey("ceiling"), MapKey("chance")

# Raw scores; a constant taken off the seen logits; and that, with a scale and offset for each category.
NONE, STACKING, CATEGORY = "none", "stacking", "category"
CALIBRATIONS = (CATEGORY, STACKING)  # those to choose from, the one that serves best first
