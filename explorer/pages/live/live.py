"""Live image: networks look at a picture of the reader's own, and equations say what they will see."""

import hashlib

import numpy as np
import streamlit as st
from PIL import Image

from explorer import theme
from explorer.pages.live import answers, holding, networks, unseen
from explorer.pages.live.answers import Look
from explorer.pages.live.picture import open_image, samples
from explorer.session import address, cache, choices, place
from explorer.tables.image_files import MAX_BYTES
from explorer.widgets import layout
from explorer.words.formatting import plain, plain_name
from explorer.words.help import HELP
from precompute.errors import UserError
from precompute.sources.reopening import why_not

OWN = "My own"
SHOWN = (440, 330)  # pixels; at most so large is the picture that is sent back to the page
DEFAULT = 2  # networks that look unless told otherwise

here = place.here()
root, model = here.root, here.model
known = cache.provenance(root).set_index("name").to_dict("index")
refused = {name: why_not(name, known) for name in known}
able = [name for name, reason in refused.items() if reason is None]


@st.cache_resource(max_entries=4, show_spinner="Loading the network")
def classifier(name: str, weights_sha256: str):
    """A network that is ready to look; held for all sessions."""
    return networks.load(cache.atlas(root), name)


def choose_picture() -> bytes | None:
    """The bytes of the picture that was chosen."""
    found = samples()
    chosen = choices.choice("Picture", address.PICTURE, [*found, OWN], help=HELP["picture"])
    if chosen != OWN:
        return found[chosen].read_bytes()
    file = st.file_uploader(
        "JPEG, PNG or WebP", ["jpg", "jpeg", "png", "webp"], key="upload",
        max_upload_size=MAX_BYTES // 2**20, help=HELP["upload"],
    )  # fmt: skip
    return None if file is None else file.getvalue()


def choose_networks() -> list[str]:
    """Which networks look; those that cannot are named with the reason."""
    plain_ones = set(cache.atlas(root).plain_models())
    # Its own cut or weighted version is not the second opinion that a reader looks for.
    others = sorted(
        (name for name in able if name != model), key=lambda name: name not in plain_ones
    )
    default = [*([model] if model in able else []), *others][:DEFAULT]
    chosen = st.multiselect(
        "Networks that look", able, default, format_func=plain_name, help=HELP["who_looks"],
        **choices.tie(
            address.NETWORKS, default, lambda name: name in able, instead=", ".join(default)
        ),
    )  # fmt: skip
    not_offered = {name: reason for name, reason in refused.items() if reason}
    if not_offered:
        with st.expander(f"{len(not_offered)} networks of this atlas cannot look here"):
            for name, reason in not_offered.items():
                st.caption(f"{plain(name)}: {plain(reason, 200)}")
    return chosen or default


def looked_at(picture: Image.Image, digest: str, names: list[str]) -> dict[str, np.ndarray]:
    """Logits of the picture in every network; those of the last picture are kept for this session."""
    if address.LOOKED_AT.get()[0] != digest:
        address.LOOKED_AT.set((digest, {}))
    _, seen = address.LOOKED_AT.get()
    for name in names:
        if name not in seen:
            seen[name] = networks.logits_of(
                classifier(name, known[name]["weights_sha256"]), picture
            )
    return {name: seen[name] for name in names}


def category_of(look: Look, first: str) -> str:
    """The category that is asked about: the one chosen before, else what the first network sees."""
    chosen = address.CATEGORY.get()
    if chosen is None or chosen not in look.networks[first].search.index:
        chosen = look.networks[first].name_of(int(look.logits[first].argmax()))
    return chosen


def draw() -> None:
    """The picture and who looks at it above, what they say below."""
    content = choose_picture()
    if content is None:
        layout.empty_state(
            "No picture yet",
            "Drop one above. It is looked at in this machine's memory and stored nowhere.",
            ":material/add_photo_alternate:",
        )
        return
    picture = open_image(content)
    with st.grid(2, min_column_width=330, gap=("medium", "large")) as grid:
        with grid.cell():
            show(picture)
        with grid.cell():
            names = choose_networks()
            refit = choices.choice("Coefficients", address.FIT) == "refit"
    logits = looked_at(picture, hashlib.sha256(content).hexdigest(), names)
    look = Look.of(root, logits, theme.palette())
    first = model if model in names else names[0]
    category = category_of(look, first)
    answers.ranking(look, refit)
    holding.draw(look)
    answers.one_category(look, first, category, refit)
    answers.every_category(look, first, category, refit)
    unseen.draw(look)


def show(picture: Image.Image) -> None:
    """The picture, small enough to travel."""
    small = picture.copy()
    small.thumbnail(SHOWN)
    st.image(
        small, caption=f"{picture.width} × {picture.height} pixels",
        alt="The picture that the networks look at",
    )  # fmt: skip


layout.page_header(
    "Nothing of your picture is stored",
    "Live image",
    "What the networks see in a picture, and what sums of other logits say they should see.",
)
if able:
    try:
        draw()
    except UserError as error:
        st.error(plain(error, 400), icon=":material/error:")
else:
    layout.empty_state(
        "No network of this atlas can look here",
        "Their weights are not on this machine: "
        + "; ".join(f"{plain(name)}: {plain(reason, 200)}" for name, reason in refused.items())
        + ". The three networks tf\\_efficientnet\\_lite0, 1 and 2 come with the requirements.",
    )
