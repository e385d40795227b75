import { assertEquals, assertThrows } from "@std/assert";
import { withParameters } from "../../src/campaign/parameters.ts";

Deno.test("withParameters replaces by path and leaves the base as it is", () => {
  const base = { a: 1, deep: { b: "x", list: [1] }, none: null };
  const set = { "deep.b": "y", "deep.list": [2, 3], none: 5 };
  assertEquals(withParameters(base, set), { a: 1, deep: { b: "y", list: [2, 3] }, none: 5 });
  assertEquals(base, { a: 1, deep: { b: "x", list: [1] }, none: null });
});

Deno.test("withParameters refuses unknown names, with the nearest, and values of another kind", () => {
  const base = { contact: 0.1, deep: { rate: 1 } };
  assertThrows(() => withParameters(base, { contcat: 1 }), RangeError, "did you mean 'contact'?");
  assertThrows(() => withParameters(base, { "deep.x": 1 }), RangeError, "'deep' has no 'x'");
  assertThrows(() => withParameters(undefined, { a: 1 }), RangeError, "export params");
  assertThrows(() => withParameters(base, { contact: "fast" }), TypeError, "it is a number");
});
