"""The package: what it needs is declared, once; it installs whole, and works from anywhere."""

import ast
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).parents[1]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
OURS = {"app", "explorer", "precompute", "tests"}
# Peers of the benchmarks, each with the command that installs it in tests/benchmarks/README.md.
PEERS = {"adelie", "spams"}


def requirements(lines: list[str]) -> dict[str, str]:
    """Version by name of requirement lines, comments left out."""
    wanted = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    found = [Requirement(line) for line in wanted]
    assert len({canonicalize_name(each.name) for each in found}) == len(found)
    return {canonicalize_name(each.name): str(each.specifier) for each in found}


def undeclared(sources: dict[str, str], declared: list[str]) -> dict[str, str]:
    """Modules from outside that sources (name: text) import, wherever in the file, and no declared
    requirement brings: module by the name of its source."""
    known = requirements(declared)
    brings: dict[str, set[str]] = {
        module: {canonicalize_name(name) for name in names}
        for module, names in packages_distributions().items()
    }
    found = {}
    for name, text in sources.items():
        for module in imported(text) - OURS - set(sys.stdlib_module_names):
            wanted = brings.get(module, {canonicalize_name(module)})
            if not wanted & known.keys():
                found[name] = module
    return found


def imported(text: str) -> set[str]:
    """Top-level names of the modules that a source imports."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module.split(".")[0])
    return found


def sources(*places: str) -> dict[str, str]:
    files = [file for place in places for file in sorted(REPOSITORY.glob(place))]
    assert files
    return {str(file.relative_to(REPOSITORY)): file.read_text(encoding="utf-8") for file in files}


def test_requirements_are_the_projects_own_words():
    lines = (REPOSITORY / "requirements.txt").read_text(encoding="utf-8").splitlines()
    project = [*PROJECT["dependencies"], *EXTRAS["app"], *EXTRAS["test"]]
    assert requirements(lines) == requirements(project)


def test_every_import_of_the_pipeline_is_a_dependency():
    optional = EXTRAS["hub"]
    assert undeclared(sources("precompute/**/*.py"), [*PROJECT["dependencies"], *optional]) == {}


def test_every_import_of_the_dashboard_is_declared():
    declared = [*PROJECT["dependencies"], *EXTRAS["app"]]
    assert undeclared(sources("app.py", "explorer/**/*.py"), declared) == {}


def test_every_import_of_the_tests_is_declared():
    declared = [*PROJECT["dependencies"], *EXTRAS["app"], *EXTRAS["test"], *PEERS]
    helpers = {file.stem for file in (REPOSITORY / "tests").rglob("*.py")}
    found = undeclared(sources("tests/**/*.py"), declared)
    assert {name: module for name, module in found.items() if module not in helpers} == {}


def test_an_import_that_nobody_declares_is_found():
    text = "def late():\n    from scipy.linalg import eigh\n"
    assert undeclared({"x.py": text}, ["numpy>=2"]) == {"x.py": "scipy"}
    assert undeclared({"x.py": text}, ["SciPy>=1"]) == {}


def test_the_console_script_is_the_command_line():
    (script,) = PROJECT["scripts"].items()
    name, target = script
    module, function = target.split(":")
    assert name == "neural-dependencies"
    code = f"import sys; sys.argv = ['{name}', '--help']; from {module} import {function}; {function}()"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=REPOSITORY
    )
    assert done.returncode == 0 and f"Usage: {name}" in done.stdout


def listed(*places: str) -> list[str]:
    """The repository's files below these places, the new ones too."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *places]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.splitlines() if (REPOSITORY / name).is_file()]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory) -> Path:
    """What `pip install` would put into site-packages."""
    folder = tmp_path_factory.mktemp("wheel")
    # Built from a copy, since setuptools leaves what it has built beside the sources.
    for name in listed("pyproject.toml", "README.md", "explorer", "precompute"):
        copy = folder / "sources" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, copy)
    command = ["wheel", str(folder / "sources"), "--no-deps", "--wheel-dir", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", *command], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


@pytest.mark.slow
def test_a_wheel_holds_every_file_that_the_program_reads(unpacked):
    names = listed("explorer", "precompute")
    wanted = [name for name in names if "/frontend/" not in name and not name.endswith(".md")]
    assert len(wanted) > 100
    assert [name for name in wanted if not (unpacked / name).is_file()] == []


@pytest.mark.slow
def test_python_from_anywhere(unpacked, tmp_path):
    code = """
import numpy as np
from precompute.atlas.labels import imagenet_1k
from precompute.covlasso import covlasso_path
from precompute.sources.bundled import bundled_models
moment = np.cov(np.random.default_rng(0).normal(size=(6, 50)))
paths = covlasso_path(moment, max_parents=3)
print(len(imagenet_1k()), len(bundled_models()), paths.duality_gap().max() < 1e-12)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path, env={"PYTHONPATH": str(unpacked)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["1000", "7", "True"]


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="one process does all tests")
def test_what_shares_an_atlas_is_tested_by_one_process(request):
    assert request.node.nodeid.endswith("@tests/test_package.py"), "xdist puts the group there"
