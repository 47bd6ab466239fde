// A small graph as SVG. Every node is a button; the page learns which one was chosen.
// No build step: the browser reads RULES (rules.py), curves.js, places.js and this file, one behind the other.

const SVG = "http://www.w3.org/2000/svg";
const mounted = new WeakMap();

export function update({ data, parentElement, setTriggerValue }) {
  const place = mounted.get(parentElement) ?? open(parentElement);
  Object.assign(place, { data, tell: (index) => setTriggerValue("select", index) });
  draw(place);
  // Streamlit also calls this when a rerun overtakes the first drawing; then the place is still in use.
  return () => place.root.isConnected || place.observer.disconnect();
}

function open(parentElement) {
  const root = document.createElement("div");
  root.className = "ego";
  const style = document.createElement("style");
  style.textContent = CSS;
  const stage = document.createElement("div");
  const whole = document.createElement("button");
  whole.textContent = "Full screen";
  root.append(stage, whole);
  parentElement.append(style, root);
  const place = { root, stage, data: null, width: 0 };
  whole.addEventListener("click", () => (isWhole(place) ? document.exitFullscreen() : root.requestFullscreen()));
  root.addEventListener("fullscreenchange", () => {
    whole.textContent = isWhole(place) ? "Back to the page" : "Full screen";
    draw(place);
  });
  place.observer = new ResizeObserver(() => root.clientWidth !== place.width && draw(place));
  place.observer.observe(root);
  root.addEventListener("click", (event) => choose(place, event));
  root.addEventListener("keydown", (event) => key(place, event));
  for (const kind of ["pointerover", "focusin"]) root.addEventListener(kind, (event) => light(place, event));
  for (const kind of ["pointerleave", "focusout"]) root.addEventListener(kind, () => dim(place));
  mounted.set(parentElement, place);
  return place;
}

const isWhole = ({ root }) => root.getRootNode().fullscreenElement === root;

function draw(place) {
  const { root, stage, data } = place;
  place.width = root.clientWidth;
  if (!data || !place.width) return;
  const held = root.getRootNode().activeElement !== null && stage.contains(root.getRootNode().activeElement);
  const found = layout(data, place.width, isWhole(place) ? Math.max(1, root.clientHeight / data.height) : 1);
  const svg = shape("svg", {
    width: place.width, height: found.height, role: "group", "aria-label": data.alt,
  });
  root.style.cssText = `--ink:${data.ink};--ground:${data.ground};--accent:${data.accent}`;
  svg.append(
    shape("g", {}, data.edges.map((edge, k) => line(edge, k, found))),
    shape("g", {}, words(data.edges, found)),
    shape("g", {}, found.nodes.map(dot)),
  );
  stage.replaceChildren(svg);
  untangle(svg, data.nodes);
  // Who walks by keyboard goes on from the category that he has just opened.
  if (held) svg.querySelector(".node")?.focus({ preventScroll: true });
}

const way = (edge, { nodes, listed }) => {
  const a = nodes[edge.source], b = nodes[edge.target];
  return listed ? bracket(a, b, nodes) : curve(a, b, edge);
};

function line(edge, k, found) {
  const { line: [a, p, q, neck], head } = arrow(way(edge, found), found.nodes[edge.target].r, edge.width);
  const d = `M${at(a)}C${at(p)} ${at(q)} ${at(neck)}`;
  const style = `color:${edge.colour};--clear:${edge.opacity}`;
  return shape("g", { class: "edge", "data-edge": k, style }, [
    shape("path", { d, class: "reach" }),
    shape("path", { d, class: "line", "stroke-width": edge.width, ...(edge.dash && { "stroke-dasharray": edge.dash }) }),
    shape("path", { d: `M${head.map(at).join("L")}z`, class: "head" }),
    shape("title", {}, [`${edge.tip}\nA click chooses ${found.nodes[farEnd(found.nodes, edge)].name}.`]),
  ]);
}

// The coefficients that are written on lines.
function words(edges, found) {
  const written = edges.flatMap((edge, k) => (edge.label ? [{
    k, label: edge.label, line: way(edge, found), middle: edge.middle ?? 0.5,
    wide: measure(edge.label, `${RULES.word}px sans-serif`),
  }] : []));
  const names = found.nodes.filter(({ side }) => side === "bottom").map((node) => (
    { x: node.x, y: node.y + node.r + RULES.below - 5, wide: measure(node.name, face(node)) }));
  const places = wordPlaces(written, names);
  return written.map(({ label, k }, n) => shape(
    "text", { x: places[n].x, y: places[n].y + 4, class: "weight", "data-word": k }, [label]));
}

