"""Sets of images: what they list, what they hand out, what they refuse, and what no two may share."""

import io
import shutil
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from precompute.errors import UserError
from precompute.inference.image_sets import assert_disjoint, open_images, originals

FILES = {"cat/10.png": 10, "cat/9.png": 9, "dog/1.JPG": 1, "dog/old/2.webp": 2}


def picture(seed: int, kind: str = "png", size: tuple[int, int] = (12, 8)) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (*size, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


def picture_of(name: str) -> bytes:
    kind = {".jpg": "jpeg", ".webp": "webp"}.get(Path(name).suffix.lower(), "png")
    return picture(FILES[name], kind)


def pack(archive: Path, members: dict[str, bytes], mode: str = "w") -> Path:
    with tarfile.open(archive, mode) as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return archive


@pytest.fixture
def folder(tmp_path) -> Path:
    root = tmp_path / "animals"
    for name in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(picture_of(name))
    (root / "readme.txt").write_text("no image")
    return root


@pytest.fixture
def archive(tmp_path) -> Path:
    members = {f"./{name}": picture_of(name) for name in reversed(FILES)}
    return pack(tmp_path / "animals.tar", members | {"./notes.txt": b"no image"})


def test_a_folder_lists_its_images_in_natural_order(folder):
    images = open_images(str(folder))

    assert images.ids == [
        "animals/cat/9.png", "animals/cat/10.png", "animals/dog/1.JPG", "animals/dog/old/2.webp"
    ]  # fmt: skip
    assert images.class_names == ["cat", "cat", "dog", "old"]
    assert images.paths == [str(folder.parent / image) for image in images.ids]
    assert len(images) == 4


def test_image_names_do_not_depend_on_where_the_folder_lies(folder, monkeypatch):
    monkeypatch.chdir(folder)

    assert open_images(".").ids == open_images(folder).ids


def test_a_folder_without_class_folders_has_no_classes(folder):
    images = open_images(folder / "cat")

    assert images.ids == ["cat/9.png", "cat/10.png"]
    assert images.class_names == [None, None]


def test_an_archive_lists_what_a_folder_would(archive):
    images = open_images(archive)

    assert images.ids == [f"animals.tar/{name}" for name in sorted(FILES, key=len)[:1]] + [
        "animals.tar/cat/10.png", "animals.tar/dog/1.JPG", "animals.tar/dog/old/2.webp"
    ]  # fmt: skip
    assert images.class_names == ["cat", "cat", "dog", "old"]
    assert images.paths[0] == f"{archive}::cat/9.png"


@pytest.mark.parametrize("kind", ["folder", "archive"])
def test_bytes_are_read_by_index(kind, request):
    images = open_images(request.getfixturevalue(kind))

    for index, image in enumerate(images.ids):
        data = picture_of(image.partition("/")[2])
        assert images.read(index) == data
        assert images.read(index, tail=5) == data[-5:]
        assert images.read(index, tail=10**6) == data
        assert images.sizes[index] == len(data)


def test_shards_take_classes_from_their_sidecars(tmp_path):
    for shard in range(2):
        members = {f"{shard}{i}.png": picture(10 * shard + i) for i in range(2)}
        members |= {f"{shard}{i}.cls": b"%d\n" % i for i in range(2)}
        pack(tmp_path / f"val-{shard:04d}.tar", members | {"loose/x.png": picture(50 + shard)})

    images = open_images(f"wds/{tmp_path}/val-{{0000..0001}}.tar")

    assert images.ids[:3] == [
        "val-0000.tar/00.png",
        "val-0000.tar/01.png",
        "val-0000.tar/loose/x.png",
    ]
    assert images.class_names == ["0", "1", "loose"] * 2
    assert images.read(4) == picture(11)
    assert open_images(f"wds/{tmp_path}").ids == images.ids

    (tmp_path / "classnames.txt").write_text("cat\nguinea pig\n")
    assert open_images(f"wds/{tmp_path}").class_names == ["cat", "guinea pig", "loose"] * 2


def test_hub_images_without_the_library_say_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "datasets", None)

    with pytest.raises(UserError, match="pip install datasets"):
        open_images("hfds/timm/mini-imagenet")


