"""An atlas of characters: a recogniser with 18,710 categories on pictures that the program draws."""

from pathlib import Path

from precompute.atlas.progress import Report, Silent
from precompute.atlas.store import Atlas
from precompute.characters import recogniser, typefaces
from precompute.characters.source import CharacterSource
from precompute.equations.fit import FitOptions
from precompute.runs.model import ModelRun

PER_CHARACTER = 3  # images of each, one of them held out


def build_characters(
    root: str | Path,
    per_character: int = PER_CHARACTER,
    report: Report | None = None,
    options: FitOptions | None = None,
) -> None:
    """Build the atlas of the recogniser in `root`. Raises UserError where the recogniser or all fonts are
    missing, with the command that installs them, and where the atlas can't be written."""
    report, options = report or Silent(), options or FitOptions()
    found = typefaces.installed()
    source = CharacterSource(recogniser.installed(), found, per_character, options.seed)
    drawn = source.images["class_name"].nunique()
    report.say(
        f"{source.info.name}: {drawn} of {len(source.info.labels)} characters in {len(found)} typefaces, "
        f"{len(source.images)} images"
    )
    ModelRun(Atlas(root), source, options, report).run()
