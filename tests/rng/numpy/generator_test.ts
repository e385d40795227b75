import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { NumpyGenerator } from "../../../src/rng/numpy/generator.ts";
import { PCG64 } from "../../../src/rng/numpy/pcg64.ts";
import { SeedSequence } from "../../../src/rng/numpy/seed_sequence.ts";

const seeds = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

/** Names of all methods that draw, with arguments that they take. */
const DRAWS: [name: string, ...args: unknown[]][] = [
  ["random"],
  ["standardNormal"],
  ["standardExponential"],
  ["standardGamma", 2.5],
  ["normal", 1, 2],
  ["uniform", 1, 2],
  ["exponential", 2],
  ["integers", 0, 1000],
  ["choice", 10],
  ["gamma", 0.5, 2],
  ["beta", 0.5, 3],
  ["chisquare", 3],
  ["noncentralChisquare", 3, 1],
  ["f", 3, 4],
  ["noncentralF", 3, 4, 1],
  ["standardT", 3],
  ["standardCauchy"],
  ["pareto", 2],
  ["weibull", 2],
  ["power", 2],
  ["laplace", 0, 1],
  ["gumbel", 0, 1],
  ["logistic", 0, 1],
  ["lognormal", 0, 1],
  ["rayleigh", 1],
  ["wald", 1, 1],
  ["vonmises", 0, 1],
  ["triangular", 0, 1, 2],
  ["poisson", 20],
  ["binomial", 100, 0.5],
  ["negativeBinomial", 3, 0.5],
  ["geometric", 0.1],
  ["hypergeometric", 40, 40, 20],
  ["logseries", 0.5],
  ["zipf", 2],
  ["multinomial", 5, [0.5, 0.5]],
  ["dirichlet", [1, 2]],
  ["multivariateHypergeometric", [5, 6], 4],
];

/** Calls a method by name. */
function draw(rng: NumpyGenerator, name: string, ...args: unknown[]): unknown {
  return (Reflect.get(rng, name) as (...args: unknown[]) => unknown).apply(rng, args);
}

/** Data and shape of any sized result. */
function flat(result: unknown): { shape: number[]; data: number[] } {
  if (ArrayBuffer.isView(result)) {
    const data = Array.from(result as Float64Array);
    return { shape: [data.length], data };
  }
  const { shape, data } = result as { shape: number[]; data: Float64Array };
  return { shape, data: Array.from(data) };
}

for (const [name, ...args] of DRAWS) {
  Deno.test(`NumpyGenerator.${name}() draws the same one by one, in a row and in a shape`, () => {
    const [first, second, third] = [1, 2, 3].map(() => new NumpyGenerator(77));
    const single = Array.from({ length: 6 }, () => draw(first!, name, ...args));
    const row = flat(draw(second!, name, ...args, { size: 6 }));
    const shaped = flat(draw(third!, name, ...args, { size: [2, 3] }));
    const vector = typeof single[0] === "number" ? [] : [flat(single[0]).data.length];
    const values = single.flatMap((value) => typeof value === "number" ? value : flat(value).data);
    assertEquals(row, { shape: [6, ...vector], data: values });
    assertEquals(shaped, { shape: [2, 3, ...vector], data: values });
    assertEquals(first!.bitGenerator.getState(), second!.bitGenerator.getState());
  });
}

Deno.test("NumpyGenerator draws nothing for an empty size", () => {
  for (const [name, ...args] of DRAWS) {
    const rng = new NumpyGenerator(1);
    const before = rng.bitGenerator.getState();
    assertEquals(flat(draw(rng, name, ...args, { size: 0 })).data, [], name);
    assertEquals(flat(draw(rng, name, ...args, { size: [3, 0] })).data, [], name);
    assertEquals(rng.bitGenerator.getState(), before, name);
  }
});

Deno.test("NumpyGenerator refuses sizes that are none", () => {
  const rng = new NumpyGenerator(1);
  assertThrows(() => rng.random({ size: -1 }), RangeError, "[0, 2^53)");
  assertThrows(() => rng.random({ size: [2, -1] }), RangeError, "[0, 2^53)");
  assertThrows(() => rng.random({ size: 1.5 }), TypeError, "integer");
  assertThrows(() => rng.random({ size: "3" as unknown as number }), TypeError, "length");
});

