"""Which dependencies are to be cut: a planted sieve, and every file that somebody could write."""

import pandas as pd
import pytest

from precompute.atlas.labels import from_names, imagenet_1k
from precompute.cutting.pairs import read_pairs, suspicious
from precompute.errors import UserError

CATEGORIES = imagenet_1k().categories.assign(power=1.0)
INDEX = {name: k for k, name in enumerate(CATEGORIES["name"])}
STRANGERS = [("muzzle", "Chihuahua"), ("hog", "butcher shop"), ("coho", "reel")]
# Each is far apart by WordNet's steps, and belongs together in another way.
RELATED = {
    "both are absorbent paper": ("toilet tissue", "paper towel"),
    "the other sense of a cup": ("coffee mug", "cup"),
    "soup is in both meanings": ("consomme", "soup bowl"),
    "a revolver is a handgun": ("holster", "revolver"),
    "food is no wide word": ("chocolate sauce", "ice cream"),
    "both are artifacts": ("wooden spoon", "spatula"),
    "an ox is in its name": ("water buffalo", "oxcart"),
}


def table(pairs, **columns) -> pd.DataFrame:
    """dependencies.parquet with these pairs, the first the strongest."""
    ends = [(INDEX[target], INDEX[source]) for target, source in pairs]
    made = pd.DataFrame(ends, columns=["target", "source"])
    given = {
        "choice": "readable",
        "coefficient": [0.9 / (1 + k) for k in range(len(made))],
        "lambda": 0.5 + made["target"],
        "stability": 1.0,
    }
    return made.assign(**(given | columns))


def names(pairs: pd.DataFrame) -> list[tuple[str, str]]:
    name = CATEGORIES["name"]
    return [(name[t], name[s]) for t, s in zip(pairs["target"], pairs["source"], strict=True)]


# --- the sieve -------------------------------------------------------------------------------


def test_strangers_are_suspicious_the_strongest_first():
    found = suspicious(table(STRANGERS), CATEGORIES, 2)
    assert names(found) == STRANGERS[:2]
    assert found["lambda"].tolist() == [0.5 + target for target in found["target"]]
    assert names(suspicious(table(STRANGERS), CATEGORIES, 99)) == STRANGERS


@pytest.mark.parametrize("pair", RELATED.values(), ids=RELATED)
def test_what_belongs_together_is_never_suspicious(pair):
    both = table([pair, pair[::-1], STRANGERS[0]])
    assert names(suspicious(both, CATEGORIES, 3)) == STRANGERS[:1]


def test_strength_is_what_a_source_contributes_to_its_target():
    quiet = CATEGORIES.assign(
        power=CATEGORIES["power"].mask(CATEGORIES["name"] == "Chihuahua", 0.01)
    )
    assert names(suspicious(table(STRANGERS), quiet, 1)) == STRANGERS[1:2]


def test_what_is_not_stable_or_not_readable_is_left_out():
    shaky = table(STRANGERS, stability=[0.5, 0.8, None])
    assert names(suspicious(shaky, CATEGORIES, 3)) == STRANGERS[1:2]
    other = table(STRANGERS, choice=["few", "readable", "best"])
    assert names(suspicious(other, CATEGORIES, 3)) == STRANGERS[1:2]


@pytest.mark.parametrize(
    ("dependencies", "categories", "message"),
    [
        (table(STRANGERS, stability=None), CATEGORIES, "stability .* not measured.*--pairs FILE"),
        (
            table(STRANGERS),
            from_names([f"word {k}" for k in range(1000)]).categories.assign(power=1.0),
            "WordNet does not know.*--pairs FILE",
        ),
        (table(RELATED.values()), CATEGORIES, "No stable dependency.*--pairs FILE"),
        (table(STRANGERS, choice="few"), CATEGORIES, "stability .* not measured.*--pairs FILE"),
    ],
)  # fmt: skip
def test_where_nothing_can_be_suspicious_the_way_out_is_a_file(dependencies, categories, message):
    with pytest.raises(UserError, match=message):
        suspicious(dependencies, categories, 5)


# --- the file --------------------------------------------------------------------------------


@pytest.fixture
def read(tmp_path):
    """Pairs of a file with this text."""

    def read(text: str | bytes, name: str = "pairs.csv") -> pd.DataFrame:
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_pairs(file, table(STRANGERS), CATEGORIES)

    return read


@pytest.mark.parametrize(
    "text",
    [
        "coho,reel\nmuzzle,Chihuahua\n",
        "target,source\ncoho,reel\nmuzzle,Chihuahua",
        "Target\tSource\ncoho\treel\nmuzzle\tChihuahua\n",
        "n02536864,n04067472\nmuzzle,n02085620\n",
        f"target,source\n{INDEX['coho']},{INDEX['reel']}\n{INDEX['muzzle']},chihuahua\n",
        "# why not\n\n  coho , reel \n\n#muzzle,reel\n\"muzzle\",Chihuahua\n\n",
        "coefficient,target,source_name,source,target_name\n.2,0,reel,0,coho\n.1,0,Chihuahua,0,muzzle\n",
    ],
    ids=["plain", "header", "tsv", "ids", "indices", "comments", "export"],
)  # fmt: skip
def test_a_file_names_pairs_in_many_ways(read, text):
    expected = [("coho", "reel"), ("muzzle", "Chihuahua")]
    for written in (text, b"\xef\xbb\xbf" + text.encode(), text.replace("\n", "\r\n")):
        found = read(written)
        assert names(found) == expected
        assert list(found) == ["target", "source", "lambda"]
        assert found["lambda"].tolist() == [0.5 + target for target in found["target"]]


def test_the_files_that_the_explorer_exports_are_read(tmp_path):
    from explorer.files.export import FORMATS

    edges = table(STRANGERS).drop(columns="choice")
    (csv,) = (form for form in FORMATS if form.suffix == "csv")
    (tmp_path / "edges.csv").write_bytes(csv.write(edges, CATEGORIES))
    assert names(read_pairs(tmp_path / "edges.csv", table(STRANGERS), CATEGORIES)) == STRANGERS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no dependency"),
        ("# nothing\n\n", "names no dependency"),
        ("target,source\n", "names no dependency"),
        ("muzzle,Chihuahua\ncohoo,reel\n", "Line 2 .*no category 'cohoo'. Did you mean 'coho'"),
        ("crane,hog\n", "no category 'crane'. Did you mean 'crane \\(.*' or 'crane \\("),
        ("1000,hog\n", "no category '1000'"),
        (",hog\n", "no category ''"),
        ("hog,hog\n", "Line 1 .*'hog' twice"),
        ("muzzle,Chihuahua\n\nmuzzle,Chihuahua\n", "Line 3 .*repeats line 1: muzzle <- Chihuahua"),
        ("muzzle,hog\n", "'hog' is not in the readable equation of 'muzzle'.*nothing to cut.*in Chihuahua"),
        ("reel,hog\n", "writes 'reel' in no other category"),
        ("muzzle\n", "Line 1 .*1 columns in place of 2"),
        ("muzzle,Chihuahua,hog\n", "Line 1 .*3 columns in place of 2"),
        ("target,source,x\nmuzzle,Chihuahua\n", "Line 2 .*2 columns in place of 3"),
        (b"\xff\xfe\x00", "not UTF-8"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_cut_is_refused_with_its_line(read, text, message):
    with pytest.raises(UserError, match=message):
        read(text)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for file in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(UserError, match="Cannot read the pairs in"):
            read_pairs(file, table(STRANGERS), CATEGORIES)
