// The view as a file: PNG for slides, SVG for papers. Both are drawn from the same shapes as the screen.

import { paintDisc, paintSpotlight, rimWidth } from "./paint.js";
import { headCorners, nameLabels, spotlight } from "./scene.js";
import { drawLabels } from "./labels.js";
import { edgeOpacity } from "./stage.js";
import { communityColour } from "./theme.js";

const VEIL = 0.82;
const SIZE = 12, LINE = 18, MARGIN = 12;

/** What a file says below the view: the page's words, wrapped, and the key of the colours. */
function footer(context, { at, theme, notes, groups }) {
  context.font = `400 ${SIZE}px ${theme.font}`;
  const span = (words) => context.measureText(words).width * 1.05; // an SVG's reader has another font
  const [texts, discs] = [[], []];
  let y = at.height + LINE / 2;
  const put = (words, x) => texts.push({ text: words, x, y, size: SIZE, weight: 400, colour: theme.text });
  for (const note of notes) {
    let line = "";
    for (const word of note.split(" ")) {
      const longer = line ? `${line} ${word}` : word;
      if (line && span(longer) > at.width - 2 * MARGIN) (put(line, MARGIN), y += LINE, line = word);
      else line = longer;
    }
    put(line, MARGIN);
    y += LINE;
  }
  let x = MARGIN;
  for (const { name, communities } of groups) {
    const wide = 30 + span(name);
    if (x > MARGIN && x + wide > at.width) (x = MARGIN, y += LINE);
    discs.push({ x: x + 5, y, radius: 4.5, border: theme.background, fill: communityColour(theme, communities[0]) });
    put(name, x + 14);
    x += wide;
  }
  return { texts, discs, height: Math.ceil(y + LINE - at.height) };
}

/** Everything in view as shapes. */
function shapes(view, edges) {
  const { atlas, at, theme, filtered } = view;
  const context = document.createElement("canvas").getContext("2d");
  const inside = (row) => at.x(row) > -20 && at.x(row) < at.width + 20 && at.y(row) > -20 && at.y(row) < at.height + 20;
  const rows = Array.from(atlas.byImportance).filter(inside).sort((a, b) => filtered.node[a] - filtered.node[b]);
  const discs = rows.map((row) => ({
    x: at.x(row), y: at.y(row), radius: at.radius(row), border: theme.background,
    fill: filtered.node[row] ? communityColour(theme, atlas.community[row]) : theme.grey,
  }));
  const shown = edgeOpacity(filtered.edges);
  const lines = [];
  for (let edge = 0; edges && edge < atlas.m; edge++) {
    const [a, b] = [atlas.source[edge], atlas.target[edge]];
    if (!filtered.edge[edge] || !(inside(a) || inside(b))) continue;
    const colour = atlas.sign[edge] < 0 ? theme.negative : theme.positive;
    const opacity = (shown * atlas.opacity[edge]) / 100;
    lines.push({ x1: at.x(a), y1: at.y(a), x2: at.x(b), y2: at.y(b), colour, opacity });
  }
  const light = spotlight(context, view);
  return { lines, discs, names: nameLabels(context, view, light.occupied), veil: view.spot ? VEIL : 0, light };
}

/** @returns {Promise<Blob>} at twice the screen's size in pixels */
export function png(view, edges) {
  const { at, theme } = view;
  const { lines, discs, names, veil, light } = shapes(view, edges);
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  const below = footer(context, view);
  const height = at.height + below.height;
  Object.assign(canvas, { width: 2 * at.width, height: 2 * height });
  context.scale(2, 2);
  context.fillStyle = theme.background;
  context.fillRect(0, 0, at.width, height);
  for (const { x1, y1, x2, y2, colour, opacity } of lines) {
    context.globalAlpha = opacity;
    context.strokeStyle = colour;
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
  }
  context.globalAlpha = 1;
  for (const disc of discs) paintDisc(context, disc);
  drawLabels(context, names, theme);
  context.globalAlpha = veil;
  context.fillStyle = theme.background;
  context.fillRect(0, 0, at.width, at.height);
  context.globalAlpha = 1;
  paintSpotlight(context, light, theme);
  context.fillStyle = theme.background;
  context.fillRect(0, at.height, at.width, below.height);
  for (const disc of below.discs) paintDisc(context, disc);
  drawLabels(context, below.texts, theme);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

/** @returns {Blob} */
export function svg(view, edges) {
  const { at, theme } = view;
  const { lines, discs, names, veil, light } = shapes(view, edges);
  const below = footer(document.createElement("canvas").getContext("2d"), view);
  const height = at.height + below.height;
  const page = `width="${at.width}" height="${height}"`;
  const paper = (opacity) => `<rect ${page} fill="${theme.background}" opacity="${opacity}"/>`;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" ${page} viewBox="0 0 ${at.width} ${height}" font-family="sans-serif">`,
    paper(1),
    ...lines.map((l) => `<path stroke="${l.colour}" stroke-opacity="${l.opacity.toFixed(4)}" d="M${n(l.x1)} ${n(l.y1)}L${n(l.x2)} ${n(l.y2)}"/>`),
    ...discs.map(circle),
    ...names.map((label) => text(label, theme)),
    veil ? paper(veil) : "",
    ...light.arrows.map(path),
    ...light.discs.map(circle),
    ...light.rings.map((r) => `<circle cx="${n(r.x)}" cy="${n(r.y)}" r="${n(r.radius)}" fill="none" stroke="${r.colour}" stroke-width="${r.width}"/>`),
    ...light.labels.map((label) => text(label, theme)),
    `<rect y="${at.height}" width="${at.width}" height="${below.height}" fill="${theme.background}"/>`,
    ...below.discs.map(circle),
    ...below.texts.map((label) => text(label, theme)),
    `</svg>`,
  ];
  return new Blob([parts.join("\n")], { type: "image/svg+xml" });
}

const n = (value) => value.toFixed(1);

function circle({ x, y, radius, fill, border }) {
  return `<circle cx="${n(x)}" cy="${n(y)}" r="${n(radius)}" fill="${fill}" stroke="${border}" stroke-width="${n(rimWidth(radius))}"/>`;
}

function path(arrow) {
  const { from, bend, end, colour, width, dashes, opacity } = arrow;
  const head = headCorners(arrow).map(({ x, y }) => `${n(x)},${n(y)}`).join(" ");
  return `<g opacity="${opacity.toFixed(2)}"><path d="M${n(from.x)} ${n(from.y)}Q${n(bend.x)} ${n(bend.y)} ${n(end.x)} ${n(end.y)}" fill="none" stroke="${colour}" stroke-width="${n(width)}" stroke-dasharray="${dashes}" stroke-linecap="round"/><polygon points="${head}" fill="${colour}"/></g>`;
}

function text({ text: content, x, y, size, weight, colour }, theme) {
  const safe = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${n(x)}" y="${n(y)}" font-size="${n(size)}" font-weight="${weight}" fill="${colour}" stroke="${theme.background}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke" dominant-baseline="central">${safe}</text>`;
}

/** Hand a file to the reader. */
export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
