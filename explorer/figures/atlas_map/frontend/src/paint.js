// Shapes on a 2D canvas.

import { headCorners } from "./scene.js";
import { drawLabels } from "./labels.js";

/** Empty a layer of this size. */
export function clear(context, { width, height }) {
  // In two halves: in Chromium 156 without a GPU, one call for all of it at times brought an older picture back.
  context.clearRect(0, 0, width / 2, height);
  context.clearRect(width / 2, 0, width, height);
}

export function paintSpotlight(context, { arrows, discs, rings, labels }, theme) {
  context.lineCap = "round";
  for (const arrow of arrows) paintArrow(context, arrow);
  for (const disc of discs) paintDisc(context, disc);
  for (const ring of rings) paintRing(context, ring, theme.background);
  drawLabels(context, labels, theme);
}

function paintArrow(context, arrow) {
  const { from, bend, end, colour, width, dashes, opacity } = arrow;
  context.globalAlpha = opacity;
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = width;
  context.setLineDash(dashes);
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.quadraticCurveTo(bend.x, bend.y, end.x, end.y);
  context.stroke();
  context.setLineDash([]);
  context.beginPath();
  for (const { x, y } of headCorners(arrow)) context.lineTo(x, y);
  context.fill();
  context.globalAlpha = 1;
}

/** Of the disc's rim, which keeps neighbours apart; a small disc has none, or nothing would be left of it. */
export const rimWidth = (radius) => (radius < 2.5 ? 0 : Math.max(0.75, radius * 0.16));

export function paintDisc(context, { x, y, radius, fill, border }) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  if (!rimWidth(radius)) return;
  context.lineWidth = rimWidth(radius);
  context.strokeStyle = border;
  context.stroke();
}

function paintRing(context, { x, y, radius, width, colour, dashed }, ground) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.lineWidth = width + 3;
  context.strokeStyle = ground;
  context.stroke();
  context.setLineDash(dashed ? [4, 4] : []);
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
  context.setLineDash([]);
}
