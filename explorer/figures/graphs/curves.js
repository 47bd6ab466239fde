// How one line of a small graph runs, in pixels. curves.py says the same for pictures in files; a test
// holds both together.

// Control points of a line from a to b: bent to one side by `bow`, a part of its length, or level at both
// ends, with its middle moved to the right by `out`.
function curve(a, b, { bow, out = 0 }) {
  if (bow) {
    const bend = { x: (a.x + b.x) / 2 + bow * (b.y - a.y), y: (a.y + b.y) / 2 - bow * (b.x - a.x) };
    return [a, bend, bend, b];
  }
  const middle = (a.x + b.x) / 2 + out;
  return [a, { x: middle, y: a.y }, { x: middle, y: b.y }, b];
}

// The line up to the head of an arrow that stops at its end's rim, and the head's three corners.
function arrow([a, p, q, b], radius, width) {
  const far = Math.hypot(b.x - q.x, b.y - q.y) || 1;
  const ahead = { x: (b.x - q.x) / far, y: (b.y - q.y) / far };
  const long = RULES.head + width, wing = RULES.wing * long;
  const tip = { x: b.x - ahead.x * (radius + RULES.rim), y: b.y - ahead.y * (radius + RULES.rim) };
  const neck = { x: tip.x - ahead.x * long, y: tip.y - ahead.y * long };
  const corner = (side) => ({ x: neck.x - side * ahead.y * wing, y: neck.y + side * ahead.x * wing });
  return { line: [a, p, q, neck], head: [tip, corner(1), corner(-1)] };
}

// A place on the line, t from 0 to 1.
function along(t, line) {
  const s = 1 - t, parts = [s ** 3, 3 * s * s * t, 3 * s * t * t, t ** 3];
  const at = (axis) => line.reduce((sum, point, k) => sum + parts[k] * point[axis], 0);
  return { x: at("x"), y: at("y") };
}

// Where the words of some lines ({ line, its middle for this, the word's width }) stand: there, or at the
// next place along the line that covers no other word, nor one of these names ({ x, y, wide }).
function wordPlaces(written, names) {
  const taken = [...names];
  return written.map(({ line, middle, wide }) => {
    const places = RULES.tries.map((off) => along(middle + off, line));
    const free = ({ x, y }) => taken.every((other) => Math.abs(y - other.y) > RULES.high
      || Math.abs(x - other.x) > (wide + other.wide) / 2 + RULES.wide);
    const found = places.find(free) ?? places[0];
    taken.push({ ...found, wide });
    return found;
  });
}
