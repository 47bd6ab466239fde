// What colours and sizes mean, with counts, and the filters that are looks only.

import { element } from "./dom.js";
import { MOST_EDGES_AT_ONCE } from "./stage.js";
import { communityColour } from "./theme.js";
import { number, weight } from "./words.js";

const SIGNS = { both: "both", positive: "positive", negative: "negative" };

export class Legend {
  /** @param onFilters receives the filters that changed; @param onEdges receives whether all edges show */
  constructor(atlas, { communityNames, paletteSize, edges, onFilters, onEdges }) {
    this.atlas = atlas;
    this.onFilters = onFilters;
    this.groups = communityGroups(atlas, communityNames, paletteSize);
    this.strengths = Float32Array.from(atlas.strength).sort();
    this.element = element("aside", { class: "legend", "aria-label": "Legend and filters" });
    this.element.append(this.#communities(), this.#dependencies(edges, onEdges), sizes(atlas));
  }

  #communities() {
    this.rows = this.groups.map((group) => {
      const dot = element("i", { class: "swatch" });
      const counted = element("span", { class: "count" });
      const button = element(
        "button",
        { type: "button", class: "community", title: group.name, "data-community": group.communities[0],
          onclick: () => this.#toggle(group) },
        dot, element("span", { class: "name" }, group.name), counted,
      );
      return { group, dot, counted, button };
    });
    this.clear = element("button", { type: "button", class: "clear", hidden: true,
      onclick: () => this.onFilters({ communities: null }) }, "all");
    return element("section", {}, element("h3", {}, "Communities", this.clear), ...this.rows.map((row) => row.button));
  }

  #toggle({ communities }) {
    const on = new Set(this.filters.communities ?? []);
    const change = communities.every((c) => on.has(c)) ? "delete" : "add";
    for (const community of communities) on[change](community);
    this.onFilters({ communities: on.size ? [...on].sort((a, b) => a - b) : null });
  }

  #dependencies(edges, onEdges) {
    this.signs = Object.keys(SIGNS).map((sign) =>
      element("button", { type: "button", "data-sign": sign, onclick: () => this.onFilters({ sign }) },
        ...(sign === "both" ? [] : [element("i", { class: `line ${sign}` })]), SIGNS[sign]));
    this.edgeCount = element("p", { class: "note" });
    this.strength = this.#slider("Strength", "At least this absolute coefficient",
      (position) => this.onFilters({ minStrength: this.#quantile(position) }));
    this.lambda = this.atlas.lambdaRatio && this.#slider("Enters at \u03bb/\u03bb max", "Dependencies present at this sparsity",
      (position) => this.onFilters({ minLambdaRatio: position / 100 }));
    const all = element("input", { type: "checkbox", checked: edges, onchange: () => onEdges(all.checked) });
    return element("section", {}, element("h3", {}, "Dependencies"),
      element("div", { class: "signs", role: "group", "aria-label": "Sign" }, ...this.signs),
      this.strength.element, ...(this.lambda ? [this.lambda.element] : []), this.edgeCount,
      ...(this.atlas.m <= MOST_EDGES_AT_ONCE ? [element("label", { class: "check" }, all, "show all at once")] : []),
      element("p", { class: "note" }, "An arrow runs from source to target."
        + (this.atlas.hasStability ? " The paler, the fewer half-samples of the images have it." : "")));
  }

  #slider(name, help, onInput) {
    const output = element("output");
    const input = element("input", { type: "range", min: 0, max: 100, step: 1, value: 0, "aria-label": help,
      oninput: () => onInput(Number(input.value)) });
    return { input, output, element: element("label", { class: "slider", title: help }, element("span", {}, name, output), input) };
  }

  /** The strength at a position of the slider, in two digits: it stands in the page's address. */
  #quantile(position) {
    if (position === 0) return 0;
    const row = Math.min(this.strengths.length - 1, Math.floor((position / 100) * this.strengths.length));
    return Number(this.strengths[row].toPrecision(2));
  }

  #position(strength) {
    if (strength <= 0) return 0;
    const below = this.strengths.findIndex((value) => value >= strength);
    return below < 0 ? 100 : Math.round((100 * below) / this.strengths.length);
  }

  /** @param rows the rows that the counts are about: a neighbourhood, or null for all that are kept */
  update({ theme, filters, filtered, rows }) {
    this.filters = filters;
    const scope = rows ?? this.atlas.byImportance.filter((row) => filtered.node[row]);
    const counts = new Map();
    for (const row of scope) counts.set(this.atlas.community[row], (counts.get(this.atlas.community[row]) ?? 0) + 1);
    for (const { group, dot, counted, button } of this.rows) {
      const here = group.communities.reduce((sum, community) => sum + (counts.get(community) ?? 0), 0);
      dot.style.background = communityColour(theme, group.communities[0]);
      counted.textContent = here === group.size ? number(here) : `${number(here)} / ${number(group.size)}`;
      const on = !filters.communities || group.communities.some((c) => filters.communities.includes(c));
      button.setAttribute("aria-pressed", String(Boolean(filters.communities) && on));
      button.classList.toggle("off", !on);
    }
    this.clear.hidden = !filters.communities;
    for (const button of this.signs) button.setAttribute("aria-pressed", String(button.dataset.sign === filters.sign));
    // Several positions share two digits: the thumb stays where the reader has put it.
    const { input, output } = this.strength;
    if (this.#quantile(Number(input.value)) !== filters.minStrength) input.value = this.#position(filters.minStrength);
    output.textContent = `\u2265 ${weight(filters.minStrength)}`;
    if (this.lambda) {
      this.lambda.input.value = Math.round(filters.minLambdaRatio * 100);
      this.lambda.output.textContent = `\u2265 ${filters.minLambdaRatio.toFixed(2)}`;
    }
    this.edgeCount.textContent = `${number(filtered.edges)} of ${number(this.atlas.m)}`;
  }
}

/** The communities with a colour of their own, then all others as one group. */
/** Communities that share a colour, with the name of each group. */
export function communityGroups(atlas, names, paletteSize) {
  const members = new Map();
  for (const row of atlas.byImportance) {
    const community = atlas.community[row];
    if (!members.has(community)) members.set(community, []);
    members.get(community).push(row);
  }
  const ids = [...members.keys()].sort((a, b) => a - b);
  const group = (id) => ({
    communities: [id],
    size: members.get(id).length,
    name: names[id] ?? members.get(id).slice(0, 3).map((row) => atlas.names[row]).join(", "),
  });
  const groups = ids.filter((id) => id >= 0 && id < paletteSize).map(group);
  const rest = ids.filter((id) => id < 0 || id >= paletteSize);
  if (rest.length) {
    const size = rest.reduce((sum, id) => sum + members.get(id).length, 0);
    groups.push({ communities: rest, size, name: rest.length === 1 ? "another community" : `${rest.length} other communities` });
  }
  return groups;
}

function sizes(atlas) {
  const most = atlas.nChildren.reduce((a, b) => Math.max(a, b), 0);
  return element("section", {}, element("h3", {}, "Size"),
    element("p", { class: "sizes" }, element("i", { class: "small" }), "0", element("i", { class: "large" }),
      `${number(most)} targets that use it`));
}
