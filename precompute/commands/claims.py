"""`precompute claims`: the paper's claims on trial, as a table, in the terminal and as one HTML file."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from precompute.atlas.files import replacing
from precompute.atlas.progress import DEFAULT_ATLAS, TerminalReport, finished
from precompute.atlas.store import Atlas
from precompute.claims import summary
from precompute.claims.catalogue import CLAIMS
from precompute.claims.claim import PAIR, Claim
from precompute.claims.rows import of_claim
from precompute.claims.words import counted
from precompute.commands.export import chosen_models
from precompute.commands.from_pages import claims_report
from precompute.commands.options import AtlasOption, OverwriteOption
from precompute.errors import UserError

WIDTH = 100  # columns
COLUMNS = 8  # networks beside each other: with more, titles of claims would get no room
LONGEST_WORD = max(len(word) for claim in CLAIMS for word in claim.title.split())
MOST_PAIRS = 12  # that are listed one by one


def claims(
    atlas: AtlasOption = DEFAULT_ATLAS,
    report: Annotated[
        Path | None, typer.Option(help="Write everything into this HTML file, too.")
    ] = None,
    overwrite: OverwriteOption = False,
) -> None:
    """Judge the paper's claims on the networks of an atlas, by rules fixed beforehand."""
    from precompute.runs.claims.run import judge_claims

    if report is not None and report.exists() and not overwrite:
        raise UserError(
            f"{report} is there already. Replace it with --overwrite, or name another file with --report."
        )
    chosen_models(Atlas(atlas), None)  # an atlas without any is refused
    with TerminalReport.open(Console(stderr=True)) as terminal:
        table = judge_claims(Atlas(atlas), terminal)
    show(table, wide_enough())
    if report is not None:
        with replacing(report, "--report") as temporary:
            temporary.write_text(claims_report(Atlas(atlas)), encoding="utf-8")
        Console(stderr=True).print(
            f"{report}: the report", markup=False, highlight=False, soft_wrap=True
        )
    finished(atlas)


def wide_enough() -> Console:
    """Where the claims are printed: a file or a pipe has no width of its own, and lines beyond WIDTH are
    hard to read on a screen."""
    screen = Console(highlight=False, markup=False)
    width = min(screen.width, WIDTH) if screen.is_terminal else WIDTH
    return Console(highlight=False, markup=False, width=width)


def show(table: pd.DataFrame, console: Console) -> None:
    """claims.parquet at a glance, and then every claim with the figures and the reasons of its verdicts."""
    names = summary.networks(table)
    for start in range(0, max(len(names), 1), COLUMNS):
        console.print(_grid(table, names, start))
    console.print("   ".join(f"{mark} {verdict}" for verdict, mark in summary.MARKS.items()))
    for number, name in enumerate(names, 1):
        console.print(f"{number:>2}  {name}")
    for claim in CLAIMS:
        _claim(table, claim, console)
    n_tests = int(table["n_tests_in_all"].max())
    console.print("\n" + (counted(n_tests) if n_tests else "Nothing could be tested."))


def _grid(table: pd.DataFrame, names: list[str], start: int) -> Table:
    """Claims and COLUMNS of the networks from `start` on, which go by number."""
    title = None if start else "Claims of the paper, on held-out images"
    shown = Table(title=title, title_justify="left")
    shown.add_column("claim", min_width=LONGEST_WORD)
    here = names[start : start + COLUMNS]
    for heading in ("all", *(str(start + k) for k in range(1, len(here) + 1))):
        shown.add_column(heading, justify="center", no_wrap=True)
    for claim in CLAIMS:
        cells = (summary.cell(table, claim, name) for name in (None, *here))
        shown.add_row(claim.title, *map(_short, cells))
    return shown


def _short(cell: summary.Cell) -> str:
    """The mark, and of how many pairs or networks it speaks."""
    mark = summary.MARKS[cell.verdict] if cell.verdict else ""
    return f"{mark} {cell.n_holding}/{cell.n_tried}" if cell.n_tried > 1 else mark


def _claim(table: pd.DataFrame, claim: Claim, console: Console) -> None:
    """A claim in a sentence, and its rows: of many pairs only those at which a verdict begins or ends."""
    found = of_claim(table, claim)
    console.print(f"\n{claim.title}", style="bold")
    if len(found.rows) > 1:
        console.print(_indented(f"{summary.sentence(table, claim)} {found.ends()}", 2))
    if len(found.told):
        console.print(_indented(f"Figure: {claim.statistic}; interval over {claim.over}.", 2))
    many = claim.subject == PAIR and len(found.rows) > MOST_PAIRS
    shown = found.deciding() if many else found.rows
    for row in shown.itertuples():
        said = f"{summary.MARKS[row.verdict]} {summary.SHORT[row.verdict]}"
        figure = f": {found.figure(row)}" if pd.notna(row.value) else ""
        console.print(_indented(f"{said}  {row.subject}{figure}", 2))
        console.print(_indented(found.reason(row), 6))
    if many:
        left = len(found.rows) - len(shown)
        console.print(
            _indented(f"The best and the worst of each verdict; {left} more: --report FILE.html", 2)
        )


def _indented(text: str, by: int) -> Padding:
    return Padding(Text(text), (0, 0, 0, by), expand=False)
