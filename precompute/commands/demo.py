"""`precompute demo`: the atlas of the networks that ship with the program."""

from rich.console import Console

from precompute.atlas.progress import DEFAULT_ATLAS, TerminalReport, finished
from precompute.commands.options import AtlasOption


def demo(atlas: AtlasOption = DEFAULT_ATLAS) -> None:
    """Build the atlas of seven real ImageNet networks from their bundled logits: no network needed."""
    from precompute.runs.demo import build_demo

    with TerminalReport.open(Console(stderr=True)) as report:
        build_demo(atlas, report)
    finished(atlas)
