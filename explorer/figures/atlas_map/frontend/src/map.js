// The map: what is shown now, what the reader does to it, and what Python is told.

import { element } from "./dom.js";
import { applyFilters, unpackBits } from "./filters.js";
import { listen, nearestInDirection, nearestToMiddle } from "./keyboard.js";
import { communityGroups, Legend } from "./legend.js";
import { drawLabels } from "./labels.js";
import { clear, paintSpotlight } from "./paint.js";
import { download, png, svg } from "./picture.js";
import { nameLabels, neighbourhood, spotlight } from "./scene.js";
import { MOST_EDGES_AT_ONCE, Stage } from "./stage.js";
import { readTheme } from "./theme.js";
import { toolbar } from "./toolbar.js";
import { describe, number, spoken } from "./words.js";

const byTouch = (event) => event.type.startsWith("touch");

/** Maps that point together: what is pointed at on one, by name, is in the light on all. */
const linked = new Set();

export class AtlasMap {
  constructor(root, atlas, data, tell) {
    Object.assign(this, { root, atlas, tell });
    this.hovered = this.cursor = this.echoed = this.focus = this.tapped = null;
    this.highlights = [];
    this.received = {};
    this.edges = data.edges ?? atlas.m <= MOST_EDGES_AT_ONCE / 2;
    this.#build(data);
    this.update(data);
    if (data.linked) linked.add(this);
  }

  #build(data) {
    const actions = this.#actions();
    this.canvas = element("div", { class: "sigma" });
    this.caption = element("p", { class: "caption", "aria-hidden": "true" });
    this.live = element("p", { class: "live", "aria-live": "polite" });
    this.stageElement = element("div", {
      class: "stage", tabindex: 0, role: "application", "aria-roledescription": "map",
      "aria-label": `Map of ${data.title}${number(this.atlas.n)} categories and ${number(this.atlas.m)} dependencies. `
        + "Arrow keys walk from category to category, Enter chooses, plus and minus zoom, 0 shows all, Escape lets go.",
    }, this.canvas, toolbar(actions), this.caption);
    this.legend = data.legend ? this.#openLegend(data) : null;
    this.frame = element("div", { class: this.legend ? "map" : "map bare" },
      this.stageElement, this.legend?.element ?? "", this.live);
    this.frame.style.setProperty("--map-height", `${data.height}px`);
    this.root.append(this.frame);
    listen(this.stageElement, actions);
    this.stageElement.addEventListener("blur", () => this.#point({ cursor: null }));
  }

  #openLegend(data) {
    return new Legend(this.atlas, {
      communityNames: data.communityNames, paletteSize: data.palette.length, edges: this.edges,
      onFilters: (change) => this.#setFilters({ ...this.filters, ...change }, true),
      onEdges: (edges) => { this.edges = edges; this.#paint(); },
    });
  }

