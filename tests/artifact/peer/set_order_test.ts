import { assertEquals } from "@std/assert";
import { inSetOrder } from "../../../src/artifact/peer/set_order.ts";

// From CPython 3.11: the order at which `s = set(); s.update(order); order = list(s)` settles.
Deno.test("inSetOrder() gives the order of CPython's hash table", () => {
  assertEquals(inSetOrder([3, 1, 2]), [1, 2, 3]);
  assertEquals(inSetOrder([8, 0]), [8, 0]);
  assertEquals(inSetOrder([16, 8, 24, 1]), [16, 8, 24, 1]);
  assertEquals(inSetOrder([-1, -2]), [-1, -2]);
  assertEquals(inSetOrder([2n ** 61n - 1n, 0]), [2n ** 61n - 1n, 0]);
  assertEquals(inSetOrder([2n ** 64n, 5, -7, 100, 33]), [33, 100, 5, 2n ** 64n, -7]);
  assertEquals(inSetOrder([true, 2]), [true, 2]);
  assertEquals(inSetOrder([]), []);
});

Deno.test("inSetOrder() gives up on sets whose order never settles in CPython", () => {
  assertEquals(inSetOrder([9, 1, 17, 25, 33, 41]), undefined);
  assertEquals(inSetOrder(Array.from({ length: 50 }, (_, i) => 8 * i)), undefined);
});
