import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { describeDifference } from "../../../src/codec/compare_states.ts";
import { copyState } from "../../../src/codec/copy_state.ts";
import { surelySame, surelySameAs } from "../../../src/engine/diverge/same_state.ts";
import { StateDigest } from "../../../src/engine/diverge/state_digest.ts";
import { anyGraph, anyState } from "../../codec/arbitraries.ts";
import { objectsOf } from "../../codec/graph_model.ts";

/** A copy in which one place was changed, if it can be. */
function changed(state: unknown, which: number, value: unknown): unknown {
  const copy = copyState(state);
  const objects = [...objectsOf(copy)].filter((object) => Object.isExtensible(object));
  const object = objects[which % objects.length];
  if (object === undefined) return value;
  if (Array.isArray(object)) object[which % (object.length + 1)] = value;
  else if (object instanceof Map) object.set([...object.keys()][0] ?? "new", value);
  else if (object instanceof Set) object.add(value);
  else if (object instanceof Date) object.setTime(which);
  else if (ArrayBuffer.isView(object) && !(object instanceof DataView)) {
    const elements = object as unknown as (number | bigint)[];
    const at = which % (elements.length + 1);
    if (at < elements.length) elements[at] = typeof elements[at] === "bigint" ? 7n : which;
  } else if (!(object instanceof ArrayBuffer) && !(object instanceof DataView)) {
    const names = Object.keys(object);
    const name = names[which % (names.length + 1)] ?? "new";
    Object.defineProperty(object, name, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return copy;
}

/** Two states, often equal, often equal but for one place. */
const twoStates = fc.oneof(
  fc.tuple(anyState, anyState),
  anyState.map((state): [unknown, unknown] => [state, copyState(state)]),
  fc.tuple(
    fc.oneof(anyState, anyGraph),
    fc.nat(),
    fc.oneof(fc.double(), fc.string(), fc.constant(null)),
  )
    .map(([state, which, value]): [unknown, unknown] => [state, changed(state, which, value)]),
);

function isEqual(a: unknown, b: unknown): boolean {
  const difference = describeDifference(a, b);
  return difference === undefined || difference.expected.startsWith("an object that is ");
}

function digestOf(state: unknown): string {
  const digest = new StateDigest();
  digest.add(state);
  return digest.take();
}

Deno.test("a look at live states takes no two for the same whose values differ", () => {
  let same = 0;
  fc.assert(
    fc.property(twoStates, ([a, b]) => {
      for (const look of [surelySame, surelySameAs(a), surelySameAs(b)]) {
        if (!look(a, b)) continue;
        same++;
        assert(isEqual(a, b));
      }
    }),
    { numRuns: 150 },
  );
  assert(same > 100);
});

Deno.test("a look at states like the first finds equal ones the same, by any shape", () => {
  const examples: unknown[] = [
    0,
    { x: 1, y: -0, z: NaN },
    { agents: [{ x: 0.5, tags: ["a"] }, { x: 1, tags: [] }], by: new Map([["k", { n: 1n }]]) },
    [[1, 2], [3, 4], "text", null, undefined, new Set([1, "a"]), new Date(5)],
    { cells: new Uint8Array(100).fill(3), field: new Float64Array([NaN, -0]), "__proto__x": 1 },
    JSON.parse('{"__proto__": {"a": 1}, "constructor": 2, "0": 3}'),
  ];
  for (const example of examples) {
    for (const other of examples) {
      assertEquals(surelySameAs(other)(example, copyState(example)), true);
    }
  }
});

Deno.test("a look at a graph with endlessly many paths ends", () => {
  const doubled = (): unknown => {
    let state: unknown = [1];
    for (let i = 0; i < 60; i++) state = [state, state];
    return state;
  };
  assertEquals(surelySameAs(doubled())(doubled(), doubled()), false);
  assertEquals(surelySameAs([1])(doubled(), doubled()), false);
  assertEquals(digestOf(doubled()), digestOf(doubled()));
});

Deno.test("hashes of live states are the same exactly if their values are", () => {
  fc.assert(
    fc.property(twoStates, ([a, b]) => {
      // What is hashed by its encoding tells sharing and integrity apart as well.
      if (digestOf(a) === digestOf(b)) assert(isEqual(a, b));
      assertEquals(digestOf(a), digestOf(copyState(a)));
    }),
    { numRuns: 150 },
  );
  const fox = { x: 1 };
  assertEquals(digestOf([fox, fox]), digestOf([fox, { x: 1 }]));
  // All NaN are one, -0 is not 0, a view counts wherever it lies.
  const odd = new DataView(new ArrayBuffer(16));
  odd.setUint32(0, 0x7ff00001);
  odd.setUint32(8, 0xfff80000);
  const floats = new Float64Array([odd.getFloat64(0), odd.getFloat64(8)]);
  assertEquals(digestOf(floats), digestOf(new Float64Array([NaN, NaN])));
  const singles = new Float32Array(new Int32Array([0x7f800001, -1]).buffer);
  assertEquals(digestOf(singles), digestOf(new Float32Array([NaN, NaN])));
  const different = [[0, 0], [0, -0], [NaN, 0], [Infinity, 0], [-Infinity, 0]].map((pair) =>
    [new Float64Array(pair), new Float32Array(pair), new Float16Array(pair)].map(digestOf)
  ).flat();
  assertEquals(new Set(different).size, 15);
  const bytes = new Uint8Array(20).map((_, i) => i % 5);
  assertEquals(digestOf(bytes.subarray(1, 4)), digestOf(bytes.subarray(6, 9)));
  const lengths = [0, 1, 2, 3, 4, 5].map((length) => digestOf(new Uint8Array(length)));
  assertEquals(new Set(lengths).size, 6);
});

Deno.test("a hash of many states does not depend on what else its hasher has met", () => {
  const states = [{ a: 1, b: [1, "x"] }, { b: [1, "x"], a: 1 }, { a: 1 }, { a: { c: 1 }, b: 2 }];
  const fresh = states.map(digestOf);
  assertEquals(new Set(fresh).size, states.length);
  const used = new StateDigest();
  for (const state of [...states, ...states.toReversed()]) used.add(state);
  used.take();
  const again = states.map((state) => {
    used.add(state);
    return used.take();
  });
  assertEquals(again, fresh);
});
