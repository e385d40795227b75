/**
 * Bundles the four texts that a sandbox child runs (bootstrap, watchdog, harness, and NumPy's generator,
 * which the harness loads where it is needed) into src/sandbox/harness.generated.ts. Run it after a change to anything that they import:
 * `deno run -A tools/build_harness.ts`.
 *
 * @module
 */

const ROOT = new URL("../", import.meta.url);

/** Where the texts are kept. */
export const GENERATED_URL: URL = new URL("src/sandbox/harness.generated.ts", ROOT);

const HARNESS_ENTRY = "src/sandbox/child.ts";

/** Constant in the generated module, its entry file, and what it is. */
const TEXTS: readonly [name: string, entry: string, about: string][] = [
  [
    "BOOTSTRAP_TEXT",
    "src/sandbox/bootstrap_entry.ts",
    "First code of a child, run as a data: URL.",
  ],
  ["WATCHDOG_TEXT", "src/sandbox/watchdog.ts", "Code of the child's watchdog thread."],
  ["HARNESS_TEXT", HARNESS_ENTRY, "Code that locks the child down and answers jobs."],
  ["NUMPY_TEXT", "src/rng/numpy_generator.ts", "Generator that the harness loads when asked for."],
];

/** The text of the generated module, from the sources as they are. */
export async function buildHarness(): Promise<string> {
  const map = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(map, await importMap());
    return format(
      await Promise.all(
        TEXTS.map(([, entry]) =>
          bundle(entry, entry === HARNESS_ENTRY ? map : "npm.import_map.json")
        ),
      ),
    );
  } finally {
    await Deno.remove(map);
  }
}

/** For the harness: names as npm has them, and NumPy's generator as what is loaded late. */
async function importMap(): Promise<string> {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("npm.import_map.json", ROOT)));
  const late = {
    [new URL("src/rng/numpy_generator.ts", ROOT).href]:
      new URL("src/sandbox/late_numpy.ts", ROOT).href,
  };
  return JSON.stringify({ imports: { ...imports, ...late } });
}

function format(texts: readonly string[]): string {
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

async function bundle(entry: string, importMapPath: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--quiet",
      "--minify",
      "--platform=browser",
      `--import-map=${importMapPath}`,
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
