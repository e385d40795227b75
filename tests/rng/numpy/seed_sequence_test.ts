import { assertEquals, assertNotStrictEquals, assertThrows } from "@std/assert";
import { SeedSequence } from "../../../src/rng/numpy/seed_sequence.ts";
import { fromGolden, goldenJson } from "../../golden/read_golden.ts";

Deno.test("SeedSequence generates and spawns as in numpy_pcg64.json", () => {
  for (const { seed, seed_sequence: golden } of goldenJson("numpy_pcg64.json").cases) {
    const sequence = new SeedSequence(BigInt(seed));
    assertEquals([...sequence.generateState(8)], golden.u32x8);
    assertEquals([...sequence.generateState(4, "uint64")], golden.u64x4.map(BigInt));
    assertEquals(
      sequence.spawn(3).map((child) => [...child.generateState(2, "uint64")]),
      golden.spawned_u64x2.map((words: string[]) => words.map(BigInt)),
    );
    assertEquals(sequence.childrenSpawned, 3);
  }
});

Deno.test("SeedSequence mixes long entropy, spawn keys and larger pools as NumPy does", () => {
  const golden = goldenJson("numpy_extra.json").sequences;
  for (const [entropy, spawnKey, poolSize, words, words64, childWords] of golden) {
    const sequence = new SeedSequence(fromGolden(entropy) as number | bigint | bigint[], {
      spawnKey: fromGolden(spawnKey) as number[],
      poolSize,
    });
    assertEquals([...sequence.generateState(6)], words);
    assertEquals([...sequence.generateState(3, "uint64")], words64.map(BigInt));
    const grandchild = sequence.spawn(2)[1]!.spawn(1)[0]!;
    assertEquals([...grandchild.generateState(3)], childWords);
    assertEquals(grandchild.spawnKey, [...sequence.spawnKey, 1, 0]);
  }
});

Deno.test("SeedSequence goes on spawning where it was rebuilt", () => {
  const first = new SeedSequence(9);
  first.spawn(2);
  const rebuilt = new SeedSequence(9, { childrenSpawned: 2 });
  assertEquals(rebuilt.spawn(1)[0]!.spawnKey, first.spawn(1)[0]!.spawnKey);
});

Deno.test("SeedSequence does not see later changes of the list it was made from", () => {
  const entropy = [1, 2];
  const sequence = new SeedSequence(entropy);
  entropy[0] = 7;
  assertNotStrictEquals(sequence.entropy, entropy);
  assertEquals(
    sequence.spawn(1)[0]!.generateState(2),
    new SeedSequence([1, 2]).spawn(1)[0]!.generateState(2),
  );
});

Deno.test("SeedSequence refuses what is no entropy", () => {
  assertThrows(() => new SeedSequence(-1), RangeError, "negative");
  assertThrows(() => new SeedSequence([1, -2n]), RangeError, "negative");
  assertThrows(() => new SeedSequence(1.5), RangeError, "safe integer");
  assertThrows(() => new SeedSequence(2 ** 60), RangeError, "safe integer");
  assertThrows(() => new SeedSequence("12" as unknown as number), TypeError, "integer");
  assertThrows(() => new SeedSequence(null as unknown as number), TypeError, "integer");
  assertThrows(() => new SeedSequence([[1]] as unknown as number[]), TypeError, "integer");
  assertThrows(() => new SeedSequence(1, { poolSize: 3 }), RangeError, "at least 4");
  const sequence = new SeedSequence(1);
  assertThrows(() => sequence.generateState(-1), RangeError, "0 or more");
  assertThrows(() => sequence.generateState(1, "uint8" as "uint32"), RangeError, "uint8");
  assertThrows(() => sequence.spawn(-1), RangeError, "0 or more");
});
