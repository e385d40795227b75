/**
 * Verifies a recorded run with untrusted step source: children replay the blocks in a random order,
 * this process compares bytes. The children never learn what is expected.
 *
 * @module
 */

import { equalBytes } from "../../codec/compare_states.ts";
import { decodeState } from "../../codec/decode_state.ts";
import { RewindError } from "../../errors.ts";
import { blockCount } from "../../engine/blocks.ts";
import type { IndexRange } from "../../engine/shard.ts";
import type { RunRecord } from "../../engine/types.ts";
import {
  type BadBlock,
  failedBlock,
  judgeBlock,
  recordedEnd,
  reportOf,
  type VerifyReport,
} from "../../engine/verify.ts";
import type { SandboxSession } from "./session.ts";
import { runShared, type SharedPassOptions, type SharedWork } from "./shared_pass.ts";

/** Options of {@linkcode verifySandboxed}. */
export interface VerifySandboxedOptions extends SharedPassOptions {
  /**
   * Goes on after a block that differs, so that the report lists all of them.
   *
   * @default {false}
   */
  full?: boolean;
  /** Blocks to replay; all by default. */
  blocks?: IndexRange;
}

/**
 * A wrong answer that is larger than the recorded state by more than this is not taken apart to show
 * where it differs: a hostile step must not choose how much work this process does.
 */
const DIFFERENCE_BYTES_MAX = 2 ** 20;

/**
 * Replays blocks of a run in children and compares each with the recorded state at its end. Large runs are
 * shared by several children.
 *
 * @param record The recorded run.
 * @param options The source that is to have made it, limits, and how thorough to be.
 * @returns The report; blocks whose replay failed are among the bad ones.
 * @throws What {@linkcode runShared} throws: no verdict then.
 */
export async function verifySandboxed(
  record: RunRecord,
  options: VerifySandboxedOptions,
): Promise<VerifyReport> {
  return await runShared(options, () => new Verification(record, options));
}

/** Blocks as units of work. */
class Verification implements SharedWork<Uint8Array | RewindError, VerifyReport> {
  readonly #record: RunRecord;
  readonly #isFull: boolean;
  /** Blocks in the order in which they are replayed; the step cannot foresee it. */
  readonly #order: Uint32Array;
  readonly #judged = new Set<number>();
  readonly #bad = new Map<number, BadBlock>();

  constructor(record: RunRecord, { full = false, blocks }: VerifySandboxedOptions) {
    this.#record = record;
    this.#isFull = full;
    const count = blockCount(record.steps, record.blockSize);
    const { from, to } = blocks ?? { from: 0, to: count };
    // Only the end of the last block may not be stored, in artifacts of the Python package.
    const end = recordedEnd(record, count - 1) === undefined ? Math.min(to, count - 1) : to;
    const length = Math.max(0, end - from);
    this.#order = shuffle(new Uint32Array(length).map((_, i) => from + i));
  }

  get count(): number {
    return this.#order.length;
  }

  answers(session: SandboxSession, units: Uint32Array): AsyncIterable<Uint8Array | RewindError> {
    return session.replayBlocks(this.#record, units.map((unit) => this.#order[unit]!));
  }

  /** Compares one answer; of two children that replayed the same block both must be right. */
  take(unit: number, answer: Uint8Array | RewindError): boolean {
    const block = this.#order[unit]!;
    this.#judged.add(block);
    const bad = this.#verdict(block, answer);
    if (bad !== undefined && !this.#bad.has(block)) this.#bad.set(block, bad);
    return this.#isFull || this.#bad.size === 0;
  }

  result(): VerifyReport {
    return reportOf(this.#record, this.#judged.size, [...this.#bad.values()]);
  }

  #verdict(block: number, answer: Uint8Array | RewindError): BadBlock | undefined {
    if (answer instanceof RewindError) return failedBlock(this.#record, block, answer.message);
    const expected = recordedEnd(this.#record, block);
    if (expected === undefined || equalBytes(expected, answer)) return undefined;
    if (answer.length > 2 * expected.length + DIFFERENCE_BYTES_MAX) {
      return failedBlock(
        this.#record,
        block,
        `the replay gave a state of ${answer.length} bytes, recorded were ${expected.length}`,
      );
    }
    try {
      // What comes from a child need not be a state at all.
      decodeState(answer);
    } catch {
      return failedBlock(this.#record, block, "the replay gave something that is not a state");
    }
    return judgeBlock(this.#record, block, answer);
  }
}

/** Puts the items in an order that cannot be foreseen (Fisher and Yates). */
function shuffle(items: Uint32Array): Uint32Array {
  const words = new Uint32Array(1);
  for (let i = items.length - 1; i > 0; i--) {
    const j = crypto.getRandomValues(words)[0]! % (i + 1);
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}
