"""What is given to the dashboard after `--`."""

import argparse
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

from precompute.errors import UserError

OPTIONS = {"--atlas": "folder of results", "--images": "where the atlas's images are now"}


class _Parser(argparse.ArgumentParser):
    """Argparse would end the process, and the reader would see a blank page."""

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message[0].upper()}{message[1:]}.")


def parsed(given: Sequence[str]) -> tuple[Path, Path | None]:
    """The atlas, and where its images are now if that is given. Raises UserError on anything else."""
    parser = _Parser(add_help=False, allow_abbrev=False)
    for name, meaning in OPTIONS.items():
        parser.add_argument(name, type=Path, help=meaning)
    found, unknown = parser.parse_known_args(given)
    if unknown:
        raise UserError(f"Unknown argument '{unknown[0]}'.{_hint(unknown[0])}")
    return (found.atlas or Path("atlas")).resolve(), found.images and found.images.resolve()


def _hint(unknown: str) -> str:
    if not unknown.startswith("-"):
        return f" Did you mean '--atlas {unknown}'?"
    near = get_close_matches(unknown.partition("=")[0], OPTIONS, 1)
    return f" Did you mean '{near[0]}'?" if near else f" There are {' and '.join(OPTIONS)}."
