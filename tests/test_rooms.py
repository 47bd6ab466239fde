"""The house: which room may import which stands in two tables of the READMEs, and nowhere is a circle.

Every import counts, those inside functions and those for types alone, too.
"""

import ast
import re
from collections import defaultdict
from pathlib import Path

import networkx as nx
import pytest

REPOSITORY = Path(__file__).parents[1]
PACKAGES = ("explorer", "precompute")
PAGE = "<page>"  # stands for each page of the explorer: none may know another one
MOST_FILES = 15

Imports = dict[str, set[str]]  # module: modules


def allowed(package: str) -> dict[str, set[str]]:
    """The table of a package's README: room by its full name, and the rooms that it may import."""
    text = (REPOSITORY / package / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w.<>]+)` \|[^|]+\|([^|]*)\|$", text, flags=re.MULTILINE)
    return {_full(room, package): {_full(name, package) for name in re.findall(r"`([\w.]+)`", names)}
            for room, names in rows}  # fmt: skip


def _full(room: str, package: str) -> str:
    whole = room == "app" or room.split(".")[0] in PACKAGES
    return room if whole else f"{package}.{room}"


TABLE = allowed("explorer") | allowed("precompute")


def room_of(module: str, rooms: set[str]) -> str | None:
    """The innermost room that a module lies in; a page's own folder is a room of its own."""
    inside = [room for room in rooms if module == room or module.startswith(f"{room}.")]
    return max(inside, key=len, default=None)


def modules() -> dict[str, Path]:
    """Every module of the program by its dotted name."""
    files = [REPOSITORY / "app.py", *(f for p in PACKAGES for f in (REPOSITORY / p).rglob("*.py"))]
    names = [".".join(file.relative_to(REPOSITORY).with_suffix("").parts) for file in files]
    return {name.removesuffix(".__init__"): file for name, file in zip(names, files, strict=True)}


def imports(sources: dict[str, str]) -> Imports:
    """Which of these modules (name: text) imports which other one."""
    found: Imports = {module: set() for module in sources}
    for module, text in sources.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, f"{module} imports relatively"
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            else:
                continue
            for name in names:
                target = name if name in sources else name.rpartition(".")[0]
                if target in sources:
                    found[module].add(target)
    return found


def rooms() -> set[str]:
    """All rooms of the tables, each page by its own name."""
    pages = [folder.name for folder in (REPOSITORY / "explorer" / "pages").iterdir()]
    own = {
        f"explorer.pages.{page}"
        for page in pages
        if page not in ("frame", "__init__.py", "__pycache__")
    }
    return {room for room in TABLE if PAGE not in room} | own


def trespasses(found: Imports, known: set[str]) -> list[str]:
    """Imports from room to room that the tables do not allow."""
    wrong = []
    for module, targets in found.items():
        here = room_of(module, known)
        for target in targets:
            there = room_of(target, known)
            row = here if here in TABLE else f"explorer.pages.{PAGE}"
            # A package as a whole is no room: who imports it may reach anything through it.
            if here and here != there and (there is None or there not in TABLE[row]):
                wrong.append(f"{module} -> {target}")
    return sorted(wrong)


def unseen(sources: dict[str, str]) -> list[str]:
    """What could reach a room past these tests: imports by a name made at run time, of the tests, or in a
    package that is no room; and a page named by its file elsewhere than in the address module."""
    wrong = []
    for module, text in sources.items():
        roomless = room_of(module, rooms()) is None and module != "precompute.__main__"
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.Import() | ast.ImportFrom() if roomless:
                    wrong.append(f"{module}: a package that is no room imports")
                case ast.Import(names=names) if any(n.name.startswith("tests") for n in names):
                    wrong.append(f"{module}: imports the tests")
                case ast.ImportFrom(module=str(name)) if name.split(".")[0] == "tests":
                    wrong.append(f"{module}: imports the tests")
                case (
                    ast.Name(id="__import__" | "import_module")
                    | ast.Attribute(attr="import_module")
                ):
                    wrong.append(f"{module}: imports by a name made at run time")
                case ast.Constant(value=str(value)) if re.match(r"explorer/pages/.*\.py$", value):
                    wrong.append(f"{module}: names the file of a page")
    return wrong


def circles(found: Imports) -> list[list[str]]:
    """Modules that import each other, over however many others."""
    graph = nx.DiGraph(
        [(module, target) for module, targets in found.items() for target in targets]
    )
    return [sorted(group) for group in nx.strongly_connected_components(graph) if len(group) > 1]


@pytest.fixture(scope="module")
def program() -> dict[str, str]:
    return {name: file.read_text(encoding="utf-8") for name, file in modules().items()}


def test_every_room_imports_only_what_its_row_allows(program):
    assert trespasses(imports(program), rooms()) == []


def test_no_import_goes_past_these_tests(program):
    assert unseen(program) == []


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("explorer", "from explorer.pages.links import links"),
        ("precompute", "import precompute.runs.model"),
        (
            "explorer.tables.new",
            "import importlib\nimportlib.import_module('explorer.pages.links')",
        ),
        ("explorer.tables.new", "from importlib import import_module as m\nimport_module('x')"),
        ("explorer.tables.new", "__import__('explorer.pages.links')"),
        ("explorer.tables.new", "def f():\n    from tests.support import linked"),
        ("explorer.widgets.new", "st.page_link('explorer/pages/pins/pins.py')"),
    ],
)
def test_a_way_past_these_tests_would_be_found(module, text):
    assert len(unseen({module: text})) == 1
    assert unseen({module: "import numpy"} if module.count(".") else {module: '"""Words."""'}) == []


def test_no_import_goes_round_in_a_circle(program):
    assert circles(imports(program)) == []


def test_the_rows_of_the_tables_are_in_order_and_point_downwards():
    order = [room for room in TABLE if not room.startswith("precompute")]
    for package_order in (order, [room for room in TABLE if room.startswith("precompute")]):
        for row, room in enumerate(package_order):
            inside = {name for name in TABLE[room] if name in package_order}
            assert inside <= set(package_order[row + 1 :]), room


def test_every_module_lies_in_a_room(program):
    outside = {name for name in program if room_of(name, rooms()) is None}
    assert outside == {"explorer", "explorer.pages", "precompute", "precompute.__main__"}


def test_no_row_allows_what_nobody_does(program):
    """A table that allows more than is needed says nothing."""
    used: dict[str, set[str]] = defaultdict(set)
    for module, targets in imports(program).items():
        here = room_of(module, rooms())
        row = here if here in TABLE else f"explorer.pages.{PAGE}"
        used[row] |= {there for target in targets if (there := room_of(target, rooms())) != here}
    idle = {room: names - used[room] for room, names in TABLE.items() if names - used[room]}
    assert idle == {}


def test_the_pipeline_reaches_the_explorer_in_one_place(program):
    doors = {
        module
        for module, targets in imports(program).items()
        if module.startswith("precompute") and any(t.startswith("explorer") for t in targets)
    }
    assert len(doors) == 1 and doors.pop().startswith("precompute.commands.")


@pytest.mark.parametrize(
    ("module", "text", "wrong"),
    [
        ("explorer.tables.new", "from explorer.pages.links import links", True),
        ("explorer.tables.new", "def f():\n    import explorer.session.address", True),
        ("explorer.pages.links.new", "from explorer.pages.category import category", True),
        ("precompute.atlas.new", "if TYPE_CHECKING:\n    from precompute.runs import model", True),
        ("precompute.runs.new", "from explorer.words import help", True),
        ("explorer.tables.new", "from explorer import pages as p", True),
        ("explorer.tables.new", "import explorer", True),
        ("explorer.pages.links.new", "from explorer.tables import search", False),
    ],
)
def test_a_wrong_import_would_be_found(program, module, text, wrong):
    found = imports(program | {module: text})
    assert trespasses({module: found[module]}, rooms()) == (
        [f"{module} -> {next(iter(found[module]))}"] if wrong else []
    )


def test_a_circle_would_be_found():
    lazy = {"a": "def f():\n    import b", "b": "from c import x", "c": "import a", "d": "import a"}
    assert circles(imports(lazy)) == [["a", "b", "c"]]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_that_a_page_of_the_house_names_is_there(package):
    text = (REPOSITORY / package / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w/]+\.(?:py|js))`", text))
    places = [REPOSITORY, *(f for f in (REPOSITORY / package).rglob("*") if f.is_dir())]
    places.append(REPOSITORY / package)
    assert len(named) > 15
    assert {
        name for name in named if not any((place / name).is_file() for place in places)
    } == set()


def test_every_path_and_module_that_a_comment_names_is_there(program):
    scripts = [f for f in (REPOSITORY / "explorer").rglob("*.js") if "node_modules" not in f.parts]
    texts = [*program.values(), *(file.read_text(encoding="utf-8") for file in scripts)]
    paths = {
        path
        for text in texts
        for path in re.findall(r"\b(?:explorer|precompute)/[\w/]+\.\w+", text)
    }
    assert paths and {path for path in paths if not (REPOSITORY / path).exists()} == set()
    dotted = {
        name
        for text in texts
        for name in re.findall(r"`((?:explorer|precompute)(?:\.\w+)+)`", text)
    }
    lost = {name for name in dotted if not {name, name.rpartition(".")[0]} & program.keys()}
    assert dotted and lost == set()


def test_no_folder_is_a_corridor():
    counts = {
        folder.relative_to(REPOSITORY): len(
            [f for f in folder.glob("*.py") if f.stem != "__init__"]
        )
        for package in (*PACKAGES, "tests")
        for folder in (REPOSITORY / package).rglob("*")
        if folder.is_dir()
    }
    assert {str(folder): n for folder, n in counts.items() if n > MOST_FILES} == {}