Deno.test("NumpyGenerator takes seeds of every form", () => {
  const first = (rng: NumpyGenerator) => rng.bitGenerator.next64();
  assertEquals(first(new NumpyGenerator(5)), first(new NumpyGenerator(5n)));
  assertEquals(first(new NumpyGenerator([5])), first(new NumpyGenerator(5)));
  assertEquals(first(new NumpyGenerator(new SeedSequence(5))), first(new NumpyGenerator(5)));
  const bits = new PCG64(5);
  assertStrictEquals(new NumpyGenerator(bits).bitGenerator, bits);
  assertThrows(() => new NumpyGenerator(-1), RangeError, "negative");
});

Deno.test("NumpyGenerator.reseed() gives the draws of a new generator", () => {
  const reused = new NumpyGenerator(0);
  fc.assert(fc.property(seeds, (seed) => {
    reused.integers(10);
    reused.binomial(100, 0.3);
    reused.reseed(Number(seed >> 32n), Number(seed & 0xffffffffn));
    const fresh = new NumpyGenerator(seed);
    for (let i = 0; i < 5; i++) {
      assertEquals(reused.integers(10), fresh.integers(10));
      assertEquals(reused.standardNormal(), fresh.standardNormal());
      assertEquals(reused.binomial(100, 0.3), fresh.binomial(100, 0.3));
    }
  }));
});

Deno.test("NumpyGenerator.spawn() spawns from the sequence, also after reseed()", () => {
  const rng = new NumpyGenerator(1);
  rng.reseed(0, 42);
  const [, second] = rng.spawn(2);
  const sequence = new SeedSequence(42).spawn(2)[1]!;
  assertEquals(second!.random(), new NumpyGenerator(sequence).random());
});

Deno.test("NumpyGenerator.integers() gives numbers where the range is safe, else bigints", () => {
  const rng = new NumpyGenerator(1);
  const ends = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  fc.assert(fc.property(ends, ends, fc.boolean(), (a, b, endpoint) => {
    const [low, last] = a < b ? [a, b] : [b, a];
    const high = endpoint ? last : last + 1n;
    const one = rng.integers(low, high, { endpoint });
    const safe = low >= Number.MIN_SAFE_INTEGER && last <= Number.MAX_SAFE_INTEGER;
    assertEquals(typeof one, safe ? "number" : "bigint");
    assert(one >= low && one <= last);
    const many = rng.integers(low, high, { endpoint, size: 3 });
    assert(safe ? many instanceof Float64Array : many instanceof BigInt64Array);
  }));
});

Deno.test("NumpyGenerator.integers() stays in safe ranges and reaches both ends", () => {
  const rng = new NumpyGenerator(9);
  const ends = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
  fc.assert(fc.property(ends, ends, (a, b) => {
    const [low, high] = a < b ? [a, b] : [b, a];
    const value = rng.integers(low, high, { endpoint: true });
    assert(Number.isSafeInteger(value) && value >= low && value <= high);
  }));
  const seen = new Set(rng.integers(-2, 2, { size: 200, endpoint: true }));
  assertEquals([...seen].sort((a, b) => a - b), [-2, -1, 0, 1, 2]);
});

Deno.test("NumpyGenerator.integers() with a dtype gives its array, and bigints for 64 bits", () => {
  const rng = new NumpyGenerator(1);
  const arrays = {
    bool: Uint8Array,
    int8: Int8Array,
    int16: Int16Array,
    int32: Int32Array,
    int64: BigInt64Array,
    uint8: Uint8Array,
    uint16: Uint16Array,
    uint32: Uint32Array,
    uint64: BigUint64Array,
  };
  for (const [name, ArrayType] of Object.entries(arrays)) {
    const dtype = name as keyof typeof arrays;
    assert(rng.integers(0, 2, { dtype, size: 4 }) instanceof ArrayType, name);
    const shaped = rng.integers(0, 2, { dtype, size: [2, 2] });
    assert(shaped.data instanceof ArrayType, name);
    const expected = dtype === "bool" ? "boolean" : name.endsWith("64") ? "bigint" : "number";
    assertEquals(typeof rng.integers(0, 2, { dtype }), expected, name);
  }
});

