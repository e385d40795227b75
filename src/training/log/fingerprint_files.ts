/**
 * Streams of fingerprints, which lie beside logs and are none.
 *
 * @module
 */

/** Name of the stream that the first process of a run writes. */
export const FINGERPRINT_FILE = "fingerprints.jsonl";

/** Names of all streams of a run: of the first process, of further ones, of ranks. */
export const FINGERPRINT_FILES = /^fingerprints(?:\.rank\d+)?(?:\.\d+)?\.jsonl$/;

/** Streams of fingerprints in a folder, in order of name; none where there is no such folder. */
export async function listFingerprints(folder: string): Promise<string[]> {
  const [fs, { join }] = await Promise.all([import("node:fs/promises"), import("node:path")]);
  const names = await fs.readdir(folder).catch(() => []);
  return names.filter((name) => FINGERPRINT_FILES.test(name)).sort().map((name) =>
    join(folder, name)
  );
}

/** Whether a text begins with the first line of a stream. */
export function isFingerprintHeader(text: string): boolean {
  const line = text.slice(0, 2000).split("\n")[0]!;
  return /^\s*\{/.test(line) && /"rewind"\s*:\s*"fingerprints"/.test(line);
}
