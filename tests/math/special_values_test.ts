/**
 * Zeros, infinities, NaN, the ends of the range and exact results.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import * as math from "../../src/math/mod.ts";

const INF = Infinity;
const MIN = Number.MIN_VALUE;
const MAX = Number.MAX_VALUE;
const NORMAL = 2 ** -1022;
const PI = Math.PI;

/** Rows of arguments and, last, the result; `assertEquals` tells -0 from 0. */
const TABLE: Record<string, number[][]> = {
  sin: [[0, 0], [-0, -0], [INF, NaN], [-INF, NaN], [NaN, NaN], [MIN, MIN], [-NORMAL, -NORMAL]],
  cos: [[0, 1], [-0, 1], [INF, NaN], [-INF, NaN], [NaN, NaN], [MIN, 1]],
  tan: [[0, 0], [-0, -0], [INF, NaN], [-INF, NaN], [NaN, NaN], [-MIN, -MIN]],
  asin: [[0, 0], [-0, -0], [1, PI / 2], [-1, -PI / 2], [1.0000000000000002, NaN], [-INF, NaN], [
    NaN,
    NaN,
  ], [MIN, MIN]],
  acos: [[1, 0], [-1, PI], [0, PI / 2], [-0, PI / 2], [-1.0000000000000002, NaN], [INF, NaN], [
    NaN,
    NaN,
  ]],
  atan: [[0, 0], [-0, -0], [INF, PI / 2], [-INF, -PI / 2], [NaN, NaN], [MAX, PI / 2], [-MIN, -MIN]],
  exp: [
    [0, 1],
    [-0, 1],
    [INF, INF],
    [-INF, 0],
    [NaN, NaN],
    [709.782712893384, 1.7976931348622732e308],
    [709.7827128933841, INF],
    [-745.1332191019411, MIN],
    [-745.1332191019412, 0],
    [MAX, INF],
    [-MAX, 0],
    [MIN, 1],
  ],
  expm1: [
    [0, 0],
    [-0, -0],
    [INF, INF],
    [-INF, -1],
    [NaN, NaN],
    [MIN, MIN],
    [-NORMAL, -NORMAL],
    [709.7827128933841, INF],
    [-50, -1],
    [-MAX, -1],
  ],
  log: [
    [1, 0],
    [0, -INF],
    [-0, -INF],
    [-1, NaN],
    [-MIN, NaN],
    [INF, INF],
    [-INF, NaN],
    [NaN, NaN],
    [
      MIN,
      -744.4400719213812,
    ],
    [MAX, 709.782712893384],
  ],
  log1p: [
    [0, 0],
    [-0, -0],
    [-1, -INF],
    [-1.0000000000000002, NaN],
    [INF, INF],
    [-INF, NaN],
    [
      NaN,
      NaN,
    ],
    [MIN, MIN],
    [-MIN, -MIN],
    [MAX, 709.782712893384],
  ],
  log2: [[1, 0], [0, -INF], [-0, -INF], [-1, NaN], [INF, INF], [-INF, NaN], [NaN, NaN]],
  log10: [[1, 0], [0, -INF], [-0, -INF], [-1, NaN], [INF, INF], [-INF, NaN], [NaN, NaN]],
  sinh: [[0, 0], [-0, -0], [INF, INF], [-INF, -INF], [NaN, NaN], [MIN, MIN], [711, INF], [
    -711,
    -INF,
  ], [710.4758600739439, 1.7976931348621744e308]],
  cosh: [[0, 1], [-0, 1], [INF, INF], [-INF, INF], [NaN, NaN], [MIN, 1], [-711, INF]],
  tanh: [[0, 0], [-0, -0], [INF, 1], [-INF, -1], [NaN, NaN], [-MIN, -MIN], [20, 1], [-MAX, -1]],
  cbrt: [[0, 0], [-0, -0], [INF, INF], [-INF, -INF], [NaN, NaN], [-8, -2], [2 ** -1074, 2 ** -358]],
  atan2: [
    [0, 0, 0],
    [-0, 0, -0],
    [0, -0, PI],
    [-0, -0, -PI],
    [0, -1, PI],
    [-0, -1, -PI],
    [0, 1, 0],
    [-0, 1, -0],
    [1, 0, PI / 2],
    [1, -0, PI / 2],
    [-1, 0, -PI / 2],
    [-1, -0, -PI / 2],
    [1, INF, 0],
    [-1, INF, -0],
    [1, -INF, PI],
    [-1, -INF, -PI],
    [INF, 1, PI / 2],
    [-INF, -1, -PI / 2],
    [INF, INF, PI / 4],
    [-INF, INF, -PI / 4],
    [INF, -INF, 3 * PI / 4],
    [-INF, -INF, -3 * PI / 4],
    [NaN, 1, NaN],
    [1, NaN, NaN],
    [NaN, INF, NaN],
    [MIN, MAX, 0],
    [-MIN, MAX, -0],
    [MIN, -MAX, PI],
    [MAX, MIN, PI / 2],
    [MIN, MIN, PI / 4],
    [MAX, MAX, PI / 4],
    [-MIN, -MIN, -3 * PI / 4],
  ],
  pow: [
    [NaN, 0, 1],
    [NaN, -0, 1],
    [INF, 0, 1],
    [0, 0, 1],
    [1, NaN, NaN],
    [NaN, 1, NaN],
    [1, INF, NaN],
    [1, -INF, NaN],
    [-1, INF, NaN],
    [-1, -INF, NaN],
    [2, INF, INF],
    [-2, INF, INF],
    [2, -INF, 0],
    [0.5, INF, 0],
    [-0.5, -INF, INF],
    [INF, 2, INF],
    [INF, -2, 0],
    [INF, INF, INF],
    [INF, -INF, 0],
    [-INF, 3, -INF],
    [-INF, 2, INF],
    [-INF, 0.5, INF],
    [-INF, -3, -0],
    [-INF, -2, 0],
    [0, 3, 0],
    [0, -3, INF],
    [0, INF, 0],
    [0, -INF, INF],
    [-0, 3, -0],
    [-0, 2, 0],
    [-0, 0.5, 0],
    [-0, -3, -INF],
    [-0, -2, INF],
    [-8, 1 / 3, NaN],
    [-2, 3, -8],
    [-2, -2, 0.25],
    [-2, 2 ** 53, INF],
    [-0.5, 2 ** 53 - 1, -0],
    [2, 1023, 2 ** 1023],
    [2, 1024, INF],
    [2, -1074, MIN],
    [2, -1075, 0],
    [2, -1074.9999999999998, MIN],
    [MIN, 1, MIN],
    [MIN, -1, INF],
    [MAX, 1, MAX],
    [MAX, 2, INF],
    [1.0000000000000002, MAX, INF],
    [1, MAX, 1],
    [10, 308, 1e308],
    [10, -323, 1e-323],
    [4, 0.5, 2],
    [3, MIN, 1],
  ],
  hypot: [
    [0],
    [-0, 0],
    [-0, -0, 0],
    [-3, 3],
    [3, 4, 5],
    [3, 4, 12, 13],
    [INF, NaN, INF],
    [NaN, -INF, INF],
    [NaN, 0, NaN],
    [NaN, NaN],
    [-INF, INF],
    [MIN, MIN],
    [3 * MIN, 4 * MIN, 5 * MIN],
    [MAX, MIN, MAX],
    [MAX, MAX, INF],
    [3 * 2 ** 900, 4 * 2 ** 900, 5 * 2 ** 900],
  ],
};

