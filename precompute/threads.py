"""Work on many targets, or many rows, side by side."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def in_threads(work: Callable[[Any], Any], items: Iterable[Any]) -> list:
    """`work` of every item, in their order, in as many threads as `numba.set_num_threads` allows.

    Raises what the first of them raises.
    """
    import numba  # heavy: the app reads paths without it

    items = list(items)
    threads = min(numba.get_num_threads(), len(items))
    if threads <= 1:
        return [work(item) for item in items]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, items))
