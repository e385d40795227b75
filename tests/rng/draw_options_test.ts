import { assertEquals, assertThrows } from "@std/assert";
import { createRng, type RngName } from "../../src/rng/backends.ts";

/** A draw by name, as a step without types would write it. */
function draw(backend: RngName, method: string, ...args: unknown[]): unknown {
  const rng = createRng(backend, 42) as unknown as Record<string, (...args: unknown[]) => unknown>;
  return rng[method]!(...args);
}

/** Why a draw is refused. */
function refusal(backend: RngName, method: string, ...args: unknown[]): string {
  return assertThrows(() => draw(backend, method, ...args), TypeError).message;
}

Deno.test("choices() takes the weights by position, as Python does", () => {
  for (const backend of ["python", "sfc32"] as const) {
    const population = ["a", "b", "c"];
    const byName = draw(backend, "choices", population, { weights: [1, 9, 90], k: 20 });
    assertEquals(draw(backend, "choices", population, [1, 9, 90], { k: 20 }), byName);
    assertEquals(
      draw(backend, "choices", population, Float64Array.of(1, 9, 90), { k: 20 }),
      byName,
    );
    assertEquals((draw(backend, "choices", population, [0, 0, 1]) as unknown[])[0], "c");
  }
});

Deno.test("options of another name are refused with the right one, on every backend", () => {
  const cases: [RngName, string, unknown[], string][] = [
    ["python", "choices", [[1, 2], { cum_weights: [1, 3] }], "did you mean 'cumWeights'?"],
    ["sfc32", "choices", [[1, 2], { weight: [1, 3] }], "did you mean 'weights'?"],
    ["python", "choices", [[1, 2], [1, 3], { cumWeights: [1, 2] }], "the options are k"],
    ["python", "sample", [[1, 2], 1, { count: [1, 1] }], "did you mean 'counts'?"],
    ["numpy", "random", [{ Size: 3 }], "did you mean 'size'?"],
    ["numpy", "normal", [0, 1, { shape: [2] }], "the options are size"],
    ["numpy", "integers", [0, 9, { endPoint: true }], "did you mean 'endpoint'?"],
    [
      "numpy",
      "choice",
      [[1, 2], { probs: [0.5, 0.5] }],
      "the options are size, replace, p, shuffle, axis",
    ],
    ["numpy", "standardExponential", [{ Method: "inv" }], "did you mean 'method'?"],
    ["numpy", "poisson", [3, { sizes: 2 }], "did you mean 'size'?"],
    ["numpy", "shuffle", [[1, 2], { axes: 0 }], "did you mean 'axis'?"],
  ];
  for (const [backend, method, args, hint] of cases) {
    const message = refusal(backend, method, ...args);
    assertEquals(message.startsWith("Cannot draw with the option '"), true, message);
    assertEquals(message.endsWith(hint), true, message);
  }
});

Deno.test("lists and numbers in the place of options are refused", () => {
  assertEquals(
    refusal("numpy", "normal", 0, 1, [2, 3]),
    "Cannot draw with the options a list: they must be an object, with 'size' as names",
  );
  assertEquals(
    refusal("numpy", "random", 5).includes("an object, with 'size', 'dtype', 'out'"),
    true,
  );
  assertEquals(refusal("python", "sample", [1, 2], 1, [1, 1]).includes("a list"), true);
  assertEquals(refusal("python", "choices", [1, 2], 3).includes("options 3"), true);
  assertEquals(refusal("python", "choices", [1, 2], {}, { k: 2 }).includes("not a list"), true);
});

Deno.test("more arguments than a draw takes are refused, on every backend", () => {
  const counts: Record<RngName, Record<string, unknown[]>> = {
    python: {
      ...{ random: [], getrandbits: [8], randrange: [0, 9, 2], randint: [0, 9], choice: [[1]] },
      ...{ choices: [[1], [1], { k: 1 }], shuffle: [[1]], sample: [[1], 1, {}], uniform: [0, 1] },
      ...{ gauss: [0, 1], expovariate: [1], triangular: [0, 1, 0.5], betavariate: [1, 1] },
    },
    sfc32: { random: [], randint: [0, 9], uniform: [0, 1], normalvariate: [0, 1] },
    numpy: {
      ...{ random: [{}], normal: [0, 1, {}], integers: [0, 9, {}], choice: [[1], {}], bytes: [1] },
      ...{
        poisson: [1, {}],
        standardNormal: [{}],
        hypergeometric: [1, 1, 1, {}],
        triangular: [0, 1, 2, {}],
      },
    },
  };
  for (const backend of Object.keys(counts) as RngName[]) {
    for (const [method, args] of Object.entries(counts[backend])) {
      draw(backend, method, ...args);
      assertEquals(
        refusal(backend, method, ...args, 7),
        `Cannot draw by ${method}: there are more arguments than it takes, which is ${
          args.length === 0 ? "none" : args.length === 1 ? "one" : args.length
        }`,
      );
    }
  }
});
