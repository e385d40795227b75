import { assertEquals } from "@std/assert";
import { encodeState } from "../../src/codec/encode_state.ts";
import { shapeOf } from "../../src/codec/state_shape.ts";

function shape(state: unknown): number {
  return shapeOf(encodeState(state));
}

Deno.test("shapeOf() sees lengths, names and texts, and no numbers", () => {
  const agents = (...x: unknown[]) => ({ agents: x.map((value) => ({ value, kind: "fox" })) });
  assertEquals(shape(agents(1, 2)), shape(agents(-70_000, 0.5)));
  assertEquals(shape([1n, 2n ** 70n]), shape([-5n, 0n]));
  assertEquals(shape([new Date(0), true]), shape([new Date(1), true]));
  assertEquals(shape(new Float64Array(3)), shape(Float64Array.of(1, 2, 3)));
  const shapes = [
    ...[agents(1), agents(1, 2), { agents: [{ value: 1, sort: "fox" }] }],
    ...[
      new Float64Array(3),
      new Float64Array(4),
      new Float32Array(3),
      [],
      {},
      new Map(),
      new Set(),
    ],
    ...[new Map([[1, 2]]), new Set([1]), "a", "b", undefined, "x".repeat(300), Array(20).fill(0)],
  ].map(shape);
  assertEquals(new Set(shapes).size, shapes.length);
});

Deno.test("shapeOf() reads every form of the encoding to its end", () => {
  const shared = { a: 1 };
  const tail = (state: unknown) => shape([state, "tail"]) === shape([state, "tall"]);
  for (
    const state of [
      ...[0, 100, -100, 1000, -1000, 2 ** 40, -(2 ** 40), 0.5, 5n, null, undefined, "é", "\ud800"],
      ...[new Uint8Array(300), new DataView(new ArrayBuffer(4)), new ArrayBuffer(8), new Date(5)],
      ...[Object.freeze({ a: 1 }), [shared, shared], Object.assign(Object.create(null), { b: 2 })],
      ...[Array(70_000).fill(1), new Map([["k", new Set([1])]])],
    ]
  ) assertEquals(tail(state), false);
});
