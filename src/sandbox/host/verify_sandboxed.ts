/**
 * Verifies a recorded run with untrusted step source: children replay the blocks in a random order,
 * this process compares bytes. The children never learn what is expected.
 *
 * @module
 */

import { equalBytes } from "../../codec/compare_states.ts";
import { decodeState } from "../../codec/decode_state.ts";
import { RewindError, StepError } from "../../errors.ts";
import { spanCount } from "../../engine/block_grid.ts";
import type { IndexRange, RemadeStart, RunRecord } from "../../engine/types.ts";
import { failedSpan, judgeSpan, judgeStart, recordedEnd, Verdicts } from "../../engine/verify.ts";
import type { BadBlock, SpanVerdict, VerifyReport } from "../../engine/verify_types.ts";
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
  /** Spans to replay; all by default. */
  spans?: IndexRange;
  /**
   * Replays the last block first, and so on, where the order would be random: of two blocks that depend on what a
   * variable of the module was then, one surely finds it otherwise.
   *
   * @default {false}
   */
  isBackwards?: boolean;
  /** For a branch: X_t of its parent, if that is at hand. */
  parentState?: (() => Promise<RemadeStart>) | undefined;
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

/** Spans as units of work. */
class Verification implements SharedWork<Uint8Array | RewindError, VerifyReport> {
  readonly #record: RunRecord;
  readonly #isFull: boolean;
  /** Spans in the order in which they are replayed; by default the step cannot foresee it. */
  readonly #order: Uint32Array;
  readonly #verdicts: Verdicts;
  readonly #parentState: VerifySandboxedOptions["parentState"];
  /** Whether X_0 is still to be compared. */
  #isStartOpen: boolean;

  constructor(record: RunRecord, options: VerifySandboxedOptions) {
    const { full = false, spans, isBackwards = false, parentState } = options;
    this.#record = record;
    this.#verdicts = new Verdicts(record);
    this.#isFull = full;
    this.#parentState = parentState;
    this.#isStartOpen = spans === undefined || (spans.from === 0 && spans.to > 0);
    const count = spanCount(record);
    const { from, to } = spans ?? { from: 0, to: count };
    // Only the end of the last block may not be stored, in artifacts of the Python package.
    const end = recordedEnd(record, count - 1) === undefined ? Math.min(to, count - 1) : to;
    const length = Math.max(0, end - from);
    const order = new Uint32Array(length).map((_, i) => from + i);
    this.#order = isBackwards ? order.reverse() : shuffle(order);
  }

  get count(): number {
    return this.#order.length;
  }

  async *answers(
    session: SandboxSession,
    units: Uint32Array,
  ): AsyncGenerator<Uint8Array | RewindError> {
    if (this.#isStartOpen) {
      this.#isStartOpen = false;
      const bad = await this.#verdictOnStart(session);
      if (bad !== undefined) this.#verdicts.addBad(bad);
    }
    yield* session.replaySpans(this.#record, units.map((unit) => this.#order[unit]!));
  }

  /** Compares one answer; of two children that replayed the same block both must be right. */
  take(unit: number, answer: Uint8Array | RewindError): boolean {
    const span = this.#order[unit]!;
    this.#verdicts.add(span, this.#verdict(span, answer));
    return this.#isFull || this.#verdicts.badCount === 0;
  }

  result(): VerifyReport {
    return this.#verdicts.report();
  }

  /** What is wrong with X_0, compared with what the module's `init` or the parent gives. */
  async #verdictOnStart(session: SandboxSession): Promise<BadBlock | undefined> {
    const record = this.#record;
    if (record.start === "parent" && this.#parentState !== undefined) {
      return judgeStart(record, await this.#parentState());
    }
    if (record.start !== "init") return undefined;
    try {
      const bytes = await session.initial(record);
      // A run of the library may embed a module that exports a step only.
      if (bytes === undefined) return undefined;
      const problem = problemOf(bytes, record.checkpoints.bytesAt(0));
      return problem === undefined
        ? judgeStart(record, { bytes, maker: "what init makes" })
        : failedSpan(record, 0, problem);
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      return failedSpan(record, 0, error.message);
    }
  }

  #verdict(span: number, answer: Uint8Array | RewindError): SpanVerdict {
    if (answer instanceof RewindError) return failedSpan(this.#record, span, answer.message);
    const expected = recordedEnd(this.#record, span);
    if (expected === undefined || equalBytes(expected, answer)) return undefined;
    const problem = problemOf(answer, expected);
    return problem === undefined
      ? judgeSpan(this.#record, span, answer)
      : failedSpan(this.#record, span, problem);
  }
}

/** Why an answer is not taken apart; undefined if it can be. */
function problemOf(answer: Uint8Array, expected: Uint8Array): string | undefined {
  if (answer.length > 2 * expected.length + DIFFERENCE_BYTES_MAX) {
    return `the replay gave a state of ${answer.length} bytes, recorded were ${expected.length}`;
  }
  try {
    // What comes from a child need not be a state at all.
    decodeState(answer);
    return undefined;
  } catch {
    return "the replay gave something that is not a state";
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
