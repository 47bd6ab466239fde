"""An atlas of characters: a recogniser with 18,710 categories on pictures that the program draws."""

from pathlib import Path

from precompute.atlas.progress import Report, Silent
from precompute.atlas.store import Atlas
from precompute.characters import recogniser, typefaces
from precompute.characters.source import CharacterSource
from precompute.equations.fit import FitOptions
from precompute.runs.model import ModelRun

PER_CHARACTER = 3  # images of each, one of them held out
# Of 120 features paths drop as many sources as they keep: to 64 parents all of them took 7 minutes, and
# judging them 15 GB. What there is to tell of characters is in the first eight.
MAX_PARENTS = 32


def build_characters(
    root: str | Path,
    per_character: int = PER_CHARACTER,
    report: Report | None = None,
    *,
    center: bool = False,
) -> None:
    """Build the atlas of the recogniser in `root`. Raises UserError where the recogniser or all fonts are
    missing, with the command that installs them, and where the atlas can't be written."""
    report, options = report or Silent(), FitOptions(max_parents=MAX_PARENTS, center=center)
    found = typefaces.installed()
    source = CharacterSource(recogniser.installed(), found, per_character, options.seed)
    drawn = source.images["class_name"].nunique()
    report.say(
        f"{source.info.name}: {drawn} of {len(source.info.labels)} characters in {len(found)} typefaces, "
        f"{len(source.images)} images"
    )
    ModelRun(Atlas(root), source, options, report).run()
