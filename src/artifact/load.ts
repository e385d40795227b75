/**
 * Opening artifacts: as runs, with the step that made them, or to see what they say of themselves.
 * This module is browser compatible.
 *
 * @module
 */

import { later } from "../later.ts";
import type { ArtifactInfo } from "./open_record.ts";
import type { Run } from "./run.ts";
import type { LoadOptions } from "./types.ts";

/**
 * Opens an artifact as a run, with the step that made it. States are read from the file when they are
 * asked for.
 *
 * @param pathOrBytes A path, a `file:` URL, or the bytes of a `.replay` file.
 * @param options The step, and the codec if the run was recorded with one.
 * @throws {ArtifactIntegrityError} If it is damaged, cut short or foreign.
 * @throws {UnsafeArtifactError} If it asks for code to be run, as some pickles do.
 *
 * @example Usage
 * ```ts
 * import { load, type PythonRandom, record } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * const step = (x: number, rng: PythonRandom) => x + (rng.random() < 0.5 ? 1 : -1);
 * const bytes = await record(step, { init: 0, steps: 1000, seed: 42 }).toBytes();
 *
 * const run = await load(bytes, { step });
 * assertEquals(run.verify({ full: true }).ok, true);
 * ```
 */
export async function load<S>(
  pathOrBytes: string | URL | Uint8Array,
  options: LoadOptions<S>,
): Promise<Run<S>> {
  const { loadRun } = await later<typeof import("./load_run.ts")>("artifact/load_run.ts");
  return await loadRun(pathOrBytes, options);
}

/**
 * Tells what an artifact holds, without running any of its code and without reading its states.
 *
 * @param pathOrBytes A path, a `file:` URL, or the bytes of a `.replay` file.
 * @throws {ArtifactIntegrityError} If it is damaged, cut short or foreign.
 *
 * @example Usage
 * ```ts
 * import { inspect, type PythonRandom, record } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * const step = (x: number, rng: PythonRandom) => x + (rng.random() < 0.5 ? 1 : -1);
 * const run = record(step, { init: 0, steps: 1000, seed: 42 });
 *
 * const info = await inspect(await run.toBytes());
 * assertEquals(info.steps, 1000);
 * assertEquals(info.contentHash, await run.contentHash());
 * ```
 */
export async function inspect(pathOrBytes: string | URL | Uint8Array): Promise<ArtifactInfo> {
  const { openRecord } = await later<typeof import("./open_record.ts")>("artifact/open_record.ts");
  return (await openRecord(pathOrBytes)).info;
}