@pytest.mark.filterwarnings("ignore")
def test_hub_images_have_names_classes_and_bytes(folder, tmp_path, monkeypatch):
    datasets = pytest.importorskip("datasets")
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    shutil.rmtree(folder / "dog" / "old")

    images = open_images(f"hfds/{folder}:train")

    assert images.ids[0] == f"{folder}/train/00000000"
    assert images.class_names == ["cat", "cat", "dog"]
    assert images.read(2) == picture_of("dog/1.JPG")
    assert images.sizes[2] == len(images.read(2))
    with pytest.raises(UserError, match="Cannot open 'hfds/.*:none'"):
        open_images(f"hfds/{folder}:none")


def test_what_holds_no_images_is_refused(tmp_path, archive):
    (tmp_path / "empty").mkdir()
    compressed = pack(tmp_path / "small.tar.gz", {"a.png": picture(1)}, "w:gz")
    cut = tmp_path / "cut.tar"
    cut.write_bytes(archive.read_bytes()[:700])
    nothing = pack(tmp_path / "nothing.tar", {"a.txt": b"a"})

    for spec, message in {
        tmp_path / "nowhere": "There are no images at .*nowhere'. Give a folder",
        tmp_path / "empty": "There are no images in 'empty'. Files count as images if",
        compressed: "Cannot list .*small.tar.gz.*not compressed",
        cut: "Cannot list .*cut.tar.*unexpected end of data",
        nothing: "There are no images in 'nothing.tar'",
        "wds/https://host/val.tar": "Download the shards first",
        f"wds/{tmp_path}/val-{{0..3}}.tar": "no shards at .*val-0.tar",
        f"wds/{tmp_path}/empty": "no shards at .*empty",
    }.items():
        with pytest.raises(UserError, match=message):
            open_images(spec)


def save(root: Path, pictures: dict[str, bytes]) -> Path:
    for name, data in pictures.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def test_different_images_are_disjoint_even_of_one_size_and_ending(tmp_path):
    data = picture(1) + bytes(5000)
    fit = save(tmp_path / "fit", {"a.png": data})
    holdout = save(tmp_path / "holdout", {"a.png": b"\0" + data[1:]})

    assert_disjoint(open_images(fit), open_images(holdout))


@pytest.mark.parametrize("as_archive", [False, True])
def test_a_copy_under_another_name_is_found(tmp_path, as_archive):
    fit = save(tmp_path / "fit", {f"x/{i}.png": picture(i) for i in range(5)})
    pictures = {"y/other.png": picture(7), "y/copy.png": picture(3)}
    holdout = save(tmp_path / "held", pictures)
    if as_archive:
        holdout = pack(tmp_path / "held.tar", pictures)

    message = r"Held-out image 'held.*/y/copy.png' is also the fit image 'fit/x/3.png' \(1 such\)"
    with pytest.raises(UserError, match=message):
        assert_disjoint(open_images(fit), open_images(holdout))


def test_the_same_folder_by_another_way_is_found(folder, tmp_path):
    (tmp_path / "link").symlink_to(folder)

    with pytest.raises(UserError, match=r"is also the fit image .*\(4 such\)"):
        assert_disjoint(open_images(folder), open_images(tmp_path / "link"))


def test_two_folders_of_one_name_cannot_be_told_apart(tmp_path):
    fit = save(tmp_path / "a" / "images", {"1.png": picture(1)})
    holdout = save(tmp_path / "b" / "images", {"1.png": picture(2)})

    with pytest.raises(UserError, match="both called 'images/1.png'.*different names"):
        assert_disjoint(open_images(fit), open_images(holdout))


def test_copies_inside_a_set_know_their_original(tmp_path):
    root = tmp_path / "photos"
    for name, colour in (("a/1.png", 10), ("a/2.png", 20), ("b/3.png", 10), ("b/4.png", 30)):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (colour, 0, 0)).save(root / name)
    images = open_images(root)
    assert images.ids == [f"photos/{n}" for n in ("a/1.png", "a/2.png", "b/3.png", "b/4.png")]
    assert originals(images) == [0, 1, 0, 3]


def test_files_that_are_no_images_are_not_compared(tmp_path):
    fit = save(tmp_path / "fit", {"a.png": b"", "b.png": picture(1)})
    holdout = save(tmp_path / "holdout", {"c.png": b"", "d.png": picture(2)})
    for folder in (fit, holdout):
        (folder / "dangling.png").symlink_to(tmp_path / "nowhere.png")

    images = open_images(fit)

    assert images.sizes == [0, len(picture(1)), 0]
    assert_disjoint(images, open_images(holdout))
