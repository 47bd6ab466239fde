// Where the nodes of a small graph stand and how its lines run, in pixels. Nothing here knows the page.

const LINE = 15; // between two names of a column
const ROW = 18; // between two names of the list
const NARROW = 96; // between two columns, below which names would cover dots and lines

// What stands where: `spots` of the nodes ({ x, y, r, column, side, gap, room, inner }), the height that
// they need, and whether they stand in one list. A name has `room` pixels, `gap` from its dot; names of
// `inner` columns stand among lines.
function layout({ nodes, links }, width, height) {
  const xs = nodes.map((node) => node.x);
  const low = Math.min(...xs) < -0.01 ? -1 : 0, high = Math.max(...xs) > 0.01 ? 1 : 0;
  const columns = nodes.map((node) => node.column ?? 0);
  const deepest = Math.max(1, ...columns.map(Math.abs));
  const room = Math.max(96, Math.min(170, width * 0.2));
  const left = low < 0 ? room : 40, right = high > 0 ? room : 40;
  const span = (width - left - right) / (high - low || 1);
  if (deepest > 1 && span / deepest < NARROW) return list(nodes, columns, width);
  const spots = nodes.map((node, k) => ({
    x: left + (node.x - low) * span,
    y: 18 + ((1 - node.y) / 2) * (height - 48),
    r: node.size / 2, column: columns[k], side: node.side,
  }));
  for (const column of new Set(columns)) {
    apart(spots.filter((spot) => spot.column === column && spot.side !== "bottom"), LINE, 12, height - 24);
  }
  spots.forEach((spot, k) => {
    const beyond = spots.filter((other) => further(other, spot));
    // An arrow that comes from outside needs its head between name and dot.
    spot.gap = links.some((link) => link.target === k && further(spots[link.source], spot)) ? 14 : 6;
    spot.inner = beyond.length > 0;
    const near = beyond.filter(({ y }) => Math.abs(y - spot.y) < LINE);
    const ends = [room, ...near.map((other) => Math.abs(other.x - spot.x) - other.r - 4)];
    spot.room = Math.min(...ends) - spot.r - spot.gap - 2;
  });
  return { spots, height, listed: false };
}

const further = (other, spot) =>
  other.column * spot.column > 0 && Math.abs(other.column) > Math.abs(spot.column);

// Moves spots up and down, as little as can be, until neighbours are `gap` apart, in the order in which
// they are, between top and bottom (least squares: pool adjacent violators).
function apart(spots, gap, top, bottom) {
  const order = [...spots].sort((a, b) => a.y - b.y), last = order.length - 1;
  if (last < 0) return;
  const step = Math.min(gap, (bottom - top) / Math.max(1, last));
  const blocks = [];
  order.forEach((spot, k) => {
    blocks.push({ sum: spot.y - k * step, size: 1 });
    while (blocks.length > 1) {
      const [a, b] = blocks.slice(-2);
      if (a.sum / a.size <= b.sum / b.size) break;
      blocks.splice(-2, 2, { sum: a.sum + b.sum, size: a.size + b.size });
    }
  });
  const moved = blocks.flatMap(({ sum, size }) => Array(size).fill(sum / size));
  order.forEach((spot, k) => {
    spot.y = Math.min(Math.max(moved[k], top), bottom - last * step) + k * step;
  });
}

// One name below the other, ring by ring, lines on their left: for screens too narrow for columns.
function list(nodes, columns, width) {
  const order = nodes.map((_, k) => k).sort((a, b) => columns[a] - columns[b] || nodes[b].y - nodes[a].y);
  const x = Math.min(280, 0.4 * width);
  const spots = [];
  let y = 0;
  order.forEach((k, row) => {
    const turn = row && columns[k] !== columns[order[row - 1]];
    y += turn ? 1.6 * ROW : ROW;
    const r = Math.min(nodes[k].size / 2, ROW / 2);
    spots[k] = { x, y, r, column: columns[k], side: "right", gap: 6, room: width - x - r - 8 };
  });
  return { spots, height: y + 2 * ROW, listed: true };
}

// Control points of a line from spot a to b.
function controls(a, b, bow, { spots, listed }) {
  if (listed) {
    const tall = Math.max(...spots.map(({ y }) => y)), x = spots[0].x;
    // Whoever leads back up runs within whoever leads down: of a mutual pair both can be seen.
    const reach = (20 + 1.25 * (x - 40) * Math.sqrt(Math.abs(a.y - b.y) / tall)) * (a.y > b.y ? 0.8 : 1);
    return [{ x: x - reach, y: a.y }, { x: x - reach, y: b.y }];
  }
  if (bow) { // bent to one side
    const bend = { x: (a.x + b.x) / 2 + bow * (b.y - a.y), y: (a.y + b.y) / 2 - bow * (b.x - a.x) };
    return [bend, bend];
  }
  // Within one column towards the middle, away from the names, and further on the way down.
  const inwards = a.column && a.column === b.column ? -Math.sign(a.column) : 0;
  const out = inwards * (a.y < b.y ? 64 : 40);
  const middle = (a.x + b.x) / 2 + out; // level at both ends
  return [{ x: middle, y: a.y }, { x: middle, y: b.y }];
}

// A place on the curve from a over p and q to b, t from 0 to 1.
function along(t, a, p, q, b) {
  const s = 1 - t;
  const at = (axis) => s ** 3 * a[axis] + 3 * s * s * t * p[axis] + 3 * s * t * t * q[axis] + t ** 3 * b[axis];
  return { x: at("x"), y: at("y") };
}

// Where the words of some lines stand: in their middle, those of a mutual pair each nearer its source, or
// the next place along the line that covers no other word. `wide` are their widths, `taken` the middles
// and widths of what stands there already.
function wordPlaces(curves, mutual, wide, taken) {
  return curves.map((curve, k) => {
    const middle = mutual[k] ? 0.36 : 0.5;
    const places = [0, -0.09, 0.09, -0.17, 0.17, -0.25, 0.25].map((off) => along(middle + off, ...curve));
    const free = ({ x, y }) => taken.every((other) => Math.abs(y - other.y) > 15
      || Math.abs(x - other.x) > (wide[k] + other.wide) / 2 + 3);
    const found = places.find(free) ?? places[0];
    taken.push({ ...found, wide: wide[k] });
    return found;
  });
}
