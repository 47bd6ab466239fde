// Names on the map: the most important first, none over another, each with a halo.

const widths = new Map();

function widthOf(context, text) {
  const key = `${context.font}|${text}`;
  if (!widths.has(key)) {
    if (widths.size > 50_000) widths.clear();
    widths.set(key, context.measureText(text).width);
  }
  return widths.get(key);
}

/** Places already taken on the screen, in cells so that a look-up stays cheap. */
export class Occupied {
  #cells = new Map();

  #keys({ left, top, right, bottom }) {
    const keys = [];
    for (let column = Math.floor(left / 64); column <= Math.floor(right / 64); column++)
      for (let line = Math.floor(top / 64); line <= Math.floor(bottom / 64); line++) keys.push(column * 4096 + line);
    return keys;
  }

  /** Take the box unless something lies there. */
  take(box) {
    const keys = this.#keys(box);
    const clash = (other) =>
      box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom;
    if (keys.some((key) => this.#cells.get(key)?.some(clash))) return false;
    for (const key of keys) this.#cells.set(key, [...(this.#cells.get(key) ?? []), box]);
    return true;
  }
}

/**
 * Where labels go, in the order of importance they come in.
 * @returns {{text, x, y, size, weight, colour}[]}
 */
export function placeLabels(context, candidates, { theme, occupied, limit, width, height }) {
  const placed = [];
  for (const { text, x, y, radius, size, weight = 400, colour = theme.text, always = false } of candidates) {
    if (placed.length >= limit) break;
    if (x < -40 || y < 0 || x > width || y > height) continue;
    context.font = fontOf(theme, size, weight);
    const span = widthOf(context, text);
    // Beside the node; on its other side where the map ends.
    const right = x + radius + 4;
    const left = right + span > width - 4 ? x - radius - 4 - span : right;
    const box = { left: left - 3, right: left + span + 3, top: y - size * 0.72, bottom: y + size * 0.72 };
    if (!occupied.take(box) && !always) continue;
    placed.push({ text, x: left, y, size, weight, colour });
  }
  return placed;
}

export function drawLabels(context, labels, theme) {
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3.5;
  context.strokeStyle = theme.background;
  for (const { text, x, y, size, weight, colour } of labels) {
    context.font = fontOf(theme, size, weight);
    context.strokeText(text, x, y);
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }
}

function fontOf(theme, size, weight) {
  return `${weight} ${size}px ${theme.font}`;
}
