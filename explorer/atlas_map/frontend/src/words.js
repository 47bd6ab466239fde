// What the map says about a category, in the caption and to a screen reader.

const count = new Intl.NumberFormat("en");
const MINUS = "\u2212";

export const number = (value) => count.format(value);

/** "hamster ≈ 0.41 guinea pig + 0.22 ferret − 0.10 broccoli … · used by 7" */
export function describe(atlas, row, edgeKept) {
  const edges = [...atlas.edgesAt(row, edgeKept)];
  const parents = edges.filter((edge) => atlas.target[edge] === row);
  const children = edges.length - parents.length;
  const terms = parents.slice(0, 4).map((edge, i) => {
    const sign = atlas.sign[edge] < 0 ? MINUS : i > 0 ? "+" : "";
    return `${sign}${sign && i > 0 ? " " : ""}${atlas.strength[edge].toFixed(2)} ${atlas.names[atlas.source[edge]]}`;
  });
  const rest = parents.length > 4 ? ` + ${number(parents.length - 4)} more` : "";
  return {
    name: atlas.names[row],
    equation: parents.length ? `\u2248 ${terms.join(" ")}${rest}` : "no dependency shown",
    usedBy: children ? `used by ${number(children)}` : "used by none",
  };
}

export function spoken(atlas, row, edgeKept) {
  const { name, equation, usedBy } = describe(atlas, row, edgeKept);
  return `${name}: ${equation.replace("\u2248", "about").replaceAll(MINUS, "minus ")}; ${usedBy}.`;
}
