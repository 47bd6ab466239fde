"""Whether links hold whatever the architectures: the worst pair of families decides."""

import re
from collections import defaultdict

import numpy as np

from precompute.claims import bootstrap
from precompute.claims.rules.prediction import LITTLE, WANTED, MedianR2
from precompute.claims.trial import Trial, too_few

LEAST_FAMILIES = 3
UNKNOWN = "logits"  # the architecture of a model that came as an array
_PREFIXES = (
    "tf",
    "legacy",
    "test",
)  # of timm's names: where weights came from, not what the network is


def family(model: str, architecture: str) -> str | None:
    """The family that a network belongs to by its name, `mobilenet` of `mobilenet_v1_0.25_128`; None for an
    array of logits, whose network nobody knows."""
    if architecture == UNKNOWN:
        return None
    words = [word for word in re.split(r"[^a-z]+", model.lower()) if word]
    kept = [word for word in words if word not in _PREFIXES]
    return (kept or words or [None])[0]


def trial(links: dict[tuple[str, str], MedianR2], families: dict[str, str | None]) -> Trial:
    """`links` by (target model, source model), `families` by model. A pair of families is ordered, and its
    figure the mean over its links, all drawn with the same resamples of images."""
    known = sorted({name for name in families.values() if name})
    if len(known) < LEAST_FAMILIES:
        some = ", ".join(known) or "none"
        return Trial(
            untestable=f"Networks of at least {LEAST_FAMILIES} families of architectures are asked for; "
            f"this atlas has {len(known)} ({some}). Arrays of logits belong to no family."
        )
    pairs = across(links, families)
    lacking = [f"{a} from {b}" for a in known for b in known if a != b and (a, b) not in pairs]
    if lacking:
        many = (
            "1 pair of families has"
            if len(lacking) == 1
            else f"{len(lacking)} pairs of families have"
        )
        return Trial(
            untestable=f"{many} no link that can be judged, among them {lacking[0]}: run "
            "python -m precompute link --all."
        )
    worst = min(pairs, key=lambda pair: np.mean([link.value for link in pairs[pair]]))
    value, (low, high) = _mean(pairs[worst])
    return Trial(
        value, low, high, WANTED, LITTLE,
        min(link.n_images for link in pairs[worst]), min(link.n_targets for link in pairs[worst]),
        _beside(pairs), ends=(-np.inf, 1.0),
        remark=f"Worst of {len(pairs)} ordered pairs of {len(known)} families ({', '.join(known)}): "
        f"{worst[0]} from {worst[1]}.",
        looked_at=len(pairs),
    )  # fmt: skip


def across(
    links: dict[tuple[str, str], MedianR2], families: dict[str, str | None]
) -> dict[tuple[str, str], list[MedianR2]]:
    """The links that can be judged, by their ordered pair of two different families."""
    found = defaultdict(list)
    for (target, source), link in links.items():
        one, other = families.get(target), families.get(source)
        if one and other and one != other and not too_few(link.n_images, link.n_targets):
            found[one, other].append(link)
    return dict(found)


def _mean(links: list[MedianR2]) -> tuple[float, tuple[float, float]]:
    drawn = np.mean([link.drawn for link in links], axis=0)
    value = float(np.mean([link.value for link in links]))
    return value, bootstrap.about(value, drawn)


def _beside(pairs: dict[tuple[str, str], list[MedianR2]]) -> dict[str, float]:
    means = [_mean(links)[0] for links in pairs.values()]
    return {"median pair of families": float(np.median(means)), "best pair of families": max(means)}
