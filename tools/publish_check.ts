/**
 * `deno publish --dry-run` where JSR cannot be reached.
 *
 * @module
 */

import { makeNpmTree, run } from "./npm_tree.ts";

const folder = await makeNpmTree();
try {
  await run(Deno.execPath(), [
    "publish",
    "--dry-run",
    "--allow-dirty",
    "--no-provenance",
    "--no-check",
  ], folder);
  // deno-lint-ignore no-console -- the result of this tool
  console.log("deno publish --dry-run: ok");
} finally {
  await Deno.remove(folder, { recursive: true });
}
