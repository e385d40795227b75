import { assert, assertEquals, assertThrows } from "@std/assert";
import { PythonRandom } from "../../../src/rng/python/python_random.ts";
import {
  callGolden,
  decodeGolden,
  type GoldenCase,
  readGolden,
  ulpsBetween,
} from "../python_golden.ts";
import type { PythonRandomState } from "../../../src/rng/python/types.ts";

/** Methods that go through libm in CPython: the golden files allow them 1 ulp. */
const LIBM_METHODS = new Set([
  "gauss",
  "expovariate",
  "gammavariate",
  "betavariate",
  "lognormvariate",
  "vonmisesvariate",
  "paretovariate",
  "weibullvariate",
]);

const golden = readGolden<{
  cases: GoldenCase[];
  long: { seed: string; method: string; n: number; sha256_le_f64: string }[];
}>("python_random.json");
const unseen = readGolden<{ cases: GoldenCase[] }>("python_random_unseen.json");

/** Repeats a case; `wordsAtEnd` says how many words of the last state the file holds. */
function assertCase(golden: GoldenCase, wordsAtEnd: number): void {
  const rng = new PythonRandom(BigInt(golden.seed));
  golden.calls.forEach((call, i) => {
    const where = `call ${i} of seed ${golden.seed.slice(0, 40)}: ${JSON.stringify(call)}`;
    const actual = callGolden(rng, call);
    const expected = decodeGolden(call[3]);
    if (LIBM_METHODS.has(call[0])) assertWithinUlp(actual as number, expected as number, where);
    // A wide draw is a bigint even where the value happens to be small.
    else if (typeof actual === "bigint") assertEquals(actual, BigInt(expected as number), where);
    else assertEquals(actual, expected, where);
  });
  const [version, words, gaussNext] = rng.getstate();
  const { words: expectedWords, index, gauss_next: expectedNext } = golden.state;
  assertEquals(version, 3);
  assertEquals(words.slice(-1 - wordsAtEnd), [...expectedWords, index]);
  if (expectedNext === null) assertEquals(gaussNext, null);
  else assertWithinUlp(gaussNext!, expectedNext, `gauss_next of seed ${golden.seed}`);
}

function assertWithinUlp(actual: number, expected: number, where: string): void {
  assert(ulpsBetween(actual, expected) <= 1n, `${where}: ${actual}, not ${expected}`);
}

Deno.test("PythonRandom repeats every call of CPython's golden file", () => {
  for (const each of golden.cases) assertCase(each, 624);
});

Deno.test("PythonRandom repeats CPython's calls with arguments drawn at random", () => {
  for (const each of unseen.cases) assertCase(each, 2);
});

Deno.test("PythonRandom repeats 200,000 draws of CPython by their digest", async () => {
  for (const { seed, method, n, sha256_le_f64 } of golden.long) {
    const rng = new PythonRandom(BigInt(seed));
    const draws = Float64Array.from(
      { length: n },
      method === "random" ? () => rng.random() : () => rng.normalvariate(0, 1),
    );
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", draws));
    assertEquals(digest.toHex(), sha256_le_f64, `${method} of seed ${seed}`);
  }
});

Deno.test("PythonRandom drops the sign of a seed, as CPython does", () => {
  for (const seed of [1n, 2n ** 31n, 2n ** 32n, 2n ** 64n, 3n ** 500n]) {
    assertEquals(new PythonRandom(-seed).getstate(), new PythonRandom(seed).getstate());
  }
  assertEquals(new PythonRandom(-0).random(), new PythonRandom(0n).random());
});

Deno.test("PythonRandom.getstate() right after seeding is CPython's, with the index at its end", () => {
  const [, words] = new PythonRandom(42).getstate();
  assertEquals(words.length, 625);
  assertEquals(words.slice(0, 4), [2147483648, 3564348608, 1266698288, 4212342371]);
  assertEquals(words[624], 624);
});

Deno.test("PythonRandom.setstate() takes any index of CPython's states", () => {
  const [, words] = new PythonRandom(7).getstate();
  for (let index = 0; index <= 624; index++) {
    const rng = new PythonRandom(1);
    rng.setstate([3, [...words.slice(0, 624), index], null]);
    assertEquals(rng.getstate()[1], [...words.slice(0, 624), index]);
    const whole = new PythonRandom(1);
    whole.setstate([3, [...words.slice(0, 624), 0], null]);
    for (let i = 0; i < index; i++) whole.getrandbits(32);
    assertEquals(rng.random(), whole.random(), `index ${index}`);
  }
});

Deno.test("PythonRandom.setstate() refuses what is no state and keeps its own", () => {
  const rng = new PythonRandom(7);
  const [, words] = rng.getstate();
  const refused: [unknown, string][] = [
    [[2, words, null], "its version is 2, not 3"],
    [[3, words.slice(1), null], "it must have 625 words"],
    [[3, "words", null], "it must have 625 words"],
    [[3, words.with(5, -1), null], "its words must be integers from 0 to 4294967295"],
    [[3, words.with(5, 0.5), null], "its words must be integers from 0 to 4294967295"],
    [[3, words.with(624, 625), null], "its index 625 is above 624"],
    [[3, words, "1"], "its last element must be a number or null"],
    [null, "it is not an array"],
  ];
  for (const [state, why] of refused) {
    assertThrows(() => rng.setstate(state as PythonRandomState), TypeError, why);
  }
  assertEquals(rng.getstate(), [3, words, null]);
});

Deno.test("PythonRandom.triangular() of equal infinite ends is NaN, as in CPython", () => {
  assertEquals(new PythonRandom(1).triangular(Infinity, Infinity, -1), NaN);
  assertEquals(new PythonRandom(1).triangular(2, 2, 5), 2);
});
