/**
 * Bundles the texts that a sandbox child runs into two modules of src/sandbox/host. Run it after a change
 * to anything that they import: `deno run -A tools/build_harness.ts`.
 *
 * @module
 */

import { SHARED_MODULE } from "../src/sandbox/child/bootstrap.ts";
import { importMap, ROOT, runBundler } from "./bundle.ts";

/** Where the texts are kept: what a child starts with apart from the rest, so that it can start at once. */
export const GENERATED_URLS = {
  bootstrap: new URL("src/sandbox/host/bootstrap.generated.ts", ROOT),
  harness: new URL("src/sandbox/host/harness.generated.ts", ROOT),
} as const;

/** The parts of the harness; what they share becomes a module of its own. */
const HARNESS_ENTRIES = ["src/sandbox/realm/run_realm.ts", "src/sandbox/realm/jobs.ts"];

/** As the bundler names the module that the parts import. */
const SHARED_CHUNK = /"\.{1,2}\/chunk-\w+\.js"/g;

const HEAD = "// deno-fmt-ignore-file\n// deno-lint-ignore-file\n" +
  "/**\n * Made by tools/build_harness.ts from the sources of the sandbox child; not to be edited.\n" +
  " *\n * @module\n */\n\n";

/** The texts of the generated modules, from the sources as they are. */
export async function buildHarness(): Promise<Record<keyof typeof GENERATED_URLS, string>> {
  const bootstrap = await bundle("src/sandbox/child/bootstrap_entry.ts");
  const harness = await bundleHarness();
  const texts = [
    await bundle("src/sandbox/child/watchdog.ts"),
    ...harness,
    await bundle("src/rng/numpy/generator.ts"),
  ];
  return {
    bootstrap: HEAD + "/** First code of a child, run as a data: URL. */\n" +
      `export const BOOTSTRAP_TEXT: string = ${JSON.stringify(bootstrap)};\n`,
    harness: HEAD +
      "/**\n * What a child reads, in this order: its watchdog thread, what the parts of the harness share, the\n" +
      " * harness itself, the jobs, NumPy's generator.\n */\n" +
      `export const CHILD_TEXTS: readonly string[] = ${JSON.stringify(texts, null, 2)};\n`,
  };
}

/** What the parts of the harness share, and the parts. */
async function bundleHarness(): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  try {
    const map = `${folder}/import_map.json`;
    // NumPy's generator is loaded late.
    await Deno.writeTextFile(
      map,
      await importMap({ "src/rng/numpy/generator.ts": "src/sandbox/realm/late_numpy.ts" }),
    );
    await runBundler([
      "--code-splitting",
      `--outdir=${folder}/out`,
      `--import-map=${map}`,
      ...HARNESS_ENTRIES,
    ]);
    const names = [...Deno.readDirSync(`${folder}/out`)].map(({ name }) => name);
    const chunks = names.filter((name) => name.startsWith("chunk-"));
    if (chunks.length !== 1) throw new Error(`Cannot use ${chunks.length} shared modules`);
    const files = [
      chunks[0]!,
      ...HARNESS_ENTRIES.map((path) => path.replace(/^.*\//, "").replace(/ts$/, "js")),
    ];
    const texts = await Promise.all(
      files.map((name) => Deno.readTextFile(`${folder}/out/${name}`)),
    );
    return texts.map((text) => text.trim().replace(SHARED_CHUNK, `"${SHARED_MODULE}"`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function bundle(entry: string): Promise<string> {
  return (await runBundler(["--import-map=npm.import_map.json", entry])).trim();
}

if (import.meta.main) {
  const texts = await buildHarness();
  for (const [name, url] of Object.entries(GENERATED_URLS)) {
    await Deno.writeTextFile(url, texts[name as keyof typeof texts]);
  }
}
