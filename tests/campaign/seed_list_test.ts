import { assertEquals, assertThrows } from "@std/assert";
import { SeedList } from "../../src/campaign/seed_list.ts";

const seeds = (text: string) => {
  const list = SeedList.parse(text);
  return Array.from({ length: list.count }, (_, i) => list.at(i));
};

Deno.test("SeedList reads ranges with both ends, lists, and both", () => {
  assertEquals(seeds("0..3"), [0n, 1n, 2n, 3n]);
  assertEquals(seeds("5,1, -2"), [5n, 1n, -2n]);
  assertEquals(seeds("-1..1,9_007_199_254_740_993"), [-1n, 0n, 1n, 9007199254740993n]);
  assertEquals(`${SeedList.parse("3..3,7..8")}`, "3,7..8");
  assertEquals(`${SeedList.of([1, 2, 3n, 9])}`, "1..3,9");
});

Deno.test("SeedList refuses what is no list, an empty range, a seed that is there twice, and too many", () => {
  for (const text of ["", "1,,2", "1...3", "1.5", "a", "0-9"]) {
    assertThrows(() => SeedList.parse(text), SyntaxError, "seeds", text);
  }
  assertThrows(() => SeedList.parse("5..1"), RangeError, "is empty");
  assertThrows(() => SeedList.parse("0..9,4"), RangeError, "4 is there twice");
  assertThrows(() => SeedList.parse("0..9999999999"), RangeError, "more than");
  assertThrows(() => SeedList.of([]), RangeError, "without seeds");
});
