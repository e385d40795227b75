// deno-lint-ignore-file camelcase -- keys as Python writes them
/**
 * Builds artifacts that are wrong in one way, around a given pickle, array or zip.
 *
 * @module
 */

import { writeZip } from "../../../src/artifact/peer/write_zip.ts";

/** Bytes of text, one per UTF-16 unit (Latin-1), so that `\x80` is one byte. */
export function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (unit) => unit.charCodeAt(0));
}

/** Several pieces in one. */
export function join(...pieces: (Uint8Array | string)[]): Uint8Array<ArrayBuffer> {
  const arrays = pieces.map((piece) => typeof piece === "string" ? latin1(piece) : piece);
  const result = new Uint8Array(arrays.reduce((sum, piece) => sum + piece.length, 0));
  let position = 0;
  for (const piece of arrays) {
    result.set(piece, position);
    position += piece.length;
  }
  return result;
}

const META = {
  anchor_encoding: "pickle",
  backend: "python",
  block_size: 1,
  branch_point: null,
  content_hash: "0".repeat(64),
  format_version: 1,
  master_seed: 1,
  n_steps: 1,
  name: "rewind",
  observed: {},
  parent_hash: null,
  seed_derivation: "blake2b-v1",
  step_id: "m:f",
};

/** Metadata that is fine but for its hash, with changes; a change to undefined removes the key. */
export function metaText(changes: Record<string, unknown> = {}): string {
  return JSON.stringify({ ...META, ...changes });
}

/** An artifact of a pickle and changed metadata. */
export function pickleArtifact(
  pickle: Uint8Array | string,
  changes: Record<string, unknown> = {},
): Uint8Array<ArrayBuffer> {
  return writeZip([
    { name: "meta.json", bytes: latin1(metaText(changes)) },
    { name: "anchors.pkl", bytes: join(pickle) },
  ], { compress: true });
}

/** An artifact of the members of an `.npz`. */
export function npzArtifact(
  members: readonly { name: string; bytes: Uint8Array }[],
  changes: Record<string, unknown> = {},
): Uint8Array<ArrayBuffer> {
  return writeZip([
    { name: "meta.json", bytes: latin1(metaText({ anchor_encoding: "npz", ...changes })) },
    { name: "anchors.npz", bytes: writeZip(members, { compress: false }) },
  ], { compress: true });
}
