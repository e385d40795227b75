/**
 * Tells artifacts from training logs by their first bytes.
 *
 * @module
 */

import { isArtifact } from "../artifact/decode_artifact.ts";
import { isPeerArtifact } from "../artifact/peer/is_peer.ts";

/**
 * Whether a path is to be opened as an artifact: it starts as one does, or is called `.replay`, so that a
 * damaged one is named as what it is.
 */
export async function isReplayFile(path: string): Promise<boolean> {
  return path.endsWith(".replay") || (await Deno.stat(path)).isFile && await startsAsArtifact(path);
}

/** Whether the first bytes of a file are those of an artifact, ours or the Python package's. */
export async function startsAsArtifact(path: string): Promise<boolean> {
  using file = await Deno.open(path);
  const start = new Uint8Array(8);
  const count = await file.read(start) ?? 0;
  const bytes = start.subarray(0, count);
  return isArtifact(bytes) || isPeerArtifact(bytes);
}
