/**
 * Says before a long recording how much it will store, and whether that fits.
 *
 * @module
 */

import { freeBytes } from "../disk/free_space.ts";
import { spanCount } from "../engine/block_grid.ts";
import type { RunRecord } from "../engine/types.ts";
import { byteText, grouped } from "./table.ts";

/** So much is worth a word, in bytes. */
const TOLD_BYTES = 5e8;

/** Most that is advised, in bytes. */
const ADVISED_BYTES = 2e8;

/** How much is free is looked up from here on: a smaller recording takes less time than to ask. */
const LOOKED_UP_BYTES = 1.6e7;

/** What is recorded, and who is told. */
export interface EstimateParts {
  /** Number of states that the run is to have in all; nothing is estimated where that is open. */
  readonly steps: number | undefined;
  /** Folder that it is stored in. */
  readonly folder: string;
  /** Tells the user. */
  readonly note: (text: string) => void;
  /** How many bytes are free there; asks the system by default. */
  readonly free?: (folder: string) => Promise<number | undefined>;
}

/** Follows a recording from its first state on, until there is something to say. */
export class StorageEstimate {
  readonly #parts: EstimateParts;
  #count = 0;
  #bytes = 0;
  #isAsked = false;
  #isTold = false;
  /** Set once it was looked up. */
  #found: { readonly free: number } | undefined;

  /** Begins with a recording. */
  constructor(parts: EstimateParts) {
    this.#parts = parts;
  }

  /**
   * Takes the length of the next checkpoint, in canonical bytes; the first one comes before the first step.
   *
   * @param front What is known of the run; of one that goes on, with what is stored already.
   */
  take(length: number, front: RunRecord): void {
    const { steps, folder, free = freeBytes } = this.#parts;
    this.#count++;
    this.#bytes += length;
    if (steps === undefined || this.#isTold) return;
    const { toCome } = this.#estimate(steps, front);
    if (!this.#isAsked && toCome >= LOOKED_UP_BYTES) {
      this.#isAsked = true;
      free(folder).then((bytes = Infinity) => {
        this.#found = { free: bytes };
        this.#tell(steps, front);
      });
    }
    this.#tell(steps, front);
  }

  /** What will have been stored in the end, and how much of that from now on, before compression. */
  #estimate(steps: number, front: RunRecord): { total: number; toCome: number } {
    const { budget, stride, checkpoints } = front;
    const mean = this.#bytes / this.#count;
    // The last state is stored too.
    const all = spanCount({ ...front, steps, stride }) + 1;
    const count = Math.min(all, budget?.checkpointsMax ?? Infinity);
    const total = Math.min(mean * count, budget?.bytesMax ?? Infinity);
    return { total, toCome: Math.max(0, total - mean * checkpoints.length) };
  }

  #tell(steps: number, front: RunRecord): void {
    if (this.#isTold || this.#found === undefined) return;
    const { free } = this.#found;
    const { total, toCome } = this.#estimate(steps, front);
    const isNew = front.checkpoints.length === 0;
    const fits = toCome <= free;
    const isMuch = isNew && front.budget === undefined && total >= TOLD_BYTES;
    if (fits && !isMuch) return;
    this.#isTold = true;
    const lacking = fits ? "" : `, and ${byteText(free)} are free in '${this.#parts.folder}'`;
    const advice = isNew ? adviceFor(total, free) : "";
    this.#parts.note(
      `note: about ${
        byteText(toCome)
      } of states will be stored, before compression${lacking}${advice}`,
    );
  }
}

/** The option that bounds what is stored, with what it does. */
function adviceFor(total: number, free: number): string {
  const megabytes = Math.floor(Math.min(ADVISED_BYTES, free / 2) / 1e6);
  if (megabytes < 1) return "";
  let every = 1;
  while (total / every > megabytes * 1e6) every *= 2;
  return `; --max-size ${megabytes}MB keeps every ${ordinal(every)} checkpoint`;
}

/** 2nd, 4th, 32nd: of a power of two. */
function ordinal(power: number): string {
  const isSecond = power % 10 === 2 && power % 100 !== 12;
  return `${grouped(power)}${isSecond ? "nd" : "th"}`;
}
