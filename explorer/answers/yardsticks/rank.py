"""What the rank of a network's logits forces: equations that must exist whatever the network learned."""

from collections.abc import Mapping
from typing import Any

from explorer.words.formatting import count


def forced(info: Mapping[str, Any]) -> int:
    """How many categories must be combinations of others on the fit images: n less the rank of their
    second moment. `info` is a row of model.parquet."""
    return max(int(info["n_categories"]) - int(info["rank"]), 0)


def sentence(info: Mapping[str, Any], *, between: bool = False) -> str:
    """Rank beside n, and what follows from it for a network; `between`: for sources of another network's
    categories, of which it forces none."""
    n, rank, n_fit = (int(info[name]) for name in ("n_categories", "rank", "n_fit"))
    beside = f"rank {count(rank)} < {count(n)} categories" if rank < n else (
        f"rank {count(rank)}, as large as the number of categories"
    )  # fmt: skip
    if between:
        return f"The sources' logits have {beside}. Between networks that forces no equation."
    if not forced(info):
        return f"{beside.capitalize()}: no category must be a combination of others."
    if rank >= n_fit - 1:  # centred images have one dimension less
        return (
            f"{beside.capitalize()}: there are only {count(n_fit)} fit images, and on so few, equations "
            "must exist whatever the network learned."
        )
    return (
        f"{beside.capitalize()}: at least {count(n - rank)} categories must be combinations of others, "
        "whatever the network learned."
    )
