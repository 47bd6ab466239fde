"""Start processes as a user would, by torchrun on this machine."""

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]


def torchrun(n: int, module: str, *arguments: object) -> subprocess.Popen:
    """`torchrun --standalone --nproc_per_node=N -m module arguments`, with all that it says on one pipe."""
    command = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--standalone",
        f"--nproc_per_node={n}",
    ]
    return subprocess.Popen(
        [*command, "-m", module, *map(str, arguments)],
        cwd=REPOSITORY, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )  # fmt: skip


def done(process: subprocess.Popen) -> tuple[int, str]:
    """Its exit code and all that it said."""
    said, _ = process.communicate(timeout=600)
    return process.returncode, said
