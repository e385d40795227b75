/**
 * Makes the package for npm users, `dist/rewind-cli.tgz`: the library half as JavaScript with types, for
 * Node and Bun. `deno task pack`, or with another path as argument.
 *
 * @module
 */

import { makeNpmTree, run } from "./npm_tree.ts";

const target = new URL(Deno.args[0] ?? "dist/rewind-cli.tgz", `file://${Deno.cwd()}/`).pathname;
const folder = await makeNpmTree();
try {
  await Deno.mkdir(target.replace(/\/[^/]*$/, ""), { recursive: true });
  await run(Deno.execPath(), ["pack", "--allow-dirty", "--output", target], folder);
  // deno-lint-ignore no-console -- the result of this tool
  console.log(target);
} finally {
  await Deno.remove(folder, { recursive: true });
}
