/**
 * Streams of fingerprints, which lie beside logs and are none.
 * This module is browser compatible.
 *
 * @module
 */

/** Name of the stream that the first process of a run writes. */
export const FINGERPRINT_FILE = "fingerprints.jsonl";

/** Names of all streams of a run: of the first process, of further ones, of ranks. */
export const FINGERPRINT_FILES = /^fingerprints(?:\.rank\d+)?(?:\.\d+)?\.jsonl$/;

/** Whether a text begins with the first line of a stream. */
export function isFingerprintHeader(text: string): boolean {
  const line = text.slice(0, 2000).split("\n")[0]!;
  return /^\s*\{/.test(line) && /"rewind"\s*:\s*"fingerprints"/.test(line);
}
