"""What networks of an atlas see in a picture.

torch and timm are imported by `load` alone, when a network is wanted.
"""

import numpy as np
from PIL import Image


def load(atlas, model: str):
    """The `Classifier` of a network of the atlas (an `Atlas`). Raises `UserError` where its weights are not
    those that the atlas was made with."""
    from precompute.inference.reopen import reopen

    return reopen(atlas, model)


def logits_of(classifier, image: Image.Image) -> np.ndarray:
    """Logits (n,) float32 of one picture."""
    return classifier(classifier.transform(image).unsqueeze(0))[0]
