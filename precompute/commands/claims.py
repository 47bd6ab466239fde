"""`precompute claims`: the paper's claims on trial, as a table, in the terminal and as one HTML file."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from precompute.atlas.progress import DEFAULT_ATLAS, TerminalReport, finished
from precompute.atlas.store import Atlas, replacing
from precompute.claims import summary
from precompute.claims.catalogue import CLAIMS
from precompute.commands.export import chosen_models
from precompute.commands.from_pages import claims_report
from precompute.commands.options import AtlasOption, OverwriteOption
from precompute.errors import UserError


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
    show(table, Console())
    if report is not None:
        with replacing(report, "--report") as temporary:
            temporary.write_text(claims_report(Atlas(atlas)), encoding="utf-8")
        Console(stderr=True).print(
            f"{report}: the report", markup=False, highlight=False, soft_wrap=True
        )
    finished(atlas)


def show(table: pd.DataFrame, console: Console) -> None:
    """claims.parquet as a table of claims and networks, which go by number."""
    names = summary.networks(table)
    shown = Table(title="Claims of the paper, on held-out images", title_justify="left")
    shown.add_column("claim", overflow="fold")
    for heading in ("all", *map(str, range(1, len(names) + 1))):
        shown.add_column(heading, justify="center", overflow="fold")
    for claim in CLAIMS:
        cells = (summary.cell(table, claim, name) for name in (None, *names))
        shown.add_row(claim.title, *map(_short, cells))
    console.print(shown)
    console.print("   ".join(f"{mark} {verdict}" for verdict, mark in summary.MARKS.items()))
    for number, name in enumerate(names, 1):
        console.print(f"{number:>2}  {name}", markup=False, highlight=False)
    n_tests = int(table["n_tests_in_all"].max())
    widened = f"Every interval is widened for {n_tests} tests at once."
    console.print(widened if n_tests else "Nothing could be tested.", highlight=False)


def _short(cell: summary.Cell) -> str:
    """The mark, and of how many pairs or networks it speaks."""
    mark = summary.MARKS[cell.verdict] if cell.verdict else ""
    return f"{mark} {cell.n_holding}/{cell.n_tried}" if cell.n_tried > 1 else mark
