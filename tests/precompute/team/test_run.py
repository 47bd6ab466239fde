"""`run` by several processes: the tables of one; where one is lost, a message and an atlas that goes on."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from precompute.atlas import schema
from tests.precompute.team.torchrun import REPOSITORY, done, torchrun
from tests.support.planting import plant, save

N_IMAGES = 397  # neither 2 nor 3 divides it


@pytest.fixture(scope="module")
def files(tmp_path_factory, names) -> dict[str, Path]:
    """A classifier's array of logits, as a user would give it."""
    planted = plant(seed=0)
    some = replace(planted, logits=planted.logits[:N_IMAGES], truth=planted.truth[:N_IMAGES])
    return save(tmp_path_factory.mktemp("array"), some, names)


def arguments(files: dict[str, Path], atlas: Path, *more: object) -> list[object]:
    given = [word for name, file in files.items() for word in (f"--{name}", file)]
    return [
        "run",
        "m",
        *given,
        "--atlas",
        atlas,
        "--max-parents",
        4,
        "--survival-categories",
        4,
        *more,
    ]


@pytest.fixture(scope="module")
def alone(files, tmp_path_factory) -> Path:
    """The atlas that one process makes."""
    atlas = tmp_path_factory.mktemp("alone") / "atlas"
    command = [sys.executable, "-m", "precompute", *map(str, arguments(files, atlas))]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    return atlas


def assert_same_tables(found: Path, expected: Path) -> None:
    """Every table of both atlases, but for the seconds that the stages took."""
    tables = {str(file.relative_to(expected)) for file in expected.rglob("*.parquet")}
    assert {str(file.relative_to(found)) for file in found.rglob("*.parquet")} == tables
    for name in tables:
        ours, theirs = (pd.read_parquet(atlas / name) for atlas in (found, expected))
        if name.endswith(schema.MODEL.file):
            ours, theirs = (table.drop(columns="seconds") for table in (ours, theirs))
        pd.testing.assert_frame_equal(ours, theirs, rtol=1e-10, atol=1e-12, obj=name)


def test_several_processes_make_the_tables_of_one(files, alone, tmp_path):
    code, said = done(torchrun(3, "precompute", *arguments(files, tmp_path / "atlas")))
    assert code == 0, said
    assert said.count("m: path (missing)") == 1 and said.count("Done.") == 1  # one speaks for all
    assert_same_tables(tmp_path / "atlas", alone)


def test_a_lost_process_ends_the_run_and_the_next_one_goes_on(files, alone, tmp_path):
    atlas = tmp_path / "atlas"
    started = torchrun(2, "precompute", *arguments(files, atlas))
    lines = iter(started.stdout.readline, "")
    before = [next(line for line in lines if line.startswith("m: logits"))]
    os.kill(process_of(started, rank=1), signal.SIGKILL)
    code, said = done(started)
    assert code != 0
    reasons = [line for line in said.splitlines() if line.startswith("Error: ")]
    assert len(reasons) == 1, said
    assert (
        "lost process 1 of 2 (last heard of on" in reasons[0] and "same command again" in reasons[0]
    )
    assert not (atlas / "models" / "m" / schema.MODEL.file).exists()

    code, said = done(torchrun(2, "precompute", *arguments(files, atlas)))
    assert code == 0, said
    assert before and "m: logits is up to date" in said
    assert_same_tables(atlas, alone)


def process_of(started: subprocess.Popen, rank: int) -> int:
    """The number of one of the processes that torchrun has started."""
    children = Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text().split()
    (found,) = (
        int(child)
        for child in children
        if f"RANK={rank}".encode() in Path(f"/proc/{child}/environ").read_bytes().split(b"\0")
    )
    return found


def test_bad_input_is_said_once(files, tmp_path):
    wrong = arguments(files, tmp_path / "atlas", "--holdout", "1.5")
    code, said = done(torchrun(2, "precompute", *wrong))
    reasons = [line for line in said.splitlines() if line.startswith("Error: ")]
    assert code != 0 and len(reasons) == 1 and "--holdout 1.5" in reasons[0]


def test_a_command_that_does_not_share_says_so():
    told = subprocess.run(
        [sys.executable, "-m", "precompute", "link", "a", "b"],
        cwd=REPOSITORY, env=os.environ | {"WORLD_SIZE": "2"}, capture_output=True, text=True,
    )  # fmt: skip
    assert told.returncode == 2
    assert told.stderr.startswith("Error: 'link' does not share its work among 2 processes")
