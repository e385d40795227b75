import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { copyState } from "../../../src/codec/copy_state.ts";
import { encodeState } from "../../../src/codec/encode_state.ts";
import { Float64Pool } from "../../../src/rng/numpy/size.ts";
import { NumpyGenerator } from "../../../src/rng/numpy/generator.ts";

Deno.test("Float64Pool.take() gives arrays of zeros that share no element", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 200 }), (lengths) => {
      const pool = new Float64Pool();
      const arrays = lengths.map((length, i) => pool.take(length).fill(i + 1));
      for (const [i, array] of arrays.entries()) {
        assertEquals(array.length, lengths[i]);
        assert(array.every((value) => value === i + 1));
      }
      assert(pool.take(32).every((value) => value === 0));
    }),
  );
});

Deno.test("Float64Pool.take() goes on after a buffer was transferred", () => {
  const pool = new Float64Pool();
  const sent = pool.take(4).fill(1);
  assertEquals(structuredClone(sent, { transfer: [sent.buffer] }).length, 4);
  assertEquals(Array.from(pool.take(2)), [0, 0]);
});

Deno.test("NumpyGenerator draws arrays of which each keeps its numbers while others are drawn", () => {
  const rng = new NumpyGenerator(7);
  const one = new NumpyGenerator(7);
  const drawn = Array.from({ length: 300 }, (_, i) => rng.normal(2, 3, { size: i % 12 }));
  rng.reseed(1, 2);
  rng.uniform(0, 1, { size: 32 });
  for (const array of drawn) {
    assertEquals(
      Array.from(array),
      Array.from(array, () => one.normal(2, 3)),
    );
  }
});

Deno.test("NumpyGenerator.reseed() makes where an array lies independent of earlier draws", () => {
  const places = (draws: number) => {
    const rng = new NumpyGenerator(0);
    for (let i = 0; i < draws; i++) rng.random({ size: 5 });
    rng.reseed(3, 4);
    return [8, 30, 31, 2].map((size) => rng.integers(0, 9, { size }).byteOffset);
  };
  assertEquals(places(1), places(0));
  assertEquals(places(70), places(0));
});

Deno.test("encodeState() sees the own elements of an array of draws only", () => {
  const rng = new NumpyGenerator(1);
  for (const size of [3, 0, 8]) {
    const drawn = rng.normal(0, 1, { size });
    assertEquals(encodeState(drawn), encodeState(Float64Array.of(...drawn)));
    assertEquals(copyState(drawn).buffer.byteLength, 8 * size);
  }
});
