import { assertEquals, assertThrows } from "@std/assert";
import { keepKind } from "../../src/engine/given_value.ts";
import { GuardError } from "../../src/errors.ts";

Deno.test("keepKind() takes what stands for the kind that is there", () => {
  const cases: [old: unknown, given: unknown, kept: unknown][] = [
    [3, 4, 4],
    [3, NaN, NaN],
    [null, "x", "x"],
    [undefined, 1, 1],
    [5n, 7, 7n],
    [5n, 7n, 7n],
    [new Float64Array(2), [1, 0.5], new Float64Array([1, 0.5])],
    [new Float32Array(1), [0.1], new Float32Array([0.1])],
    [new Uint8Array(2), [0, 255], new Uint8Array([0, 255])],
    [new BigInt64Array(1), [3n], new BigInt64Array([3n])],
    [new Set(["a"]), ["b", "c"], new Set(["b", "c"])],
    [new Set(), [1], new Set([1])],
    [new Map([["a", 1]]), new Map([["b", 2]]), new Map([["b", 2]])],
    [new Date(0), new Date(5), new Date(5)],
    [[1, 2], [3], [3]],
    [[], ["a"], ["a"]],
    [[{ big: 1n }], [{ big: 2 }, { big: 3 }], [{ big: 2n }, { big: 3n }]],
    [{ a: 1, s: new Set([1]) }, { s: [2], a: 2 }, { a: 2, s: new Set([2]) }],
    [{}, { any: 1 }, { any: 1 }],
  ];
  for (const [old, given, kept] of cases) {
    assertEquals(keepKind(old, given, "state"), kept);
  }
  // The order of names is the state's: it is part of what is compared.
  assertEquals(Object.keys(keepKind({ a: 1, b: 2 }, { b: 1, a: 2 }, "state") as object), [
    "a",
    "b",
  ]);
});

Deno.test("keepKind() refuses another kind and says what to write", () => {
  const cases: [old: unknown, given: unknown, message: string][] = [
    [3, "3", 'Cannot set state: it is a number, and "3" does not fit; write a number, such as 3'],
    [3, null, "write a number"],
    [3, 4n, "write a number"],
    ["a", 3, "write a text in double quotes"],
    [true, 1, "write true or false"],
    [5n, 1.5, "write a whole number"],
    [new Float64Array(96), [1, 2, 3], "it is a Float64Array of 96, and [1, 2, 3] does not fit"],
    [new Float64Array(1), ["1"], "write an array of 1 numbers"],
    [new Uint8Array(1), [256], "write an array of 1 numbers that it can hold"],
    [new Uint8Array(1), [0.5], "that it can hold"],
    [new Float64Array(1), [1n], "that it can hold"],
    [new Float64Array(1), new Float32Array(1), "that it can hold"],
    [new Set(["a"]), [1], "write its values as an array"],
    [new Set(["a"]), "a", "write its values as an array"],
    [new Map(), [["a", 1]], '{"$map": [[key, value], ...]}'],
    [new Date(0), "2020-01-01", '{"$date": "2026-01-31T12:00:00.000Z"}'],
    [[1], ["a"], "Cannot set state[0]: it is a number"],
    [[1], { 0: 1 }, "write an array"],
    [{ x: 1, y: 2 }, { x: 1 }, "'y' is missing; write an object with x, y"],
    [{ infected: 1 }, { infectd: 1 }, "it has no part 'infectd'; did you mean 'infected'?"],
    [{ p: { x: 1 } }, { p: [1] }, "Cannot set state.p: it is an object"],
  ];
  for (const [old, given, message] of cases) {
    assertThrows(() => keepKind(old, given, "state"), GuardError, message);
  }
});
