"""Many readers at once: `python tests/benchmarks/bench_sessions.py ATLAS [SESSIONS] [SECONDS]`.

Each session (a real connection, but no browser: twenty browsers would measure browsers) opens the category
page, looks at it for THINK seconds, goes on to another category, and so on. Printed: reruns, errors, how
long a rerun took, the server's memory and what each session adds to it; and first, what each page's first
run and rerun take, beside that of an empty Streamlit page, so that the figure travels to other machines.
"""

import asyncio
import random
import re
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parents[2]))

from explorer.tables.network import read_tables
from precompute.atlas.store import Atlas
from tests.benchmarks.session import open_session
from tests.browser.server import REPOSITORY, dashboard, memory, processor_seconds, streamlit

THINK = (1.0, 4.0)  # seconds a reader looks at a category, at the least and at the most
WANTED = 1.5  # seconds: 95 of 100 reruns
REPEATS = 5
EMPTY = "import streamlit as st\nst.title('empty')\n"


@dataclass(frozen=True)
class Visit:
    """How long a page takes a reader."""

    first: float  # seconds, with its tables still on the disk
    again: float  # seconds, median of REPEATS
    first_used: float  # seconds of the processor: those of a machine that does nothing else
    again_used: float  # the same, mean of REPEATS
    received: int  # bytes
    error: str | None


async def visit(address: str, page: str) -> Visit:
    used = [processor_seconds(address)]
    async with open_session(address) as session:
        first = await session.rerun(page)
        used.append(processor_seconds(address))
        answers = [await session.rerun(page) for _ in range(REPEATS)]
        used.append(processor_seconds(address))
    return Visit(
        first.seconds,
        statistics.median(a.seconds for a in answers),
        used[1] - used[0],
        (used[2] - used[1]) / REPEATS,
        answers[-1].received,
        first.error or answers[-1].error,
    )


def pages() -> list[str]:
    """The addresses of the pages; the first has none of its own."""
    folders = (REPOSITORY / "explorer/pages").glob("*/")
    names = {f.name for f in folders if (f / f"{f.name}.py").exists()}
    return ["", *sorted(names - {"overview"})]


def ratios(atlas: Path) -> None:
    """Every page beside an empty one."""
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        script.write(EMPTY)
        script.flush()
        with streamlit(script.name) as address:
            empty = asyncio.run(visit(address, "")).again
    print(f"{'empty page':12s} {1000 * empty:6.0f} ms")
    print(
        f"{'':12s} {'first (processor)':>18s} {'again (processor)':>20s}   ratio      sent   server"
    )
    with dashboard(atlas) as address:
        for page in pages():
            found = asyncio.run(visit(address, page))
            print(
                f"{page or 'overview':12s} {found.first:8.2f} ({found.first_used:5.2f}) s "
                f"{1000 * found.again:8.0f} ({1000 * found.again_used:5.0f}) ms "
                f"{found.again / empty:6.1f}x {found.received / 1000:6.0f} kB "
                f"{memory(address):5.0f} MB  {found.error or ''}",
                flush=True,
            )


async def walk(address: str, names: list[str], end: float, seed: int, found: list) -> None:
    """One reader from category to category until `end`; appends (seconds, what went wrong)."""
    choose = random.Random(seed)
    async with open_session(address) as session:
        await session.rerun("category")
        while time.monotonic() < end:
            await asyncio.sleep(choose.uniform(*THINK))
            name = choose.choice(names)
            answer = await session.rerun("category", f"category={quote(name)}")
            wrong = None if answer.title == name else f"{name} asked for, {answer.title} came"
            found.append((answer.seconds, answer.error or wrong))


async def crowd(address: str, names: list[str], sessions: int, seconds: float) -> list:
    """All readers together."""
    end, found = time.monotonic() + seconds, []
    await asyncio.gather(*(walk(address, names, end, seed, found) for seed in range(sessions)))
    return found


def main(folder: str, sessions: str = "20", seconds: str = "120") -> None:
    atlas = Atlas(Path(folder).resolve())
    ratios(atlas.root)
    categories = read_tables(atlas, atlas.models()[0], "readable").categories
    names = [name for name in categories["name"] if re.fullmatch(r"[A-Za-z0-9 ]+", name)]
    with dashboard(atlas.root) as address:
        asyncio.run(crowd(address, names, 1, 10.0))
        alone = memory(address)
        found = asyncio.run(crowd(address, names, int(sessions), float(seconds)))
        used = memory(address)
    times = sorted(passed for passed, _ in found)
    errors = [error for _, error in found if error]
    worst = times[int(0.95 * len(times))]
    print(
        f"{sessions} sessions, {seconds} s: {len(times)} reruns, {len(errors)} errors {errors[:1]}"
    )
    print(f"rerun: median {statistics.median(times):.2f} s, p95 {worst:.2f} s (wanted {WANTED})")
    each = (used - alone) / int(sessions)
    print(f"server memory {used:.0f} MB, {each:.1f} MB for each session")


if __name__ == "__main__":
    main(*sys.argv[1:])