Deno.test("NumpyGenerator.integers() refuses bounds that are no integers or not safe", () => {
  const rng = new NumpyGenerator(1);
  assertThrows(() => rng.integers(0.5), TypeError, "integer");
  assertThrows(() => rng.integers(NaN, 3), TypeError, "integer");
  assertThrows(() => rng.integers(0, 2 ** 60), RangeError, "bigint");
  assertThrows(() => rng.integers("4" as unknown as number), TypeError, "integer");
  assertThrows(
    () => rng.integers(0, 4, { dtype: "toString" as "int8" }),
    TypeError,
    "dtype 'toString'",
  );
  assert(rng.integers(0, 2 ** 53) < 2 ** 53);
});

Deno.test("NumpyGenerator fills an array that it is given", () => {
  for (const [name, ...args] of DRAWS.slice(0, 4)) {
    const out = new Float64Array(5);
    assertStrictEquals(draw(new NumpyGenerator(3), name, ...args, { out }), out);
    assertEquals(out, draw(new NumpyGenerator(3), name, ...args, { size: 5 }));
    const out32 = new Float32Array(5);
    assertStrictEquals(draw(new NumpyGenerator(3), name, ...args, { out: out32 }), out32);
    const options = { size: 5, dtype: "float32" };
    assertEquals(out32, draw(new NumpyGenerator(3), name, ...args, options));
  }
  const typed: Float32Array = new NumpyGenerator(3).standardNormal({ out: new Float32Array(2) });
  assertEquals(typed.length, 2);
});

Deno.test("NumpyGenerator refuses an array that does not fit its options", () => {
  const rng = new NumpyGenerator(1);
  const refused = (options: object) => () => rng.random(options as { out: Float64Array });
  assertThrows(refused({ out: [1, 2] }), TypeError, "Float64Array");
  assertThrows(refused({ out: new Int8Array(2) }), TypeError, "Float64Array");
  assertThrows(refused({ out: new Float64Array(2), dtype: "float32" }), TypeError, "float64");
  assertThrows(refused({ out: new Float64Array(2), size: 3 }), RangeError, "size is 3");
  assertThrows(refused({ out: new Float64Array(2), size: [1, 2] }), RangeError, "size is [1, 2]");
  refused({ out: new Float64Array(2), size: [2] })();
});

Deno.test("NumpyGenerator refuses parameters that are no numbers", () => {
  const rng = new NumpyGenerator(1);
  assertThrows(() => rng.normal("1" as unknown as number), TypeError, "loc must be a number");
  assertThrows(() => rng.poisson(null as unknown as number), TypeError, "lam must be a number");
  assertThrows(() => rng.beta(...[1] as unknown as [number, number]), TypeError, "b must be");
});

Deno.test("NumpyGenerator comes to an end with NaN: it draws NaN or refuses", () => {
  for (const [name, ...args] of DRAWS) {
    if (name === "integers" || name === "choice" || args.some(Array.isArray)) continue;
    args.forEach((_, i) => {
      const withNaN = args.map((value, k) => k === i ? NaN : value);
      try {
        draw(new NumpyGenerator(1), name, ...withNaN);
      } catch (error) {
        assert(error instanceof RangeError, `${name}(${withNaN})`);
      }
    });
  }
});

Deno.test("NumpyGenerator.choice() takes elements in arrays of the kind it is given", () => {
  const rng = new NumpyGenerator(4);
  const names = ["a", "b", "c"];
  assert(names.includes(rng.choice(names)));
  const two: string[] = rng.choice(names, { size: 2, replace: false });
  assertEquals(new Set(two).size, 2);
  const shaped = rng.choice(names, { size: [2, 2] });
  assertEquals([shaped.shape, shaped.data.length], [[2, 2], 4]);
  assert(rng.choice(new Int16Array([5, 6]), { size: 3 }) instanceof Int16Array);
  assertEquals(typeof rng.choice(new BigInt64Array([5n])), "bigint");
  assert(rng.choice(5, { size: 2 }) instanceof Float64Array);
});

