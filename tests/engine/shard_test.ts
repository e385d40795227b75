import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { checkShard, shardSpans, statesOfSpans } from "../../src/engine/shard.ts";
import { indicesOf } from "../../src/engine/block_grid.ts";

const GRID = { steps: 25, blockSize: 10, gridOffset: 0, stride: 1 };

Deno.test("shardSpans() cuts the spans into contiguous ranges that differ by one at most", () => {
  fc.assert(fc.property(fc.nat(60), fc.integer({ min: 1, max: 80 }), (blocks, count) => {
    let next = 0;
    for (let index = 0; index < count; index++) {
      const { from, to } = shardSpans({ index, count }, blocks);
      assertEquals(from, next);
      assertEquals(from, Math.floor((index * blocks) / count));
      assert(to - from === Math.floor(blocks / count) || to - from === Math.ceil(blocks / count));
      next = to;
    }
    assertEquals(next, blocks);
  }));
});

Deno.test("shardSpans() is exact where the product exceeds 2^53", () => {
  const blocks = 2 ** 52;
  const count = 2 ** 20 - 1;
  const { from, to } = shardSpans({ index: count - 1, count }, blocks);
  assertEquals(BigInt(from), (BigInt(count - 1) * BigInt(blocks)) / BigInt(count));
  assertEquals(to, blocks);
});

Deno.test("statesOfSpans() ends with the run", () => {
  assertEquals(statesOfSpans({ from: 1, to: 3 }, GRID), {
    from: 10,
    to: 25,
  });
  assertEquals(statesOfSpans({ from: 3, to: 3 }, GRID), {
    from: 25,
    to: 25,
  });
  assertEquals([...indicesOf({ from: 2, to: 5 })], [2, 3, 4]);
});

Deno.test("checkShard() refuses what is no shard and says from where they are counted", () => {
  checkShard({ index: 0, count: 1 });
  checkShard({ index: 7, count: 8 });
  for (const [index, count] of [[8, 8], [-1, 8], [0.5, 8], [NaN, 8]] as const) {
    assertThrows(() => checkShard({ index, count }), RangeError, "counted from 0");
  }
  for (const count of [0, -1, 1.5, NaN, Infinity, 2 ** 20 + 1]) {
    assertThrows(() => checkShard({ index: 0, count }), RangeError, "number of shards");
  }
});
