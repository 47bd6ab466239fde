// What the map says about a category, in the caption and to a screen reader.

const grouped = new Intl.NumberFormat("en");
const MINUS = "\u2212";

/** A whole number as the pages write it (explorer/words/formatting.py), but for a space that is thin and never breaks. */
export const number = (value) => grouped.format(value).replaceAll(",", "\u202f");

/** Absolute size of a coefficient with at least one digit that is not zero, as explorer/words/formatting.py writes it. */
export function weight(size) {
  if (size >= 0.095) return size.toFixed(2);
  return size >= 0.0095 ? size.toFixed(3) : String(Number(size.toPrecision(1)));
}

/**
 * "hamster ≈ 0.41 guinea pig + 0.22 ferret − 0.10 broccoli … · used by 7"; where a filter hides some of it, it
 * says that it is about those shown.
 */
export function describe(atlas, row, edgeKept) {
  const edges = [...atlas.edgesAt(row, edgeKept)];
  const parents = edges.filter((edge) => atlas.target[edge] === row);
  const children = edges.length - parents.length;
  const all = atlas.edgesAround(row);
  const allParents = all.filter((edge) => atlas.target[edge] === row).length;
  const terms = parents.slice(0, 4).map((edge, i) => {
    const sign = atlas.sign[edge] < 0 ? MINUS : i > 0 ? "+" : "";
    return `${sign}${sign && i > 0 ? " " : ""}${weight(atlas.strength[edge])} ${atlas.names[atlas.source[edge]]}`;
  });
  const rest = parents.length > 4 ? ` + ${number(parents.length - 4)} more` : "";
  return {
    name: atlas.names[row],
    equation: parents.length
      ? `\u2248 ${terms.join(" ")}${rest}${parents.length < allParents ? " (of those shown)" : ""}`
      : "no dependency shown",
    usedBy: `used by ${children ? number(children) : "none"}${children < all.length - allParents ? " of those shown" : ""}`,
  };
}

export function spoken(atlas, row, edgeKept) {
  const { name, equation, usedBy } = describe(atlas, row, edgeKept);
  return `${name}: ${equation.replace("\u2248", "about").replaceAll(MINUS, "minus ")}; ${usedBy}.`;
}
