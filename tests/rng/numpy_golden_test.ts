import { assert, assertEquals, assertThrows } from "@std/assert";
import { NumpyGenerator } from "../../src/rng/numpy/generator.ts";
import { goldenJson } from "../golden/read_golden.ts";
import {
  call,
  elements,
  generatorOf,
  hashArray,
  hashIntegers,
  type NumpyCall,
  shapeOf,
  ulpsApart,
} from "./numpy_golden.ts";

/**
 * Where the C library that NumPy called rounds log1p or expm1 the wrong way our draw is another one; `power`
 * then raises the difference to 1 / a. All other methods give the same bits in every golden draw.
 */
const ULPS_MAX: Record<string, number> = { "standard_exponential": 1, pareto: 1, power: 10 };

/** The one draw of the three times 200,000 that goes through such a logarithm: ours and NumPy's. */
const OTHER_TAIL = {
  seed: "42",
  at: 113982,
  ours: -3.8126363289814735,
  theirs: -3.812636328981474,
};

/** Compares one result with NumPy's, element by element. */
function assertDrawn(actual: unknown, golden: unknown, [method, args, kwargs]: NumpyCall): void {
  const label = `${method}(${JSON.stringify(args)}, ${JSON.stringify(kwargs)})`;
  if (typeof golden === "object" && golden !== null && "sha256" in golden) {
    assertEquals(hashIntegers(elements(actual)), golden.sha256, label);
    return;
  }
  assertEquals(shapeOf(actual), shapeOf(golden), label);
  const ours = elements(actual);
  const theirs = elements(golden);
  assertEquals(ours.length, theirs.length, label);
  // A logarithm comes into `standard_exponential` only by inversion, but for the rare tail
  const ulpsMax = method === "standard_exponential" && kwargs.method !== "inv"
    ? 0
    : ULPS_MAX[method] ?? 0;
  ours.forEach((value, i) => {
    const ulps = ulpsApart(value, theirs[i]!, kwargs.dtype === "float32");
    assert(ulps <= ulpsMax, `${label}[${i}] is ${value}, NumPy gives ${theirs[i]}`);
  });
}

Deno.test("NumpyGenerator makes every call of numpy_pcg64.json as NumPy does", () => {
  let calls = 0;
  for (const { seed, calls: rows, end_state: end } of goldenJson("numpy_pcg64.json").cases) {
    const rng = generatorOf(seed);
    for (const [method, args, kwargs, golden] of rows) {
      assertDrawn(call(rng, [method, args, kwargs]), golden, [method, args, kwargs]);
      calls++;
    }
    assertEquals(rng.bitGenerator.getState(), {
      state: BigInt(end.state),
      inc: BigInt(end.inc),
      hasUint32: end.has_uint32 === 1,
      uinteger: end.uinteger,
    });
  }
  assertEquals(calls, 2037);
});

Deno.test("NumpyGenerator gives NumPy's long streams, filled and one by one", () => {
  for (const { seed, method, n, sha256_le_f64: sha256 } of goldenJson("numpy_pcg64.json").long) {
    const sized = call(generatorOf(seed), [method, [], { size: n }]) as Float64Array;
    const rng = generatorOf(seed);
    const single = sized.map(() => call(rng, [method, [], {}]) as number);
    assertEquals(hashArray(single), hashArray(sized), `${method} of ${seed}`);
    if (method === "standard_normal" && seed === OTHER_TAIL.seed) {
      assertEquals(sized[OTHER_TAIL.at], OTHER_TAIL.ours);
      sized[OTHER_TAIL.at] = OTHER_TAIL.theirs;
    }
    assertEquals(hashArray(sized), sha256, `${method} of ${seed}`);
  }
});

Deno.test("NumpyGenerator draws as NumPy from unseen seeds and parameters, and takes as many bits", () => {
  for (const [seed, method, args, kwargs, golden, low64] of goldenJson("numpy_extra.json").draws) {
    const rng = generatorOf(seed);
    assertDrawn(call(rng, [method, args, kwargs]), golden, [method, args, kwargs]);
    const { state } = rng.bitGenerator.getState();
    assertEquals(
      BigInt.asUintN(64, state),
      BigInt(low64),
      `state after ${method}(${JSON.stringify(args)}, ${JSON.stringify(kwargs)})`,
    );
  }
});

Deno.test("NumpyGenerator moves the rows of shaped data along any axis as NumPy does", () => {
  for (const [seed, method, shape, axis, golden, low64] of goldenJson("numpy_extra.json").shaped) {
    const rng = generatorOf(seed);
    const count = shape.reduce((a: number, b: number) => a * b, 1);
    const x = { shape, data: Int32Array.from({ length: count }, (_, i) => i) };
    const options = axis === null ? {} : { axis };
    const label = `${method} of [${shape}] along ${axis}`;
    if (method === "shuffle") {
      rng.shuffle(x, options);
      assertEquals([...x.data], golden, label);
    } else {
      const copy = method === "permuted" ? rng.permuted(x, options) : rng.permutation(x, options);
      assertEquals([...copy.data], golden, label);
      assertEquals(copy.shape, shape, label);
      assertEquals([...x.data], [...x.data.keys()], `${label} leaves its argument`);
    }
    const { state } = rng.bitGenerator.getState();
    assertEquals(BigInt.asUintN(64, state), BigInt(low64), label);
  }
});

Deno.test("NumpyGenerator keeps halves of outputs across methods as NumPy does", () => {
  const golden = goldenJson("numpy_extra.json").mixed;
  for (const [seed, log, state, hasUint32, uinteger] of golden) {
    const rng = generatorOf(seed);
    for (const [kind, argument, result] of log) {
      const made: NumpyCall = kind === "integers_u8"
        ? ["integers", [argument], { size: 5, dtype: "uint8" }]
        : typeof argument === "number"
        ? [kind, [argument], {}]
        : [kind, [], argument];
      assertEquals(elements(call(rng, made)), elements(result), JSON.stringify(made));
    }
    const end = rng.bitGenerator.getState();
    assertEquals([end.state, end.hasUint32, end.uinteger], [
      BigInt(state),
      hasUint32 === 1,
      uinteger,
    ]);
  }
});

Deno.test("NumpyGenerator refuses what NumPy refuses, and draws nothing", () => {
  for (const [method, args, kwargs] of goldenJson("numpy_extra.json").refused) {
    const rng = new NumpyGenerator(1);
    const before = rng.bitGenerator.getState();
    const error = assertThrows(() => call(rng, [method, args, kwargs])) as Error;
    const label = `${method}(${JSON.stringify(args)}, ${JSON.stringify(kwargs)})`;
    assert(error instanceof RangeError || error instanceof TypeError, label);
    assert(/^Cannot .*[^.]$/.test(error.message), `${label}: ${error.message}`);
    assertEquals(rng.bitGenerator.getState(), before, label);
  }
});
