/** Parts of the live page that need no browser. */

import { assertEquals, assertThrows } from "@std/assert";
import { PAGE_STORED_BYTES_MAX } from "../../../../src/view/limits.ts";
import { bulkRange } from "../../../../src/view/browser/live/bulk_range.ts";
import { Cursor } from "../../../../src/view/browser/live/page_cursor.ts";
import { EditError, putValue, readLike } from "../../../../src/view/browser/live/edits.ts";
import { Kept } from "../../../../src/view/browser/live/kept.ts";
import { KeptCheckpoints } from "../../../../src/view/browser/live/kept_checkpoints.ts";
import {
  missingPlace,
  parsePlace,
  placeText,
} from "../../../../src/view/browser/live/place_link.ts";

Deno.test("bulkRange() leaves a spike out, and nothing else", () => {
  const flat = Float64Array.from({ length: 1000 }, (_, i) => Math.sin(i));
  assertEquals(bulkRange([flat]).isCut, false);
  const spiked = flat.slice();
  spiked[500] = 1e6;
  const { range, extremes, isCut } = bulkRange([spiked]);
  assertEquals([isCut, extremes[1]], [true, 1e6]);
  assertEquals(range[0] >= -2.5 && range[1] <= 2.5, true);
  assertEquals(bulkRange([new Float64Array([NaN])]).range, [0, 1]);
  assertEquals(bulkRange([Float64Array.of(-1.7e308, 1.7e308)]).range.every(Number.isFinite), true);
});

Deno.test("Cursor: the place stays in the run and in sight", () => {
  const cursor = new Cursor(1000);
  const told: string[] = [];
  cursor.onChange((change) => told.push(change));
  cursor.go(2000);
  assertEquals(cursor.t, 999);
  cursor.show(100, 200);
  assertEquals([cursor.from, cursor.to, cursor.t], [100, 200, 199]);
  cursor.go(500);
  assertEquals([cursor.from, cursor.to], [450, 550]);
  cursor.zoom(0.2);
  assertEquals([cursor.from, cursor.to], [490, 510]);
  cursor.show(-50, 5000);
  assertEquals(cursor.isWhole, true);
  assertEquals(told, ["t", "range", "t", "range", "t", "range", "range"]);
  const single = new Cursor(1);
  single.zoom(0.1);
  assertEquals([single.from, single.to], [0, 1]);
});

Deno.test("stored states are read once, as long as there is room", () => {
  const reads: number[] = [];
  const size = Math.floor(0.3 * PAGE_STORED_BYTES_MAX);
  const kept = new KeptCheckpoints({
    length: 9,
    bytesAt(index) {
      reads.push(index);
      const bytes = new Uint8Array(size);
      bytes[0] = index;
      return bytes;
    },
  });
  for (const index of [0, 1, 0, 2, 0, 3, 0, 1]) assertEquals(kept.bytesAt(index)[0], index);
  assertEquals(
    [kept.length, reads],
    [9, [0, 1, 2, 3, 1]],
    "1 made room, 0 was asked for all along",
  );
});

Deno.test("a value that is kept anew takes the room of one, however often", () => {
  const kept = new Kept<string>({ bytesMax: 100, countMax: 3 });
  kept.set(1, "one", 40);
  for (let i = 0; i < 9; i++) kept.set(2, `two, ${i}`, 40);
  assertEquals([kept.get(1), kept.get(2)], ["one", "two, 8"]);
  kept.set(3, "three", 40);
  assertEquals([kept.get(1), kept.get(2), kept.get(3)], [undefined, "two, 8", "three"]);
  for (const key of [4, 5, 6]) kept.set(key, "small", 1);
  assertEquals([3, 4, 5, 6].map((key) => kept.get(key) !== undefined), [false, true, true, true]);
  kept.set(7, "too large", 1000);
  assertEquals([kept.get(6), kept.get(7)], [undefined, "too large"]);
});

Deno.test("places are read from an address as they were written; anything else is nothing", () => {
  assertEquals(parsePlace(placeText(5, [1, 9])), { t: 5, range: [1, 9] });
  assertEquals(parsePlace(placeText(5, undefined)), { t: 5, range: undefined });
  for (const text of ["", "#t=-1", "#t=1e9", "#range=9..1", "#x", "#t=99999999999999999"]) {
    assertEquals(parsePlace(text), { t: undefined, range: undefined }, text);
  }
});

Deno.test("a link to a place that the run does not have says what it asks for", () => {
  const told = (link: string) => missingPlace(parsePlace(link), 2000);
  assertEquals([told("#t=1999&range=0..2000"), told("")], ["", ""]);
  assertEquals(told("#t=2000"), "The link asks for t = 2,000; this run ends at t = 1,999.");
  assertEquals(
    told("#t=5&range=1900..2100"),
    "The link asks for t = 1,900 to 2,099; this run ends at t = 1,999.",
  );
});

Deno.test("an edit keeps the kind of what it replaces, or is refused and changes nothing", () => {
  assertEquals(readLike("1e3", 5), 1000);
  assertEquals(readLike("-0", 5), -0);
  assertEquals(readLike("nan", 5), NaN);
  assertEquals(readLike("12", 5n), 12n);
  assertEquals(readLike("5", "text"), "5");
  assertEquals(readLike('"a\\n"', "text"), "a\n");
  assertEquals(readLike("false", true), false);
  for (
    const [text, old] of [["", 5], ["x", 5], ["0x10", 5], ["1.5", 5n], ["yes", true], ["1", null]]
  ) {
    assertThrows(() => readLike(text as string, old), EditError);
  }
  const place = (container: object, index: number) => ({ container, index, path: "" });
  const map = new Map<unknown, unknown>([["a", 1], [{ b: 2 }, 3]]);
  putValue(place(map, 1), 4);
  assertEquals([...map.values()], [1, 4]);
  const bytes = Uint8Array.of(1, 2);
  assertThrows(() => putValue(place(bytes, 0), 256), EditError, "a Uint8Array would hold 0");
  assertThrows(() => putValue(place(bytes, 0), 0.5), EditError);
  assertEquals([...bytes], [1, 2]);
  assertThrows(() => putValue(place(new Set([1]), 0), 2), EditError, "command line");
  const object = { x: 1, y: [1, 2] };
  putValue(place(object, 0), 7);
  putValue(place(object.y, 1), 8);
  assertEquals(object, { x: 7, y: [1, 8] });
});
