// A small graph as SVG. Every node is a button; the page learns which one was chosen.
// No build step: the browser reads places.js and this file as they are, one behind the other.

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
  const found = layout(data, place.width, isWhole(place) ? root.clientHeight : data.height);
  const svg = shape("svg", {
    width: place.width, height: found.height, role: "group", "aria-label": data.alt,
  });
  root.style.cssText = `--ink:${data.ink};--ground:${data.ground};--accent:${data.accent}`;
  svg.append(
    shape("g", {}, data.links.map((link, k) => line(link, k, data, found))),
    shape("g", {}, words(data, found)),
    shape("g", {}, data.nodes.map((node, k) => dot(node, k, found.spots[k]))),
  );
  stage.replaceChildren(svg);
  untangle(svg, data.nodes);
  // Who walks by keyboard goes on from the category that he has just opened.
  if (held) svg.querySelector(".node")?.focus({ preventScroll: true });
}

const curve = (link, found) => {
  const a = found.spots[link.source], b = found.spots[link.target];
  return [a, ...controls(a, b, link.bow, found), b];
};

function line(link, k, { nodes, links }, found) {
  const [a, p, q, b] = curve(link, found);
  const length = Math.hypot(b.x - q.x, b.y - q.y) || 1;
  const u = { x: (b.x - q.x) / length, y: (b.y - q.y) / length };
  const end = { x: b.x - u.x * (b.r + 2), y: b.y - u.y * (b.r + 2) };
  const tip = 5 + link.width;
  const neck = { x: end.x - u.x * tip, y: end.y - u.y * tip };
  const way = `M${at(a)}C${at(p)} ${at(q)} ${at(neck)}`;
  const wing = tip * 0.45;
  const head = `M${at(end)}L${at({ x: neck.x - u.y * wing, y: neck.y + u.x * wing })} `
    + `${at({ x: neck.x + u.y * wing, y: neck.y - u.x * wing })}z`;
  return shape("g", { class: "link", "data-link": k, style: `color:${link.colour}` }, [
    shape("path", { d: way, class: "reach" }),
    shape("path", { d: way, class: "line", "stroke-width": link.width, ...(link.dash && { "stroke-dasharray": link.dash }) }),
    shape("path", { d: head, class: "head" }),
    shape("title", {}, [`${link.tip}\nA click chooses ${nodes[farEnd(nodes, links[k])].name}.`]),
  ]);
}

// The coefficients that are written on lines.
function words({ nodes, links }, found) {
  const written = links.map((_, k) => k).filter((k) => links[k].label);
  const mutual = written.map((k) => links.some(
    ({ source, target }) => source === links[k].target && target === links[k].source));
  const wide = written.map((k) => measure(links[k].label, "11px sans-serif"));
  const names = found.spots.flatMap(({ x, y, r, side }, k) =>
    (side === "bottom" ? [{ x, y: y + r + 12, wide: measure(nodes[k].name, face(nodes[k])) }] : []));
  const places = wordPlaces(written.map((k) => curve(links[k], found)), mutual, wide, names);
  return written.map((k, n) => shape(
    "text", { x: places[n].x, y: places[n].y + 4, class: "weight", "data-word": k }, [links[k].label]));
}

