/**
 * What a `.replay` file says of itself. This module is browser compatible.
 *
 * @module
 */

import { later } from "../later.ts";
import type { ArtifactInfo } from "./open_record.ts";

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
