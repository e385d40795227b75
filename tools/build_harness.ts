/**
 * Bundles the three texts that a sandbox child runs (bootstrap, watchdog, harness) into
 * src/sandbox/harness.generated.ts. Run it after a change to anything that they import:
 * `deno run -A tools/build_harness.ts`.
 *
 * @module
 */

const ROOT = new URL("../", import.meta.url);

/** Where the texts are kept. */
export const GENERATED_URL: URL = new URL("src/sandbox/harness.generated.ts", ROOT);

/** Constant in the generated module, its entry file, and what it is. */
const TEXTS: readonly [name: string, entry: string, about: string][] = [
  [
    "BOOTSTRAP_TEXT",
    "src/sandbox/bootstrap_entry.ts",
    "First code of a child, run as a data: URL.",
  ],
  ["WATCHDOG_TEXT", "src/sandbox/watchdog.ts", "Code of the child's watchdog thread."],
  ["HARNESS_TEXT", "src/sandbox/child.ts", "Code that locks the child down and answers jobs."],
];

/** The text of the generated module, from the sources as they are. */
export async function buildHarness(): Promise<string> {
  const texts = await Promise.all(TEXTS.map(([, entry]) => bundle(entry)));
  const constants = TEXTS.map(([name, , about], i) =>
    `/** ${about} */\nexport const ${name}: string = ${JSON.stringify(texts[i])};\n`
  );
  return [
    "// deno-fmt-ignore-file\n// deno-lint-ignore-file\n" +
    "/**\n * Made by tools/build_harness.ts from the sources of the sandbox child; not to be edited.\n" +
    " *\n * @module\n */\n",
    ...constants,
  ].join("\n");
}

async function bundle(entry: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--quiet",
      "--minify",
      "--platform=browser",
      "--import-map=npm.import_map.json",
      "--lock=npm.deno.lock",
      entry,
    ],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) {
    throw new Error(`Cannot bundle ${entry}: ${new TextDecoder().decode(stderr)}`);
  }
  return new TextDecoder().decode(stdout).trim();
}

if (import.meta.main) await Deno.writeTextFile(GENERATED_URL, await buildHarness());