const functions = math as unknown as Record<string, (...values: number[]) => number>;

for (const [name, rows] of Object.entries(TABLE)) {
  Deno.test(`${name}() keeps the special cases of Math.${name}`, () => {
    for (const row of rows) {
      const values = row.slice(0, -1);
      assertEquals(functions[name]!(...values), row.at(-1), `${name}(${values})`);
    }
  });
}

Deno.test("log2() is exact for every power of two, log10() for every power of ten", () => {
  for (let k = -1074; k < 1024; k++) assertEquals(math.log2(2 ** k), k);
  for (let k = 0; k < 23; k++) assertEquals(math.log10(Number(`1e${k}`)), k);
});

Deno.test("cbrt() is exact for every cube of an integer, pow() for every power below 2^53", () => {
  for (let n = 1; n < 2000; n++) {
    assertEquals(math.cbrt(n * n * n), n);
    let power = n;
    for (let k = 1; n > 1 && power < 2 ** 53; k++) {
      assertEquals(math.pow(n, k), power);
      assertEquals(math.pow(-n, k), k % 2 === 0 ? power : -power);
      power *= n;
    }
  }
});

Deno.test("mod.ts exports the functions that Math has, under their names", () => {
  // inverse_hyperbolic_test.ts has the special values of these.
  const others = ["acosh", "asinh", "atanh"];
  assertEquals(Object.keys(math).sort(), [...Object.keys(TABLE), ...others].sort());
});
