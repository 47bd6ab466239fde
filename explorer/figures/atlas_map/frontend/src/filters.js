// Which nodes and edges stay coloured. Filters grey out; nothing disappears.

/**
 * @param {import("./atlas.js").Atlas} atlas
 * @param {{minStrength: number, sign: string, communities: number[] | null, minLambdaRatio: number}} filters
 * @param {Uint8Array | null} keptEdges filters that Python computed, one flag per edge
 *
 * A dependency passes only between categories of the chosen communities; a category keeps its colour while one of
 * its dependencies passes.
 */
export function applyFilters(atlas, filters, keptEdges) {
  const edge = new Uint8Array(atlas.m);
  const touched = new Uint8Array(atlas.n);
  const wanted = { both: 0, positive: 1, negative: -1 }[filters.sign];
  const communities = filters.communities && new Set(filters.communities);
  const here = (row) => communities.has(atlas.community[row]);
  for (let e = 0; e < atlas.m; e++) {
    if (atlas.strength[e] < filters.minStrength) continue;
    if (wanted !== 0 && atlas.sign[e] !== wanted) continue;
    if (atlas.lambdaRatio && atlas.lambdaRatio[e] < filters.minLambdaRatio) continue;
    if (keptEdges && !keptEdges[e]) continue;
    if (communities && !(here(atlas.target[e]) && here(atlas.source[e]))) continue;
    edge[e] = 1;
    touched[atlas.target[e]] = touched[atlas.source[e]] = 1;
  }
  const all = wanted === 0 && filters.minStrength <= 0 && filters.minLambdaRatio <= 0 && !keptEdges && !communities;
  const node = all ? new Uint8Array(atlas.n).fill(1) : touched;
  const count = (flags) => flags.reduce((sum, flag) => sum + flag, 0);
  return { node, edge, nodes: count(node), edges: count(edge) };
}

/** One flag per edge from the bits that Python packed (base64, lowest bit first). */
export function unpackBits(text, n) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return Uint8Array.from({ length: n }, (_, i) => (bytes[i >> 3] >> (i & 7)) & 1);
}
