import { assertEquals } from "@std/assert";

/** Every code that a class of errors or a single error declares. */
async function codesIn(folder: string): Promise<string[]> {
  const codes: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) codes.push(...await codesIn(path));
    if (!entry.isFile || !path.endsWith(".ts") || path.endsWith(".generated.ts")) continue;
    const text = (await Deno.readTextFile(path)).replaceAll(/^ \*.*$/gm, "");
    const declared = text.matchAll(
      /(?:\bsuper\(|RewindError\(|readonly code =)\s*"([A-Z][A-Z_]+)"/g,
    );
    codes.push(...[...declared].map(([, code]) => code!));
  }
  return codes;
}

Deno.test("docs/errors.md explains every code that rewind throws, and no other", async () => {
  const root = new URL("../", import.meta.url).pathname;
  const page = await Deno.readTextFile(`${root}docs/errors.md`);
  const explained = [...page.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code!);
  assertEquals(explained.toSorted(), [...new Set(await codesIn(`${root}src`))].toSorted());
});
