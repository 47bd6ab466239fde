"""The hooks before a commit: the ruff that is pinned, no network, and each finds what it is there for."""

import shutil
import subprocess
from pathlib import Path

from pre_commit.clientlib import load_config

ROOT = Path(__file__).parents[1]
CONFIG = ".pre-commit-config.yaml"
HOOKS = {
    "no white space at the end of a line",
    "one line break at the end of a file",
    "ruff check",
    "ruff format",
}
BAD = "import os\na = 'b'  \n\n"  # for each hook something


def test_every_hook_is_local_and_runs_the_pinned_ruff():
    places = load_config(ROOT / CONFIG)["repos"]
    hooks = [(place["repo"], hook["language"]) for place in places for hook in place["hooks"]]
    assert {place for place, _ in hooks} == {"local"}
    # "unsupported" is what a newer pre-commit makes of "system".
    assert {language for _, language in hooks} <= {"system", "unsupported", "pygrep"}
    (pinned,) = [
        line
        for line in (ROOT / "requirements.txt").read_text().split()
        if line.startswith("ruff==")
    ]
    here = subprocess.run(["ruff", "--version"], capture_output=True, text=True, check=True).stdout
    assert here.split() == pinned.split("==")


def failed(folder: Path, text: str) -> set[str]:
    """The hooks that refuse a file with this text."""
    shutil.copy(ROOT / CONFIG, folder)
    (folder / "file.py").write_text(text)
    for command in (["git", "init", "-q"], ["git", "add", "."]):
        subprocess.run(command, cwd=folder, check=True)
    run = ["pre-commit", "run", "--all-files"]
    said = subprocess.run(run, cwd=folder, capture_output=True, text=True).stdout
    assert said.count("Passed") + said.count("Failed") == len(HOOKS), said
    return {line.split(".")[0] for line in said.splitlines() if line.endswith("Failed")}


def test_each_hook_finds_what_it_is_there_for(tmp_path):
    assert failed(tmp_path, BAD) == HOOKS


def test_a_clean_file_passes(tmp_path):
    assert failed(tmp_path, "a = 1\n") == set()
