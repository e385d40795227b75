import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Sfc32Random } from "../../../src/rng/sfc32/sfc32_random.ts";
import type { Sfc32RandomState } from "../../../src/rng/sfc32/types.ts";

/** The words after seeding, by a transcription of PractRand's generator to Python. */
const REFERENCE: [seed: bigint, words: number[]][] = [
  [0n, [1363572419, 145230303, 808754475, 4216505632, 947923937, 2491578854]],
  [1n, [2012149540, 1872316204, 1707632675, 1779833415, 2026416846, 1661539736]],
  [42n, [1264412219, 1947509147, 3919439299, 1251167922, 656401615, 478193053]],
  [0x0123456789abcdefn, [2222009751, 4121156040, 1557176981, 903895892, 1281522849, 866141154]],
  [2n ** 64n - 1n, [3339006752, 3678934910, 3081961671, 2370706465, 17438958, 4101362430]],
];

Deno.test("Sfc32Random gives PractRand's words for a u64 seed", () => {
  for (const [seed, words] of REFERENCE) {
    const rng = new Sfc32Random(seed);
    assertEquals(words.map(() => rng.getrandbits(32)), words, `seed ${seed}`);
  }
});

Deno.test("Sfc32Random.random() makes 53 bits of two words, as the backend python does", () => {
  const [a, b] = REFERENCE[2]![1];
  assertEquals(new Sfc32Random(42).random(), ((a! >>> 5) * 2 ** 26 + (b! >>> 6)) / 2 ** 53);
});

// The values are those of CPython's `Random` over the same words: a subclass with sfc32's `random`
// and `getrandbits`. They must not move in any release.
Deno.test("Sfc32Random draws what CPython's methods draw from the same words", () => {
  const rng = new Sfc32Random(42);
  assertEquals(rng.random(), 0.29439390788555);
  assertEquals(rng.getrandbits(70), 171394421974099682755n);
  assertEquals(rng.randrange(1000), 114);
  assertEquals(rng.sample(100, 4), [97, 40, 45, 80]);
  assertEquals(rng.choices("abcd", { weights: [1, 2, 3, 4], k: 6 }).join(""), "dccddb");
  assertEquals(rng.normalvariate(), -0.18422811885874188);
  assertEquals(rng.triangular(0, 10, 3), 2.5631182845747857);
});

Deno.test("Sfc32Random keeps how it makes a u64 of other seeds", () => {
  assertEquals(new Sfc32Random(-1).getrandbits(32), 3484382485);
  assertEquals(new Sfc32Random(2n ** 64n).getrandbits(32), 3549210058);
  assertEquals(new Sfc32Random(-(10n ** 40n)).getrandbits(32), 4218657264);
});

Deno.test("Sfc32Random tells apart seeds that share their low 64 bits or their size", () => {
  const seeds = [1n, -1n, 1n + 2n ** 64n, -1n - 2n ** 64n, 1n + 2n ** 128n, 2n ** 64n - 1n];
  const draws = seeds.map((seed) => new Sfc32Random(seed).random());
  assertEquals(new Set(draws).size, seeds.length);
});

Deno.test("Sfc32Random does not repeat itself for neighboring seeds", () => {
  const words = new Set<number>();
  for (let seed = 0; seed < 1000; seed++) {
    const rng = new Sfc32Random(seed);
    for (let i = 0; i < 4; i++) words.add(rng.random());
  }
  assertEquals(words.size, 4000);
  assertNotEquals(new Sfc32Random(0).random(), 0);
});

Deno.test("Sfc32Random.setstate() refuses what is no state", () => {
  const rng = new Sfc32Random(1);
  const refused: unknown[] = [
    null,
    {},
    ["python", [1, 2, 3, 4], null],
    ["sfc32", [1, 2, 3], null],
    ["sfc32", [1, 2, 3, -4], null],
    ["sfc32", [1, 2, 3, 0.5], null],
    ["sfc32", [1, 2, 3, 4], "0"],
    ["sfc32", [1, 2, 3, 4]],
  ];
  const before = rng.getstate();
  for (const state of refused) {
    assertThrows(() => rng.setstate(state as Sfc32RandomState), TypeError, "not of the shape");
  }
  assertEquals(rng.getstate(), before);
});
