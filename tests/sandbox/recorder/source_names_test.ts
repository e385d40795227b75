import { assertEquals } from "@std/assert";
import { sourceFile } from "../../../src/sandbox/recorder/source_names.ts";
import { ModuleFolder } from "./support.ts";

Deno.test("files of packages are named by package and version, and what a map of theirs invents by no package", async () => {
  await using folder = new ModuleFolder({
    "node_modules/chess/package.json": '{"name":"chess","version":"1.4.0"}',
    "node_modules/chess/dist/chess.js": "",
    "node_modules/plain/package.json": "{}",
  });
  const nameOf = (source: string) => sourceFile(source, folder.path).name;
  assertEquals(nameOf("node_modules/chess/dist/chess.js"), "npm:chess@1.4.0/dist/chess.js");
  assertEquals(nameOf("node_modules/plain/a.js"), "npm:plain@0.0.0/a.js");
  // Its map says ../../../src/chess.ts.
  assertEquals(nameOf("node_modules/src/chess.ts"), "npm:.../chess.ts");
  assertEquals(nameOf("lib/a.ts"), "lib/a.ts");
  assertEquals(nameOf("../b.ts"), "b.ts");
});
