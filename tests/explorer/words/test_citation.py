"""What is said about this program: true, and no more than is known."""

import subprocess
from pathlib import Path

import pytest

from explorer.words import citation


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "safe.directory=*")
    done = subprocess.run(["git", "-C", str(folder), *who, *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def clone(tmp_path) -> Path:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "first")
    return tmp_path


@pytest.mark.parametrize(
    "state", [("status",), ("checkout", "--quiet", "--detach"), ("pack-refs", "--all")]
)
def test_a_clone_names_its_commit(clone, state):
    git(clone, *state)
    commit = git(clone, "rev-parse", "HEAD")
    assert citation.revision(clone) == commit and len(commit) == 40
    assert f"version = {{git revision {commit[:12]}}}" in citation.program(clone)


def test_a_copy_inside_another_clone_is_not_that_clone(clone):
    inside = clone / "site-packages"
    inside.mkdir()
    assert citation.revision(inside) is None


@pytest.mark.parametrize("head", [None, "", "ref: refs/heads/gone", "\x00", "not a commit"])
def test_without_a_clone_no_commit_is_made_up(tmp_path, head):
    if head is not None:
        (tmp_path / ".git").mkdir()
        (tmp_path / ".git" / "HEAD").write_text(head)
    assert citation.revision(tmp_path) is None
    assert "git" not in citation.program(tmp_path)


def test_without_git_no_commit_is_made_up(clone, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert citation.revision(clone) is None


@pytest.mark.parametrize("field", ["title", "author", "year", "version"])
def test_the_program_is_cited_with_what_a_bibliography_needs(field):
    assert f"\n  {field}" in citation.PROGRAM
    assert "url" not in citation.PROGRAM  # the project has no address
