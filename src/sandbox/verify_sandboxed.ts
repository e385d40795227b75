/**
 * Verifies a recorded run with untrusted step source: children replay the blocks in a random order,
 * this process compares bytes. The children never learn what is expected.
 *
 * @module
 */

import { equalBytes } from "../codec/compare_states.ts";
import { decodeState } from "../codec/decode_state.ts";
import { RewindError, SandboxError } from "../errors.ts";
import { blockCount } from "../engine/blocks.ts";
import type { RunRecord } from "../engine/types.ts";
import {
  type BadBlock,
  failedBlock,
  judgeBlock,
  recordedEnd,
  reportOf,
  type VerifyReport,
} from "../engine/verify.ts";
import { checkLimits, type ChildOptions } from "./host.ts";
import { SandboxSession } from "./session.ts";

/** Options of {@linkcode verifySandboxed}. */
export interface VerifySandboxedOptions extends ChildOptions {
  /**
   * Goes on after a block that differs, so that the report lists all of them.
   *
   * @default {false}
   */
  full?: boolean;
  /** Most children at a time; one per core by default, and as many as the memory limit allows. */
  childrenMax?: number;
  /** Called as blocks are done, with how many are. */
  onProgress?: (blocks: number) => void;
}

/** Other children cost a start each, so they only come when this much is left to do, in ms. */
const SHARE_REST_MS = 250;

/** How often that is looked at, in ms. */
const SHARE_POLL_MS = 50;

/**
 * A wrong answer that is larger than the recorded state by more than this is not taken apart to show
 * where it differs: a hostile step must not choose how much work this process does.
 */
const DIFFERENCE_BYTES_MAX = 2 ** 20;

/** Children share the limit for memory; each gets at least this. */
const CHILD_MEMORY_BYTES = 200_000_000;

/**
 * Replays all blocks of a run in children and compares each with the recorded state at its end. Large
 * runs are shared by several children.
 *
 * @param record The recorded run.
 * @param options The source that is to have made it, limits, and how thorough to be.
 * @returns The report; blocks whose replay failed are among the bad ones.
 * @throws {UnsafeArtifactError} If the source breaks a static rule.
 * @throws {SandboxError} If a limit was hit or a child's answer cannot be trusted: no verdict then.
 * @throws {ArtifactIntegrityError} If the file behind the record is damaged.
 */
export async function verifySandboxed(
  record: RunRecord,
  options: VerifySandboxedOptions,
): Promise<VerifyReport> {
  const { memoryBytesMax, timeoutMs } = checkLimits(options);
  const children = Math.max(
    1,
    Math.min(
      options.childrenMax ?? navigator.hardwareConcurrency,
      Math.floor(memoryBytesMax / CHILD_MEMORY_BYTES),
    ),
  );
  const started = performance.now();
  try {
    return await new Verification(record, options, children).run();
  } catch (error) {
    const isShort = error instanceof SandboxError && error.reason === "memory";
    const restMs = timeoutMs - (performance.now() - started);
    if (!isShort || children === 1 || restMs <= 0) throw error;
    // Alone, a child may take all of it. A hostile step gets no more time by this.
    return await new Verification(record, { ...options, timeoutMs: restMs }, 1).run();
  }
}

/** One attempt at a verification. */
class Verification {
  readonly #record: RunRecord;
  readonly #options: VerifySandboxedOptions;
  readonly #children: number;
  /** Blocks in the order in which they are replayed; the step cannot foresee it. */
  readonly #order: Uint32Array;
  readonly #isJudged: Uint8Array;
  #judged = 0;
  readonly #bad: BadBlock[] = [];
  /** When the first answer came. */
  #firstAt: number | undefined;
  /** Aborted when there is nothing left to wait for. */
  readonly #over = new AbortController();

  constructor(record: RunRecord, options: VerifySandboxedOptions, children: number) {
    this.#record = record;
    this.#options = options;
    this.#children = children;
    const count = blockCount(record.steps, record.blockSize);
    // Only the end of the last block may not be stored, in artifacts of the Python package.
    const hasLast = recordedEnd(record, count - 1) !== undefined;
    this.#order = shuffle(new Uint32Array(hasLast ? count : count - 1).map((_, block) => block));
    this.#isJudged = new Uint8Array(count);
  }

  async run(): Promise<VerifyReport> {
    if (this.#order.length > 0) {
      const sharing = this.#startOthers();
      try {
        await this.#replayFrom(0);
      } finally {
        this.#over.abort();
        await sharing;
      }
    }
    return reportOf(this.#record, this.#judged, this.#bad);
  }

  /** Starts the other children once it is seen to be worth it; all go on until all is done. */
  async #startOthers(): Promise<void> {
    if (this.#children === 1) return;
    do await delay(SHARE_POLL_MS, this.#over.signal); while (
      !this.#over.signal.aborted && this.#restMs() < SHARE_REST_MS
    );
    if (this.#over.signal.aborted) return;
    const done = this.#judged;
    const share = (this.#order.length - done) / this.#children;
    const others = Array.from(
      { length: this.#children - 1 },
      (_, i) => this.#replayFrom(done + Math.floor(share * (i + 1))),
    );
    try {
      await Promise.all(others);
    } catch (error) {
      // Reaches the caller through the first child, which this ends.
      this.#over.abort(error);
    }
    await Promise.allSettled(others);
  }

  /** Replays the blocks from a place in the order on, round to it, until all are judged. */
  async #replayFrom(place: number): Promise<void> {
    const { signal } = this.#over;
    const blocks = new Uint32Array(this.#order.length);
    blocks.set(this.#order.subarray(place));
    blocks.set(this.#order.subarray(0, place), blocks.length - place);
    const { memoryBytesMax } = checkLimits(this.#options);
    await using session = new SandboxSession({
      ...this.#options,
      memoryBytesMax: Math.floor(memoryBytesMax / this.#children),
      signal: this.#options.signal === undefined
        ? signal
        : AbortSignal.any([signal, this.#options.signal]),
    });
    let next = 0;
    let isAnswered = false;
    try {
      for await (const answer of session.replayBlocks(this.#record, blocks)) {
        this.#judge(blocks[next++]!, answer);
        // After the last block the end of the answer is waited for, and checked.
        if (this.#isOver() && next < blocks.length) break;
      }
      isAnswered = next === blocks.length;
    } catch (error) {
      if (!signal.aborted) throw error;
      if (signal.reason instanceof RewindError) throw signal.reason;
    }
    if (isAnswered) await session.close();
    if (this.#isOver()) this.#over.abort();
  }

  /** How long the rest will take as it has gone so far; 0 while that is not known. */
  #restMs(): number {
    if (this.#firstAt === undefined) return 0;
    const elapsed = performance.now() - this.#firstAt;
    return (elapsed / this.#judged) * (this.#order.length - this.#judged);
  }

  #isOver(): boolean {
    return this.#judged === this.#order.length ||
      (this.#bad.length > 0 && !(this.#options.full ?? false));
  }

  /** Compares one answer; of two children that replayed the same block both must be right. */
  #judge(block: number, answer: Uint8Array | RewindError): void {
    this.#firstAt ??= performance.now();
    const bad = this.#verdict(block, answer);
    const isKnown = this.#isJudged[block] === 1;
    if (bad !== undefined && !this.#bad.some((known) => known.block === block)) {
      this.#bad.push(bad);
    }
    if (isKnown) return;
    this.#isJudged[block] = 1;
    this.#judged++;
    this.#options.onProgress?.(this.#judged);
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

/** Waits for a time, or until the signal is aborted. */
function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
