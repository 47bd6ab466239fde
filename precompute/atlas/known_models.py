"""Whether an atlas has the model that somebody names."""

from difflib import get_close_matches

from precompute.atlas.store import Atlas
from precompute.errors import UserError


def checked_model(atlas: Atlas, model: str) -> str:
    """The name as it is. Raises UserError where the atlas has no finished model of that name, or none."""
    known = atlas.models()
    if not known:
        raise UserError(
            f"There is no model in the atlas {atlas.root}. Build one with `python -m precompute demo`, "
            "or name another with --atlas."
        )
    if model not in known:
        near = get_close_matches(model, known, 1, cutoff=0.4)
        hint = f"Did you mean '{near[0]}'?" if near else f"It has {', '.join(known)}."
        raise UserError(f"The atlas {atlas.root} has no model '{model}'. {hint}")
    return model
