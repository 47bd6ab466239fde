"""A button that saves a drawing of the page as PNG: the browser paints its own SVG, so that nothing is
sent, and the file is what is seen."""

import streamlit as st

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
const SCALE = 2;
const LOOKS = ["fill", "stroke", "stroke-width", "stroke-dasharray", "paint-order", "opacity", "color",
  "font-family", "font-size", "font-weight", "text-anchor"];
const drawn = (key) => {
  for (const host of document.querySelectorAll(`.st-key-${key}, .st-key-${key} *`)) {
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
  });
  return copy;
};
const painted = async (svg, ground) => {
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
  [canvas.width, canvas.height] = [width * SCALE, height * SCALE];
  const context = canvas.getContext("2d");
  context.fillStyle = ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
};
export default function ({ data, parentElement }) {
  parentElement.querySelector("button").onclick = async () => {
    const svg = drawn(data.drawing);
    if (!svg) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await painted(svg, data.ground));
    link.download = data.name;
    link.click();
    URL.revokeObjectURL(link.href);
  };
}
"""

_button = st.components.v2.component(
    "snapshot", html=HTML, css=STYLE, js=SCRIPT, isolate_styles=False
)


def png_button(drawing: str, name: str, ground: str, key: str) -> None:
    """Saves the SVG of the element whose key is `drawing`, on `ground`, as `name`, at twice its size."""
    _button(key=key, data={"drawing": drawing, "name": name, "ground": ground}, width="content")
