"""Which glyphs are drawn: for every character some of the typefaces that have it, each once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from precompute.atlas.files import digest
from precompute.characters.typefaces import Typeface
from precompute.errors import UserError


@dataclass(frozen=True)
class Glyph:
    """A character in a typeface; `split` says on which side its one image is."""

    character: str
    typeface: Typeface
    split: str

    @property
    def image_id(self) -> str:
        """Unlike any other glyph's, and readable where the character cannot be shown."""
        return f"U+{ord(self.character):04X} {self.character} {self.typeface.name}"


def choose(
    characters: Iterable[str], typefaces: Sequence[Typeface], per_character: int, seed: int
) -> list[Glyph]:
    """For each character up to `per_character` of the typefaces that have it, by lot: the first is held
    out and the others are fitted on. A glyph has one image, so no glyph is on both sides; what only one
    typeface has is fitted on. Characters that none has get no glyph, nor does space, which leaves no ink.

    The lot of a glyph depends on itself and the seed alone, not on what else is asked for.
    """
    if per_character < 2:
        raise UserError(
            f"{per_character} image of every character cannot be both fitted on and held out: "
            "give --images-per-character 2 or more."
        )
    found = []
    for character in characters:
        if character.isspace():
            continue
        having = [typeface for typeface in typefaces if character in typeface.characters]
        having.sort(key=lambda typeface: digest(str(seed), character, typeface.name))
        for place, typeface in enumerate(having[:per_character]):
            held_out = place == 0 and len(having) > 1
            found.append(Glyph(character, typeface, "holdout" if held_out else "fit"))
    return found
