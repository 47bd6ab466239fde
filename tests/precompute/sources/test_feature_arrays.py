"""Features and a head in files: read, refused in words, and turned into logits."""

import numpy as np
import pytest
from safetensors.numpy import save_file

from precompute.atlas.labels import from_names
from precompute.errors import UserError
from precompute.sources.arrays import Rows
from precompute.sources.feature_arrays import FeatureArraySource, read_head
from precompute.sources.protocol import FeatureSource

N, D = 5, 3
RNG = np.random.default_rng(0)
WEIGHTS, BIAS = RNG.normal(size=(N, D)), RNG.normal(size=N)
FEATURES = RNG.normal(size=(700, D)).astype(np.float32)


@pytest.fixture
def files(tmp_path):
    np.save(tmp_path / "features.npy", FEATURES)
    np.savez(tmp_path / "head.npz", weights=WEIGHTS, bias=BIAS)
    return tmp_path


def rows(names=N):
    return Rows(from_names([f"c{k}" for k in range(names)]))


def test_logits_are_made_of_features_from_any_row_on(files):
    source = FeatureArraySource("m", files / "features.npy", files / "head.npz", rows())
    assert isinstance(source, FeatureSource)
    expected = FEATURES.astype(float) @ WEIGHTS.astype(np.float32).T + BIAS.astype(np.float32)
    seen, logits = zip(*source.batches(range(100, 700), print), strict=True)
    np.testing.assert_array_equal(np.concatenate(seen), np.arange(100, 700))
    np.testing.assert_allclose(np.concatenate(logits), expected[100:], rtol=1e-5, atol=1e-6)
    assert (len(source.images), source.info.n_features) == (700, D)


def test_a_head_is_told_by_its_shapes_whatever_its_arrays_are_called(tmp_path):
    save_file(
        {"fc.bias": BIAS.astype(np.float32), "fc.weight": WEIGHTS.astype(np.float16)},
        tmp_path / "head.safetensors",
    )
    np.savez(tmp_path / "bare.npz", WEIGHTS)
    found, bare = (read_head(tmp_path / name) for name in ("head.safetensors", "bare.npz"))
    np.testing.assert_array_equal(found.weights, WEIGHTS.astype(np.float16))
    np.testing.assert_array_equal(found.bias, BIAS.astype(np.float32))
    np.testing.assert_array_equal(bare.bias, np.zeros(N))


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"a": WEIGHTS, "b": WEIGHTS}, r"has 'a' \(5, 3\), 'b' \(5, 3\)"),
        ({"b": BIAS}, "one matrix"),
        ({"a": WEIGHTS, "b": BIAS[:4]}, "one matrix"),
        ({"a": WEIGHTS.astype(str)}, "must be real numbers"),
        ({"a": np.full((N, D), np.nan)}, "not finite"),
    ],
)
def test_what_is_no_head_is_refused(tmp_path, arrays, said):
    np.savez(tmp_path / "head.npz", **arrays)
    with pytest.raises(UserError, match=said):
        read_head(tmp_path / "head.npz")


def test_a_file_that_holds_no_arrays_is_refused(tmp_path):
    np.save(tmp_path / "lone.npy", WEIGHTS)
    (tmp_path / "text.npz").write_text("weights")
    (tmp_path / "text.safetensors").write_text("weights")
    with pytest.raises(UserError, match="There is no file .*missing.npz"):
        read_head(tmp_path / "missing.npz")
    for name in ("lone.npy", "text.npz", "text.safetensors"):
        with pytest.raises(UserError, match="Cannot read a head"):
            read_head(tmp_path / name)


def test_features_and_head_must_fit_each_other_and_the_names(files):
    np.savez(files / "wide.npz", weights=np.ones((N, D + 1)))
    for head, names in (("wide.npz", N), ("head.npz", N - 1)):
        with pytest.raises(UserError, match=f"need \\({names}, 3\\)"):
            FeatureArraySource("m", files / "features.npy", files / head, rows(names))
