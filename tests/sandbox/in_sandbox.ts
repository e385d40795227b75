/**
 * Short ways to run something in the sandbox from a test.
 *
 * @module
 */

import { decodeState } from "../../src/codec/decode_state.ts";
import type { RunRecord } from "../../src/engine/types.ts";
import type { ChildOptions } from "../../src/sandbox/host/sandbox_child.ts";
import { SandboxSession } from "../../src/sandbox/host/session.ts";
import type { SandboxRecordOptions } from "../../src/sandbox/host/session_options.ts";

/** How this repository's programs are started from its root. */
export const RUN_ARGUMENTS: readonly string[] = [
  "run",
  "-A",
  "--no-check",
  "--import-map=npm.import_map.json",
  "--lock=npm.deno.lock",
];

/** Records a module in a child of its own. */
export async function recordIn(
  source: string,
  options: Partial<SandboxRecordOptions> & Partial<ChildOptions> = {},
): Promise<RunRecord> {
  const { memoryBytesMax, timeoutMs, outputBytesMax, math, shims, signal, ...rest } = options;
  await using session = new SandboxSession({
    source,
    ...(memoryBytesMax === undefined ? {} : { memoryBytesMax }),
    ...(outputBytesMax === undefined ? {} : { outputBytesMax }),
    ...(math === undefined ? {} : { math }),
    ...(shims === undefined ? {} : { shims }),
    ...(signal === undefined ? {} : { signal }),
    timeoutMs: timeoutMs ?? 20_000,
  });
  return await session.record({ steps: 20, seed: 42n, ...rest });
}

/** Value of the body of a function, run in the sandbox; it must be data. */
export async function evaluateIn(
  body: string,
  options: Partial<ChildOptions> = {},
): Promise<unknown> {
  const source = `export const init = () => { ${body} }; export const step = (state) => state;`;
  const run = await recordIn(source, { ...options, steps: 1 });
  return decodeState(run.checkpoints.bytesAt(0));
}

/** Message that an author gets for a module; empty if it records without failure. */
export async function messageFor(
  source: string,
  options: Partial<ChildOptions> = {},
): Promise<string> {
  try {
    return (await recordIn(source, options)).failure?.error ?? "";
  } catch (error) {
    return (error as Error).message;
  }
}
