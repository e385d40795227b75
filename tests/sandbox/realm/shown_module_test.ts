import { assertEquals } from "@std/assert";
import { ShownModule } from "../../../src/sandbox/realm/shown_module.ts";
import { load, LONG_WORDS } from "./shown_instance.ts";

Deno.test("ShownModule leaves a module's names, exports and lines as they are", async () => {
  const text =
    "// let await = 1; const class = 2\nexport const rewind = typeof rew, x = /=/; // const rewind$ = 1";
  const { exports, lasting } = await load(text);
  assertEquals(Object.keys(exports), ["rewind", "rewind$$", "x"]);
  assertEquals(exports.rewind, "undefined");
  assertEquals(lasting.nameOf(() => true), "x");
  assertEquals(new ShownModule(text).source.startsWith(`${text}\n`), true);
  const { lasting: functions } = await load("const f = () => 1; class K { static n = 1; }");
  assertEquals(functions.nameOf(() => true), undefined);
  // Embedded data has words that nobody should look at letter by letter again and again.
  for (const data of LONG_WORDS) {
    assertEquals(new ShownModule(`const data = "${data}";`).source.includes('["data",'), true);
  }
});
