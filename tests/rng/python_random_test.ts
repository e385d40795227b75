import { assert, assertEquals } from "@std/assert";
import { PythonRandom } from "../../src/rng/python_random.ts";
import {
  callGolden,
  decodeGolden,
  type GoldenCase,
  readGolden,
  ulpsBetween,
} from "./python_golden.ts";

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

function assertCalls(golden: GoldenCase): PythonRandom {
  const rng = new PythonRandom(BigInt(golden.seed));
  golden.calls.forEach((call, i) => {
    const where = `seed ${golden.seed}, call ${i}: ${JSON.stringify(call.slice(0, 3))}`;
    const actual = callGolden(rng, call);
    const expected = decodeGolden(call[3]);
    if (LIBM_METHODS.has(call[0])) {
      const ulps = ulpsBetween(actual as number, expected as number);
      assert(ulps <= 1n, `${where}: ${actual}, not ${expected}`);
    } else {
      assertEquals(actual, expected, where);
    }
  });
  return rng;
}

Deno.test("PythonRandom repeats every call of CPython's golden file", () => {
  for (const each of golden.cases) {
    const rng = assertCalls(each);
    const [version, words, gaussNext] = rng.getstate();
    assertEquals(version, 3);
    assertEquals(words, [...each.state!.words, each.state!.index]);
    const expected = each.state!.gauss_next;
    if (expected === null || gaussNext === null) assertEquals(gaussNext, expected);
    else assert(ulpsBetween(gaussNext, expected) <= 1n);
  }
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
