// The door from Streamlit: one map per place on the page, fed again after every rerun.

import { loadAtlas } from "./atlas.js";
import { element } from "./dom.js";
import { AtlasMap } from "./map.js";
import css from "./style.css";

const mounted = new WeakMap();

export async function update({ data, parentElement, setStateValue, setTriggerValue }) {
  const place = mounted.get(parentElement) ?? open(parentElement);
  place.data = data;
  place.tell = setTriggerValue;
  if (!hasWebGL()) {
    if (!place.refused) {
      place.refused = true;
      place.root.append(element("p", { class: "message", role: "status" },
        "This browser cannot draw the interactive map (no WebGL). A simpler figure takes its place."));
      setStateValue("webgl", false);
    }
  } else await show(place, data);
  // Streamlit also calls this when a rerun overtakes a first drawing; then the place is still in use.
  return () => place.root.isConnected || close(parentElement);
}

function open(parentElement) {
  const root = element("div", { class: "root" });
  parentElement.append(element("style", {}, css), root);
  const place = { root, map: null };
  // For the tests and for the screenshots, which must know where a category lies.
  root.atlasMap = { placeOf: (category) => place.map?.placeOf(category) };
  mounted.set(parentElement, place);
  return place;
}

async function show(place, data) {
  const atlas = await loadAtlas(data.geometry);
  if (place.data !== data || place.closed) return; // a later rerun has overtaken this one
  if (place.map?.atlas === atlas) return place.map.update(data);
  place.map?.kill();
  place.map = new AtlasMap(place.root, atlas, data, (event, value) => place.tell(event, value));
}

function close(parentElement) {
  const place = mounted.get(parentElement);
  if (!place) return;
  place.closed = true;
  place.map?.kill();
  mounted.delete(parentElement);
}

function hasWebGL() {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(context);
}
