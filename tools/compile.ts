/**
 * Builds the `rewind` binary: `deno task compile`, or `deno task compile --target <triple> --output <file>`
 * for another system.
 *
 * Permissions, `--no-prompt` and V8 flags are baked in, as a compiled program takes none of them when it is
 * started; the sandbox's child is the same binary and revokes every permission first. The flag against
 * code from strings costs the parent nothing, as it never runs a step. The heap limit must be enough for
 * the parent; the child is bounded by its watchdog.
 *
 * @module
 */

import { VERBS } from "../src/cli/verbs.ts";

/** Arguments of `deno compile` but for target, output and parts to include. */
export const COMPILE_ARGS: readonly string[] = [
  "compile",
  "--no-check",
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-run",
  "--allow-sys",
  "--v8-flags=--max-old-space-size=4096,--min-semi-space-size=4,--no-incremental-marking," +
  "--disallow-code-generation-from-strings",
  "--import-map=npm.import_map.json",
  // The map names exact versions; the lock would bring the packages of the tests in too.
  "--no-lock",
];

/** Systems that release binaries are built for. */
export const COMPILE_TARGETS: readonly string[] = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
];

const ROOT = new URL("../", import.meta.url).pathname;

/** Parts that are loaded by a name of which `deno compile` sees nothing: it has to be told of them. */
export async function includeArgs(): Promise<string[]> {
  const verbs = VERBS.map(({ name }) => `cli/${name.replaceAll("-", "_")}.ts`);
  return [...new Set([...verbs, ...await laterNames("src")])].sort().map((name) =>
    `--include=src/${name}`
  );
}

/** The names that the modules of a folder give to `later`. */
async function laterNames(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(ROOT + folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) {
      names.push(...await laterNames(path));
    } else if (path.endsWith(".ts") && !path.endsWith(".generated.ts")) {
      const text = await Deno.readTextFile(ROOT + path);
      const calls = text.matchAll(/\blater(?:<typeof import\("[^"]+"\)>)?\(\s*"([^"]+)"/g);
      names.push(...Array.from(calls, ([, name]) => name!));
    }
  }
  return names;
}

if (import.meta.main) {
  const args = Deno.args.includes("--output")
    ? Deno.args
    : ["--output", "dist/rewind", ...Deno.args];
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [...COMPILE_ARGS, ...await includeArgs(), ...args, "cli.ts"],
    cwd: ROOT,
  }).spawn().status;
  Deno.exit(code);
}
