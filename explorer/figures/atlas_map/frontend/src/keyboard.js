// The map by keyboard: arrows walk from node to node, Enter chooses, + - 0 zoom, Escape lets go.

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The nearest kept row in a direction (screen coordinates), sideways distance counting double; or null. */
export function nearestInDirection(at, filtered, from, [dx, dy]) {
  let best = null;
  let bestCost = Infinity;
  for (let row = 0; row < filtered.node.length; row++) {
    if (row === from || !filtered.node[row]) continue;
    const [x, y] = [at.x(row) - at.x(from), at.y(row) - at.y(from)];
    const ahead = x * dx + y * dy;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (ahead <= 0 || aside > ahead) continue;
    const cost = ahead + 2 * aside;
    if (cost < bestCost) [best, bestCost] = [row, cost];
  }
  return best;
}

/** The kept row closest to the middle of the view; or null. */
export function nearestToMiddle(at, filtered) {
  let best = null;
  let bestDistance = Infinity;
  for (let row = 0; row < filtered.node.length; row++) {
    if (!filtered.node[row]) continue;
    const distance = Math.hypot(at.x(row) - at.width / 2, at.y(row) - at.height / 2);
    if (distance < bestDistance) [best, bestDistance] = [row, distance];
  }
  return best;
}

/** Hand keys to the actions of the map. */
export function listen(element, actions) {
  element.addEventListener("keydown", (event) => {
    if (event.target !== element || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = DIRECTIONS[event.key]
      ? () => actions.walk(DIRECTIONS[event.key])
      : { Enter: actions.choose, "+": actions.closer, "=": actions.closer, "-": actions.further,
          0: actions.reset, Escape: actions.letGo }[event.key];
    if (!action) return;
    action();
    event.preventDefault();
    event.stopPropagation();
  });
}
