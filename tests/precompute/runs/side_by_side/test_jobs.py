"""Jobs in several processes: what each needs is there before it, and what goes wrong in one is heard of."""

import os
import signal
import subprocess
import sys
import textwrap
from functools import partial
from pathlib import Path

import pytest

from precompute.atlas import schema
from precompute.atlas.progress import Silent
from precompute.equations.fit import FitOptions
from precompute.errors import NothingShared, UserError
from precompute.runs.link import link_folder, link_jobs
from precompute.runs.side_by_side.jobs import Job, do_all
from tests.conftest import MODELS
from tests.precompute.runs.side_by_side.work import fail, vanish, write


class Heard(Silent):
    """A report that keeps what it was told."""

    def __init__(self):
        self.lines, self.counts = [], []

    def progress(self, stage, done, total):
        self.counts.append((stage, done, total))

    def say(self, text):
        self.lines.append(text)


@pytest.mark.parametrize("n_processes", [1, 2])
def test_a_job_begins_when_what_it_needs_is_there(tmp_path, n_processes):
    first, second, third = (tmp_path / name for name in "abc")
    jobs = [
        Job("a", partial(write, first, None), "files"),
        Job("c", partial(write, third, second), "others", frozenset({"b"})),
        Job("b", partial(write, second, first), "files", frozenset({"a"})),
    ]
    if n_processes == 1:
        jobs = [jobs[0], jobs[2], jobs[1]]
    heard = Heard()
    found = do_all(jobs, heard, n_processes)
    assert heard.lines == ["wrote a", "wrote b", "wrote c"]
    assert heard.counts[-3:] == [("files", 1, 2), ("files", 2, 2), ("others", 1, 1)]
    assert (os.getpid() in found.values()) is (n_processes == 1)


@pytest.mark.parametrize("error", [UserError("No such thing."), NothingShared("Nothing.")])
def test_an_error_in_a_process_is_the_callers(error):
    with pytest.raises(type(error), match=str(error)) as caught:
        do_all([Job(name, partial(fail, error)) for name in "ab"], Silent(), 2)
    assert "in fail" in caught.value.__notes__[0], "where it happened"


def test_a_process_that_is_gone_is_said():
    with pytest.raises(RuntimeError, match="ended with code 3"):
        do_all([Job("a", vanish), Job("b", vanish)], Silent(), 2)


def test_links_are_the_same_whoever_computes_them(atlas, tmp_path):
    options = FitOptions(max_parents=4)
    pairs = [MODELS, MODELS[::-1]]
    tables = []
    for n_processes in (1, 2):
        root = tmp_path / str(n_processes)
        (root / "models").mkdir(parents=True)
        for part in (*atlas.root.glob("*.parquet"), *atlas.root.glob("models/*")):
            (root / part.relative_to(atlas.root)).symlink_to(part)
        copy = type(atlas)(root)
        do_all(link_jobs(copy, pairs, options), Silent(), n_processes)
        tables.append({
            (pair, table.file): copy.file(table, link_folder(*pair)).read_bytes()
            for pair in pairs
            for table in (schema.PATH, schema.EVALUATION, schema.DEPENDENCIES, schema.LINK)
        })  # fmt: skip
    assert tables[0] == tables[1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_who_ends_the_run_ends_all_processes_and_leaves_whole_files(tmp_path, number):
    """Called from a script without a guard for its main part, which nobody runs twice."""
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(f"""
        import signal
        from functools import partial
        from pathlib import Path
        from precompute.atlas.progress import Silent
        from precompute.runs.side_by_side.jobs import Job, do_all
        from tests.precompute.runs.side_by_side.work import begin_and_wait

        # As at a terminal: tests that run in the background have it ignored, and so would this script.
        signal.signal(signal.SIGINT, signal.default_int_handler)

        class Aloud(Silent):
            def say(self, text):
                print(text, flush=True)

        print("once", flush=True)
        folder = Path({str(tmp_path / "out")!r})
        try:
            do_all([Job(n, partial(begin_and_wait, folder / n)) for n in "ab"], Aloud(), 2)
        except KeyboardInterrupt:
            print("interrupted")
        """)
    )
    root = Path(__file__).parents[4]
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, text=True, cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
    ) as running:  # fmt: skip
        lines = [running.stdout.readline().strip() for _ in range(3)]
        running.send_signal(number)
        lines += running.stdout.read().split()  # to the end of the last process that could write
    assert lines[:3] == ["once", "begun", "begun"]
    assert lines[3:] == (["interrupted"] if number == signal.SIGINT else [])
    assert not list((tmp_path / "out").iterdir())
