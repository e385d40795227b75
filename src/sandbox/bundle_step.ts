/**
 * Bundles a step module and what it imports into one module, with `deno bundle`. This runs on the
 * author's machine, on the author's own code, when recording.
 *
 * @module
 */

import { dirname } from "node:path";
import { SandboxError } from "../errors.ts";

/**
 * One ES module with all that a step module imports.
 *
 * @param path Absolute path of the module.
 * @throws {SandboxError} If `deno bundle` cannot be run or does not succeed; the message has its words.
 */
export async function bundleStep(path: string): Promise<string> {
  // A compiled binary is not deno: there it must be on the PATH.
  const deno = Deno.build.standalone ? "deno" : Deno.execPath();
  let result: Deno.CommandOutput;
  try {
    result = await new Deno.Command(deno, {
      args: ["bundle", "--quiet", "--platform=browser", path],
      // The import map of the module's own project is found from its folder.
      cwd: dirname(path),
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new SandboxError(
      "refused",
      `Cannot bundle ${path} as deno is not on the PATH: install it, or give a module without imports`,
      { cause: error },
    );
  }
  const decoder = new TextDecoder();
  if (!result.success) {
    throw new SandboxError(
      "refused",
      `Cannot bundle ${path}: ${decoder.decode(result.stderr).trim()}`,
    );
  }
  return decoder.decode(result.stdout);
}
