/**
 * Bundles the generators, as a step module that imports them gets them, into
 * src/sandbox/recorder/generators.generated.ts. Run it after a change to anything in src/rng:
 * `deno run -A tools/build_generators.ts`.
 *
 * @module
 */

import { printModule } from "../src/sandbox/recorder/print_module.ts";
import { importMap, ROOT, runBundler } from "./bundle.ts";

/** Where the texts are kept. */
export const GENERATORS_URL: URL = new URL(
  "src/sandbox/recorder/generators.generated.ts",
  ROOT,
);

const RECORDER = "src/sandbox/recorder/generators/";
const NO_GENERATOR = `${RECORDER}no_generator.ts`;

/** What the sandbox has already, or has not. */
const IN_REALM = {
  "src/math/mod.ts": `${RECORDER}math_of_realm.ts`,
  "src/codec/intrinsics.ts": `${RECORDER}ascii.ts`,
};

const WITHOUT_NUMPY = {
  ...IN_REALM,
  "src/rng/numpy/mod.ts": `${RECORDER}nothing.ts`,
  "src/rng/numpy/generator.ts": NO_GENERATOR,
};

/** Smallest first: NumPy's generator takes four fifths of the text, BLAKE2b half of the rest. */
const TIERS = [
  {
    backends: ["python"],
    entry: `${RECORDER}python.ts`,
    replaced: { ...WITHOUT_NUMPY, "src/rng/sfc32/sfc32_random.ts": NO_GENERATOR },
  },
  { backends: ["python", "sfc32"], entry: "src/rng/mod.ts", replaced: WITHOUT_NUMPY },
  { backends: ["python", "sfc32", "numpy"], entry: "src/rng/mod.ts", replaced: IN_REALM },
];

/** The text of the generated module, from the sources as they are. */
export async function buildGenerators(): Promise<string> {
  const tiers = await Promise.all(TIERS.map(async ({ backends, entry, replaced }) => ({
    backends,
    ...await generators(entry, replaced),
  })));
  return [
    "// deno-fmt-ignore-file\n// deno-lint-ignore-file\n" +
    "/**\n * Made by tools/build_generators.ts from src/rng; not to be edited.\n *\n * @module\n */\n",
    "/** Generators as an expression that makes an object, its backends and the names of its members. */\n" +
    "export interface Generators {\n  readonly backends: readonly string[];\n" +
    "  readonly text: string;\n  readonly names: readonly string[];\n}\n",
    "/** From the one with least to the one with all. */\n" +
    `export const GENERATORS: readonly Generators[] = ${JSON.stringify(tiers, null, 2)};\n`,
  ].join("\n");
}

/** A bundle as an expression that makes a frozen object of what it exports. */
async function generators(
  entry: string,
  replaced: Readonly<Record<string, string>>,
): Promise<{ text: string; names: string[] }> {
  const map = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(map, await importMap(replaced));
    const text = await runBundler([`--import-map=${map}`, entry]);
    const [statement, list] = /export\{([^}]*)\};?\s*$/.exec(text)!;
    const exported = list!.split(",").map((name) => name.split(" as "));
    const members = exported.map(([local, name]) =>
      name === undefined ? local : `${name}:${local}`
    );
    const { text: body } = printModule(text.slice(0, -statement.length).trim());
    return {
      text: `(()=>{${body}return Object.freeze({${members}})})()`,
      names: exported.map(([local, name]) => name ?? local!),
    };
  } finally {
    await Deno.remove(map);
  }
}

if (import.meta.main) await Deno.writeTextFile(GENERATORS_URL, await buildGenerators());
