import { assertEquals, assertThrows } from "@std/assert";
import { blake2b } from "@noble/hashes/blake2.js";
import fc from "fast-check";
import { BLAKE2B_BLOCK_BYTES, hashBlock } from "../../src/rng/blake2b_block.ts";
import {
  BlockSeeder,
  deriveBranchSeed,
  deriveSeed,
  normalizeSeed,
} from "../../src/rng/derive_seed.ts";
import { readGolden } from "./python_golden.ts";

type GoldenSeed = [seed: string, index: number, expected: string];

const golden = readGolden<{ block: GoldenSeed[]; branch: GoldenSeed[] }>("seeds.json");

function seekSeed(seeder: BlockSeeder, block: number): bigint {
  seeder.seek(block);
  return (BigInt(seeder.hi) << 32n) | BigInt(seeder.lo);
}

Deno.test("deriveSeed() gives the peer's block seeds", () => {
  for (const [seed, block, expected] of golden.block) {
    assertEquals(deriveSeed(BigInt(seed), block), BigInt(expected), `${seed}, ${block}`);
  }
});
Deno.test("deriveSeed() takes a number as the bigint of the same value", () => {
  assertEquals(deriveSeed(42, 0), 13838664491182651420n);
  assertEquals(deriveSeed(-1, 0), deriveSeed(-1n, 0));
  assertEquals(deriveSeed(-0, 0), deriveSeed(0n, 0));
});

Deno.test("deriveBranchSeed() gives the peer's branch seeds", () => {
  for (const [seed, t, expected] of golden.branch) {
    assertEquals(deriveBranchSeed(BigInt(seed), t), BigInt(expected), `${seed}, ${t}`);
  }
});

Deno.test("deriveSeed() and deriveBranchSeed() refuse an index that no run has", () => {
  for (const index of [-1, 0.5, NaN, 2 ** 52 + 1, 1e300]) {
    assertThrows(() => deriveSeed(1, index), RangeError, `for block ${index}`);
    assertThrows(() => deriveBranchSeed(1, index), RangeError, `for step ${index}`);
  }
});

Deno.test("normalizeSeed() refuses what is no integer", () => {
  for (const seed of [0.5, NaN, Infinity, 2 ** 53]) {
    assertThrows(() => normalizeSeed(seed), RangeError, `${seed}: it is not a safe integer`);
  }
  assertThrows(() => normalizeSeed("42" as unknown as number), TypeError, "of type string");
});

Deno.test("normalizeSeed() takes at most 65,536 bits", () => {
  const longest = 2n ** 65_536n - 1n;
  for (const seed of [longest, -longest]) assertEquals(normalizeSeed(seed), seed);
  for (const seed of [longest + 1n, -longest - 1n]) {
    assertThrows(() => normalizeSeed(seed), RangeError, "more than 65536 bits");
  }
});

Deno.test("BlockSeeder gives what deriveSeed() gives, in any order of blocks", () => {
  // Bits up to 400: the longest seeds leave the one-block path.
  const seeds = fc.bigInt({ min: -(2n ** 400n), max: 2n ** 400n });
  const sizes = fc.nat({ max: 52 }).chain((bits) => fc.nat({ max: 2 ** Math.min(bits, 30) }));
  const blocks = fc.oneof(sizes, fc.maxSafeNat().map((n) => n % 2 ** 52), fc.constant(2 ** 52));
  fc.assert(fc.property(seeds, fc.array(blocks, { minLength: 1 }), (seed, blocks) => {
    const seeder = new BlockSeeder(seed);
    for (const block of blocks) assertEquals(seekSeed(seeder, block), deriveSeed(seed, block));
  }));
});
Deno.test("BlockSeeder starts at block 0 and meets every power of ten from both sides", () => {
  for (const digitCount of [1, 2, 3, 4, 5, 102, 103, 104, 105, 106, 107, 130]) {
    const seed = 10n ** BigInt(digitCount - 1);
    const seeder = new BlockSeeder(seed);
    assertEquals((BigInt(seeder.hi) << 32n) | BigInt(seeder.lo), deriveSeed(seed, 0));
    for (let power = 10; power < 2 ** 52; power *= 10) {
      assertEquals(seekSeed(seeder, power), deriveSeed(seed, power));
      assertEquals(seekSeed(seeder, power - 1), deriveSeed(seed, power - 1));
    }
  }
});

Deno.test("hashBlock() agrees with @noble/hashes on messages of every length up to 128", () => {
  for (let byteCount = 0; byteCount <= BLAKE2B_BLOCK_BYTES; byteCount++) {
    const message = Uint8Array.from({ length: byteCount }, (_, i) => (i * 167 + byteCount) & 255);
    assertHash(message);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: BLAKE2B_BLOCK_BYTES }), assertHash),
    { numRuns: 1000 },
  );
});

function assertHash(message: Uint8Array): void {
  const block = new Uint8Array(BLAKE2B_BLOCK_BYTES);
  block.set(message);
  const view = new DataView(block.buffer);
  const words = Int32Array.from({ length: 32 }, (_, i) => view.getInt32(4 * i, true));
  const digest = new Int32Array(2);
  hashBlock(words, message.length, digest);
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setInt32(0, digest[0]!, true);
  bytes.setInt32(4, digest[1]!, true);
  assertEquals(new Uint8Array(bytes.buffer), blake2b(message, { dkLen: 8 }));
}
