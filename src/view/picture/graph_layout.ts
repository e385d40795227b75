/**
 * Where the nodes of a graph go whose module does not say: joined ones near each other. The same graph always
 * gets the same places.
 * This module is browser compatible.
 *
 * @module
 */

/** Beyond this many nodes they lie on a spiral: forces among all pairs would take too long. */
const FORCES_NODES_MAX = 600;

/** Rounds of the simulation of Fruchterman and Reingold (1991). */
const ROUNDS = 120;

/** Layouts of the graphs seen last: the frames of a run mostly share one. */
const KEPT_MAX = 4;
const kept = new Map<string, { x: Float64Array; y: Float64Array }>();

/** Places of the nodes. */
export function layOutGraph(
  count: number,
  edges: Uint32Array,
): { x: Float64Array; y: Float64Array } {
  const key = `${count}:${edges.length}:${digest(edges)}`;
  let place = kept.get(key);
  if (place === undefined) {
    place = spiral(count);
    if (count <= FORCES_NODES_MAX) relax(place, edges);
    if (kept.size === KEPT_MAX) kept.delete(kept.keys().next().value!);
    kept.set(key, place);
  }
  return place;
}

/** Golden angles: evenly spread over a disk of radius 1. */
function spiral(count: number): { x: Float64Array; y: Float64Array } {
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const radius = Math.sqrt((i + 0.5) / count);
    const angle = i * 2.399963229728653;
    x[i] = radius * Math.cos(angle);
    y[i] = radius * Math.sin(angle);
  }
  return { x, y };
}

function relax({ x, y }: { x: Float64Array; y: Float64Array }, edges: Uint32Array): void {
  const count = x.length;
  const ideal = Math.sqrt(Math.PI / Math.max(1, count));
  const dx = new Float64Array(count);
  const dy = new Float64Array(count);
  for (let round = 0; round < ROUNDS; round++) {
    dx.fill(0);
    dy.fill(0);
    for (let i = 0; i < count; i++) {
      for (let j = i + 1; j < count; j++) {
        const ax = x[i]! - x[j]!;
        const ay = y[i]! - y[j]!;
        const pull = (ideal * ideal) / (ax * ax + ay * ay + 1e-9);
        dx[i]! += ax * pull;
        dy[i]! += ay * pull;
        dx[j]! -= ax * pull;
        dy[j]! -= ay * pull;
      }
    }
    for (let e = 0; e < edges.length; e += 2) {
      const a = edges[e]!;
      const b = edges[e + 1]!;
      const ax = x[a]! - x[b]!;
      const ay = y[a]! - y[b]!;
      const pull = Math.sqrt(ax * ax + ay * ay) / ideal;
      dx[a]! -= ax * pull;
      dy[a]! -= ay * pull;
      dx[b]! += ax * pull;
      dy[b]! += ay * pull;
    }
    const reach = 0.15 * (1 - round / ROUNDS) + 0.002;
    for (let i = 0; i < count; i++) {
      // Towards the middle, so that loose parts stay in sight.
      const px = dx[i]! - 0.3 * ideal * x[i]!;
      const py = dy[i]! - 0.3 * ideal * y[i]!;
      const length = Math.sqrt(px * px + py * py);
      const move = length === 0 ? 0 : Math.min(length, reach) / length;
      x[i]! += px * move;
      y[i]! += py * move;
    }
  }
}

/** FNV-1a over the indices: two graphs that share it look alike, nothing worse. */
function digest(edges: Uint32Array): number {
  let hash = 0x811c9dc5;
  for (const node of edges) hash = Math.imul(hash ^ node, 0x01000193);
  return hash >>> 0;
}