Deno.test("NumpyGenerator.choice() takes rows along an axis, as NumPy does", () => {
  const rng = new NumpyGenerator(42);
  const x = { shape: [2, 3, 2], data: Int32Array.from({ length: 12 }, (_, i) => i) };
  const columns = rng.choice(x, { size: 2, axis: 1 });
  assertEquals(columns.shape, [2, 2, 2]);
  assertEquals(columns.data, new Int32Array([0, 1, 4, 5, 6, 7, 10, 11]));
  assertEquals(rng.choice(x, { size: 2, axis: -1, replace: false, shuffle: false }), x);
  const rows = rng.choice(x, { size: [2, 2], p: [0.25, 0.75] });
  assertEquals(rows.shape, [2, 2, 3, 2]);
  const [first, second] = [x.data.subarray(0, 6), x.data.subarray(6)];
  assertEquals([...rows.data], [...second, ...second, ...first, ...second]);
  const one = rng.choice(x, { axis: 1 });
  assertEquals(one, { shape: [2, 2], data: new Int32Array([2, 3, 8, 9]) });
  assertEquals(rng.bitGenerator.getState().state, 60251780358759318666854268857835938822n);
  assertThrows(() => rng.choice(x, { axis: 3 }), RangeError, "axis 3");
  assertThrows(() => rng.choice([1, 2], { axis: 1 }), RangeError, "one dimension");
});

Deno.test("NumpyGenerator.choice() lets float32 probabilities add up as well as float32 can", () => {
  const rng = new NumpyGenerator(42);
  const p = new Float32Array([0.3, 0.3, 0.4]);
  assertEquals([...rng.choice(3, { size: 4, p })], [2, 1, 2, 2]);
  assertThrows(() => rng.choice(3, { p: [...p] }), RangeError, "add up to 1");
  assertThrows(() => rng.choice(2, { p: new Float32Array([0.5, 0.501]) }), RangeError, "add up");
});

Deno.test("NumpyGenerator.choice() without replacement takes each index at most once", () => {
  fc.assert(fc.property(seeds, fc.integer({ min: 1, max: 200 }), (seed, population) => {
    const rng = new NumpyGenerator(seed);
    const count = Math.ceil(population / 2);
    const chosen = rng.choice(population, { size: count, replace: false });
    assertEquals(new Set(chosen).size, count);
    assert(chosen.every((i) => Number.isInteger(i) && i >= 0 && i < population));
    const all = rng.choice(population, { size: population, replace: false, shuffle: false });
    assertEquals([...all].sort((a, b) => a - b), [...all.keys()]);
  }));
});

Deno.test("NumpyGenerator.shuffle(), permutation() and permuted() keep all elements", () => {
  fc.assert(fc.property(seeds, fc.array(fc.anything(), { maxLength: 40 }), (seed, items) => {
    const rng = new NumpyGenerator(seed);
    const shuffled = [...items];
    rng.shuffle(shuffled);
    for (const moved of [shuffled, rng.permutation(items), rng.permuted(items)]) {
      const rest = [...items];
      for (const item of moved) rest.splice(rest.findIndex((other) => Object.is(item, other)), 1);
      assertEquals(rest, []);
      assertEquals(moved.length, items.length);
    }
  }));
});

Deno.test("NumpyGenerator.shuffle() works in place on typed arrays of any kind", () => {
  const rng = new NumpyGenerator(4);
  const bytes = Uint8Array.from({ length: 50 }, (_, i) => i);
  rng.shuffle(bytes);
  assertEquals([...bytes].sort((a, b) => a - b), [...bytes.keys()]);
  const big = new BigInt64Array([1n, 2n, 3n]);
  rng.shuffle(big);
  assertEquals([...big].sort(), [1n, 2n, 3n]);
  assert(rng.permutation(big) instanceof BigInt64Array);
  assertEquals(rng.permutation(3) instanceof Float64Array, true);
});

Deno.test("NumpyGenerator refuses axes and shapes that are not there", () => {
  const rng = new NumpyGenerator(4);
  const x = { shape: [2, 3], data: new Float64Array(6) };
  assertThrows(() => rng.shuffle(x, { axis: 2 }), RangeError, "axis 2");
  assertThrows(() => rng.permuted(x, { axis: -3 }), RangeError, "axis -3");
  assertThrows(() => rng.shuffle([1, 2], { axis: 1 }), RangeError, "one dimension");
  assertThrows(() => rng.shuffle({ shape: [7], data: [1] }), RangeError, "1 elements");
  assertThrows(() => rng.shuffle("abc" as unknown as string[]), TypeError, "list");
  assertThrows(() => rng.permutation(-1), RangeError, "0 or more");
});
