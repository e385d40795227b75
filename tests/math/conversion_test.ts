import { assertEquals, assertThrows } from "@std/assert";
import * as math from "../../src/math/mod.ts";

type Function = (...values: unknown[]) => number;

Deno.test("every function converts its arguments as Math does, as it stands in for it in the sandbox", () => {
  const one = { valueOf: () => 1 };
  const given = [
    [],
    [undefined],
    [null],
    ["0.5"],
    ["x"],
    [true],
    [[1]],
    [{}],
    [one],
    [new Date(1)],
    ["2", "3"],
    [null, null],
    [one, [2]],
    [{}, 1],
    [1, {}],
    [0, "-0"],
  ];
  for (const [name, portable] of Object.entries(math) as [string, Function][]) {
    const native = Reflect.get(Math, name) as Function;
    for (const values of given) {
      const numbers = values.map(Number);
      // hypot takes any number of them, and misses none
      while (name !== "hypot" && numbers.length < native.length) numbers.push(NaN);
      const expected = portable(...numbers);
      assertEquals(portable(...values), expected, `${name}(${values})`);
      assertEquals(Number.isNaN(native(...values)), Number.isNaN(expected), `${name}(${values})`);
    }
    for (const wrong of [1n, Symbol("x")]) {
      assertThrows(() => portable(wrong, 1), TypeError, undefined, name);
      if (native.length > 1) assertThrows(() => portable(1, wrong), TypeError, undefined, name);
    }
  }
});
