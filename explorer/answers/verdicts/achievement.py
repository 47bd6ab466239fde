"""What an experiment on unseen categories achieves, and its price, in words."""

from collections.abc import Mapping

from explorer.words.formatting import count, percent


def achievement(info: Mapping, now: Mapping[str, float], alone: float, guessing: float) -> str:
    """`info` is the row of experiment.parquet; `now` has U and S with the equations, `alone` is S where
    no unseen category competes, `guessing` the U of guessing evenly among all: fractions of images."""
    images = f"{count(info['n_holdout_unseen'])} held-out image"
    images += "" if info["n_holdout_unseen"] == 1 else "s"
    everyone = count(info["n_seen"] + info["n_unseen"])
    chance = percent(guessing, _digits(guessing))
    return (
        f"{info['student']} names {percent(now['U'], 0)} of {images} of categories that it was not "
        f"given, with all {everyone} competing; guessing would name {chance}. "
        f"{price(now['S'], alone)}"
    )


def price(seen: float, alone: float) -> str:
    """What the seen categories lose by the competition."""
    if round(seen, 2) >= round(alone, 2):
        return f"It costs nothing: {percent(seen, 0)} of the images of seen categories are named as before."
    return (
        f"The price: of images of seen categories it names {percent(seen, 0)} instead of "
        f"{percent(alone, 0)}."
    )


def proviso(info: Mapping) -> str:
    """What "not given" means here, and what the intervals leave out."""
    if info["masked"]:
        return (
            "Not given: the student's own logits of these categories are masked. Its features were trained "
            "with them, so that this is easier than a category that is new."
        )
    return "Not given: the student has no logit of these categories."


def of_draws(n_draws: int, drawn: bool) -> str:
    """What an interval on a card covers."""
    if n_draws > 1:
        return (
            f"Intervals: 95 % for a further experiment of this kind, over {n_draws} draws of categories "
            "and over held-out images."
        )
    rest = "; another --seed adds a draw" if drawn else ""
    return f"Intervals: 95 % over held-out images. They leave out the draw of categories{rest}."


def _digits(value: float) -> int:
    """So many that a small share is not written as 0."""
    return 0 if value >= 0.01 else 1 if value >= 0.001 else 2
