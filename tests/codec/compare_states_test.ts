import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { describeDifference, equalBytes } from "../../src/codec/compare_states.ts";
import { decodeState } from "../../src/codec/decode_state.ts";
import { encodeState } from "../../src/codec/encode_state.ts";
import { anyState } from "./arbitraries.ts";
import type { StateDifference } from "../../src/error_types.ts";

/** Pairs of states and what is said of them. */
const DIFFERENT: [expected: unknown, actual: unknown, StateDifference][] = [
  [1, "1", { path: "state", expected: "1", actual: '"1"' }],
  [[], {}, { path: "state", expected: "[]", actual: "{}" }],
  [{}, Object.create(null), { path: "state", expected: "{}", actual: "[null prototype] {}" }],
  [null, undefined, { path: "state", expected: "null", actual: "undefined" }],
  [0, -0, { path: "state", expected: "0", actual: "-0", bits: 1, ulps: 0n }],
  [NaN, 1, { path: "state", expected: "NaN", actual: "1", bits: 2 }],
  [Infinity, -Infinity, { path: "state", expected: "Infinity", actual: "-Infinity", bits: 1 }],
  [5e-324, -5e-324, { path: "state", expected: "5e-324", actual: "-5e-324", bits: 1, ulps: 2n }],
  [{ a: [1, { b: 0.3 }] }, { a: [1, { b: 0.1 + 0.2 }] }, {
    path: "state.a[1].b",
    expected: "0.3",
    actual: "0.30000000000000004",
    bits: 3,
    ulps: 1n,
  }],
  [{ a: 1, b: 2 }, { a: 1 }, { path: "state.b", expected: "2", actual: "(missing)" }],
  [{ b: 2 }, { a: 1, b: 2 }, { path: "state.a", expected: "(missing)", actual: "1" }],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, {
    path: "state",
    expected: 'keys in the order ["a", "b"]',
    actual: 'keys in the order ["b", "a"]',
  }],
  [{ "a b": [1] }, { "a b": [1, 2] }, {
    path: 'state["a b"].length',
    expected: "1",
    actual: "2",
  }],
  [new Map([["k", 1]]), new Map([["k", "x"]]), {
    path: 'state.get("k")',
    expected: "1",
    actual: '"x"',
  }],
  [new Map([["k", 1]]), new Map([["q", 1]]), {
    path: "state.keys()[0]",
    expected: '"k"',
    actual: '"q"',
  }],
  [new Map([[[1], "a"]]), new Map([[[1], "b"]]), {
    path: "state.values()[0]",
    expected: '"a"',
    actual: '"b"',
  }],
  [new Set(["a", "b"]), new Set(["a", "c"]), {
    path: "state.values()[1]",
    expected: '"b"',
    actual: '"c"',
  }],
  [new Date(0), new Date(NaN), {
    path: "state",
    expected: "Date(1970-01-01T00:00:00.000Z)",
    actual: "Date(invalid)",
  }],
  [{ cells: new Float64Array(20) }, { cells: new Float64Array(20).fill(-0, 17) }, {
    path: "state.cells[17]",
    expected: "0",
    actual: "-0",
    bits: 1,
    ulps: 0n,
  }],
  [new Float32Array([1, 2]), new Float32Array([1, 2 + 2 ** -22]), {
    path: "state[1]",
    expected: "2",
    actual: "2.000000238418579",
    bits: 1,
    ulps: 1n,
  }],
  [new Float16Array([1]), new Float16Array([1 + 2 ** -10]), {
    path: "state[0]",
    expected: "1",
    actual: "1.0009765625",
    bits: 1,
    ulps: 1n,
  }],
  [new BigInt64Array([1n]), new BigInt64Array([-1n]), {
    path: "state[0]",
    expected: "1n",
    actual: "-1n",
  }],
  [new Uint8Array([1]), new Int8Array([1]), {
    path: "state",
    expected: "Uint8Array(1) [1]",
    actual: "Int8Array(1) [1]",
  }],
  [[true], [false], { path: "state[0]", expected: "true", actual: "false" }],
];

Deno.test("describeDifference() names the first path that differs, with values, bits and ulps", () => {
  for (const [expected, actual, difference] of DIFFERENT) {
    assertEquals(describeDifference(expected, actual), difference);
  }
});

Deno.test("describeDifference() sees sizes before contents", () => {
  const sizes: [unknown, unknown, string][] = [
    [[1, 2], [3], "state.length"],
    [new Map([[1, 2]]), new Map(), "state.size"],
    [new Set([1]), new Set(), "state.size"],
    [new Float64Array(3), new Float64Array(2), "state.length"],
    [new ArrayBuffer(1), new ArrayBuffer(2), "state.length"],
  ];
  for (const [expected, actual, path] of sizes) {
    assertEquals(describeDifference(expected, actual)?.path, path);
  }
});

Deno.test("describeDifference() says undefined exactly when the encodings are equal", () => {
  fc.assert(
    fc.property(anyState, anyState, (a, b) => {
      const bytesA = encodeState(a);
      const bytesB = encodeState(b);
      const difference = describeDifference(decodeState(bytesA), decodeState(bytesB));
      assertEquals(difference === undefined, equalBytes(bytesA, bytesB));
      assertEquals(describeDifference(decodeState(bytesA), decodeState(bytesA)), undefined);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("describeDifference() finds one changed number anywhere in a state", () => {
  const withHole = (state: unknown, value: unknown) => ({
    before: state,
    deep: [[{ value }]],
    z: 1,
  });
  fc.assert(
    fc.property(anyState, (state) => {
      const a = decodeState(encodeState(withHole(state, 1)));
      const b = decodeState(encodeState(withHole(state, 2)));
      assertEquals(describeDifference(a, b)?.path, "state.deep[0][0].value");
    }),
    { numRuns: 200 },
  );
});

Deno.test("describeDifference() of large states takes no path per element", () => {
  const a = { cells: new Float64Array(1_000_000), list: new Array(200_000).fill(1) };
  const b = { cells: a.cells.slice(), list: a.list.slice() };
  b.list[199_999] = 2;
  assertEquals(describeDifference(a, b)?.path, "state.list[199999]");
});

Deno.test("equalBytes() compares lengths and every byte", () => {
  const bytes = Uint8Array.from({ length: 100 }, (_, i) => i);
  assert(equalBytes(bytes, bytes.slice()));
  assert(equalBytes(new Uint8Array(), new Uint8Array()));
  assert(!equalBytes(bytes, bytes.subarray(1)));
  for (let i = 0; i < 100; i++) {
    const other = bytes.slice();
    other[i]! ^= 0x80;
    assert(!equalBytes(bytes, other));
  }
});