const at = ({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`;

function dot(node, k, { x, y, r, side, gap, room, inner }) {
  const [dx, dy, anchor] = {
    left: [-r - gap, 4.5, "end"], right: [r + gap, 4.5, "start"], bottom: [0, r + 17, "middle"],
  }[side];
  const name = fitted(node, side === "bottom" ? 2.2 * room : room);
  const wide = measure(name, face(node)), tall = Math.max(r, 7.5);
  const left = { left: -r - gap - wide, right: -r, bottom: -wide / 2 }[side];
  return shape("g", {
    class: node.bold ? "node centre" : "node", "data-node": k, role: "button", tabindex: 0,
    "aria-label": `${node.name}, ${node.tip}`, transform: `translate(${at({ x, y })})`,
  }, [
    shape("rect", {
      class: "hand", x: left, y: -tall, height: tall + (side === "bottom" ? r + 22 : tall),
      width: side === "bottom" ? wide : wide + gap + 2 * r,
    }),
    ...(inner ? [shape("rect", {
      class: "plate", x: side === "left" ? left - 2 : r + gap - 2, y: -7.5, height: 15, width: wide + 4,
    })] : []),
    shape("path", {
      d: SYMBOLS[node.symbol ?? "circle"](r), class: "mark",
      ...(node.hollow ? { fill: "var(--ground)", style: `stroke:${node.colour}` } : { fill: node.colour }),
    }),
    shape("text", { x: dx, y: dy, "text-anchor": anchor }, [name]),
    shape("title", {}, [`${node.name}\n${node.tip}`]),
  ]);
}

const SYMBOLS = {
  circle: (r) => `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
  diamond: (r) => `M0 ${-r}L${r} 0 0 ${r} ${-r} 0z`,
  triangle: (r) => `M0 ${-r}L${r} ${r} ${-r} ${r}z`,
  rect: (r) => `M${-r} ${-r}H${r}V${r}H${-r}z`,
};

const pen = document.createElement("canvas").getContext("2d");

const face = ({ bold }) => (bold ? "700 15px sans-serif" : "13px sans-serif");

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
  const index = nodeOf(event), edge = event.target.closest?.("[data-link]");
  if (index !== null) place.tell(index);
  else if (edge) place.tell(farEnd(place.data.nodes, place.data.links[edge.dataset.link]));
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
  const index = nodeOf(event), edge = event.target.closest?.("[data-link]");
  if (index === null && !edge) return dim(place);
  const links = place.data.links;
  const lit = edge ? [Number(edge.dataset.link)]
    : links.flatMap(({ source, target }, k) => (source === index || target === index ? [k] : []));
  const ends = new Set([index, ...lit.flatMap((k) => [links[k].source, links[k].target])]);
  const svg = place.stage.firstChild;
  svg.classList.add("shaded");
  svg.querySelectorAll("[data-link]").forEach((item, k) => item.classList.toggle("lit", lit.includes(k)));
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
.ego { position: relative; width: 100%; font-family: var(--st-font, sans-serif); }
.ego:fullscreen { background: var(--ground); overflow-y: auto; }
button { position: absolute; right: 0; bottom: 0; padding: 1px 8px; font: inherit; font-size: 12px; cursor: pointer;
  color: var(--ink); background: var(--ground); border: 1px solid var(--st-border-color); border-radius: 4px; }
button:focus-visible { outline: 2px solid var(--accent); }
svg { display: block; overflow: visible; }
.node, .link { cursor: pointer; outline: none; }
.hand { fill: transparent; }
.plate { fill: var(--ground); opacity: .85; }
.node text { font-size: 13px; fill: var(--ink); stroke: var(--ground); stroke-width: 3px; paint-order: stroke; }
.node.centre text { font-size: 15px; font-weight: 700; }
.mark { stroke: var(--ground); stroke-width: 1.5px; }
.node:hover .mark, .node:focus-visible .mark { stroke: var(--accent); stroke-width: 3px; }
.node:focus-visible text { text-decoration: underline; }
.covered { opacity: 0; pointer-events: none; }
.line, .reach { fill: none; stroke: currentColor; opacity: .85; }
.reach { stroke-width: 12px; opacity: 0; pointer-events: stroke; }
.head { fill: currentColor; }
.weight { font-size: 11px; fill: var(--ink); stroke: var(--ground); stroke-width: 4px; paint-order: stroke;
  text-anchor: middle; font-variant-numeric: tabular-nums; pointer-events: none; }
.shaded :is(.node, .link, .weight):not(.lit) { opacity: .16; }
.shaded .lit .covered { opacity: 1; }
`;
