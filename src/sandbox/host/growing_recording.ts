/**
 * A recording in a child that grows in a file of this process: it is made durable where the child says how far
 * it is, when it is time for that.
 *
 * @module
 */

import type { SealedFile } from "../../artifact/grow/growing_file.ts";
import type { RecordingFile } from "../../artifact/grow/recording_file.ts";
import type { InputLog } from "../../engine/input_log.ts";
import type { Recorder } from "../../engine/recorder.ts";
import { assertInvariant } from "../../errors.ts";
import type { KnownMark } from "../wire/answers.ts";
import type { RecordingSink } from "./session_options.ts";
import type { RecordOutcome } from "../../engine/record_types.ts";

/** `setTimeout` takes no longer delay. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Seconds as a delay that timers take. */
export function timerMs(seconds: number): number {
  return Math.min(seconds * 1000, TIMER_MS_MAX);
}

/** Follows a recording with a file. */
export class GrowingRecording implements RecordingSink {
  readonly #file: RecordingFile;
  readonly #position: MarkedPosition;
  readonly #flushMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Why the file could not be written when nobody waited for it. */
  #failure: unknown;
  /** Whether the last mark says all that is in the file, and is not durable yet. */
  #canFlush = false;

  /**
   * @param file The file, as it stands.
   * @param options The inputs so far, to which more come; how many blocks lie between two of its checkpoints;
   * and the longest time between two flushes.
   */
  constructor(
    file: RecordingFile,
    options: { inputs: InputLog; stride: number; flushSeconds: number },
  ) {
    this.#file = file;
    this.#flushMs = timerMs(options.flushSeconds);
    this.#position = new MarkedPosition(options);
    file.follow(this.#position);
  }

  /** Takes the next checkpoint. The file is ahead of what is known then, until a mark follows or the end. */
  push(bytes: Uint8Array): void {
    this.#canFlush = false;
    this.#file.push(bytes);
  }

  /** Gives up every other checkpoint. */
  thin(): void {
    this.#file.thin();
    this.#position.stride *= 2;
  }

  /**
   * Takes how far the recording is, once the checkpoints up to there are in the file.
   *
   * @throws {FileError} If it is time to make it durable, and that cannot be done.
   */
  take(mark: KnownMark): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#position.take(mark);
    this.#canFlush = true;
    if (this.#file.isDue) this.flush();
    else this.#timer ??= setTimeout(() => this.#flushLate(), this.#flushMs);
  }

  /** Makes durable what is known. @throws {FileError} If that cannot be done. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#canFlush) return;
    this.#file.flush();
    this.#canFlush = false;
  }

  /** Ends the recording: the file gets its name. @throws {FileError} If it cannot. */
  seal(outcome: RecordOutcome): SealedFile {
    clearTimeout(this.#timer);
    // Where that fails, the file is no longer one that a flush could go on with: what was durable counts.
    this.#canFlush = false;
    return this.#file.seal(outcome);
  }

  /**
   * Stops here, and keeps what is known.
   *
   * @returns Number of states that can be gone on with; undefined if nothing is kept.
   */
  stop(): number | undefined {
    try {
      this.flush();
    } catch {
      // What was durable before still is.
    }
    this.#file.leave();
    return this.#file.durableSteps;
  }

  /** A step may take longer than a flush may wait. */
  #flushLate(): void {
    try {
      this.flush();
    } catch (error) {
      this.#failure = error;
    }
  }
}

/** Where a recording in a child is, as it said last. */
class MarkedPosition implements Pick<Recorder<unknown>, "inputs" | "soFar" | "t"> {
  readonly inputs: InputLog;
  stride: number;
  #mark: KnownMark | undefined;

  constructor({ inputs, stride }: { inputs: InputLog; stride: number }) {
    this.inputs = inputs;
    this.stride = stride;
  }

  get t(): number {
    return this.#mark?.t ?? 0;
  }

  take(mark: KnownMark): void {
    this.#mark = mark;
  }

  soFar(): ReturnType<Recorder<unknown>["soFar"]> {
    assertInvariant(this.#mark !== undefined, "what is flushed was marked");
    const { t, lastState, accumulators } = this.#mark;
    return {
      steps: t + 1,
      lastState,
      observables: Object.keys(accumulators),
      accumulators,
      failure: undefined,
      stride: this.stride,
    };
  }
}
