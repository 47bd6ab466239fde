// What lies above the nodes, as plain shapes: a canvas paints them, and a picture file holds them.

import { communityColour } from "./theme.js";
import { Occupied, placeLabels } from "./labels.js";

/** The neighbourhood of a row: kept edges, strongest first, and the rows across. */
export function neighbourhood(atlas, row, filtered) {
  const edges = atlas.edgesAt(row, filtered.edge).filter((edge) => filtered.node[atlas.across(edge, row)]);
  return { row, edges: [...edges], rows: [...new Set(Array.from(edges, (edge) => atlas.across(edge, row)))] };
}

/** Names of the whole map, clear of what is occupied. */
export function nameLabels(context, view, occupied) {
  const { atlas, theme, filtered, at } = view;
  function* candidates() {
    for (const row of atlas.byImportance) {
      if (!filtered.node[row]) continue;
      const radius = at.radius(row);
      const size = Math.min(15, 11 + radius * 0.25);
      yield { text: atlas.names[row], x: at.x(row), y: at.y(row), radius, size };
    }
  }
  const limit = Math.max(8, Math.round((at.width * at.height) / 11_000));
  return placeLabels(context, candidates(), { theme, occupied, limit, width: at.width, height: at.height });
}

/** The neighbourhood in the light: arrows from source to target, its nodes, rings and names. */
export function spotlight(context, view) {
  const { atlas, theme, at, spot } = view;
  const edges = spot?.edges ?? [];
  const strongest = edges.length ? atlas.strength[edges[0]] : 1;
  // A source of thousands keeps all its arrows, each finer.
  const thinness = Math.min(1, Math.max(0.25, Math.sqrt(80 / Math.max(edges.length, 1))));
  const arrows = edges.map((edge) => arrow(view, edge, strongest, thinness)).reverse();
  const discs = spot ? [...spot.rows].reverse().concat(spot.row).map((row) => disc(view, row)) : [];
  const occupied = new Occupied();
  const { width, height } = at;
  const labels = placeLabels(context, spotCandidates(view), { theme, occupied, limit: 400, width, height });
  return { arrows, discs, rings: rings(view), labels, occupied };
}

function* spotCandidates({ atlas, at, spot, focus, cursor, highlights, theme }) {
  const place = (row) => ({ text: atlas.names[row], x: at.x(row), y: at.y(row), radius: at.radius(row) });
  const first = new Set([spot?.row, focus, cursor].filter((row) => row != null));
  for (const row of first) yield { ...place(row), radius: at.radius(row) + 5, size: 14.5, weight: 700, always: true };
  for (const row of highlights) if (!first.has(row)) yield { ...place(row), radius: at.radius(row) + 5, size: 13, weight: 600 };
  for (const row of spot?.rows ?? []) yield { ...place(row), size: 12.5, weight: 500, colour: theme.text };
}

function rings({ at, theme, focus, cursor, highlights }) {
  const ring = (row, gap, width, dashed = false) => ({
    x: at.x(row), y: at.y(row), radius: at.radius(row) + gap, width, dashed, colour: theme.accent,
  });
  const found = highlights.map((row) => ring(row, 3.5, 2));
  if (focus != null) found.push(ring(focus, 4, 3));
  if (cursor != null) found.push(ring(cursor, 8, 2, true));
  return found;
}

function disc({ atlas, at, theme }, row) {
  const radius = Math.max(at.radius(row), 3.5);
  return { x: at.x(row), y: at.y(row), radius, fill: communityColour(theme, atlas.community[row]), border: theme.background };
}

/** A gently bent arrow that stops at the rim of its target. */
function arrow({ atlas, at, theme }, edge, strongest, thinness) {
  const [source, target] = [atlas.source[edge], atlas.target[edge]];
  const from = { x: at.x(source), y: at.y(source) };
  const to = { x: at.x(target), y: at.y(target) };
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const bend = { x: (from.x + to.x) / 2 - dy * 0.13, y: (from.y + to.y) / 2 + dx * 0.13 };
  const away = Math.hypot(to.x - bend.x, to.y - bend.y) || 1;
  const direction = { x: (to.x - bend.x) / away, y: (to.y - bend.y) / away };
  const width = (1 + (3.2 * atlas.strength[edge]) / strongest) * thinness;
  const gap = Math.max(at.radius(target), 3.5) + 1.5;
  const tip = { x: to.x - direction.x * gap, y: to.y - direction.y * gap };
  const head = 4 * thinness + width * 1.4;
  return {
    from, bend, tip, direction, head, width, opacity: Math.min(1, ((0.35 + 0.5 * thinness) * atlas.opacity[edge]) / 100),
    end: { x: tip.x - direction.x * head * 0.7, y: tip.y - direction.y * head * 0.7 },
    // Never colour alone: a negative coefficient is dashed too.
    ...(atlas.sign[edge] < 0
      ? { colour: theme.negative, dashes: [width + 4, width + 4] }
      : { colour: theme.positive, dashes: [] }),
  };
}

/** The three corners of an arrow's head. */
export function headCorners({ tip, direction, head }) {
  const back = { x: tip.x - direction.x * head, y: tip.y - direction.y * head };
  const side = { x: -direction.y * head * 0.5, y: direction.x * head * 0.5 };
  return [tip, { x: back.x + side.x, y: back.y + side.y }, { x: back.x - side.x, y: back.y - side.y }];
}
