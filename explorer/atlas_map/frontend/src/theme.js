// Streamlit's theme, read from its CSS variables, as colours that canvas and WebGL understand.

/** @param {HTMLElement} root @param {{palette: string[], signColors: string[]}} data */
export function readTheme(root, { palette, signColors }) {
  const style = getComputedStyle(root);
  const background = resolve(root, style.getPropertyValue("--st-background-color") || "white");
  const text = resolve(root, style.getPropertyValue("--st-text-color") || "black");
  const own = palette.map((colour) => resolve(root, colour));
  return {
    background,
    text,
    other: mix(text, background, 0.5),
    grey: mix(text, background, 0.86),
    accent: resolve(root, style.getPropertyValue("--st-primary-color") || "crimson"),
    font: style.getPropertyValue("--st-font") || "sans-serif",
    palette: own,
    pale: own.map((colour) => mix(colour, background, 0.45)),
    positive: resolve(root, signColors[0]),
    negative: resolve(root, signColors[1]),
  };
}

/** Colour of a community: the largest have one each; the rest share its pale tones, told apart by place. */
export function communityColour(theme, community) {
  if (community < 0) return theme.other;
  return theme.palette[community] ?? theme.pale[community % theme.pale.length];
}

/** What a legend shows for one community, or for several that share the pale tones. */
export function swatch(theme, communities) {
  if (communities.length === 1) return communityColour(theme, communities[0]);
  const step = 100 / theme.pale.length;
  return `conic-gradient(${theme.pale.map((colour, i) => `${colour} ${i * step}% ${(i + 1) * step}%`)})`;
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
