"""Which dependencies are to be cut: those that a sieve finds suspicious, or those in a file."""

import csv
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd

from precompute.atlas.labels import NO_CATEGORY, LabelSet, match, wordnet
from precompute.errors import UserError
from precompute.kinship import senses
from precompute.kinship.meanings import Meanings
from precompute.kinship.wordnet_steps import WordNetSteps

CHOICE = "readable"
STABLE = 0.8  # share of the half-samples in which a dependency comes back
COLUMNS = ["target", "source", "lambda"]
WAY_OUT = "Name the dependencies to cut in a file: --pairs FILE."
# What a header may call both ends; an export of the explorer has both kinds of columns.
HEADERS = (("target_name", "source_name"), ("target", "source"))

Row = tuple[int, list[str]]  # number of the line, cells


def suspicious(dependencies: pd.DataFrame, categories: pd.DataFrame, count: int) -> pd.DataFrame:
    """The `count` strongest dependencies that a network should not need, or all where there are fewer:
    target, source, lambda, the strongest first.

    `dependencies` are a model's dependencies.parquet, `categories` its categories.parquet. Asked for are
    readable dependencies that come back in 80 % of the half-samples, between categories that are not named
    in each other, that lie as far apart in WordNet as three of four random pairs, also by the company that
    they keep in the network, and that are strangers by their meanings. Strength is what the source
    contributes to its target, both root mean squares over the fit images: |coefficient| sqrt(M_jj / M_ii).

    Raises UserError where stability was not measured, WordNet does not know the categories, or none is
    found.
    """
    edges = _readable(dependencies).assign(strength=lambda edges: edges["coefficient"].abs())
    if not edges["stability"].notna().any():
        raise UserError(
            "The stability of this model's dependencies was not measured, so none can be told to be "
            f"suspicious. {WAY_OUT}"
        )
    steps = WordNetSteps(categories)
    far = steps.quartile()
    if not np.isfinite(far):
        raise UserError(
            "WordNet does not know this model's categories, so none can be told to be far apart. "
            + WAY_OUT
        )
    rows = edges[edges["stability"] >= STABLE]
    rows = rows[~senses.named_in_each_other(categories, rows["target"], rows["source"])]
    rows = rows[senses.sense(edges, steps, rows) >= far]
    rows = rows[Meanings(categories, wordnet()).strangers(rows["target"], rows["source"])]
    if rows.empty:
        raise UserError(
            f"No stable dependency of this model joins categories that are far apart. {WAY_OUT}"
        )
    scale = np.sqrt(categories["power"].to_numpy(float))
    share = rows["strength"] * scale[rows["source"]] / scale[rows["target"]]
    order = share.sort_values(ascending=False, kind="stable").index[:count]
    return rows.loc[order, COLUMNS].reset_index(drop=True)


def read_pairs(
    file: str | Path, dependencies: pd.DataFrame, categories: pd.DataFrame
) -> pd.DataFrame:
    """The dependencies that a file names, in its order: target, source, lambda of the readable equation.

    A CSV or TSV file of targets and sources, each a name, a WordNet id or the index of a logit. A header
    may name the columns target and source, or target_name and source_name as the explorer's exports do;
    without one there are two columns. Blank lines, and lines that begin with #, do not count.

    Raises UserError, with the line, for a file that cannot be read or is empty, a category that the model
    lacks, a category with itself, a pair that stands there twice, and one that is no readable dependency.
    """
    lam = _readable(dependencies).set_index(["target", "source"])["lambda"]
    known = LabelSet("", categories)
    lines: dict[tuple[int, int], int] = {}
    for line, ends in _ends(file):
        target, source = (_category(end, known, f"Line {line} of '{file}'") for end in ends)
        pair = target, source
        _check(pair, line, file, lines, lam, categories["name"])
        lines[pair] = line
    if not lines:
        raise UserError(f"'{file}' names no dependency. Write target,source on a line.")
    pairs = pd.DataFrame(list(lines), columns=["target", "source"])
    return pairs.assign(**{"lambda": lam.loc[list(lines)].to_numpy()})


def _readable(dependencies: pd.DataFrame) -> pd.DataFrame:
    return dependencies[dependencies["choice"] == CHOICE]


def _check(pair, line: int, file, lines: dict, lam: pd.Series, names: pd.Series) -> None:
    """Raise UserError for a pair that cannot be cut."""
    target, source = (names.iat[end] for end in pair)
    where = f"Line {line} of '{file}'"
    if target == source:
        raise UserError(f"{where} names '{target}' twice: target and source must differ.")
    if pair in lines:
        raise UserError(f"{where} repeats line {lines[pair]}: {target} <- {source}.")
    if pair not in lam.index:
        parents = lam.loc[lam.index.get_level_values("target") == pair[0]].index
        written = ", ".join(names.iat[parent] for _, parent in parents) or "no other category"
        raise UserError(
            f"{where}: '{source}' is not in the readable equation of '{target}', so there is nothing to "
            f"cut. The model writes '{target}' in {written}."
        )


def _ends(file: str | Path) -> Iterator[tuple[int, tuple[str, str]]]:
    """Number of the line, and the words for target and source, of every row."""
    rows = _rows(file)
    if not rows:
        return
    header = [cell.strip().casefold() for cell in rows[0][1]]
    ends = next((ends for ends in HEADERS if set(ends) <= set(header)), None)
    places = [0, 1] if ends is None else [header.index(end) for end in ends]
    for line, cells in rows if ends is None else rows[1:]:
        wanted = 2 if ends is None else len(header)
        if len(cells) != wanted:
            raise UserError(
                f"Line {line} of '{file}' has {len(cells)} columns in place of {wanted}. Write "
                "target,source, with quotes around a name that has a comma."
            )
        target, source = (cells[place].strip() for place in places)
        yield line, (target, source)


def _rows(file: str | Path) -> list[Row]:
    """The cells of every line that counts."""
    try:
        text = Path(file).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserError(f"Cannot read the pairs in '{file}': {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UserError(f"'{file}' is not UTF-8 text. Save it as UTF-8.") from error
    counts = [
        (number, line)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    delimiter = "\t" if counts and "\t" in counts[0][1] else ","
    return [(number, next(csv.reader([line], delimiter=delimiter))) for number, line in counts]


def _category(word: str, known: LabelSet, where: str) -> int:
    """Index of the category with this name, WordNet id or index."""
    (found,) = match([word], known)
    if found != NO_CATEGORY:
        return int(found)
    if word.isascii() and word.isdigit() and int(word) < len(known):
        return int(word)
    names = known.categories["name"].tolist()
    near = [name for name in names if name.casefold().startswith(f"{word} (".casefold())]
    near = (near or get_close_matches(word, names, 3))[:3]
    hint = f"Did you mean {' or '.join(map(repr, near))}?" if near else "Give a name or WordNet id."
    raise UserError(f"{where}: the model has no category '{word}'. {hint}")
