"""How a glyph becomes a picture: a recipe, by lot within bounds; the same lot for the same glyph, seed."""

from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from precompute.atlas.files import digest
from precompute.characters.glyphs import Glyph
from precompute.characters.typefaces import Typeface

# Part of what logits are made from: an atlas draws again when the recipe changes.
RECIPE = "characters-1"

HEIGHT, WIDTH = 48, 64  # pixels; the recogniser reads lines that are 48 high
SIZES = (30, 40)  # of the type, pixels
SHIFT = 3.0  # of its centre from the picture's, pixels, to all sides
TURN = 4.0  # degrees, either way
PAPER, INK = (190, 255), (0, 90)  # grey
INVERTED = 0.2  # share of light type on dark ground
BLUR = 0.8  # largest standard deviation of a Gaussian, pixels
NOISE = 10.0  # largest standard deviation, grey levels


def draw(glyph: Glyph, seed: int) -> np.ndarray:
    """A grey picture (HEIGHT, WIDTH) uint8 of a glyph: size, place, rotation, grey of type and ground, blur
    and noise are drawn uniformly."""
    rng = np.random.default_rng(int(digest(str(seed), glyph.image_id)[:16], 16))
    type_ = _font(glyph.typeface, int(rng.integers(*SIZES, endpoint=True)))
    x, y = rng.uniform(-SHIFT, SHIFT, 2) + (WIDTH / 2, HEIGHT / 2)
    turn, blur = rng.uniform(-TURN, TURN), rng.uniform(0, BLUR)
    paper, ink = rng.uniform(*PAPER), rng.uniform(*INK)
    if rng.random() < INVERTED:
        paper, ink = ink, paper
    mask = Image.new("L", (WIDTH, HEIGHT))
    ImageDraw.Draw(mask).text((x, y), glyph.character, font=type_, fill=255, anchor="mm")
    mask = mask.rotate(turn, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(blur))
    share = np.asarray(mask, dtype=float) / 255
    noise = rng.normal(0, rng.uniform(0, NOISE), share.shape)
    return np.clip(paper + (ink - paper) * share + noise, 0, 255).round().astype(np.uint8)


@cache
def _font(typeface: Typeface, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(typeface.file, size, index=typeface.index)
