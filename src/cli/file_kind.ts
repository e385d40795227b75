/**
 * Tells artifacts from training logs by their first bytes.
 *
 * @module
 */

import { isArtifact } from "../artifact/decode_artifact.ts";
import { isPeerArtifact } from "../artifact/peer/is_peer.ts";
import type { ByteSource } from "../bytes/byte_source.ts";
import { artifactInput } from "./pipe_input.ts";
import { InputError } from "./usage_error.ts";

/**
 * Whether a path is to be opened as an artifact: it starts as one does, or is called `.replay`, so that a
 * damaged one is named as what it is. What is not there is none: `runs.db#name` names a run of a log.
 */
export async function isReplayFile(path: string, signal: AbortSignal): Promise<boolean> {
  if (path.endsWith(".replay") || path.endsWith(".replay.part")) return true;
  const input = await artifactInput(path, signal);
  if (typeof input !== "string") return isArtifactStart(input);
  try {
    return await startsAsArtifact(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Whether the first bytes of a file are those of an artifact, ours or the Python package's. */
export async function startsAsArtifact(path: string): Promise<boolean> {
  const { isFile, size } = await Deno.stat(path);
  // A file of the kernel's has no size, and may never give a first byte; neither may a device.
  if (!isFile || size === 0) return false;
  using file = await Deno.open(path);
  const start = new Uint8Array(8);
  const count = await file.read(start) ?? 0;
  return isArtifactStart(start.subarray(0, count));
}

/** Whether some bytes begin as an artifact does, ours or the Python package's. */
export function isArtifactStart(bytes: Uint8Array): boolean {
  return isArtifact(bytes) || isPeerArtifact(bytes);
}

/**
 * Refuses to make an artifact of the Python package longer: it is finished, and nothing tells how it goes on.
 *
 * @throws {InputError} If it is one.
 */
export function refusePeer(source: ByteSource, doing: string): void {
  if (!isPeerArtifact(source.read(0, Math.min(4, source.size)))) return;
  throw new InputError(`Cannot ${doing}: it is the Python package's, which is finished for good`, {
    hint: "branch from its last state: rewind branch RUN -1 --step FILE --steps N",
  });
}
