import { assertEquals, assertThrows } from "@std/assert";
import { NumpyGenerator } from "../../../src/rng/numpy/generator.ts";

/** Calls with arguments as JavaScript lets them be written; nothing may be drawn if they are refused. */
function assertRefused(
  [method, ...args]: readonly [string, ...unknown[]],
  ErrorClass: typeof TypeError | typeof RangeError,
  message: string,
): void {
  const rng = new NumpyGenerator(1);
  const before = rng.bitGenerator.getState();
  const found = Reflect.get(rng, method) as (...args: unknown[]) => unknown;
  assertThrows(() => found.apply(rng, args), ErrorClass, message);
  assertEquals(rng.bitGenerator.getState(), before, method);
}

Deno.test("NumpyGenerator takes no text, list, null or bigint for a number", () => {
  for (const wrong of ["1", [1], null, 1n, true, Symbol("one")]) {
    assertRefused(["uniform", wrong, 2], TypeError, "low must be a number");
    assertRefused(["uniform", 0, wrong], TypeError, "high must be a number");
    assertRefused(["bytes", wrong], TypeError, "Cannot draw");
    if (typeof wrong !== "bigint") {
      assertRefused(["integers", wrong, 5], TypeError, "low must be an integer");
      assertRefused(["integers", 0, wrong], TypeError, "high must be an integer");
    }
  }
});

Deno.test("NumpyGenerator takes lists of numbers only for vectors of parameters", () => {
  for (const wrong of [1.5, 5, null, undefined, "12", {}, [null], ["1"], [1n], [[1]], Infinity]) {
    assertRefused(["dirichlet", wrong], TypeError, "alpha");
    assertRefused(["multinomial", 5, wrong], TypeError, "pvals");
    assertRefused(["multivariateHypergeometric", wrong, 0], TypeError, "colors");
    if (wrong !== undefined) {
      assertRefused(["choice", 1, { p: wrong }], TypeError, ": p");
    }
  }
  assertRefused(["choice", 2, { p: [Infinity, 0] }], RangeError, "add up to 1");
});

Deno.test("NumpyGenerator.dirichlet() refuses -0, with which NumPy may never come to an end", () => {
  assertRefused(["dirichlet", [0, -0, 0.02]], RangeError, "it is -0");
});

Deno.test("NumpyGenerator refuses options that are no object, such as Python's positional size", () => {
  for (const wrong of [5, null, "x", true]) {
    assertRefused(["random", wrong], TypeError, "options");
    assertRefused(["standardExponential", wrong], TypeError, "options");
    assertRefused(["integers", 0, 10, wrong], TypeError, "options");
    assertRefused(["normal", 0, 1, wrong], TypeError, "options");
    assertRefused(["uniform", 0, 1, wrong], TypeError, "options");
    assertRefused(["poisson", 3, wrong], TypeError, "options");
    assertRefused(["dirichlet", [1, 2], wrong], TypeError, "options");
    assertRefused(["multivariateHypergeometric", [1, 2], 1, wrong], TypeError, "options");
    assertRefused(["choice", 3, wrong], TypeError, "options");
    assertRefused(["shuffle", [1, 2], wrong], TypeError, "options");
    assertRefused(["permutation", [1, 2], wrong], TypeError, "options");
    assertRefused(["permuted", [1, 2], wrong], TypeError, "options");
  }
});

Deno.test("NumpyGenerator refuses sizes with holes", () => {
  // deno-lint-ignore no-sparse-arrays -- a hole is what is tested
  assertRefused(["random", { size: [2, , 2] }], TypeError, "a length must be an integer");
});

Deno.test("NumpyGenerator refuses shapes that the data does not have", () => {
  for (const method of ["shuffle", "permutation", "permuted", "choice"]) {
    const refused = (x: unknown, message: string) =>
      assertRefused([method, x], message === "list" ? TypeError : RangeError, message);
    refused({ shape: [2, 2], data: [1, 2, 3] }, "3 elements");
    refused({ shape: [-1, -3], data: [1, 2, 3] }, "shape [-1, -3]");
    refused({ shape: [1.5, 2], data: [1, 2, 3] }, "shape [1.5, 2]");
    refused({ shape: [NaN], data: [] }, "shape [NaN]");
    refused({ shape: [2], data: "ab" }, "list");
    refused({ shape: 3, data: [1, 2, 3] }, "list");
  }
});

Deno.test("NumpyGenerator refuses a noncentrality whose draws NumPy would overflow", () => {
  assertRefused(["noncentralChisquare", 0.5, 1e19], RangeError, "nonc must be");
  assertRefused(["noncentralF", 0.5, 2, Infinity], RangeError, "nonc must be");
  const rng = new NumpyGenerator(1);
  assertEquals(rng.noncentralChisquare(2, Infinity), Infinity);
  assertEquals(rng.noncentralChisquare(0.5, NaN), NaN);
  rng.noncentralChisquare(0.5, 9e18);
});
