"""The commands that the README shows, and a way to run one as it stands there."""

import contextlib
import io
import re
import shlex
import sys
from pathlib import Path

import pytest

from precompute.commands.cli import main

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
BASH = re.findall(r"```bash\n(.*?)```", README, flags=re.DOTALL)
PYTHON = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
LINES = [line for block in BASH for line in block.replace("\\\n", " ").splitlines()]
COMMANDS = [part.strip() for line in LINES for part in line.split("&&")]
SHOWN = [command for command in COMMANDS if command.startswith("python -m precompute")]


def commands_with(word: str) -> list[str]:
    """The commands that hold a word; there are some."""
    found = [command for command in SHOWN if word in command]
    assert found, word
    return found


def run(command: str, folder: Path) -> str:
    """Run one command in a folder, in this process; what it printed."""
    words = shlex.split(command, comments=True)
    assert words[:3] == ["python", "-m", "precompute"]
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as streams:
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["precompute", *words[3:]])
        streams.enter_context(contextlib.redirect_stdout(printed))
        streams.enter_context(contextlib.redirect_stderr(printed))
        stop = streams.enter_context(pytest.raises(SystemExit))
        main()
    assert stop.value.code == 0, printed.getvalue()
    return printed.getvalue()
