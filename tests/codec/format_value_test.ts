import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { formatValue } from "../../src/codec/format_value.ts";
import { anyState } from "./arbitraries.ts";

const NO_CALL = (): never => {
  throw new Error("user code was called");
};

const FORMATTED: [value: unknown, text: string][] = [
  [-0, "-0"],
  [1e21, "1e+21"],
  [undefined, "undefined"],
  [123n, "123n"],
  ["é狐 x", '"é狐 x"'],
  // Letters that show nothing.
  [{ "\u3164": "\u115f\u1160\uffa0" }, '{"\\u3164": "\\u115f\\u1160\\uffa0"}'],
  ['\x1b[31m\n\u202e\u{1f600}\ud800"\\', '"\\x1b[31m\\n\\u202e\\u{1f600}\\ud800\\"\\\\"'],
  [[1, [2, "a"], null], '[1, [2, "a"], null]'],
  [{ x: 1, "a b": { c: [] } }, '{x: 1, "a b": {c: []}}'],
  [Object.assign(Object.create(null), { a: 1 }), "[null prototype] {a: 1}"],
  [new Map<unknown, unknown>([["k", 1], [{ a: 1 }, 2]]), 'Map(2) {"k" => 1, {a: 1} => 2}'],
  [new Set(), "Set(0) {}"],
  [new Date(0), "Date(1970-01-01T00:00:00.000Z)"],
  [new Date(NaN), "Date(invalid)"],
  [new Uint8Array([1, 2]), "Uint8Array(2) [1, 2]"],
  [new ArrayBuffer(3), "ArrayBuffer(3)"],
  [new DataView(new ArrayBuffer(3)), "DataView(3)"],
  [
    Array.from({ length: 100 }, (_, i) => i),
    "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, ...]",
  ],
  // What is no data, for messages about it.
  [NO_CALL, "(function)"],
  [Symbol("x"), "(symbol)"],
  [new (class Point {})(), "(Point)"],
  [{
    get a() {
      return NO_CALL();
    },
    b: 1,
  }, "{a: (getter), b: 1}"],
  [[, 1], "[(hole), 1]"], // deno-lint-ignore-line
];

Deno.test("formatValue() writes every kind of value", () => {
  for (const [value, text] of FORMATTED) assertEquals(formatValue(value), text);
});

Deno.test("formatValue() keeps to maxLength", () => {
  const agents = Array.from({ length: 1000 }, (_, id) => ({ id, name: `agent ${id}` }));
  assertEquals(
    formatValue(agents, { maxLength: 50 }),
    '[{id: 0, name: "agent 0"}, {id: 1, ...}, ...]',
  );
  assertEquals(
    formatValue(new Float64Array(10_000), { maxLength: 33 }),
    "Float64Array(10000) [0, 0, ...]",
  );
  assertEquals(formatValue("x".repeat(100), { maxLength: 20 }), `"${"x".repeat(16)}...`);
  fc.assert(fc.property(anyState, fc.integer({ min: 16, max: 200 }), (state, maxLength) => {
    const line = formatValue(state, { maxLength });
    assert(line.length <= maxLength);
    assert(/^[\x20-\x7e\p{L}\p{N}]*$/u.test(line), JSON.stringify(line));
  }));
  for (const maxLength of [15, 1025, NaN, -1]) {
    assertThrows(() => formatValue(1, { maxLength }), RangeError, `maxLength is ${maxLength}`);
  }
});

Deno.test("formatValue() takes no longer for a huge value, and survives deep and cyclic ones", () => {
  const cyclic: unknown[] = [1];
  cyclic.push(cyclic, { a: cyclic, m: new Map<unknown, unknown>([[cyclic, [cyclic]]]) });
  assertEquals(
    formatValue(cyclic, { maxLength: 200 }),
    '[1, {"$ref": "this"}, {a: {"$ref": "this"}, m: Map(1) {{"$ref": "this"} => [{"$ref": "this"}]}}]',
  );
  const ring: Record<string, unknown> = { next: { next: {} } };
  ((ring.next as Record<string, unknown>).next as Record<string, unknown>).back = ring.next;
  assertEquals(
    formatValue({ ring }, { name: "state" }),
    '{ring: {next: {next: {back: {"$ref": "state.ring.next"}}}}}',
  );
  let wide: unknown = [1];
  for (let i = 0; i < 40; i++) wide = [wide, wide, wide];
  assert(formatValue(wide, { maxLength: 1024 }).startsWith("[[[["));
  let deep: unknown = 0;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  assert(formatValue(deep, { maxLength: 1024 }).startsWith("[[[["));
  assertEquals(formatValue(1n << 4_000_000n).length, 80);
  assertEquals(formatValue("x".repeat(2 ** 28)).length, 80);
  assert(formatValue(new Array(50_000_000)).startsWith("[(hole), (hole)"));
});
