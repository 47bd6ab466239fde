"""The dashboard stays light: it never loads the frameworks that run networks."""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
HEAVY = ("torch", "torchvision", "timm", "onnxruntime")

# Walks every page of an atlas, then says which heavy packages are loaded.
WALK = """
import sys
from pathlib import Path
sys.argv = ["app.py", "--atlas", {atlas!r}]
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=60).run()
pages = [page for page in Path("explorer/pages").glob("*/*.py") if page.stem == page.parent.name]
assert len(pages) == 13
for page in sorted(pages):
    app.switch_page(str(page)).run()
    assert not app.exception, app.exception
{extra}
print("LOADED", *sorted(set({heavy!r}) & set(sys.modules)))
"""


def loaded(atlas, extra: str = "") -> list[str]:
    code = WALK.format(atlas=str(atlas.root), heavy=HEAVY, extra=extra)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split("LOADED")[1].split()


def test_the_app_loads_no_network_framework(atlas):
    assert loaded(atlas) == []


@pytest.mark.slow
def test_the_test_above_can_fail(atlas):
    pytest.importorskip("onnxruntime")
    assert loaded(atlas, "import onnxruntime") == ["onnxruntime"]