  #openStage() {
    this.stage = new Stage(this.canvas, this.atlas, {
      theme: this.theme,
      filtered: this.filtered,
      edges: this.edges,
      reducedMotion: matchMedia("(prefers-reduced-motion: reduce)").matches,
      onDraw: () => this.#draw(),
    });
    const { sigma } = this.stage;
    sigma.on("enterNode", ({ node }) => this.#point({ hovered: Number(node) }));
    sigma.on("leaveNode", () => this.#point({ hovered: null }));
    // sigma itself would not notice a return to the same node.
    sigma.on("leaveStage", () => { sigma.hoveredNode = null; });
    // A finger that comes down points at once: whether this was in the light is asked before.
    sigma.on("downNode", () => { this.litBefore = this.spot?.row; });
    sigma.on("clickNode", ({ node, event }) => this.#press(Number(node), event.original));
    sigma.on("clickStage", () => this.focus != null && this.#choose(null));
    sigma.on("doubleClickNode", (press) => {
      press.preventSigmaDefault();
      if (byTouch(press.event.original)) this.#press(Number(press.node), press.event.original);
    });
  }

  #actions() {
    return {
      closer: () => this.stage.zoom(1 / 1.6),
      further: () => this.stage.zoom(1.6),
      reset: () => this.stage.reset(),
      fullscreen: () => (document.fullscreenElement ? document.exitFullscreen() : this.frame.requestFullscreen()),
      png: async () => download(await png(this.#page(), this.edges), "atlas-map.png"),
      svg: () => download(svg(this.#page(), this.edges), "atlas-map.svg"),
      walk: (direction) => this.#walk(direction),
      choose: () => this.cursor != null && this.#choose(this.cursor),
      letGo: () => { this.#point({ cursor: null, hovered: null }); if (this.focus != null) this.#choose(null); },
    };
  }

  /** What Python says now. A value that Python merely repeats leaves the reader's own choice alone. */
  update(data) {
    const news = (name) => {
      const text = JSON.stringify(data[name]);
      const changed = this.received[name] !== text;
      this.received[name] = text;
      return changed;
    };
    const row = (category) => this.atlas.rowOf.get(category) ?? null;
    this.reportFilters = data.reportFilters;
    this.notes = data.caption;
    this.groups = communityGroups(this.atlas, data.communityNames, data.palette.length);
    this.theme = readTheme(this.root, data);
    this.frame.style.setProperty("--map-positive", this.theme.positive);
    this.frame.style.setProperty("--map-negative", this.theme.negative);
    if (news("height")) this.frame.style.setProperty("--map-height", `${data.height}px`);
    if (news("highlights")) this.highlights = data.highlights.map(row).filter((found) => found != null);
    if (news("kept")) this.keptEdges = data.kept == null ? null : unpackBits(data.kept, this.atlas.m);
    if (news("filters")) this.filters = data.filters;
    const moved = news("focus") && row(data.focus) !== this.focus;
    // What a finger pointed at last gives way to what was chosen elsewhere.
    if (moved) Object.assign(this, { focus: row(data.focus), hovered: null });
    this.#paint();
    // Linked maps keep the same view: the one that was clicked does not move either.
    if (moved && this.focus != null && !data.linked) this.stage.goTo(this.focus);
  }

  #setFilters(filters, report) {
    this.filters = filters;
    this.#paint();
    if (!report || !this.reportFilters) return;
    clearTimeout(this.reporting);
    this.reporting = setTimeout(() => {
      // What Python will send back is no news.
      this.received.filters = JSON.stringify(this.filters);
      this.tell("filter", this.filters);
    }, 350);
  }

  /** A click chooses. So does a tap on what is in the light; any other tap only puts it there. */
  #press(row, event) {
    if (!byTouch(event) || this.litBefore === row) return this.#choose(row);
    this.tapped = row;
    this.live.textContent = spoken(this.atlas, row, this.filtered.edge);
    this.#point({ hovered: row });
  }

  #choose(row) {
    this.focus = row;
    this.tapped = null;
    const category = row == null ? null : this.atlas.category[row];
    this.received.focus = JSON.stringify(category);
    if (row != null) this.live.textContent = `Chosen. ${spoken(this.atlas, row, this.filtered.edge)}`;
    this.#point({});
    this.tell("select", { category });
  }

  #walk(direction) {
    const at = this.stage.projection();
    const from = this.cursor ?? this.focus;
    const next = from == null ? nearestToMiddle(at, this.filtered) : nearestInDirection(at, this.filtered, from, direction);
    if (next == null) return;
    this.#point({ cursor: next, hovered: null });
    this.stage.reveal(next);
    this.live.textContent = spoken(this.atlas, next, this.filtered.edge);
  }

  /** Something else is pointed at: only the layers above the nodes change. */
  #point(change) {
    Object.assign(this, change);
    this.#light();
    const row = this.hovered ?? this.cursor;
    if (linked.has(this)) for (const other of linked) if (other !== this) other.#echo(row == null ? null : this.atlas.names[row]);
  }

  #echo(name) {
    const row = this.atlas.rowNamed.get(name) ?? null;
    if (row === this.echoed) return;
    this.echoed = row;
    if (row != null) this.hovered = null; // a finger leaves no word when it goes to the other map
    this.#light();
  }

  #light() {
    const row = this.hovered ?? this.cursor ?? this.echoed ?? this.focus;
    this.spot = row == null ? null : neighbourhood(this.atlas, row, this.filtered);
    this.stage.veil.classList.toggle("on", Boolean(this.spot));
    this.#updateCaption();
    this.#updateLegend();
    this.#draw();
  }

  #paint() {
    this.filtered = applyFilters(this.atlas, this.filters, this.keptEdges);
    if (this.stage) this.stage.paint(this.theme, this.filtered, this.edges);
    else this.#openStage();
    this.#point({});
  }

  #updateCaption() {
    if (!this.spot) {
      const kept = this.filtered.nodes;
      this.caption.replaceChildren(kept === this.atlas.n ? "" : `${number(kept)} of ${number(this.atlas.n)} categories`);
      return;
    }
    const { name, equation, usedBy } = describe(this.atlas, this.spot.row, this.filtered.edge);
    const hint = this.spot.row === this.tapped ? " · tap again to choose" : "";
    this.caption.replaceChildren(element("b", {}, name), ` ${equation} · ${usedBy}${hint}`);
  }

  #updateLegend() {
    const chosen = this.focus == null ? null : neighbourhood(this.atlas, this.focus, this.filtered);
    const rows = chosen && [chosen.row, ...chosen.rows];
    this.legend?.update({ theme: this.theme, filters: this.filters, filtered: this.filtered, rows });
  }

  #view() {
    const { atlas, theme, filtered, spot, focus, cursor, highlights } = this;
    return { atlas, theme, filtered, spot, focus, cursor, highlights, at: this.stage.projection() };
  }

  /** The view with what a file says below it. */
  #page() {
    return { ...this.#view(), notes: this.notes, groups: this.groups };
  }

  #draw() {
    if (!this.stage) return; // sigma draws once while it is made
    const view = this.#view();
    const [names, above] = ["names", "spotlight"].map((layer) => this.stage.context(layer));
    const light = spotlight(above, view);
    clear(names, view.at);
    drawLabels(names, nameLabels(names, view, light.occupied), this.theme);
    clear(above, view.at);
    paintSpotlight(above, light, this.theme);
    this.frame.dataset.ready = "true";
  }

  /** Where a category lies on the screen, relative to the stage. */
  placeOf(category) {
    const row = this.atlas.rowOf.get(category);
    const at = this.stage.projection();
    return { x: at.x(row), y: at.y(row), coloured: Boolean(this.filtered.node[row]) };
  }

  kill() {
    clearTimeout(this.reporting);
    linked.delete(this);
    this.stage.kill();
    this.frame.remove();
  }
}
