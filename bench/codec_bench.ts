/**
 * Encoding, decoding and copying states of the shapes that models have, beside what the runtime
 * offers: `JSON` (which loses much of it) and `structuredClone`.
 *
 * @module
 */

import { equalBytes } from "../src/codec/compare_states.ts";
import { cloneState, copyState } from "../src/codec/copy_state.ts";
import { decodeState } from "../src/codec/decode_state.ts";
import { encodeState } from "../src/codec/encode_state.ts";

interface Subject {
  readonly name: string;
  readonly state: unknown;
}

/** Objects that hold one of ten others. */
function sharers(count: number): unknown {
  const kinds = Array.from({ length: 10 }, (_, i) => ({ name: `kind ${i}`, gain: i / 7 }));
  return Array.from({ length: count }, (_, i) => ({ x: i / 3, y: -i, kind: kinds[i % 10] }));
}

function views(length: number): unknown {
  const all = Float64Array.from({ length }, (_, i) => i / 3);
  return { all, pos: all.subarray(0, length / 2), vel: all.subarray(length / 2) };
}

function lattice(size: number): unknown {
  const cells = Array.from({ length: size * size }, (_, value) => ({
    value,
    around: [] as unknown[],
  }));
  cells.forEach(({ around }, i) => {
    for (const by of [1, size]) around.push(cells[(i + by) % cells.length]);
  });
  return cells;
}

function list(length: number): unknown {
  let head: unknown = undefined;
  for (let value = 0; value < length; value++) head = { value, next: head };
  return head;
}

const subjects: Subject[] = [
  { name: "one field", state: { value: 0.5 } },
  {
    name: "1,000 objects of 4 fields",
    state: Array.from({ length: 1000 }, (_, i) => ({ x: i / 3, y: -i, alive: true, kind: "fox" })),
  },
  { name: "1,000 points as arrays", state: Array.from({ length: 1000 }, (_, i) => [i, i / 3]) },
  { name: "array of 10,000 floats", state: Array.from({ length: 10_000 }, (_, i) => i / 3) },
  {
    name: "Float64Array of 10,000",
    state: { x: Float64Array.from({ length: 10_000 }, (_, i) => i / 3) },
  },
  { name: "Int32Array of 1,000,000", state: new Int32Array(1_000_000).fill(7) },
  { name: "Map of 1,000", state: new Map(Array.from({ length: 1000 }, (_, i) => [`k${i}`, i])) },
  { name: "1,000 objects that share 10", state: sharers(1000) },
  { name: "three views of one buffer", state: views(10_000) },
  { name: "lattice of 2,500 neighbors", state: lattice(50) },
  { name: "list of 10,000", state: list(10_000) },
  { name: "text of 100,000", state: "the quick brown fox ".repeat(5000) },
];

for (const { name, state } of subjects) {
  const bytes = encodeState(state);
  if (!equalBytes(encodeState(decodeState(bytes)), bytes)) throw new Error(`${name} is not kept`);
  const group = `${name}, ${bytes.length} bytes`;
  Deno.bench("encodeState", { group, baseline: true }, () => {
    encodeState(state);
  });
  Deno.bench("decodeState", { group }, () => {
    decodeState(bytes);
  });
  Deno.bench("copyState", { group }, () => {
    copyState(state);
  });
  Deno.bench("cloneState", { group }, () => {
    cloneState(state);
  });
  // The runtime's own take neither thousands of levels nor, JSON, cycles.
  if (name.startsWith("lattice") || name.startsWith("list")) continue;
  Deno.bench("structuredClone", { group }, () => {
    structuredClone(state);
  });
  Deno.bench("JSON, both ways", { group }, () => {
    JSON.parse(JSON.stringify(state));
  });
}
