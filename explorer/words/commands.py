"""Commands as a reader types them, for the atlas that the page shows."""

import shlex
from pathlib import Path


def written(root: Path, *parts: str) -> str:
    """`python -m precompute` with these parts, on this atlas."""
    return shlex.join(["python", "-m", "precompute", *parts, "--atlas", str(root)])
