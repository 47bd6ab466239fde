"""The first page of somebody who has no atlas yet."""

from pathlib import Path

import streamlit as st

from explorer.widgets import layout
from explorer.words.formatting import plain

TEXT = """
In a classifier with very many categories, the score of one category is often nearly a **sparse linear
combination** of the scores of a few others. This dashboard shows those combinations for networks of
your own, and judges each of them on images that it was not fitted on.

There is no atlas in the folder below yet. Build the demonstration, made from real ImageNet networks,
with the button or with the first command; or analyse a network of your own with the second.
"""

COMMANDS = """python -m precompute demo --atlas {atlas}
python -m precompute run resnet50 --images PHOTOGRAPHS --atlas {atlas}"""


def draw(root: Path) -> None:
    """Say what to do, and offer to do it."""
    layout.page_header("No atlas yet", "Welcome to the Neural Dependency Explorer", "")
    st.markdown(TEXT)
    st.code(COMMANDS.format(atlas=root), language="bash")
    if st.button("Build the demo atlas", type="primary", icon=":material/play_arrow:"):
        _build(root)
        st.rerun()
    st.caption("Seven networks, no download, some minutes on two cores.")


def _build(root: Path) -> None:
    from precompute.runs.demo import build_demo

    with st.status("Building the demo atlas", expanded=True) as status:
        build_demo(root, PageReport())
        status.update(label="The demo atlas is ready", state="complete")


class PageReport:
    """Progress of a run, told on the page (`precompute.atlas.progress.Report`)."""

    def __init__(self) -> None:
        self._bar = st.progress(0.0, text="Starting")
        self._line = st.empty()

    def progress(self, stage: str, done: int, total: int) -> None:
        self._bar.progress(min(done / max(total, 1), 1.0), text=f"{stage}: {done} of {total}")

    def say(self, text: str) -> None:
        self._line.caption(plain(text, 300))
