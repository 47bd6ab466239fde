"""Open a set of images by its name, and make sure that two sets share none."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path

from torchvision.datasets.folder import IMG_EXTENSIONS

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
    if path.suffix.lower() in IMG_EXTENSIONS and path.is_file():
        raise UserError(f"'{spec}' is a single image. Give the folder that it lies in.")
    if path.is_file():
        return TarImages(path.name, [path])
    raise UserError(
        f"There are no images at '{spec}'. Give a folder, FILE.tar, hfds/NAME or wds/SHARDS."
    )


def assert_disjoint(fit: ImageSet, holdout: ImageSet) -> None:
    """Raises `UserError`, naming the first, if a held-out image is also a fit image.

    Images are the same if their bytes are, whatever they are called.
    """
    same = same_images(holdout, fit)
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


def same_images(images: ImageSet, others: ImageSet) -> list[tuple[str, str]]:
    """Ids of those images whose bytes are those of one of the others, with the id of that one, sorted."""
    groups = _alike((others, images), lambda group: len({side for side, _ in group}) == 2)
    return sorted(
        (images.ids[index], others.ids[group[0][1]])
        for group in groups
        for side, index in group
        if side == 1
    )


def originals(images: ImageSet) -> list[int]:
    """For each image the first one with the same bytes: itself, but for copies."""
    found = list(range(len(images)))
    for group in _alike((images,), lambda group: len(group) > 1):
        for _, index in group:
            found[index] = group[0][1]
    return found


Group = list[tuple[int, int]]  # which set, which image of it


def _alike(sets: Sequence[ImageSet], wanted: Callable[[Group], bool]) -> list[Group]:
    """Groups of images with the same bytes, of those groups that are `wanted`.

    Sizes are compared first, then the last 4 KB of files of equal size, then all bytes of those that
    still agree. Files that are empty or cannot be read are no images.
    """
    groups = [[(side, i) for side, s in enumerate(sets) for i, size in enumerate(s.sizes) if size]]
    for trait in (
        lambda images, index: images.sizes[index],
        lambda images, index: images.read(index, TAIL),
        lambda images, index: hashlib.sha256(images.read(index)).digest(),
    ):
        groups = [part for group in groups for part in _split(sets, group, trait) if wanted(part)]
    return groups


def _split(
    sets: Sequence[ImageSet], group: Group, trait: Callable[[ImageSet, int], Hashable]
) -> list[Group]:
    """A group in parts that agree in a trait."""
    parts: dict[Hashable, Group] = defaultdict(list)
    for side, index in group:
        try:
            parts[trait(sets[side], index)].append((side, index))
        except OSError:
            continue
    return list(parts.values())
