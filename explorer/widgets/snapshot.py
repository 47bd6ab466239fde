"""A button that saves a drawing of the page as PNG: the browser paints its own SVG, so that nothing is
sent, and the file is what is seen, with a caption that says where it comes from."""

from dataclasses import dataclass

import streamlit as st

from explorer.theme import Palette

HTML = """<button type="button" class="nde-snapshot"><span aria-hidden="true"></span>PNG</button>
"""

# Like the download buttons that it stands among.
STYLE = """.nde-snapshot {display: inline-flex; align-items: center; gap: .5rem; min-height: 2rem;
  padding: .1rem .6rem; font: 400 calc(.875 * var(--st-base-font-size)) var(--st-font); cursor: pointer;
  color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius)}
.nde-snapshot:hover {color: var(--st-primary-color); border-color: var(--st-primary-color)}
.nde-snapshot:focus-visible {outline: 3px solid var(--st-primary-color); outline-offset: 2px}
.nde-snapshot span {display: inline-flex}
.nde-snapshot span::before {content: "download"; font: 1.25em/1 "Material Symbols Rounded"}
"""

SCRIPT = """
const SCALE = 2, LINE = 20, EDGE = 12; // pixels: of the caption's lines, and around it
const LOOKS = ["fill", "stroke", "stroke-width", "stroke-dasharray", "paint-order", "opacity", "color",
  "font-family", "font-size", "font-weight", "text-anchor"];
const drawn = (key) => {
  const place = `.st-key-${key.replace(/[^\\w-]/g, "-")}`; // as Streamlit writes it
  for (const host of document.querySelectorAll(`${place}, ${place} *`)) {
    const svg = (host.shadowRoot ?? host).querySelector("svg");
    if (svg) return svg;
  }
};
// A picture knows no style sheet of the page, so every shape takes its own look along.
const copied = (svg) => {
  const copy = svg.cloneNode(true), twins = copy.querySelectorAll("*");
  svg.querySelectorAll("*").forEach((shape, k) => {
    const seen = getComputedStyle(shape);
    for (const look of LOOKS) twins[k].style.setProperty(look, seen.getPropertyValue(look));
    // What the page shows only to those who point at it would be missing here for good.
    if (shape.matches(".covered")) twins[k].style.setProperty("opacity", 1);
  });
  return copy;
};
const wrapped = (context, text, room) => {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (context.measureText(longer).width <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
};
const face = (k) => `${k ? 400 : 700} 13px sans-serif`;
const painted = async (svg, { ground, ink, lines }) => {
  const { width, height } = svg.getBoundingClientRect();
  const copy = copied(svg);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  const image = new Image();
  const text = new XMLSerializer().serializeToString(copy);
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
  await image.decode();
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  const caption = lines.flatMap((text, k) => {
    context.font = face(k);
    return wrapped(context, text, width - 2 * EDGE).map((line) => [line, k]);
  });
  const below = caption.length ? caption.length * LINE + 2 * EDGE : 0;
  [canvas.width, canvas.height] = [width * SCALE, (height + below) * SCALE];
  context.scale(SCALE, SCALE);
  context.fillStyle = ground;
  context.fillRect(0, 0, width, height + below);
  context.drawImage(image, 0, 0, width, height);
  context.fillStyle = ink;
  caption.forEach(([line, k], row) => {
    context.font = face(k);
    context.fillText(line, EDGE, height + EDGE + (row + 0.7) * LINE);
  });
  return new Promise((done) => canvas.toBlob(done, "image/png"));
};
export default function ({ data, parentElement }) {
  parentElement.querySelector("button").onclick = async () => {
    const svg = drawn(data.drawing);
    if (!svg) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await painted(svg, data));
    link.download = data.name;
    link.click();
    URL.revokeObjectURL(link.href);
  };
}
"""

_button = st.components.v2.component(
    "snapshot", html=HTML, css=STYLE, js=SCRIPT, isolate_styles=False
)


@dataclass(frozen=True)
class Snapshot:
    """The SVG of the element whose key is `drawing`, as a PNG with `lines` below it."""

    drawing: str
    colours: Palette
    lines: tuple[str, ...] = ()

    def button(self, name: str, key: str) -> None:
        """Saves it as `name`, at twice its size."""
        data = {
            "drawing": self.drawing, "name": name, "ground": self.colours.ground,
            "ink": self.colours.ink, "lines": [line for line in self.lines if line],
        }  # fmt: skip
        _button(key=key, data=data, width="content")
