/** One list of properties for every backend with the methods of CPython's `random.Random`. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { createRng } from "../../src/rng/backends.ts";
import type { PythonRandom } from "../../src/rng/python/python_random.ts";
import type { Sfc32Random } from "../../src/rng/sfc32/sfc32_random.ts";

type Backend = PythonRandom | Sfc32Random;

/** Takes over the state of a generator of the same backend. */
function resume(rng: Backend, from: Backend): void {
  if (rng.backend === "python") rng.setstate((from as PythonRandom).getstate());
  else rng.setstate((from as Sfc32Random).getstate());
}

/** Draws of several kinds, which leave the generator at an odd word and with a second gauss value. */
function mixedDraws(rng: Backend): unknown[] {
  return [
    rng.random(),
    rng.gauss(),
    rng.getrandbits(7),
    rng.getrandbits(80),
    rng.randbytes(5),
    rng.normalvariate(),
    rng.randint(-5, 2 ** 40),
    rng.sample(50, 7),
  ];
}

const anySeed = fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }));
const anyWord = fc.integer({ min: 0, max: 2 ** 32 - 1 });

for (const name of ["python", "sfc32"] as const) {
  const make = (seed: number | bigint): Backend =>
    name === "python" ? createRng("python", seed) : createRng("sfc32", seed);

  Deno.test(`${name}: reseed(hi, lo) is a new generator of that u64 seed`, () => {
    const used = make(1);
    fc.assert(fc.property(anyWord, anyWord, (hi, lo) => {
      used.gauss();
      used.reseed(hi, lo);
      const fresh = make((BigInt(hi) << 32n) | BigInt(lo));
      assertEquals(used.getstate(), fresh.getstate());
      assertEquals(mixedDraws(used), mixedDraws(fresh));
    }));
    for (const [hi, lo] of [[0, 0], [0, 7], [7, 0], [0xffffffff, 0xffffffff], [0xffffffff, 0]]) {
      used.reseed(hi!, lo!);
      assertEquals(used.getstate(), make((BigInt(hi!) << 32n) | BigInt(lo!)).getstate());
    }
  });

  Deno.test(`${name}: seed() starts as a new generator does`, () => {
    fc.assert(fc.property(anySeed, (seed) => {
      const used = make(1);
      mixedDraws(used);
      used.seed(seed);
      assertEquals(mixedDraws(used), mixedDraws(make(seed)));
    }));
  });

  Deno.test(`${name}: setstate() resumes exactly, from anywhere`, () => {
    fc.assert(fc.property(anySeed, fc.nat({ max: 1500 }), (seed, drawCount) => {
      const rng = make(seed);
      for (let i = 0; i < drawCount; i++) rng.getrandbits(32);
      if (drawCount % 2 === 0) rng.gauss();
      const other = make(99);
      resume(other, rng);
      assertEquals(other.getstate(), rng.getstate());
      for (let i = 0; i < 400; i++) assertEquals(other.random(), rng.random());
      assertEquals(mixedDraws(other), mixedDraws(rng));
    }));
  });

  Deno.test(`${name}: getstate() survives JSON and does not disturb the draws`, () => {
    const rng = make(5);
    const watched = make(5);
    for (let i = 0; i < 700; i++) {
      assertEquals(JSON.parse(JSON.stringify(watched.getstate())), watched.getstate());
      assertEquals(watched.getrandbits(32), rng.getrandbits(32));
    }
  });

  Deno.test(`${name}: random() is a multiple of 2^-53 in [0, 1) with an even spread`, () => {
    const rng = make(2025);
    let sum = 0;
    let odd = 0;
    for (let i = 0; i < 20_000; i++) {
      const x = rng.random();
      assert(x >= 0 && x < 1 && Number.isInteger(x * 2 ** 53));
      sum += x;
      odd += x * 2 ** 53 % 2;
    }
    assertAlmostEquals(sum / 20_000, 0.5, 0.01);
    assertAlmostEquals(odd / 20_000, 0.5, 0.02);
  });

  Deno.test(`${name}: getrandbits() fills its bits, as a number up to 53 and a bigint above`, () => {
    const rng = make(3);
    for (let bits = 0; bits <= 130; bits++) {
      let ones = 0n;
      for (let i = 0; i < 60; i++) {
        const drawn = rng.getrandbits(bits);
        assertEquals(typeof drawn, bits > 53 ? "bigint" : "number");
        ones |= BigInt(drawn);
      }
      assertEquals(ones, (1n << BigInt(bits)) - 1n, `${bits} bits`);
    }
  });

  Deno.test(`${name}: randrange() stays in the range and on its steps`, () => {
    const rng = make(4);
    const steps = fc.integer({ min: -50, max: 50 }).filter((step) => step !== 0);
    fc.assert(fc.property(fc.maxSafeInteger(), fc.nat(1000), steps, (from, count, step) => {
      const to = from + step * (count + 1);
      fc.pre(Number.isSafeInteger(to));
      const drawn = rng.randrange(from, to, step);
      const index = (drawn - from) / step;
      assert(Number.isInteger(index) && index >= 0 && index <= count);
    }));
  });

  Deno.test(`${name}: randrange() of numbers is that of bigints, whatever the width`, () => {
    const ends = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.integer({ min: -9, max: 9 }));
    const sizes = fc.oneof(ends, fc.constant(1)).filter((size) => size !== 0);
    fc.assert(fc.property(anySeed, ends, ends, sizes, (seed, a, b, size) => {
      fc.pre(a !== b);
      const step = (a < b) === (size > 0) ? size : -size;
      const wide = make(seed).randrange(BigInt(a), BigInt(b), BigInt(step));
      assertEquals(make(seed).randrange(a, b, step), Number(wide));
      assertEquals(
        make(seed).randint(Math.min(a, b), Math.max(a, b)),
        Number(
          make(seed).randint(BigInt(Math.min(a, b)), BigInt(Math.max(a, b))),
        ),
      );
    }));
  });

  Deno.test(`${name}: randrange() and randint() reach every value of a small range`, () => {
    const rng = make(6);
    const drawn = new Set<number>();
    for (let i = 0; i < 400; i++) drawn.add(rng.randrange(7)).add(100 + rng.randint(-2, 3));
    for (let i = 0; i < 20; i++) assert(!Object.is(rng.randrange(-0, -4, -2), -0));
    assertEquals([...drawn].sort((a, b) => a - b), [
      0,
      1,
      2,
      3,
      4,
      5,
      6,
      98,
      99,
      100,
      101,
      102,
      103,
    ]);
  });

  Deno.test(`${name}: a bigint among the arguments makes a bigint`, () => {
    const rng = make(6);
    assertEquals(typeof rng.randrange(10n), "bigint");
    assertEquals(typeof rng.randrange(0 as number | bigint, 10n), "bigint");
    assertEquals(typeof rng.randint(1 as number | bigint, 10n), "bigint");
    assertEquals(typeof rng.randint(-(2 ** 53) + 1, 2 ** 53 - 1), "number");
  });

  Deno.test(`${name}: randbytes() are the bytes of getrandbits(), lowest first`, () => {
    for (let n = 0; n <= 40; n++) {
      let bits = BigInt(make(n).getrandbits(8 * n));
      const expected = Uint8Array.from({ length: n }, () => {
        const byte = Number(bits & 255n);
        bits >>= 8n;
        return byte;
      });
      assertEquals(make(n).randbytes(n), expected);
    }
  });

  Deno.test(`${name}: shuffle() permutes in place, arrays and typed arrays alike`, () => {
    fc.assert(fc.property(anySeed, fc.array(fc.integer(), { maxLength: 60 }), (seed, items) => {
      const shuffled = [...items];
      assertEquals(make(seed).shuffle(shuffled), undefined);
      assertEquals(shuffled.toSorted((a, b) => a - b), items.toSorted((a, b) => a - b));
      const typed = Int32Array.from(items);
      make(seed).shuffle(typed);
      assertEquals([...typed], shuffled);
    }));
  });

  Deno.test(`${name}: sample() draws distinct places`, () => {
    fc.assert(fc.property(anySeed, fc.nat(300), fc.nat(300), (seed, a, b) => {
      const n = Math.max(a, b);
      const k = Math.min(a, b);
      const drawn = make(seed).sample(n, k);
      assertEquals(new Set(drawn).size, k);
      assert(drawn.every((i) => Number.isInteger(i) && i >= 0 && i < n));
      const range = Array.from({ length: n }, (_, i) => i);
      assertEquals(make(seed).sample(range, k), drawn, "n stands for range(n)");
      assertEquals(make(seed).sample(Float64Array.from(range), k), drawn, "a typed array");
    }));
  });

  Deno.test(`${name}: sample() by counts is sample() of the repeated elements`, () => {
    const counts = fc.array(fc.nat(6), { minLength: 1, maxLength: 8 });
    fc.assert(fc.property(anySeed, counts, fc.nat(40), (seed, counts, k) => {
      const repeated = counts.flatMap((count, i) => Array<string>(count).fill(`e${i}`));
      fc.pre(repeated.length > 0 && k <= repeated.length);
      const population = counts.map((_, i) => `e${i}`);
      assertEquals(make(seed).sample(population, k, { counts }), make(seed).sample(repeated, k));
    }));
  });

  Deno.test(`${name}: sample() from a huge range is cheap`, () => {
    const drawn = make(1).sample(Number.MAX_SAFE_INTEGER, 5);
    assertEquals(new Set(drawn).size, 5);
    assert(drawn.some((i) => i > 2 ** 50));
  });

  Deno.test(`${name}: a string is drawn from by code points`, () => {
    const rng = make(8);
    const drawn = new Set<string>();
    for (let i = 0; i < 100; i++) drawn.add(rng.choice("a😀b"));
    assertEquals(drawn, new Set(["a", "😀", "b"]));
    assertEquals(rng.sample("a😀b", 3).sort(), ["a", "b", "😀"]);
    assert(rng.choices("😀", { k: 9 }).every((character) => character === "😀"));
  });

  Deno.test(`${name}: choices() never draws a weight of 0 and takes running sums`, () => {
    const weights = [0, 2, 0, 1, 0];
    const cumWeights = [0, 2, 2, 3, 3];
    const drawn = make(9).choices([0, 1, 2, 3, 4], { weights, k: 3000 });
    assertEquals(new Set(drawn), new Set([1, 3]));
    assertAlmostEquals(drawn.filter((i) => i === 1).length / 3000, 2 / 3, 0.05);
    assertEquals(make(9).choices(5, { cumWeights, k: 3000 }), drawn);
    assertEquals(make(9).choices("ab").length, 1);
    assertEquals(make(9).choices([], { k: 0 }), []);
  });

  Deno.test(`${name}: each distribution has its mean and its range`, () => {
    const rng = make(12345);
    const n = 40_000;
    /** Name, draw, mean, five standard errors, range. */
    const list: [string, () => number, number, number, number, number][] = [
      ["uniform", () => rng.uniform(2, 5), 3.5, 0.022, 2, 5],
      ["triangular", () => rng.triangular(), 0.5, 0.006, 0, 1],
      ["triangular mode", () => rng.triangular(0, 10, 2), 4, 0.055, 0, 10],
      ["normalvariate", () => rng.normalvariate(1, 2), 1, 0.05, -Infinity, Infinity],
      ["gauss", () => rng.gauss(1, 2), 1, 0.05, -Infinity, Infinity],
      ["lognormvariate", () => rng.lognormvariate(0, 0.5), Math.exp(0.125), 0.016, 0, Infinity],
      ["expovariate", () => rng.expovariate(0.5), 2, 0.05, 0, Infinity],
      ["gammavariate above 1", () => rng.gammavariate(2.5, 2), 5, 0.08, 0, Infinity],
      ["gammavariate at 1", () => rng.gammavariate(1, 2), 2, 0.05, 0, Infinity],
      ["gammavariate below 1", () => rng.gammavariate(0.4, 2), 0.8, 0.032, 0, Infinity],
      ["betavariate", () => rng.betavariate(2, 3), 0.4, 0.005, 0, 1],
      ["vonmisesvariate", () => rng.vonmisesvariate(Math.PI, 4), Math.PI, 0.014, 0, 2 * Math.PI],
      ["vonmisesvariate flat", () => rng.vonmisesvariate(1, 0), Math.PI, 0.046, 0, 2 * Math.PI],
      ["paretovariate", () => rng.paretovariate(4), 4 / 3, 0.012, 1, Infinity],
      ["weibullvariate", () => rng.weibullvariate(2, 2), Math.sqrt(Math.PI), 0.024, 0, Infinity],
    ];
    for (const [method, draw, mean, tolerance, low, high] of list) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        const x = draw();
        assert(x >= low && x <= high, `${method} gave ${x}`);
        sum += x;
      }
      assertAlmostEquals(sum / n, mean, tolerance, method);
    }
  });

  Deno.test(`${name}: normalvariate() and gauss() have the spread of a normal distribution`, () => {
    const rng = make(77);
    for (const draw of [() => rng.normalvariate(), () => rng.gauss()]) {
      let squares = 0;
      let outside = 0;
      for (let i = 0; i < 40_000; i++) {
        const x = draw();
        squares += x * x;
        outside += Math.abs(x) > 2 ? 1 : 0;
      }
      assertAlmostEquals(squares / 40_000, 1, 0.04);
      assertAlmostEquals(outside / 40_000, 0.0455, 0.006);
    }
  });

  Deno.test(`${name}: wrong arguments are refused with the value that is wrong`, () => {
    const rng = make(1);
    const text = "1" as unknown as number;
    const refused: [() => unknown, typeof RangeError | typeof TypeError, string][] = [
      [() => rng.getrandbits(-1), RangeError, "Cannot draw -1 bits"],
      [() => rng.getrandbits(2 ** 31), RangeError, "between 0 and 1073741824"],
      [() => rng.getrandbits(1.5), TypeError, "Cannot draw 1.5 bits"],
      [() => rng.getrandbits(NaN), TypeError, "Cannot draw NaN bits"],
      [() => rng.randbytes(-1), RangeError, "Cannot draw -1 bytes"],
      [() => rng.randbytes(0.5), TypeError, "Cannot draw 0.5 bytes"],
      [() => rng.randrange(0), RangeError, "empty range: start is 0, stop is 0, step is 1"],
      [() => rng.randrange(-3), RangeError, "stop is -3"],
      [() => rng.randrange(5, 5), RangeError, "empty range"],
      [() => rng.randrange(5, 9, -1), RangeError, "empty range"],
      [() => rng.randrange(5, 9, 0), RangeError, "step is 0"],
      [() => rng.randrange(9n, 5n), RangeError, "empty range"],
      [() => rng.randrange(1.5), TypeError, "'stop' must be a safe integer"],
      [() => rng.randrange(0.5, 9), TypeError, "'start' must be a safe integer"],
      [() => rng.randrange(0.5, 9n as unknown as number), TypeError, "'start' must be"],
      [() => rng.randrange(0, 9, 1.5), TypeError, "'step' must be a safe integer"],
      [() => rng.randrange("5" as unknown as number), TypeError, "current value is 5"],
      [() => rng.randrange(9, undefined, 2), TypeError, "'stop' is missing"],
      [() => rng.randint(2, 1), RangeError, "empty range"],
      [() => rng.randint(2.5, 3), TypeError, "'a' must be a safe integer"],
      [() => rng.choice([]), RangeError, "empty population"],
      [() => rng.choice(""), RangeError, "empty population"],
      [() => rng.choice(0), RangeError, "empty population"],
      [() => rng.choice(new Set([1]) as unknown as number[]), TypeError, "this population"],
      [() => rng.choice(null as unknown as number[]), TypeError, "this population"],
      [() => rng.choice(-1), TypeError, "this population"],
      [() => rng.choices([]), RangeError, "empty population"],
      [() => rng.choices([1], { k: 0.5 }), TypeError, "'k' must be an integer"],
      [() => rng.choices([1, 2], { weights: [1] }), RangeError, "1 weights for a population of 2"],
      [() => rng.choices([1, 2], { weights: [0, 0] }), RangeError, "current value is 0"],
      [() => rng.choices([1], { weights: [-1] }), RangeError, "current value is -1"],
      [() => rng.choices([1], { weights: [NaN] }), RangeError, "current value is NaN"],
      [() => rng.choices([1], { weights: [Infinity] }), RangeError, "value is Infinity"],
      [() => rng.choices([1], { weights: [1], cumWeights: [1] }), TypeError, "give one of them"],
      [() => rng.sample([1, 2], 3), RangeError, "between 0 and 2, the population's size"],
      [() => rng.sample([1, 2], -1), RangeError, "Cannot sample -1 elements"],
      [() => rng.sample([1, 2], 1.5), TypeError, "'k' must be an integer"],
      [() => rng.sample([1], 1, { counts: [1, 1] }), RangeError, "2 counts for a population of 1"],
      [() => rng.sample([1], 0, { counts: [0] }), RangeError, "current value is 0"],
      [() => rng.sample([1], 1, { counts: [1.5] }), TypeError, "each must be an integer"],
      [() => rng.sample([1], 3, { counts: [2] }), RangeError, "between 0 and 2"],
      [() => rng.gammavariate(0, 1), RangeError, "'alpha' must be greater than 0"],
      [() => rng.gammavariate(1, -1), RangeError, "'beta' must be greater than 0"],
      [() => rng.betavariate(1, NaN), RangeError, "current value is NaN"],
      [() => rng.expovariate(0), RangeError, "'lambd' must not be 0"],
      [() => rng.paretovariate(0), RangeError, "'alpha' must not be 0"],
      [() => rng.weibullvariate(1, 0), RangeError, "'beta' must not be 0"],
      [() => rng.weibullvariate(text, 1), TypeError, "'alpha' must be a number"],
      [() => rng.uniform(text, 1), TypeError, "'a' must be a number"],
      [() => rng.uniform(0, null as unknown as number), TypeError, "'b' must be a number"],
      [() => rng.triangular(0, 1, text), TypeError, "'mode' must be a number"],
      [() => rng.normalvariate(text), TypeError, "'mu' must be a number"],
      [() => rng.gauss(0, text), TypeError, "'sigma' must be a number"],
      [() => rng.lognormvariate(0, text), TypeError, "'sigma' must be a number"],
      [() => rng.expovariate(text), TypeError, "'lambd' must be a number"],
      [() => rng.paretovariate(text), TypeError, "'alpha' must be a number"],
      [() => rng.choices([1, 2], { weights: [text, text] }), TypeError, "must be numbers"],
      [() => rng.choices([1], { cumWeights: [text] }), TypeError, "must be numbers"],
      [() => rng.choices([1, 2], "x" as unknown as object), TypeError, "options"],
      [() => rng.sample([1, 2], 1, null as unknown as object), TypeError, "options"],
      [() => rng.shuffle("ab" as unknown as string[]), TypeError, "Cannot shuffle"],
      [() => rng.shuffle(new Set([1, 2]) as unknown as string[]), TypeError, "Cannot shuffle"],
      [() => rng.shuffle(null as unknown as string[]), TypeError, "Cannot shuffle"],
      // CPython never comes back from these
      [() => rng.vonmisesvariate(0, NaN), RangeError, "'kappa' must be a number other than NaN"],
      [() => rng.gammavariate(Infinity, 1), RangeError, "'alpha' must be below 2^1023"],
      [() => rng.betavariate(Infinity, 1), RangeError, "'alpha' must be below 2^1023"],
      [() => rng.betavariate(1, Infinity), RangeError, "'beta' must be below 2^1023"],
    ];
    const endless = { length: 2 ** 50 };
    assertThrows(() => rng.choices([1], { weights: endless }), RangeError, "for a population of 1");
    assertThrows(() => rng.sample([1], 1, { counts: endless }), RangeError, "a population of 1");
    const before = rng.getstate();
    for (const [call, errorClass, message] of refused) assertThrows(call, errorClass, message);
    assertEquals(rng.getstate(), before, "a refused call draws nothing");
  });
}
