// Where the nodes of a small graph stand at a given width, in pixels. Nothing here knows the page.
// places.py has decided what does not depend on the width.

const ROW = 18; // between two names of the list
const NARROW = 96; // between two columns, below which names would cover dots and lines

// The nodes with their places { x, y, r } and the `room` of their names, the height that they need, and
// whether they stand in one list. `tall` stretches the drawing's own height.
function layout({ nodes, left, right, height }, width, tall) {
  const room = Math.max(96, Math.min(RULES.room, width * 0.2));
  const [start, end] = [left, right].map((named) => (named ? room : RULES.bare));
  const span = width - start - end, deepest = Math.max(1, left, right);
  if (deepest > 1 && span / (!!left + !!right) / deepest < NARROW) return list(nodes, width);
  const placed = nodes.map((node) => ({
    ...node, x: start + node.x * span, y: node.y * tall, r: node.size / 2, gap: node.gap ?? RULES.near,
    inner: node.column !== 0 && Math.abs(node.column) < (node.column < 0 ? left : right),
  }));
  for (const node of placed) {
    const near = placed.filter((other) => further(other, node) && Math.abs(other.y - node.y) < RULES.line);
    const ends = [room, ...near.map((other) => Math.abs(other.x - node.x) - other.r - 4)];
    node.room = Math.min(...ends) - node.r - node.gap - 2;
  }
  return { nodes: placed, height: height * tall, listed: false };
}

const further = (other, node) =>
  other.column * node.column > 0 && Math.abs(other.column) > Math.abs(node.column);

// One name below the other, ring by ring, lines on their left: for screens too narrow for columns.
function list(nodes, width) {
  const order = nodes.map((_, k) => k).sort((a, b) => nodes[a].column - nodes[b].column || nodes[a].y - nodes[b].y);
  const x = Math.min(280, 0.4 * width);
  const placed = [];
  let y = 0;
  order.forEach((k, row) => {
    const turn = row && nodes[k].column !== nodes[order[row - 1]].column;
    y += turn ? 1.6 * ROW : ROW;
    const r = Math.min(nodes[k].size / 2, ROW / 2);
    placed[k] = { ...nodes[k], x, y, r, side: "right", gap: RULES.near, inner: false, room: width - x - r - 8 };
  });
  return { nodes: placed, height: y + 2 * ROW, listed: true };
}

// How a line runs on the left of a list.
function bracket(a, b, nodes) {
  const tall = Math.max(...nodes.map(({ y }) => y));
  // Whoever leads back up runs within whoever leads down: of a mutual pair both can be seen.
  const reach = (20 + 1.25 * (a.x - 40) * Math.sqrt(Math.abs(a.y - b.y) / tall)) * (a.y > b.y ? 0.8 : 1);
  return [a, { x: a.x - reach, y: a.y }, { x: a.x - reach, y: b.y }, b];
}
