import { assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { ByteSlab } from "../../src/codec/byte_sink.ts";
import { encodeState } from "../../src/codec/encode_state.ts";

Deno.test("ByteSlab gives small arrays places of one buffer, and large ones a buffer of their own", () => {
  const slab = new ByteSlab();
  const [a, b] = [slab.take(3), slab.take(5)];
  assertStrictEquals(a.buffer, b.buffer);
  assertEquals([a.length, b.length, b.byteOffset - a.byteOffset], [3, 5, 3]);
  const large = slab.take(10_000);
  assertNotStrictEquals(large.buffer, a.buffer);
  assertEquals(large.buffer.byteLength, 10_000);
});

Deno.test("encodeState() gives the same bytes with a slab, and none of them changes later", () => {
  const slab = new ByteSlab();
  const states = Array.from({ length: 5000 }, (_, i) => ({ i, name: "x".repeat(i % 300) }));
  const encodings = states.map((state) => encodeState(state, slab));
  states.forEach((state, i) => assertEquals(encodings[i], encodeState(state)));
});
