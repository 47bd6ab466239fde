// The geometry of one atlas: typed columns, and the edges at each node. Never changes once loaded.

const loaded = new Map();

/** The atlas at this address. Addresses name their content, so each is fetched once per page. */
export function loadAtlas(url) {
  if (!loaded.has(url)) {
    const promise = fetchAtlas(new URL(url, document.baseURI));
    promise.catch(() => loaded.delete(url));
    loaded.set(url, promise);
    if (loaded.size > 4) loaded.delete(loaded.keys().next().value);
  }
  return loaded.get(url);
}

async function fetchAtlas(url) {
  const response = await fetch(url, { cache: "force-cache" });
  if (!response.ok) throw new Error(`The map's geometry did not arrive (HTTP ${response.status}). Reload the page.`);
  const plain = response.body.pipeThrough(new DecompressionStream("gzip"));
  return new Atlas(await new Response(plain).arrayBuffer());
}

const KINDS = {
  int8: Int8Array,
  uint8: Uint8Array,
  int32: Int32Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  float32: Float32Array,
};

export class Atlas {
  /** @param {ArrayBuffer} buffer the layout of geometry.py */
  constructor(buffer) {
    const headerLength = new DataView(buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, headerLength)));
    let offset = 4 + headerLength;
    const column = {};
    for (const [name, kind, length] of header.columns) {
      column[name] = new KINDS[kind](buffer, offset, length);
      offset += Math.ceil(column[name].byteLength / 4) * 4;
    }
    this.names = header.names;
    this.category = column.category;
    this.x = column.x;
    this.y = column.y;
    this.community = column.community;
    this.nChildren = column.n_children;
    this.target = column.target;
    this.source = column.source;
    this.strength = column.strength;
    this.sign = column.sign;
    this.lambdaRatio = column.lambda_ratio ?? null;
    this.n = this.category.length;
    this.m = this.target.length;
    this.hasStability = Boolean(column.opacity);
    /** Percent of what an edge's opacity would be if nobody knew how stable it is. */
    this.opacity = column.opacity ?? new Uint8Array(this.m).fill(100);
    this.rowOf = new Map(Array.from(this.category, (category, row) => [category, row]));
    this.rowNamed = new Map(this.names.map((name, row) => [name, row]));
    this.byImportance = Uint32Array.from(this.names.keys()).sort((a, b) => this.nChildren[b] - this.nChildren[a] || a - b);
    this.#indexEdges();
  }

  #indexEdges() {
    const start = new Uint32Array(this.n + 1);
    for (const ends of [this.target, this.source]) for (const row of ends) start[row + 1] += 1;
    for (let row = 0; row < this.n; row++) start[row + 1] += start[row];
    const next = start.slice();
    this.edgesStart = start;
    this.edgesOf = new Uint32Array(2 * this.m);
    for (let edge = 0; edge < this.m; edge++) {
      this.edgesOf[next[this.target[edge]]++] = edge;
      this.edgesOf[next[this.source[edge]]++] = edge;
    }
  }

  /** All edges at this row, in no order. */
  edgesAround(row) {
    return this.edgesOf.subarray(this.edgesStart[row], this.edgesStart[row + 1]);
  }

  /** Edges at this row that the mask keeps, strongest first. */
  edgesAt(row, edgeKept) {
    return this.edgesAround(row).filter((edge) => edgeKept[edge]).sort((a, b) => this.strength[b] - this.strength[a]);
  }

  /** The other end of an edge. */
  across(edge, row) {
    return this.target[edge] === row ? this.source[edge] : this.target[edge];
  }
}
