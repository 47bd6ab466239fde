// Buttons over the map.

import { element, icon } from "./dom.js";

const ICONS = {
  closer: "M10 4v12M4 10h12",
  further: "M4 10h12",
  reset: "M4 10a6 6 0 1 0 2-4.5M4 3v4h4",
  fullscreen: "M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4",
  png: "M10 3v9M6 9l4 4 4-4M4 17h12",
};

export function toolbar(actions) {
  const button = (name, label, content = icon(ICONS[name])) =>
    element("button", { type: "button", "aria-label": label, title: label, onclick: actions[name] }, content);
  return element(
    "div",
    { class: "toolbar", role: "group", "aria-label": "Map controls" },
    button("closer", "Zoom in (+)"),
    button("further", "Zoom out (-)"),
    button("reset", "Show the whole map (0)"),
    button("fullscreen", "Full screen"),
    button("png", "Download PNG", element("span", { class: "kind" }, "PNG")),
    button("svg", "Download SVG", element("span", { class: "kind" }, "SVG")),
  );
}
