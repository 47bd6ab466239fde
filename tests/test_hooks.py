"""The hooks before a commit: the ruff that is pinned, no network, and each finds what it is there for."""

import shutil
import subprocess
from pathlib import Path

import pytest
from pre_commit.clientlib import load_config

ROOT = Path(__file__).parents[1]
CONFIG = ".pre-commit-config.yaml"
BAD = {
    "ruff check": "import os\n",
    "ruff format": "a = 'b'\n",
    "no white space at the end of a line": "a = 1  # \n",
    "one line break at the end of a file": "a = 1\n\n",
}


def test_every_hook_is_local_and_runs_the_pinned_ruff():
    hooks = [(repo["repo"], hook["language"]) for repo in load_config(ROOT / CONFIG)["repos"]
             for hook in repo["hooks"]]  # fmt: skip
    assert {place for place, _ in hooks} == {"local"}
    assert {language for _, language in hooks} <= {
        "system",
        "unsupported",
        "pygrep",
    }  # a newer word for system
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
    assert said.count("Passed") + said.count("Failed") == len(BAD), said
    return {line.split(".")[0] for line in said.splitlines() if line.endswith("Failed")}


@pytest.mark.parametrize("hook", BAD)
def test_each_hook_finds_what_it_is_there_for(tmp_path, hook):
    assert hook in failed(tmp_path, BAD[hook])


def test_a_clean_file_passes(tmp_path):
    assert failed(tmp_path, "a = 1\n") == set()
