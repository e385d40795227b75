/**
 * Batches that a loader fetched before their step, as Accelerate's does by one: a run that is resumed there fetches
 * them in its first step.
 * This module is browser compatible.
 *
 * @module
 */

import type { FingerprintRecord } from "./record.ts";

const KINDS = ["order", "batch"] as const;

/** Most batches that are looked back for. */
const AHEAD_MAX = 64;

/** See the module. Give it the steps of the uninterrupted run before that one. */
export class LoadedAhead {
  readonly #hashes = { order: [] as string[], batch: [] as string[] };

  /** Takes a step of the uninterrupted run. */
  take(records: readonly FingerprintRecord[]): void {
    for (const kind of KINDS) {
      const hashes = [...this.#hashes[kind], ...ofKind(records, kind).map(({ hash }) => hash)];
      this.#hashes[kind] = hashes.slice(-AHEAD_MAX);
    }
  }

  /** The first resumed step without what the uninterrupted run had fetched before it. */
  leaveOut(
    resumed: readonly FingerprintRecord[],
    full: readonly FingerprintRecord[],
  ): FingerprintRecord[] {
    const known = new Set<FingerprintRecord>();
    for (const kind of KINDS) {
      const own = ofKind(resumed, kind);
      const surplus = own.length - ofKind(full, kind).length;
      if (surplus <= 0) continue;
      const past = this.#hashes[kind].slice(-surplus);
      const extra = own.slice(0, surplus);
      if (past.length < surplus || !extra.every(({ hash }, i) => hash === past[i])) continue;
      for (const record of extra) known.add(record);
    }
    return resumed.filter((record) => !known.has(record));
  }
}

function ofKind(records: readonly FingerprintRecord[], kind: string): FingerprintRecord[] {
  return records.filter((record) => record.kind === kind);
}
