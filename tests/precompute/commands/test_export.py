"""`precompute export`: every dependency that the pages show, in files that their own readers open."""

import subprocess
import sys
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from explorer.files.export import FORMATS
from explorer.session import cache
from precompute.atlas import schema
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.commands.export import Suffix, export_models
from precompute.commands.options import Choice
from precompute.errors import UserError

REPOSITORY = Path(__file__).parents[3]


def test_every_format_of_the_pages_can_be_asked_for():
    assert sorted(Suffix) == sorted(form.suffix for form in FORMATS)


def test_every_choice_of_an_atlas_can_be_asked_for():
    assert tuple(Choice) == schema.CHOICES


@pytest.mark.parametrize("form", list(Suffix))
@pytest.mark.parametrize("choice", list(Choice))
def test_a_file_holds_the_bytes_that_a_page_would_hand_out(atlas, tmp_path, form, choice):
    (write,) = (known.write for known in FORMATS if known.suffix == form)
    files = export_models(atlas, form, None, tmp_path, Silent(), choice=choice)
    assert [file.name for file in files] == [f"{model}.{form}" for model in atlas.models()]
    for file, model in zip(files, atlas.models(), strict=True):
        shown = cache.network(atlas.root, model, choice.value)
        assert file.read_bytes() == write(shown.edges, shown.categories)
    assert sorted(tmp_path.iterdir()) == sorted(files)  # nothing temporary stays behind


def test_graph_and_table_of_one_model_agree(atlas, tmp_path):
    (model, *_) = atlas.models()
    (table,) = export_models(atlas, Suffix.CSV, [model], tmp_path, Silent())
    (graph,) = export_models(atlas, Suffix.GRAPHML, [model], tmp_path, Silent())
    rows = pd.read_csv(table)
    edges = nx.read_graphml(graph, node_type=int).edges(data="coefficient")
    assert {(s, t): pytest.approx(c) for s, t, c in edges} == {
        (row.source, row.target): row.coefficient for row in rows.itertuples()
    }


def test_an_existing_file_stays_unless_told_otherwise(atlas, tmp_path):
    first, second = atlas.models()
    there = tmp_path / f"{second}.csv"
    there.write_text("mine")
    with pytest.raises(UserError, match=f"{second}.csv is there already.*--overwrite"):
        export_models(atlas, Suffix.CSV, None, tmp_path, Silent())
    assert there.read_text() == "mine" and not (tmp_path / f"{first}.csv").exists()
    export_models(atlas, Suffix.CSV, None, tmp_path, Silent(), overwrite=True)
    assert there.read_text().startswith("target_name")


def test_what_cannot_be_exported_is_said_with_the_way_out(atlas, tmp_path):
    with pytest.raises(UserError, match="no model 'planted-x'. Did you mean 'planted-"):
        export_models(atlas, Suffix.CSV, ["planted-x"], tmp_path, Silent())
    with pytest.raises(UserError, match="no model in the atlas .*precompute demo"):
        export_models(Atlas(tmp_path / "nothing"), Suffix.CSV, None, tmp_path, Silent())
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="Choose another folder with --out"):
        export_models(atlas, Suffix.CSV, None, tmp_path / "file", Silent())


EXPORT = """
import sys
from pathlib import Path
from precompute.commands.export import Suffix, export_models
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
export_models(Atlas(sys.argv[1]), Suffix.GEXF, None, Path(sys.argv[2]), Silent())
{extra}
print("LOADED", *({{"streamlit", "torch"}} & set(sys.modules)))
"""


@pytest.mark.parametrize(("extra", "loaded"), [("", []), ("import streamlit", ["streamlit"])])
def test_exporting_needs_no_streamlit(atlas, tmp_path, extra, loaded):
    done = subprocess.run(
        [sys.executable, "-c", EXPORT.format(extra=extra), str(atlas.root), str(tmp_path)],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("LOADED")[1].split() == loaded
