"""What is said about this program: true, and no more than is known."""

import pytest

from explorer.words import citation

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    "files",
    [
        {"HEAD": f"{COMMIT}\n"},
        {"HEAD": "ref: refs/heads/main\n", "refs/heads/main": f"{COMMIT}\n"},
        {"HEAD": "ref: refs/heads/main\n", "packed-refs": f"# peeled\n{COMMIT} refs/heads/main\n"},
    ],
)
def test_a_clone_names_its_commit(tmp_path, files):
    for name, text in files.items():
        file = tmp_path / ".git" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert citation.revision(tmp_path) == COMMIT
    assert f"version = {{git revision {COMMIT[:12]}}}" in citation.program(tmp_path)


@pytest.mark.parametrize("head", [None, "", "ref: refs/heads/gone", "\x00", "not a commit"])
def test_without_a_clone_no_commit_is_made_up(tmp_path, head):
    if head is not None:
        (tmp_path / ".git").mkdir()
        (tmp_path / ".git" / "HEAD").write_text(head)
    assert citation.revision(tmp_path) is None
    assert "git" not in citation.program(tmp_path)


@pytest.mark.parametrize("field", ["title", "author", "year", "version"])
def test_the_program_is_cited_with_what_a_bibliography_needs(field):
    assert f"\n  {field}" in citation.PROGRAM
    assert "url" not in citation.PROGRAM  # the project has no address
