// Which nodes and edges stay coloured. Filters grey out; nothing disappears.

/**
 * @param {import("./atlas.js").Atlas} atlas
 * @param {{minStrength: number, sign: string, communities: number[] | null, minLambdaRatio: number}} filters
 * @param {Uint8Array | null} keptRows filters that Python computed, one flag per row
 */
export function applyFilters(atlas, filters, keptRows) {
  const edge = new Uint8Array(atlas.m);
  const touched = new Uint8Array(atlas.n);
  const wanted = { both: 0, positive: 1, negative: -1 }[filters.sign];
  for (let e = 0; e < atlas.m; e++) {
    if (atlas.strength[e] < filters.minStrength) continue;
    if (wanted !== 0 && atlas.sign[e] !== wanted) continue;
    if (atlas.lambdaRatio && atlas.lambdaRatio[e] < filters.minLambdaRatio) continue;
    edge[e] = 1;
    touched[atlas.target[e]] = touched[atlas.source[e]] = 1;
  }
  const needsEdge = wanted !== 0 || filters.minStrength > 0 || filters.minLambdaRatio > 0;
  const communities = filters.communities && new Set(filters.communities);
  const node = new Uint8Array(atlas.n);
  let nodes = 0;
  for (let row = 0; row < atlas.n; row++) {
    if (keptRows && !keptRows[row]) continue;
    if (communities && !communities.has(atlas.community[row])) continue;
    if (needsEdge && !touched[row]) continue;
    node[row] = 1;
    nodes += 1;
  }
  return { node, edge, nodes };
}

/** One flag per row from the bits that Python packed (base64, lowest bit first). */
export function unpackBits(text, n) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return Uint8Array.from({ length: n }, (_, row) => (bytes[row >> 3] >> (row & 7)) & 1);
}
