"""What held-out images say about an equation, in figures and in a sentence: within a network or between."""

from explorer.answers.evidence.bootstrap import Interval
from explorer.answers.evidence.evidence import Evidence
from explorer.figures import evidence as evidence_figures
from explorer.files import caption
from explorer.theme import Palette
from explorer.widgets import layout, verdict
from explorer.widgets.charts import chart
from explorer.words.formatting import number, percent
from explorer.words.help import HELP


def figures_row(evidence: Evidence) -> None:
    """The equation in four numbers, with 95% intervals."""
    half = HELP["within_half"].format(sd=number(evidence.sd))
    figures = (
        ("Held-out error", "error", number, HELP["error"]),
        ("Held-out R²", "r2", number, HELP["r2"]),
        ("Within ½ sd", "within_half_sd", _share, half),
        ("Within 1 sd", "within_one_sd", _share, HELP["within_one"]),
    )
    row: list[tuple[str, ...]] = [
        (title, text(getattr(evidence.figures, name)), f"{meaning} {HELP['interval']}",
         _note(evidence.intervals[name], text))
        for title, name, text, meaning in figures
    ]  # fmt: skip
    layout.metric_row(row)


def truth(evidence: Evidence, key: str, meaning: str, colours: Palette) -> None:
    """Predicted against true logit; `meaning` is the help text."""
    layout.section("Predicted and true logit", meaning)
    figure = evidence_figures.truth_plot(
        evidence.truth, evidence.predicted, evidence.shows, evidence.images.image_ids, evidence.sd,
        evidence.subject.name, colours,
    )  # fmt: skip
    subject = evidence.subject
    chart(
        figure,
        key,
        f"True against predicted logit of {subject.name} in {subject.pair.target.name}",
        caption.of_figure(evidence),
    )


def epsilon(evidence: Evidence, key: str, colours: Palette) -> None:
    """The paper's epsilon and delta."""
    layout.section("How often is it off by more than ε?", HELP["epsilon"])
    true, predicted = evidence.truth, evidence.predicted
    figure = evidence_figures.epsilon_plot(
        true - predicted, true - true.mean(), evidence.sd, colours
    )
    chart(
        figure, key, f"Epsilon-delta curve of {evidence.subject.name}", caption.of_figure(evidence)
    )


def claim(evidence: Evidence) -> None:
    """The claim that classification survives the replacement, and the verdict on it."""
    layout.section("Replacement test", HELP["replacement"])
    verdict.say(*evidence.verdict)


def _share(value: float) -> str:
    return percent(value, 0)


def _note(interval: Interval, text) -> str:
    low, high = (text(end).removesuffix(" %") for end in interval)
    return f"{low} to {high}" + (" %" if text is _share else "")
