import { assertEquals } from "@std/assert";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import fc from "fast-check";
import MagicString from "magic-string";
import type { EncodedMap } from "../../../src/artifact/source_map.ts";
import { PlaceFinder } from "../../../src/sandbox/host/place_finder.ts";
import { thinMap } from "../../../src/sandbox/recorder/source_map.ts";

/** A text with random words replaced, and its map. */
function changed(words: readonly (string | null)[]): { text: string; map: EncodedMap } {
  const original = words.map((_, i) => `w${i}${i % 7 === 6 ? "\n" : " "}`).join("");
  const result = new MagicString(original);
  let offset = 0;
  words.forEach((word, i) => {
    const length = `w${i}`.length;
    if (word === "") result.remove(offset, offset + length + 1);
    else if (word !== null) result.overwrite(offset, offset + length, word);
    offset += length + 1;
  });
  const map = result.generateMap({ hires: "boundary", source: "a b/%.ts" }) as EncodedMap;
  return { text: result.toString(), map: { ...map, version: 3, sources: ["a b/%.ts"] } };
}

Deno.test("a thin map gives every place of the whole one", () => {
  const word = fc.option(fc.constantFrom("", "x", "longer", "two\nlines"));
  fc.assert(fc.property(fc.array(word, { minLength: 1, maxLength: 60 }), (words) => {
    const { text, map } = changed(words);
    const whole = new TraceMap(map as ConstructorParameters<typeof TraceMap>[0]);
    const thin = thinMap(map);
    assertEquals(thin.mappings.length <= map.mappings.length, true);
    const finder = new PlaceFinder(thin);
    text.split("\n").forEach((line, i) => {
      for (let column = 0; column < line.length; column++) {
        // Where a segment starts: between two of them the whole map says where the first one starts.
        const before = column === 0
          ? undefined
          : originalPositionFor(whole, { line: i + 1, column: column - 1 });
        const found = originalPositionFor(whole, { line: i + 1, column });
        if (
          found.line === null || (before?.line === found.line && before.column === found.column)
        ) continue;
        assertEquals(finder.placeOf(i + 1, column + 1), {
          file: "a b/%.ts",
          line: found.line,
          column: found.column + 1,
        });
      }
    });
  }));
});

Deno.test("what nobody wrote has no place", () => {
  const finder = new PlaceFinder({ version: 3, sources: ["a.ts"], names: [], mappings: ";A,CAAC" });
  assertEquals([finder.placeOf(1, 1), finder.placeOf(2, 1), finder.placeOf(9, 1)], [
    undefined,
    undefined,
    undefined,
  ]);
  assertEquals(finder.placeOf(2, 2), { file: "a.ts", line: 1, column: 2 });
});
