/**
 * Says on the way how far a recording has come, so that the parent can keep it whatever happens to the child.
 * This module is browser compatible.
 *
 * @module
 */

import { encodeState } from "../../codec/encode_state.ts";
import type { CheckpointLog } from "../../engine/checkpoint_log.ts";
import { blockOf, blockStart } from "../../engine/block_grid.ts";
import type { Recorder } from "../../engine/recorder.ts";
import type { RecordPlan } from "../../engine/record_types.ts";
import { StateEncodingError } from "../../errors.ts";
import { MARK_BYTES } from "../wire/limits.ts";
import type { InputStream } from "./input_stream.ts";
import type { FrameWriter } from "../wire/frame_writer.ts";
import type { RecordJob } from "../wire/requests.ts";

/** The clock is looked at about this often, in milliseconds. */
const PIECE_MS = 20;

/** Marks take at most one part in so many of the time, */
const SHARE = 50;

/** but none is put off for longer than so many times the time between two: what is not marked may be lost. */
const PUT_OFF_MAX = 25;

/** What marks are made with. */
export interface MarkParts {
  /** How often the parent wants to know. */
  readonly marks: NonNullable<RecordJob["marks"]>;
  /** The checkpoints so far. */
  readonly checkpoints: CheckpointLog;
  /** Where marks go, among the checkpoints. */
  readonly writer: FrameWriter;
  /** The inputs that come in, if there are any. */
  readonly stream: InputStream | undefined;
  /** Milliseconds since some moment. */
  readonly now: () => number;
}

/** Drives a recorder in pieces, and marks between them how far it is. */
export class MarkedRecording<S> {
  readonly #plan: RecordPlan<S>;
  readonly #parts: MarkParts;
  #recorder: Recorder<S> | undefined;
  #markedT = -1;
  #markedAt: number;
  /** How long making the last mark took. */
  #took = Infinity;
  /** How long marks take: one of two in a row may have waited for something else. */
  #cost = 0;
  #bytes = 0;

  constructor(plan: RecordPlan<S>, parts: MarkParts) {
    this.#plan = plan;
    this.#parts = parts;
    this.#markedAt = parts.now();
  }

  /** Says that a checkpoint was sent. */
  sent(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
  }

  /** Makes states up to and with X_to, as the recorder alone would. */
  advance(recorder: Recorder<S>, to: number): void {
    const { now } = this.#parts;
    this.#recorder = recorder;
    let piece = 1;
    let before = now();
    while (recorder.t < to && !recorder.isStopped && recorder.error === undefined) {
      if (this.#isOver(recorder)) break;
      recorder.advanceTo(Math.min(to, this.#pieceEnd(recorder.t, piece), this.#reach(recorder)));
      const after = now();
      const took = after - before;
      if (took < PIECE_MS / 2) piece *= 2;
      else if (took > PIECE_MS) piece = Math.max(1, Math.floor(piece / 2));
      if (this.#isDue(after)) {
        this.mark();
        before = now();
      } else {
        before = after;
      }
    }
    // There may be more inputs than steps: what was made counts.
    if (this.#parts.stream !== undefined && recorder.t === to) this.mark();
    this.#recorder = undefined;
  }

  /** Marks where the recording is, unless that is known; the parent may ask for it between two inputs. */
  mark(): void {
    const recorder = this.#recorder;
    if (recorder === undefined || recorder.t === this.#markedT) return;
    // What ended the recording is not in a mark: whoever went on from there would go on behind the end.
    if (recorder.isStopped || recorder.error !== undefined) return;
    const { now, writer } = this.#parts;
    const before = now();
    try {
      const { lastState, accumulators } = recorder.soFar();
      const { t } = recorder;
      const known = t === this.#checkpointT() ? undefined : lastState;
      writer.item(encodeState({ t, lastState: known, accumulators }), true);
      writer.flush();
      this.#markedT = t;
      this.#bytes = 0;
    } catch (error) {
      // The end of the block tells what is wrong with a state.
      if (!(error instanceof StateEncodingError)) throw error;
    }
    this.#markedAt = now();
    const took = this.#markedAt - before;
    this.#cost = Math.min(took, this.#took);
    this.#took = took;
  }

  /** Up to which state the inputs lead that are there, in a recording that ends with them. */
  #reach({ inputs }: Recorder<S>): number {
    const { marks, stream } = this.#parts;
    return marks.endsWithInputs ? inputs.length + (stream?.ready ?? 0) : Infinity;
  }

  /** Whether the inputs are over with which the recording ends. */
  #isOver({ t, inputs }: Recorder<S>): boolean {
    const { marks, stream } = this.#parts;
    return marks.endsWithInputs && inputs.length === t && (stream?.isOver() ?? true);
  }

  #isDue(now: number): boolean {
    const { everyMs } = this.#parts.marks;
    if (this.#bytes >= MARK_BYTES) return true;
    const restMs = Math.min(SHARE * this.#cost, PUT_OFF_MAX * everyMs);
    return now - this.#markedAt >= Math.max(everyMs, restMs);
  }

  /** A piece ends with a block where it is longer: the state there is encoded anyway. */
  #pieceEnd(t: number, piece: number): number {
    const plan = this.#plan;
    const start = blockStart(blockOf(t + piece, plan), plan);
    return start > t ? start : t + piece;
  }

  /** Index of the state that was stored last. */
  #checkpointT(): number {
    const { nextBlock, stride } = this.#parts.checkpoints;
    return blockStart(nextBlock - stride, this.#plan);
  }
}
