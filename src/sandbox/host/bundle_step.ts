/**
 * Bundles a step module and what it imports into one module, with `deno bundle`. This runs on the
 * author's machine, on the author's own code, when recording.
 *
 * @module
 */

import { dirname } from "node:path";
import { SandboxError } from "../../errors.ts";

/** What Deno says where two first uses of the bundler install it at the same time. */
const INSTALL_RACE = /failed to copy esbuild binary/;

/** Tries until the other one has installed it. */
const ATTEMPTS = 5;

/**
 * One ES module with all that a step module imports.
 *
 * @param path Absolute path of the module.
 * @throws {SandboxError} If `deno bundle` cannot be run or does not succeed; the message has its words.
 */
export async function bundleStep(path: string): Promise<string> {
  const decoder = new TextDecoder();
  for (let attempt = 1;; attempt++) {
    const { success, stdout, stderr } = await runBundler(path);
    if (success) return decoder.decode(stdout);
    const words = decoder.decode(stderr).trim();
    if (!INSTALL_RACE.test(words) || attempt === ATTEMPTS) {
      throw new SandboxError("refused", `Cannot bundle ${path}: ${words}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100 * attempt));
  }
}

async function runBundler(path: string): Promise<Deno.CommandOutput> {
  // A compiled binary is not deno: there it must be on the PATH.
  const deno = Deno.build.standalone ? "deno" : Deno.execPath();
  try {
    return await new Deno.Command(deno, {
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
      `Cannot bundle ${path}: deno is not on the PATH`,
      { cause: error, hint: "install it, or pass a module without imports" },
    );
  }
}
