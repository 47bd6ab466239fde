// One line per element: tag, attributes and listeners, children.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** An icon of 20 x 20 drawn with one path. */
export function icon(path) {
  const made = element("span", { class: "icon", "aria-hidden": "true" });
  made.innerHTML = `<svg viewBox="0 0 20 20"><path d="${path}"/></svg>`;
  return made;
}
