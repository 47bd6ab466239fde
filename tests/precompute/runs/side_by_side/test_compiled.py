"""What is compiled first is what runs call later: with the same types, and nothing is left out."""

import json
import subprocess
import sys
import textwrap

from tests.conftest import MODELS

SCRIPT = """
import json, sys
from numba.core.dispatcher import Dispatcher
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.equations import kernels
from precompute.equations.fit import FitOptions
from precompute.runs.link import LinkRun
from precompute.runs.side_by_side.compiled import compile_kernels
from precompute.survival import kernels as survival

def compiled():
    return {
        name: len(function.signatures)
        for module in (kernels, survival)
        for name, function in vars(module).items()
        if isinstance(function, Dispatcher) and not name.startswith("_") and name != "refit_weighted"
    }

before = compiled()
compile_kernels(Silent())
first = compiled()
root, *models = sys.argv[1:]
LinkRun(Atlas(root), *models, FitOptions(max_parents=4), Silent()).run()
print(json.dumps([before, first, compiled()]))
"""


def test_a_run_compiles_nothing_more(atlas, tmp_path):
    (tmp_path / "models").mkdir()
    for part in (*atlas.root.glob("*.parquet"), *atlas.root.glob("models/*")):
        (tmp_path / part.relative_to(atlas.root)).symlink_to(part)
    said = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), tmp_path, *MODELS],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    before, first, after = json.loads(said.stdout)
    assert not any(before.values()), "control: nothing is compiled by importing it"
    assert all(first.values()), "every loop"
    assert after == first
