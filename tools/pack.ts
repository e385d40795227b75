/**
 * Makes the package for npm users, `dist/rewind-cli.tgz`: the library half as JavaScript with types, for
 * Node and Bun. `deno task pack`, or with another path as argument. With `--no-check` the types are not checked
 * again, which takes most of the time; `deno pack` has no such option.
 *
 * @module
 */

import { makeNpmTree, ROOT, run } from "./npm_tree.ts";

/** What the manifest that `deno pack` writes lacks, or should not have. */
export interface NpmManifest {
  exports: Record<string, Record<string, string>>;
  [field: string]: unknown;
}

/** Exports of the package that are of no use without Deno. */
const DENO_ONLY = ["./cli"];

/** Oldest Node that runs the library. */
const NODE_MIN = "20";

/** The manifest for npm: what people look for there, and an entry that bundlers see all of. */
export function npmManifest(
  packed: NpmManifest,
  { description, repository }: { description: string; repository: string | undefined },
): NpmManifest {
  const exports = Object.fromEntries(
    Object.entries(packed.exports).filter(([name]) => !DENO_ONLY.includes(name)),
  );
  const whole = exports["./whole"]!;
  return {
    ...packed,
    description,
    keywords: ["simulation", "random", "seed", "replay", "reproducibility", "time-travel"],
    homepage: "https://jsr.io/@rewind/cli",
    ...(repository === undefined ? {} : { repository: { type: "git", url: repository } }),
    engines: { node: `>=${NODE_MIN}` },
    // Nothing is downloaded module by module here, and bundlers have to see every part.
    main: whole.default,
    types: whole.types,
    exports: { ...exports, ".": whole },
  };
}

/** The first paragraph of the library's documentation. */
export async function descriptionOf(): Promise<string> {
  const text = await Deno.readTextFile(`${ROOT}mod.ts`);
  const [, paragraph] = /^\/\*\*\n([\s\S]*?)\n \*\n/.exec(text)!;
  return paragraph!.replace(/^ \* /gm, "").replaceAll("\n", " ");
}

/** The sandbox refuses to start without Deno, before it is loaded; Node 20 could not even parse it. */
async function leaveOutSandbox(path: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  const shorter = text.replace(/^.*"sandbox\/host\/open_run\.ts": .*\n/m, "");
  if (shorter === text) throw new Error(`${path} does not carry the sandbox`);
  await Deno.writeTextFile(path, shorter);
}

/** Where the sources are kept, as CI or git says; undefined if neither does. */
async function repositoryOf(): Promise<string | undefined> {
  const name = Deno.env.get("GITHUB_REPOSITORY");
  if (name !== undefined) return `git+https://github.com/${name}.git`;
  try {
    return (await run("git", ["remote", "get-url", "origin"], ROOT)).trim();
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const [path = "dist/rewind-cli.tgz"] = Deno.args.filter((word) => word !== "--no-check");
  const target = new URL(path, `file://${Deno.cwd()}/`).pathname;
  const folder = await makeNpmTree({ isChecked: !Deno.args.includes("--no-check") });
  try {
    await Deno.mkdir(target.replace(/\/[^/]*$/, ""), { recursive: true });
    await run(Deno.execPath(), ["pack", "--allow-dirty", "--output", "packed.tgz"], folder);
    await run("tar", ["xzf", "packed.tgz"], folder);
    const manifestPath = `${folder}/package/package.json`;
    const manifest = npmManifest(JSON.parse(await Deno.readTextFile(manifestPath)), {
      description: await descriptionOf(),
      repository: await repositoryOf(),
    });
    await Deno.writeTextFile(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`);
    await leaveOutSandbox(`${folder}/package/whole.js`);
    await run("tar", ["czf", target, "package"], folder);
    // deno-lint-ignore no-console -- the result of this tool
    console.log(target);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
