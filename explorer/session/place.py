"""Where a reader is: what the frame knows and every page asks for."""

from dataclasses import dataclass
from pathlib import Path

from explorer.session import address, cache
from explorer.tables.network import Network


@dataclass(frozen=True)
class Place:
    """The atlas, the network that was chosen, and at which choice of the sparsity, the page, and where the
    atlas's images are now."""

    root: Path
    model: str
    choice: str
    page: str
    images: Path | None

    @property
    def network(self) -> Network:
        return cache.network(self.root, self.model, self.choice)


def here() -> Place:
    """The place of this run."""
    return Place(
        address.ATLAS.get(), address.MODEL.get(), address.CHOICE.get(), address.PAGE.get(),
        address.IMAGES.get(),
    )  # fmt: skip


def arrive(root: Path, page: str, images: Path | None) -> None:
    """The frame has found the atlas and the page; the widget that chooses the network stands there."""
    address.ATLAS.set(root)
    address.PAGE.set(page)
    address.IMAGES.set(images)
