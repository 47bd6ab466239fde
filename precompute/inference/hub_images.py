"""Images of a Hugging Face dataset, or of anything else that the library `datasets` opens."""

from functools import cached_property
from pathlib import Path

from precompute.errors import UserError
from precompute.inference.images import ImageSet


class HubImages(ImageSet):
    """Images of NAME or NAME:SPLIT (split train by default): its first image column and, where it has
    one, its first class label column.

    Raises `UserError` if the library is missing, or the dataset or split cannot be opened.
    """

    def __init__(self, spec: str):
        name, _, split = spec.partition(":")
        split = split or "train"
        self.dataset, self.column, class_names = _load(name, split)
        rows = len(self.dataset)
        super().__init__(
            name,
            ids=[f"{name}/{split}/{row:08d}" for row in range(rows)],
            class_names=class_names,
            paths=[None] * rows,
        )

    def read(self, index: int, tail: int | None = None) -> bytes:
        image = self.dataset[index][self.column]
        data = image["bytes"] or Path(image["path"]).read_bytes()
        return data if tail is None else data[-tail:]

    @cached_property
    def sizes(self) -> list[int]:
        return [len(self.read(index)) for index in range(len(self))]


def _load(name: str, split: str) -> tuple:
    """Dataset with undecoded images, its image column, and the class name of every row."""
    try:
        import datasets
    except ImportError as error:
        raise UserError("hfds/ needs one more library: pip install datasets") from error
    try:
        data = datasets.load_dataset(name, split=split)
    # The library's own errors, the hub's and pyarrow's all mean that it cannot be opened.
    except Exception as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise UserError(
            f"Cannot open 'hfds/{name}:{split}' ({reason}). Check name, split and network."
        ) from error
    images = _first_column(data, datasets.Image)
    labels = _first_column(data, datasets.ClassLabel)
    if images is None:
        raise UserError(f"'hfds/{name}' has no image column, only {', '.join(data.column_names)}.")
    class_names = [None] * len(data)
    if labels is not None:
        names = dict(enumerate(data.features[labels].names))
        class_names = [names.get(index) for index in data[labels]]
    return data.cast_column(images, datasets.Image(decode=False)), images, class_names


def _first_column(data, kind: type) -> str | None:
    return next(
        (name for name, feature in data.features.items() if isinstance(feature, kind)), None
    )
