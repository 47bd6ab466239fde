// Streamlit's theme, read from its CSS variables, as colours that canvas and WebGL understand.

/** @param {HTMLElement} root @param {{palette: string[], otherColor: string, signColors: string[]}} data */
export function readTheme(root, { palette, otherColor, signColors }) {
  const style = getComputedStyle(root);
  const background = resolve(root, style.getPropertyValue("--st-background-color") || "white");
  const text = resolve(root, style.getPropertyValue("--st-text-color") || "black");
  return {
    background,
    text,
    grey: mix(text, background, 0.86),
    accent: resolve(root, style.getPropertyValue("--st-primary-color") || "crimson"),
    font: style.getPropertyValue("--st-font") || "sans-serif",
    palette: palette.map((colour) => resolve(root, colour)),
    other: resolve(root, otherColor),
    positive: resolve(root, signColors[0]),
    negative: resolve(root, signColors[1]),
  };
}

/** Colour of a community: one each from the palette, one for all the others. */
export function communityColour(theme, community) {
  return theme.palette[community] ?? theme.other;
}

/** The colour some way (0..1) towards another one. */
export function mix(from, to, amount) {
  const [a, b] = [from, to].map((colour) => colour.match(/[\d.]+/g).map(Number));
  const part = (i) => Math.round(a[i] + (b[i] - a[i]) * amount);
  return `rgb(${part(0)}, ${part(1)}, ${part(2)})`;
}

/** The colour as sigma's line program wants it: its blending takes alpha as already multiplied in. */
export function premultiplied(colour, alpha) {
  const [red, green, blue] = colour.match(/[\d.]+/g).map((part) => Math.round(part * alpha));
  return `rgba(${red}, ${green}, ${blue}, ${alpha})`;
}

/** Any CSS colour as rgb(r, g, b). */
function resolve(root, colour) {
  const probe = document.createElement("i");
  probe.style.color = colour;
  root.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}
