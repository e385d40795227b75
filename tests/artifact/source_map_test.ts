import { assertEquals, assertThrows } from "@std/assert";
import { parseSourceMap, sourceMapInfo } from "../../src/artifact/source_map.ts";
import { openRecord } from "../../src/artifact/open_record.ts";
import { contentHashOf } from "../../src/artifact/encode_artifact.ts";
import { ArtifactIntegrityError } from "../../src/errors.ts";
import { artifactOf, WALK } from "../cli/fixtures.ts";

const MAP = JSON.stringify({
  version: 3,
  sources: ["lib/a.ts", "npm:b@1.0.0/c.js", null],
  sourcesContent: ["text", null, null],
  names: [],
  mappings: "AAAA;ACAA",
});

Deno.test("a source map travels with the source, outside the content hash", async () => {
  const { record, info, checkAll } = await openRecord(await artifactOf(WALK, { sourceMap: MAP }));
  checkAll();
  assertEquals(record.sourceMap, MAP);
  assertEquals(info.contentHash, contentHashOf(WALK));
  assertEquals(info.sourceMap, { sources: ["lib/a.ts", "npm:b@1.0.0/c.js", ""], texts: 1 });
  const plain = await openRecord(await artifactOf(WALK));
  assertEquals([plain.record.sourceMap, plain.info.sourceMap], [undefined, undefined]);
  const sourceless = await openRecord(
    await artifactOf(WALK, { source: undefined, sourceMap: MAP }),
  );
  assertEquals(sourceless.record.sourceMap, undefined);
});

Deno.test("parseSourceMap() takes source maps and refuses all else", () => {
  assertEquals(parseSourceMap(MAP).mappings, "AAAA;ACAA");
  const good = JSON.parse(MAP);
  for (
    const bad of [
      "",
      "{",
      "null",
      "[]",
      '"text"',
      JSON.stringify({ ...good, version: 2 }),
      JSON.stringify({ ...good, sources: "a" }),
      JSON.stringify({ ...good, sources: [1] }),
      JSON.stringify({ ...good, names: null }),
      JSON.stringify({ ...good, sourcesContent: [{}] }),
      JSON.stringify({ ...good, mappings: 1 }),
      JSON.stringify({ ...good, mappings: "A A" }),
      JSON.stringify({ ...good, mappings: "A\u0000" }),
    ]
  ) {
    assertThrows(() => parseSourceMap(bad), ArtifactIntegrityError, "source map", bad);
    assertThrows(() => sourceMapInfo(bad), ArtifactIntegrityError);
  }
});