const at = ({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`;

function dot(node, k) {
  const { r, side, gap } = node;
  const [dx, dy, anchor] = {
    left: [-r - gap, RULES.base, "end"], right: [r + gap, RULES.base, "start"], bottom: [0, r + RULES.below, "middle"],
  }[side];
  const name = fitted(node, side === "bottom" ? 2.2 * node.room : node.room);
  const wide = measure(name, face(node)), tall = Math.max(r, RULES.line / 2);
  const left = { left: -r - gap - wide, right: -r, bottom: -wide / 2 }[side];
  return shape("g", {
    class: node.bold ? "node centre" : "node", "data-node": k, role: "button", tabindex: 0,
    "aria-label": `${node.name}, ${node.tip}`, transform: `translate(${at(node)})`,
  }, [
    shape("rect", {
      class: "hand", x: left, y: -tall, height: tall + (side === "bottom" ? r + 22 : tall),
      width: side === "bottom" ? wide : wide + gap + 2 * r,
    }),
    ...(node.inner ? [shape("rect", {
      class: "plate", x: side === "left" ? left - 2 : r + gap - 2, y: -RULES.line / 2, height: RULES.line, width: wide + 4,
    })] : []),
    shape("path", {
      d: RULES.symbols[node.symbol ?? "circle"].replace(/-?[\d.]+/g, (part) => (part * r).toFixed(2)), class: "mark",
      ...(node.hollow ? { fill: "var(--ground)", style: `stroke:${node.colour}` } : { fill: node.colour }),
    }),
    shape("text", { x: dx, y: dy, "text-anchor": anchor }, [name]),
    shape("title", {}, [`${node.name}\n${node.tip}`]),
  ]);
}

const pen = document.createElement("canvas").getContext("2d");

const face = ({ bold }) => `${bold ? `700 ${RULES.centre}` : RULES.name}px sans-serif`;

function measure(text, font) {
  pen.font = font;
  return pen.measureText(text).width;
}

function fitted(node, room) {
  const { name } = node;
  if (measure(name, face(node)) <= room) return name;
  let end = name.length - 1;
  while (end > 1 && measure(`${name.slice(0, end)}…`, face(node)) > room) end -= 1;
  return `${name.slice(0, end).trimEnd()}…`;
}

// Names that would cover one of a heavier node wait until somebody points at theirs.
function untangle(svg, nodes) {
  const order = nodes.map((_, k) => k).sort((a, b) => nodes[b].size - nodes[a].size);
  const texts = [...svg.querySelectorAll(".node text")], taken = [];
  for (const k of order) {
    const box = texts[k].getBoundingClientRect();
    const free = taken.every((other) => box.right < other.left || other.right < box.left
      || box.bottom - 5 < other.top || other.bottom - 5 < box.top);
    if (free) taken.push(box);
    texts[k].classList.toggle("covered", !free);
  }
}

function nodeOf(event) {
  const found = event.target.closest?.("[data-node]");
  return found ? Number(found.dataset.node) : null;
}

// A click on a line chooses the category that it leads to, or comes from where it leads to the centre.
function farEnd(nodes, { source, target }) {
  return nodes[target].bold && !nodes[source].bold ? source : target;
}

function choose(place, event) {
  const index = nodeOf(event), edge = event.target.closest?.("[data-edge]");
  if (index !== null) place.tell(index);
  else if (edge) place.tell(farEnd(place.data.nodes, place.data.edges[edge.dataset.edge]));
}

function key(place, event) {
  const index = nodeOf(event);
  if (index === null) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    place.tell(index);
  } else if (event.key === "Escape") event.target.blur();
}

// The neighbourhood of a node, or one edge with its ends, in the light; the rest in the shade.
function light(place, event) {
  const index = nodeOf(event), edge = event.target.closest?.("[data-edge]");
  if (index === null && !edge) return dim(place);
  const edges = place.data.edges;
  const lit = edge ? [Number(edge.dataset.edge)]
    : edges.flatMap(({ source, target }, k) => (source === index || target === index ? [k] : []));
  const ends = new Set([index, ...lit.flatMap((k) => [edges[k].source, edges[k].target])]);
  const svg = place.stage.firstChild;
  svg.classList.add("shaded");
  svg.querySelectorAll("[data-edge]").forEach((item, k) => item.classList.toggle("lit", lit.includes(k)));
  svg.querySelectorAll("[data-word]").forEach(
    (item) => item.classList.toggle("lit", lit.includes(Number(item.dataset.word))));
  svg.querySelectorAll("[data-node]").forEach((item, k) => item.classList.toggle("lit", ends.has(k)));
}

function dim(place) {
  place.stage.firstChild?.classList.remove("shaded");
}

function shape(kind, attributes, children = []) {
  const made = document.createElementNS(SVG, kind);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const CSS = `
.ego { position: relative; width: 100%; font-family: sans-serif; }
.ego:fullscreen { background: var(--ground); overflow-y: auto; }
button { position: absolute; right: 0; bottom: 0; padding: 1px 8px; font: inherit; font-size: 12px; cursor: pointer;
  color: var(--ink); background: var(--ground); border: 1px solid var(--st-border-color); border-radius: 4px; }
button:focus-visible { outline: 2px solid var(--accent); }
svg { display: block; overflow: visible; }
.node, .edge { cursor: pointer; outline: none; }
.hand { fill: transparent; }
.plate { fill: var(--ground); opacity: .85; }
.node text { font-size: ${RULES.name}px; fill: var(--ink); stroke: var(--ground); stroke-width: 3px; paint-order: stroke; }
.node.centre text { font-size: ${RULES.centre}px; font-weight: 700; }
.mark { stroke: var(--ground); stroke-width: 1.5px; }
.node:hover .mark, .node:focus-visible .mark { stroke: var(--accent); stroke-width: 3px; }
.node:focus-visible text { text-decoration: underline; }
.covered { opacity: 0; pointer-events: none; }
.line, .reach { fill: none; stroke: currentColor; opacity: var(--clear); }
.reach { stroke-width: 12px; opacity: 0; pointer-events: stroke; }
.head { fill: currentColor; opacity: calc(var(--clear) + ${RULES.head_clear}); }
.weight { font-size: ${RULES.word}px; fill: var(--ink); stroke: var(--ground); stroke-width: 4px; paint-order: stroke;
  text-anchor: middle; font-variant-numeric: tabular-nums; pointer-events: none; }
.shaded :is(.node, .edge, .weight):not(.lit) { opacity: .16; }
.shaded .lit .covered { opacity: 1; }
`;
