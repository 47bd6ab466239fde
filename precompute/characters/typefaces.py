"""The typefaces that characters are drawn in: those of a fixed list that this machine has, as fontconfig
knows them."""

import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from precompute.atlas.files import digest, file_digest
from precompute.errors import UserError

# Debian's package of each family. Others that a machine may have are left alone: what is drawn depends on
# this list and on the fonts' files, and on nothing else.
PACKAGES = {
    "Noto Sans CJK SC": "fonts-noto-cjk",
    "Noto Sans CJK JP": "fonts-noto-cjk",
    "Noto Serif CJK SC": "fonts-noto-cjk",
    "Noto Serif CJK TC": "fonts-noto-cjk",
    "WenQuanYi Zen Hei": "fonts-wqy-zenhei",
    "WenQuanYi Micro Hei": "fonts-wqy-microhei",
    "AR PL UKai CN": "fonts-arphic-ukai",
    "AR PL UMing CN": "fonts-arphic-uming",
    "LXGW WenKai": "fonts-lxgw-wenkai",
    "IPAGothic": "fonts-ipafont",
    "IPAMincho": "fonts-ipafont",
    "DejaVu Sans": "fonts-dejavu-core",
    "DejaVu Serif": "fonts-dejavu-core",
    "Symbola": "fonts-symbola",
}
STYLES = ("Regular", "Book", "Light", "Bold")
_FORMAT = r"%{file}|%{index}|%{family[0]}|%{style[0]}|%{charset}\n"


@dataclass(frozen=True)
class Typeface:
    """One style of one family: its file, its place in it, and the characters that it has."""

    name: str
    file: Path
    index: int
    characters: frozenset[str]

    @property
    def fingerprint(self) -> str:
        """Changes with whatever it draws: digest of the file and the place in it."""
        return digest(file_digest(self.file), str(self.index))


def installed() -> list[Typeface]:
    """The typefaces of this machine, by name. Raises UserError where there is none, or no fontconfig."""
    if shutil.which("fc-list") is None:
        raise UserError(
            f"fontconfig is not installed, and characters are drawn from fonts that it lists. {_way()}"
        )
    told = subprocess.run(
        ["fc-list", ":variable=false", "--format", _FORMAT], capture_output=True, text=True
    )
    found = parse(told.stdout.splitlines())
    if not found:
        raise UserError(f"None of the fonts that characters are drawn from is installed. {_way()}")
    return found


def parse(lines: Iterable[str]) -> list[Typeface]:
    """The typefaces of the list among lines `file|index|family|style|ranges of code points`, by name."""
    found: dict[str, Typeface] = {}
    for line in sorted(lines):
        file, index, family, style, ranges = line.split("|")
        if family in PACKAGES and style in STYLES:
            name = f"{family} {style}"
            # A font that goes by two names in the file system is one font.
            found.setdefault(name, Typeface(name, Path(file), int(index), _characters(ranges)))
    return [found[name] for name in sorted(found)]


def _characters(ranges: str) -> frozenset[str]:
    """Characters of hexadecimal code points and ranges: "20-7e a0 4e00-9fff"."""
    pairs = re.findall(r"([0-9a-f]+)(?:-([0-9a-f]+))?", ranges)
    return frozenset(
        chr(code)
        for first, last in pairs
        for code in range(int(first, 16), int(last or first, 16) + 1)
    )


def _way() -> str:
    return f"apt-get install fontconfig {' '.join(dict.fromkeys(PACKAGES.values()))}"
