"""No image may be fitted on and judged by: the same file, or a copy of it, in both sets is refused."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable

from precompute.errors import UserError
from precompute.inference.image_sets import ImageSet

TAIL = 4096


def assert_disjoint(fit: ImageSet, holdout: ImageSet) -> None:
    """Raises `UserError`, naming the first, if a held-out image is also a fit image.

    Two images are the same if their bytes are, whatever their names. Sizes are compared first, then the
    last 4 KB of files of one size, then all bytes of those that still agree.
    """
    shared = set(fit.ids) & set(holdout.ids)
    same = _same(fit, holdout)
    if same:
        image, twin = same[0]
        raise UserError(
            f"Held-out image '{image}' is also the fit image '{twin}' ({len(same)} such). "
            "Take them out of --images or --holdout."
        )
    if shared:
        raise UserError(
            f"Two different images are both called '{min(shared)}' ({len(shared)} such). "
            "Rename one of the two folders."
        )


def _same(fit: ImageSet, holdout: ImageSet) -> list[tuple[str, str]]:
    """(held-out id, fit id) of the images with the same bytes."""
    candidates = [(list(range(len(fit))), list(range(len(holdout))))]
    for trait in (_size, _tail, _whole):
        candidates = [
            pair
            for ours, theirs in candidates
            for pair in _agreeing(ours, theirs, trait(fit), trait(holdout))
        ]
    return sorted((holdout.ids[t], fit.ids[ours[0]]) for ours, theirs in candidates for t in theirs)


def _size(images: ImageSet) -> Callable[[int], Hashable]:
    return images.sizes.__getitem__


def _tail(images: ImageSet) -> Callable[[int], Hashable]:
    return lambda index: images.read(index, TAIL)


def _whole(images: ImageSet) -> Callable[[int], Hashable]:
    return lambda index: hashlib.sha256(images.read(index)).digest()


def _agreeing(
    ours: Iterable[int],
    theirs: Iterable[int],
    our_trait: Callable[[int], Hashable],
    their_trait: Callable[[int], Hashable],
) -> list[tuple[list[int], list[int]]]:
    """Groups of fit and held-out images that have a trait in common."""
    groups: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for index in ours:
        groups[our_trait(index)][0].append(index)
    for index in theirs:
        groups[their_trait(index)][1].append(index)
    return [pair for pair in groups.values() if pair[0] and pair[1]]
