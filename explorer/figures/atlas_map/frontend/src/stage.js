// sigma.js draws the nodes and holds the camera; names, veil and spotlight are layers of ours above it.

import Graph from "graphology";
import Sigma from "sigma";
import { EdgeLineProgram } from "sigma/rendering";
import { DiscProgram } from "./discs.js";
import { communityColour, premultiplied } from "./theme.js";

/** Above this many, all edges at once would be neither smooth nor readable. */
export const MOST_EDGES_AT_ONCE = 30_000;

export class Stage {
  /** @param {HTMLElement} container @param {import("./atlas.js").Atlas} atlas */
  constructor(container, atlas, { theme, filtered, edges, reducedMotion, onDraw }) {
    Object.assign(this, { atlas, reducedMotion });
    this.opacities = [...new Set(atlas.opacity)];
    this.sizes = nodeSizes(atlas, container.clientWidth * container.clientHeight);
    this.graph = new Graph({ type: "directed", multi: true });
    // Large ones first, so that small ones lie above them.
    for (const row of atlas.byImportance) {
      this.graph.addNode(row, { x: atlas.x[row], y: atlas.y[row], size: this.sizes[row] });
    }
    this.#use(theme, filtered, edges);
    this.sigma = new Sigma(this.graph, container, {
      allowInvalidContainer: true,
      renderLabels: false,
      hideEdgesOnMove: true,
      zIndex: true,
      stagePadding: 36,
      minCameraRatio: 0.01,
      maxCameraRatio: 1.6,
      zoomDuration: reducedMotion ? 0 : 180,
      inertiaDuration: reducedMotion ? 0 : 160,
      defaultNodeType: "disc",
      nodeProgramClasses: { disc: DiscProgram },
      defaultEdgeType: "line",
      edgeProgramClasses: { line: EdgeLineProgram },
      defaultDrawNodeHover: () => {},
      nodeReducer: (key) => this.#nodeLook(Number(key)),
      edgeReducer: (key) => this.#edgeLook(Number(key)),
    });
    // sigma would read a pixel back from the GPU at each move of the mouse, and wait for it.
    this.sigma.getNodeAtPosition = (point) => this.#keyAt(point);
    for (const id of ["names", "spotlight"]) this.sigma.createCanvasContext(id, { beforeLayer: "mouse" });
    this.veil = this.sigma.createLayer("veil", "div", { beforeLayer: "spotlight" });
    // Layers of sigma's that stay empty here still cost the browser a blend per frame.
    for (const id of ["edgeLabels", "labels", "hovers", "hoverNodes"]) this.sigma.getCanvases()[id].style.display = "none";
    showWhole(["edges", "nodes"].map((id) => this.sigma.getCanvases()[id]));
    this.sigma.resize(true);
    this.sigma.on("afterRender", onDraw);
    this.observer = new ResizeObserver(() => this.sigma.scheduleRender());
    this.observer.observe(container);
  }

  /** Colour everything anew; `edges` draws every kept edge behind the nodes. */
  paint(theme, filtered, edges) {
    this.#use(theme, filtered, edges);
    this.sigma.refresh();
  }

