"""Many readers at once: `python tests/benchmarks/bench_sessions.py ATLAS [SESSIONS] [SECONDS]`.

Each session (a real connection, but no browser: twenty browsers would measure browsers) opens the category
page, looks at it for THINK seconds, goes on to another category, and so on. Printed: reruns, errors, how
long a rerun took, the server's memory; and first, how long each page's rerun takes beside that of an empty
Streamlit page, so that the figure travels to other machines.
"""

import asyncio
import random
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parents[2]))

from explorer.tables.network import read_tables
from precompute.atlas.store import Atlas
from tests.benchmarks.session import open_session
from tests.browser.server import REPOSITORY, dashboard, memory, streamlit

THINK = (1.0, 4.0)  # seconds a reader looks at a category, at the least and at the most
WANTED = 1.5  # seconds: 95 of 100 reruns
REPEATS = 15
EMPTY = "import streamlit as st\nst.title('empty')\n"


async def seconds_of(address: str, page: str) -> tuple[float, int]:
    """Median seconds and bytes of a page's rerun, once its tables are in memory."""
    async with open_session(address) as session:
        await session.rerun(page)
        answers = [await session.rerun(page) for _ in range(REPEATS)]
    return statistics.median(a.seconds for a in answers), answers[-1].received


def ratios(atlas: Path) -> None:
    """Every page beside an empty one."""
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        script.write(EMPTY)
        script.flush()
        with streamlit(script.name) as address:
            empty, _ = asyncio.run(seconds_of(address, ""))
    print(f"{'empty page':12s} {1000 * empty:6.0f} ms")
    with dashboard(atlas) as address:
        for name in sorted(file.stem for file in (REPOSITORY / "explorer/pages").glob("*.py")):
            page = "" if name == "overview" else name  # the default page has no address of its own
            found, received = asyncio.run(seconds_of(address, page))
            print(
                f"{name:12s} {1000 * found:6.0f} ms  {found / empty:5.1f}x  {received / 1000:6.0f} kB"
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
    names = [name for name in categories["name"] if re.fullmatch(r"[A-Za-z ]+", name)]
    with dashboard(atlas.root) as address:
        found = asyncio.run(crowd(address, names, int(sessions), float(seconds)))
        used = memory(address)
    times = sorted(passed for passed, _ in found)
    errors = [error for _, error in found if error]
    worst = times[int(0.95 * len(times))]
    print(
        f"{sessions} sessions, {seconds} s: {len(times)} reruns, {len(errors)} errors {errors[:1]}"
    )
    print(f"rerun: median {statistics.median(times):.2f} s, p95 {worst:.2f} s (wanted {WANTED})")
    print(f"server memory {used:.0f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
