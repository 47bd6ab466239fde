"""What the rank of a network's logits forces: equations that must exist whatever the network learned."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from explorer.words.formatting import count

Info = Mapping[str, Any]  # a row of model.parquet


def forced(info: Info) -> int:
    """How many categories must be combinations of others whatever the network learned: n less the largest
    rank that its last layer of width d allows, d + 1; less the rank that was found, where the width is not
    known and there are images enough to find it."""
    n = int(info["n_categories"])
    if pd.notna(info["n_features"]):
        return max(n - int(info["n_features"]) - 1, 0)
    return 0 if _few_images(info) else max(n - int(info["rank"]), 0)


def sentence(info: Info, *, between: bool = False) -> str:
    """Rank beside n, and what follows from it for a network; `between`: for sources of another network's
    categories, of which it forces none."""
    n, rank, least = int(info["n_categories"]), int(info["rank"]), forced(info)
    beside = f"rank {count(rank)} {'<' if rank < n else 'of'} {count(n)} categories"
    if between:
        return f"The sources' logits have {beside}. Between networks that forces no equation."
    if least:
        return (
            f"{beside.capitalize()}: at least {count(least)} categories must be combinations of others, "
            "whatever the network learned."
        )
    if rank < n and pd.isna(info["n_features"]):
        return (
            f"{beside.capitalize()}: there are only {count(info['n_fit'])} fit images, and on so few, "
            "equations must exist whatever the network learned."
        )
    if rank < n:
        beside = (
            f"rank {count(rank)} of {count(n)} categories on {count(info['n_fit'])} fit images, but the "
            f"last layer is {count(info['n_features'])} wide"
        )
    return f"{beside.capitalize()}: no category must be a combination of others."


def _few_images(info: Info) -> bool:
    """Whether the rank is that of the number of images; centred ones have one dimension less."""
    return int(info["rank"]) >= int(info["n_fit"]) - 1
