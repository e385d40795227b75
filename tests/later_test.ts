import { assertEquals, assertRejects } from "@std/assert";
import { carry, later } from "../src/later.ts";
import { RewindError } from "../src/errors.ts";
import { readModules, ROOT } from "./import_graph.ts";

/** Calls of `later` in the sources: who calls, the name, and the module whose type it is given. */
async function laterCalls(): Promise<{ path: string; name: string; type: string }[]> {
  return (await readModules("src")).flatMap(({ path, text }) =>
    Array.from(
      text.matchAll(/\blater<typeof import\("([^"]+)"\)>\(\s*"([^"]+)"/g),
      ([, type, name]) => ({ path, name: name!, type: type! }),
    )
  );
}

Deno.test("later() loads a part by its path below src", async () => {
  const part = await later<typeof import("../src/bytes/hex.ts")>("bytes/hex.ts");
  assertEquals(part.toHex(Uint8Array.of(255)), "ff");
});

Deno.test("later() takes a carried part, and says what to do where one is missing", async () => {
  const missing = await assertRejects(() => later("nowhere/part.ts"), RewindError);
  assertEquals(
    missing.message,
    "Cannot load 'nowhere/part.ts', a part of rewind; if the program is bundled, import " +
      "'@rewind/cli/whole' in place of '@rewind/cli'",
  );
  carry({ "nowhere/part.ts": () => Promise.resolve({ x: 1 }) });
  assertEquals(await later("nowhere/part.ts"), { x: 1 });
});

Deno.test("every call of later() names the module whose type it is given", async () => {
  const calls = await laterCalls();
  assertEquals(calls.length > 5, true);
  for (const { path, name, type } of calls) {
    assertEquals(new URL(type, `file:///${path}`).pathname, `/src/${name}`, path);
  }
});

Deno.test("whole.ts carries every part that the library loads later", async () => {
  const text = await Deno.readTextFile(`${ROOT}whole.ts`);
  const carried = Array.from(
    text.matchAll(/"([^"]+)": \(\) => import\("\.\/src\/([^"]+)"\)/g),
    ([, name, path]) => {
      assertEquals(path, name);
      return name!;
    },
  );
  const asked = (await laterCalls()).filter(({ path }) => !path.startsWith("src/cli/"))
    .map(({ name }) => name);
  assertEquals(carried.sort(), [...new Set(asked)].sort());
});
