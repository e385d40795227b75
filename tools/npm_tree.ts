/**
 * A copy of what git tracks in which every import name leads to npm, for the tools of Deno that take no
 * import map and would ask JSR, which not every network reaches.
 *
 * @module
 */

/** Folder of the project. */
export const ROOT: string = new URL("../", import.meta.url).pathname;

/** Runs a command and gives back what it printed. @throws {Error} With its stderr, if it fails. */
export async function run(command: string, args: string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, cwd }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`${command} ${args.join(" ")}\n${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}

/**
 * Makes the copy in a new temporary folder, which the caller removes.
 *
 * @param options Whether tools that check types shall check these; they do by default.
 */
export async function makeNpmTree({ isChecked = true } = {}): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "rewind-npm-tree-" });
  const { imports } = JSON.parse(await Deno.readTextFile(`${ROOT}npm.import_map.json`));
  const manifest = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const files = (await run("git", ["ls-files", "-z"], ROOT)).split("\0").filter((name) =>
    name !== ""
  );
  for (const name of files) {
    await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
    if (/\.ts$/.test(name)) {
      const text = withNpmNames(await Deno.readTextFile(ROOT + name), imports);
      await Deno.writeTextFile(`${folder}/${name}`, (isChecked ? "" : "// @ts-nocheck\n") + text);
    } else {
      await Deno.copyFile(ROOT + name, `${folder}/${name}`);
    }
  }
  await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify({ ...manifest, imports }));
  return folder;
}

/**
 * Source text whose imports of JSR packages are npm specifiers; packages of npm keep their names. Comments stay
 * as they are: their examples are for people, who import the names.
 */
function withNpmNames(text: string, imports: Record<string, string>): string {
  return text.replace(
    /^(?!\s*\*)(.*?)(\bfrom |\bimport\()"(@std\/[^"]+)"/gm,
    (all, start: string, before: string, name: string) =>
      imports[name] === undefined ? all : `${start}${before}"${imports[name]}"`,
  );
}