  #use(theme, filtered, edges) {
    Object.assign(this, { theme, filtered, edges });
    const opacity = edgeOpacity(filtered.edges);
    // A few dozen colours: sigma reads each of them once, however many edges have it.
    this.edgeColours = [theme.positive, theme.negative].map((colour) =>
      new Map(this.opacities.map((percent) => [percent, premultiplied(colour, (opacity * percent) / 100)])));
    if (edges) this.#addEdges();
  }

  /** The node under a point, with a few pixels of grace for small ones; null for none. */
  #keyAt({ x, y }) {
    const at = this.projection();
    let best = null;
    let bestDistance = Infinity;
    for (let row = 0; row < this.atlas.n; row++) {
      const distance = Math.hypot(at.x(row) - x, at.y(row) - y);
      if (distance < bestDistance && distance <= Math.max(at.radius(row), 5)) [best, bestDistance] = [row, distance];
    }
    return best === null ? null : String(best);
  }

  #nodeLook(row) {
    const kept = this.filtered.node[row];
    return {
      x: this.atlas.x[row],
      y: this.atlas.y[row],
      size: this.sizes[row],
      color: kept ? communityColour(this.theme, this.atlas.community[row]) : this.theme.grey,
      rim: this.theme.background,
      zIndex: kept,
    };
  }

  #addEdges() {
    if (this.graph.size > 0) return;
    const { m, source, target } = this.atlas;
    for (let edge = 0; edge < m; edge++) this.graph.addEdgeWithKey(edge, source[edge], target[edge]);
  }

  #edgeLook(edge) {
    const [positive, negative] = this.edgeColours;
    const hidden = !this.edges || !this.filtered.edge[edge];
    const colours = this.atlas.sign[edge] < 0 ? negative : positive;
    return { hidden, color: colours.get(this.atlas.opacity[edge]), size: 1 };
  }

  context(layer) {
    return this.sigma.getCanvases()[layer].getContext("2d");
  }

  /** Where rows lie on the screen now: linear in x and y, so three points of sigma's say it all. */
  projection() {
    const origin = this.sigma.graphToViewport({ x: 0, y: 0 });
    const right = this.sigma.graphToViewport({ x: 1, y: 0 });
    const up = this.sigma.graphToViewport({ x: 0, y: 1 });
    const { width, height } = this.sigma.getDimensions();
    const { x, y } = this.atlas;
    const scale = this.sigma.scaleSize(1);
    return {
      width,
      height,
      x: (row) => origin.x + x[row] * (right.x - origin.x) + y[row] * (up.x - origin.x),
      y: (row) => origin.y + x[row] * (right.y - origin.y) + y[row] * (up.y - origin.y),
      radius: (row) => this.sizes[row] * scale,
    };
  }

  zoom(factor) {
    const camera = this.sigma.getCamera();
    this.#move({ ratio: camera.getBoundedRatio(camera.ratio * factor) });
  }

  reset() {
    this.#move({ x: 0.5, y: 0.5, ratio: 1, angle: 0 });
  }

  /** Bring a row to the middle, no further away than `ratio`. */
  goTo(row, ratio = 0.45) {
    const { x, y } = this.sigma.getNodeDisplayData(row);
    this.#move({ x, y, ratio: Math.min(this.sigma.getCamera().ratio, ratio) });
  }

  /** Move only if the row lies outside the view. */
  reveal(row) {
    const at = this.projection();
    const [x, y] = [at.x(row), at.y(row)];
    if (x < 24 || y < 24 || x > at.width - 24 || y > at.height - 24) this.goTo(row, Infinity);
  }

  #move(state) {
    const camera = this.sigma.getCamera();
    if (this.reducedMotion) camera.setState(state);
    else camera.animate(state, { duration: 280 });
  }

  kill() {
    this.observer.disconnect();
    this.sigma.kill();
  }
}

/**
 * Without a GPU, Chromium 156 cuts as much from the foot of a WebGL canvas as has scrolled out of view at its head,
 * unless the canvas is turned, by however little. With a GPU there is nothing to mend.
 */
function showWhole(canvases) {
  const gl = canvases[0].getContext("webgl2");
  const names = gl.getExtension("WEBGL_debug_renderer_info");
  if (!names || !/swiftshader|llvmpipe|software/i.test(gl.getParameter(names.UNMASKED_RENDERER_WEBGL))) return;
  for (const canvas of canvases) canvas.style.transform = "rotate(0.0001deg)";
}

/** Opacity of one of so many edges shown at once: the more, the fainter each, so that the sum stays readable. */
export const edgeOpacity = (shown) => Math.min(0.7, 600 / shown);

/** Radius in pixels at the first view: area grows with the number of children. Very many discs cover no more than
 * half of the map, or they would lie on top of each other and hide how they gather. */
function nodeSizes(atlas, area) {
  const room = Math.sqrt(Math.max(area, 90_000) / Math.max(atlas.n, 1));
  const smallest = Math.min(4, Math.max(1.6, 0.085 * room));
  const largest = Math.min(14, smallest * 4);
  const most = atlas.nChildren.reduce((a, b) => Math.max(a, b), 1);
  const sizes = Float32Array.from(atlas.nChildren, (n) => smallest + (largest - smallest) * Math.sqrt(n / most));
  const covered = sizes.reduce((sum, size) => sum + Math.PI * size * size, 0);
  const smaller = Math.min(1, Math.sqrt(Math.max(area, 90_000) / 2 / covered));
  return sizes.map((size) => size * smaller);
}
