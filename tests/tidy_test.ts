import { assert, assertEquals } from "@std/assert";

import { VERBS } from "../src/cli/verbs.ts";

const VERB_FILES = VERBS.map(({ name }) => `src/cli/${name.replaceAll("-", "_")}.ts`);
const ROOT = new URL("../", import.meta.url).pathname;

async function sources(folder: string): Promise<{ path: string; text: string }[]> {
  const found: { path: string; text: string }[] = [];
  for await (const entry of Deno.readDir(ROOT + folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) {
      if (path !== "tests/hostile" && !path.startsWith("tests/golden")) {
        found.push(...await sources(path));
      }
    } else if (path.endsWith(".ts") && !path.endsWith(".generated.ts")) {
      found.push({ path, text: await Deno.readTextFile(ROOT + path) });
    }
  }
  return found;
}

const SOURCES = (await Promise.all(["src", "tools", "bench", "examples"].map(sources))).flat();

Deno.test("every module says in its first lines what it is for", () => {
  for (const { path, text } of SOURCES) {
    assert(
      /^\/\*\*\n \* [\s\S]*?@module\n \*\//.test(text),
      `${path} has no module comment at its head`,
    );
  }
});

Deno.test("ARCHITECTURE.md names only files that are there", async () => {
  const map = await Deno.readTextFile(`${ROOT}ARCHITECTURE.md`);
  const places = map.slice(map.indexOf("## Where a behavior lives"));
  const paths = [...places.matchAll(/`([a-z_/]+(?:\.ts|\/))`/g)].map(([, path]) => `src/${path}`);
  assert(paths.length > 150, "the list of behaviors is not read");
  for (const path of paths) await Deno.stat(ROOT + path);
});

Deno.test("no markers of unfinished work are left", () => {
  for (const { path, text } of SOURCES) {
    const marker = new RegExp(
      `\\b(?:${["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"].join("|")})\\b`,
    );
    assertEquals(marker.exec(text)?.[0], undefined, path);
  }
});

Deno.test("modules of rooms that know no runtime say so", () => {
  for (const { path, text } of SOURCES) {
    if (!/^src\/(math|codec|rng|engine|sandbox\/realm|sandbox\/wire)\//.test(path)) continue;
    assert(
      text.slice(0, text.indexOf("*/")).replace(/\s+\*?\s*/g, " ")
        .includes("This module is browser compatible."),
      `${path} does not say that it is browser compatible`,
    );
  }
});

Deno.test("every module under src is imported by another one or exported", async () => {
  const manifest = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const exported = Object.values(manifest.exports as Record<string, string>);
  // Entry points of programs that these tools bundle.
  const tools = ["build_generators.ts", "build_harness.ts", "build_page_assets.ts"];
  const harness = (await Promise.all(
    tools.map((name) => Deno.readTextFile(`${ROOT}tools/${name}`)),
  )).join("");
  const all = [
    ...SOURCES,
    ...await Promise.all(["mod.ts", "cli.ts", "whole.ts"].map(async (path) => ({
      path,
      text: await Deno.readTextFile(ROOT + path),
    }))),
  ];
  const imported = new Set(
    all.flatMap(({ path, text }) =>
      [...text.matchAll(/"(\.{1,2}\/[^"]+)"/g)].map((match) =>
        new URL(match[1]!, `file:///${path}`).pathname.slice(1)
      )
    ),
  );
  for (const { path } of SOURCES) {
    if (!path.startsWith("src/") || exported.includes(`./${path}`)) continue;
    const name = path.replace(/^.*\//, "");
    // Verbs are loaded by their names in the table of src/cli/verbs.ts.
    if (VERB_FILES.includes(path)) continue;
    assert(imported.has(path) || harness.includes(name), `${path} is imported by nothing`);
  }
});

Deno.test("wrong arguments are refused with the marked classes of src/errors.ts", () => {
  // Code of pages and of the sandbox's realm, which speaks as the platform does; and errors that are caught at once.
  const free =
    /\/browser\/|\/report\/page\/|^src\/sandbox\/(realm|child)\/|^src\/artifact\/(canonical_json|shard_part)\.ts/;
  for (const { path, text } of SOURCES) {
    if (!path.startsWith("src/") || free.test(path)) continue;
    const plain = /\bnew (?:Type|Range|Syntax)Error\(/.exec(text)?.[0];
    assertEquals(
      plain,
      undefined,
      `${path}: use new Argument... as the command shows others as defects`,
    );
  }
});

Deno.test("npm.import_map.json names exactly what deno.json imports", async () => {
  const manifest = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const map = JSON.parse(await Deno.readTextFile(`${ROOT}npm.import_map.json`));
  const names = (imports: Record<string, string>) =>
    [
      ...new Set(
        Object.keys(imports).map((name) => name.replace(/^(@[^/]+\/[^/]+|[^@/][^/]*).*$/, "$1")),
      ),
    ].sort();
  assertEquals(names(map.imports), names(manifest.imports));
});
