/**
 * Encoding, decoding and copying states of the shapes that models have, beside what the runtime
 * offers: `JSON` (which loses much of it) and `structuredClone`.
 *
 * @module
 */

import { equalBytes } from "../src/codec/compare_states.ts";
import { copyState } from "../src/codec/copy_state.ts";
import { decodeState } from "../src/codec/decode_state.ts";
import { encodeState } from "../src/codec/encode_state.ts";

interface Subject {
  readonly name: string;
  readonly state: unknown;
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
  Deno.bench("structuredClone", { group }, () => {
    structuredClone(state);
  });
  Deno.bench("JSON, both ways", { group }, () => {
    JSON.parse(JSON.stringify(state));
  });
}
