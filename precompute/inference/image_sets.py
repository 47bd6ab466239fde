"""Open a set of images by its name, and make sure that two sets share none."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable
from pathlib import Path

from precompute.errors import UserError
from precompute.inference.hub_images import HubImages
from precompute.inference.images import FolderImages, ImageSet
from precompute.inference.tar_images import TarImages, find_shards

TAIL = 4096


def open_images(spec: str | Path) -> ImageSet:
    """Open a folder, FILE.tar, hfds/NAME[:SPLIT] or wds/SHARDS.

    Raises `UserError` if it does not exist, holds no images, or needs a library that is missing.
    """
    kind, _, rest = str(spec).partition("/")
    if kind == "hfds":
        return HubImages(rest)
    if kind == "wds":
        return TarImages(rest, find_shards(rest))
    path = Path(spec)
    if path.is_dir():
        return FolderImages(path)
    if path.is_file():
        return TarImages(path.name, [path])
    raise UserError(
        f"There are no images at '{spec}'. Give a folder, FILE.tar, hfds/NAME or wds/SHARDS."
    )


def assert_disjoint(fit: ImageSet, holdout: ImageSet) -> None:
    """Raises `UserError`, naming the first, if a held-out image is also a fit image.

    Images are the same if their bytes are, whatever they are called. Sizes are compared first, then
    the last 4 KB of files of equal size, then all bytes of those that still agree. Files that are
    empty or cannot be read are no images.
    """
    same = _same(fit, holdout)
    if same:
        raise UserError(
            f"Held-out image '{same[0][0]}' is also the fit image '{same[0][1]}' ({len(same)} such). "
            "Fit and held-out images must not mix: take it out of --images or --holdout."
        )
    called = sorted(set(fit.ids) & set(holdout.ids))
    if called:
        raise UserError(
            f"A fit and a held-out image are both called '{called[0]}' ({len(called)} such). "
            "Give the two folders different names."
        )


def _same(fit: ImageSet, holdout: ImageSet) -> list[tuple[str, str]]:
    """(held-out id, fit id) of every held-out image that is also a fit image."""
    groups = [tuple([i for i, size in enumerate(s.sizes) if size] for s in (fit, holdout))]
    for trait in (
        lambda images, index: images.sizes[index],
        lambda images, index: images.read(index, TAIL),
        lambda images, index: hashlib.sha256(images.read(index)).digest(),
    ):
        groups = [part for group in groups for part in _agreeing(fit, holdout, group, trait)]
    return sorted((holdout.ids[t], fit.ids[ours[0]]) for ours, theirs in groups for t in theirs)


def _agreeing(
    fit: ImageSet,
    holdout: ImageSet,
    group: tuple,
    trait: Callable[[ImageSet, int], Hashable],
) -> list[tuple[list[int], list[int]]]:
    """Fit and held-out images of a group, by the values of a trait that both sides have."""
    parts: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, images in enumerate((fit, holdout)):
        for index in group[side]:
            try:
                parts[trait(images, index)][side].append(index)
            except OSError:
                continue
    return [part for part in parts.values() if part[0] and part[1]]
