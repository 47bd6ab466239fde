"""The dashboard as a user starts it, on a free port of this machine, and a real Chromium beside it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

REPOSITORY = Path(__file__).parents[2]


def dashboard(atlas: Path) -> AbstractContextManager[str]:
    """`streamlit run app.py -- --atlas ATLAS` until the block ends; yields its address."""
    return streamlit("app.py", "--atlas", str(atlas))


@contextmanager
def streamlit(script: str, *arguments: str) -> Iterator[str]:
    """`streamlit run SCRIPT -- ARGUMENTS` in the repository until the block ends; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    process = subprocess.Popen(
        [*command, "--", *arguments],
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(f"{address}/_stcore/health", process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def memory(address: str) -> float:
    """Megabytes that the server at an address of `streamlit` holds in memory (Linux only)."""
    (line,) = re.findall(r"VmRSS:\s+(\d+) kB", (_process(address) / "status").read_text())
    return int(line) / 1024


def processor_seconds(address: str) -> float:
    """What the server at an address of `streamlit` has used of the processor, which other programs on the
    machine hardly change (Linux only)."""
    user, system = (_process(address) / "stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _process(address: str) -> Path:
    port = address.rpartition(":")[2].encode()
    for process in Path("/proc").glob("[0-9]*"):
        words = (process / "cmdline").read_bytes().split(b"\0")
        if b"--server.port" in words and port in words:
            return process
    raise ProcessLookupError(f"No server at {address}.")


def _wait(address: str, process: subprocess.Popen, patience: float = 60.0) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"The dashboard ended with exit code {process.returncode}.")
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"The dashboard did not answer at {address} within {patience:g} s.")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium where it is installed, else the one that Playwright brought."""
    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--enable-unsafe-swiftshader"]
        )
        try:
            yield browser
        finally:
            browser.close()
