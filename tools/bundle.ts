/**
 * `deno bundle` as the tools here use it.
 *
 * @module
 */

/** The root of this repository. */
export const ROOT: URL = new URL("../", import.meta.url);

/** Bundles to stdout, or as `args` say, and returns what was printed; paths are relative to the root. */
export async function runBundler(args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--minify", "--platform=browser", "--lock=npm.deno.lock", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) {
    throw new Error(`Cannot bundle ${args.at(-1)}: ${new TextDecoder().decode(stderr)}`);
  }
  return new TextDecoder().decode(stdout);
}

/** An import map with names as npm has them, and other files of this repository in the place of some. */
export async function importMap(replaced: Readonly<Record<string, string>>): Promise<string> {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("npm.import_map.json", ROOT)));
  const url = (path: string): string => new URL(path, ROOT).href;
  const entries = Object.entries(replaced).map(([from, to]) => [url(from), url(to)]);
  return JSON.stringify({ imports: { ...imports, ...Object.fromEntries(entries) } });
}
