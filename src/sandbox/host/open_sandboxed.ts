/**
 * Opens artifacts from strangers: their step source runs in the sandbox only.
 *
 * @module
 */

import { SandboxError } from "../../errors.ts";
import { later } from "../../later.ts";
import type { SandboxedRun } from "./sandboxed_run.ts";
import type { OpenSandboxedOptions } from "./sandboxed_run_options.ts";

/**
 * Opens an artifact together with the step source that it carries, which runs in a child process
 * without permissions, imports, clock or entropy, and with bounded memory, time and output. Needs
 * `--allow-run` for the runtime's own executable, and `--allow-read` for the file.
 *
 * @param pathOrBytes A path, a `file:` URL, or the bytes of a `.replay` file.
 * @param options Limits, and perhaps another source.
 * @throws {ArtifactIntegrityError} If the artifact is damaged, cut short or foreign.
 * @throws {UnsafeArtifactError} If it carries no source, or one that breaks a static rule.
 * @throws {SandboxError} If this is not Deno: Node and Bun have no process without permissions.
 *
 * @example Usage
 * ```ts
 * import { openSandboxed, record } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * const source = "export const init = 0; export const step = (x) => x + 2;";
 * const bytes = await record((x: number) => x + 2, { init: 0, steps: 100, seed: 1, source })
 *   .toBytes();
 *
 * await using run = await openSandboxed(bytes);
 * assertEquals(await run.get(17), 34);
 * assertEquals((await run.verify()).ok, true);
 * ```
 */
export async function openSandboxed(
  pathOrBytes: string | URL | Uint8Array,
  options: OpenSandboxedOptions = {},
): Promise<SandboxedRun> {
  if (typeof globalThis.Deno?.Command !== "function") {
    throw new SandboxError(
      "refused",
      `Cannot open the run in the sandbox: the sandbox needs Deno, and this is ${runtimeName()}`,
      { hint: "use Deno, or pass the step function to load()" },
    );
  }
  const { openRun } = await later<typeof import("./open_run.ts")>("sandbox/host/open_run.ts");
  return await openRun(pathOrBytes, options);
}

/** The runtime that this is, if it is not Deno. */
function runtimeName(): string {
  const { process, navigator } = globalThis as {
    process?: { versions?: { node?: string } };
    navigator?: { userAgent?: string };
  };
  // Node has a navigator from version 21 on.
  return navigator?.userAgent ?? `Node.js/${process?.versions?.node ?? "?"}`;
}
