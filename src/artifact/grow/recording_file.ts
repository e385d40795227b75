/**
 * Joins a recorder of the engine with a file that grows: checkpoints as they are taken, inputs as far as they
 * lead, and a flush when it is time.
 *
 * @module
 */

import type { ByteSource } from "../../bytes/byte_source.ts";
import { CheckpointLog } from "../../engine/checkpoint_log.ts";
import { spanStart } from "../../engine/block_grid.ts";
import type { InputLog } from "../../engine/input_log.ts";
import type { Recorder } from "../../engine/recorder.ts";
import type { CheckpointKeeper, InputStore, RunRecord } from "../../engine/types.ts";
import { assertInvariant, StateEncodingError } from "../../errors.ts";
import type { OpenedArtifact } from "../decode_artifact.ts";
import { giveInputs } from "../lanes.ts";
import { addStretch } from "../recorded_by.ts";
import { currentWriter } from "../saved_record.ts";
import type { RecordingClaim } from "./claim.ts";
import { GrowingFile, type GrowingStart, type SealedFile } from "./growing_file.ts";
import type { OpenedUnfinished } from "./open_unfinished.ts";
import type { RecordingSettings } from "./position.ts";
import type { Pace } from "./pace.ts";
import { reopen } from "./reopen.ts";
import type { RecordOutcome } from "../../engine/record_types.ts";

/** What is copied at a time. */
const PIECE_BYTES = 2 ** 20;

/** A recording in this process that grows on disk. */
export class RecordingFile implements CheckpointKeeper {
  readonly #file: GrowingFile;
  /** What is known of the run besides what changes while it is recorded. */
  readonly #record: RunRecord;
  #recorder: Pick<Recorder<unknown>, "inputs" | "soFar" | "t"> | undefined;
  /** Number of checkpoints, and how many blocks lie between two of them. */
  #count: number;
  #stride: number;
  /** Number of inputs that the file has; undefined as long as the run has none. */
  #given: number | undefined;
  #durableSteps: number | undefined;
  readonly #pace: Pace;
  /** Index of the next state after which to look whether it is time for a flush. */
  #lookAt = 1;

  private constructor(
    file: GrowingFile,
    record: RunRecord,
    { count, stride, given, durableSteps }: {
      count: number;
      stride: number;
      given: number | undefined;
      durableSteps?: number;
    },
  ) {
    this.#durableSteps = durableSteps;
    this.#file = file;
    this.#record = record;
    this.#count = count;
    this.#stride = stride;
    this.#given = given;
    this.#pace = file.pace();
  }

  /** Begins a new recording; `record` tells what its front says. */
  static begin(
    claim: RecordingClaim,
    record: RunRecord,
    settings: GrowingStart["settings"],
  ): RecordingFile {
    const start = startOf(record, settings, addStretch([], currentWriter(), 0));
    const file = GrowingFile.begin(claim, record, start);
    return new RecordingFile(file, record, { count: 0, stride: 1, given: undefined });
  }

  /** Goes on with an unfinished recording. */
  static resume(
    claim: RecordingClaim,
    { record, position, flushed, contents, source, stretches }: OpenedUnfinished,
  ): RecordingFile {
    const start = startOf(
      record,
      position.settings,
      addStretch(stretches, currentWriter(), record.steps),
    );
    const { stride } = record;
    const file = GrowingFile.goOn(
      claim,
      { reopened: reopen(source, contents), stride, flushed },
      start,
    );
    return new RecordingFile(file, record, {
      count: record.checkpoints.length,
      stride,
      given: record.inputs?.length,
      durableSteps: record.steps,
    });
  }

  /**
   * Goes on with a finished artifact, in a file of its own.
   *
   * @param claim Where to.
   * @param opened The artifact; the input on which its step failed, if there is one, comes anew.
   * @param settings How it goes on if it is resumed.
   */
  static extend(
    claim: RecordingClaim,
    { record, contents, source, stretches }: OpenedArtifact,
    settings: GrowingStart["settings"],
  ): RecordingFile {
    const start = startOf(record, settings, addStretch(stretches, currentWriter(), record.steps));
    const { stride, inputs } = record;
    const reopened = reopen(source, contents);
    const file = GrowingFile.goOn(claim, {
      reopened,
      stride,
      prefix: piecesOf(source, reopened.prefixBytes),
    }, start);
    const given = inputs?.length;
    const extended = new RecordingFile(file, record, {
      count: record.checkpoints.length,
      stride,
      given,
    });
    if (given !== undefined && given > record.steps - 1) {
      file.setInputs(inputs!, record.steps - 1);
      extended.#given = record.steps - 1;
    }
    return extended;
  }

  /** Number of states that are durable; undefined before the first flush. */
  get durableSteps(): number | undefined {
    return this.#durableSteps;
  }

  /** Whether it is time for a flush. */
  get isDue(): boolean {
    return this.#file.isDue;
  }

  /** Follows a recorder; to be called once it is there. */
  follow(recorder: Pick<Recorder<unknown>, "inputs" | "soFar" | "t">): void {
    this.#recorder = recorder;
    this.#lookAt = recorder.t + 1;
  }

  /** Takes the next checkpoint, behind the inputs that lead to it. */
  push(bytes: Uint8Array): void {
    const grid = { ...this.#record, stride: this.#stride };
    this.#give(this.#recorder?.inputs, spanStart(this.#count, grid));
    this.#file.push(bytes);
    this.#count++;
  }

  /** Gives up every other checkpoint. */
  thin(): void {
    this.#file.thin();
    this.#count = Math.ceil(this.#count / 2);
    this.#stride *= 2;
  }

  /**
   * Has the recorder make the states up to and with X_to, and looks now and then whether it is time for a flush.
   *
   * @returns Index of the next state after which to look.
   * @throws {FileError} If a flush cannot be made; the recording can go on.
   */
  keepUp(recorder: Pick<Recorder<unknown>, "advanceTo" | "error">, to: number): number {
    while (this.#lookAt <= to) {
      const t = this.#lookAt;
      recorder.advanceTo(t);
      if (recorder.error !== undefined) return t;
      // Also after a flush that failed, the next state is made first.
      this.#lookAt = t + 1;
      const steps = this.#pace.look();
      if (this.#file.isFull || this.#file.isLate(this.#pace.lookedAt)) this.flush();
      this.#lookAt = t + steps;
    }
    recorder.advanceTo(to);
    return this.#lookAt;
  }

  /**
   * Makes durable what is recorded.
   *
   * @throws {FileError} If that cannot be done; what was durable still is, and the recording can go on.
   */
  flush(): void {
    const recorder = this.#recorder!;
    let soFar: ReturnType<typeof recorder.soFar>;
    try {
      soFar = recorder.soFar();
    } catch (error) {
      // The end of the block tells what is wrong with a state.
      if (error instanceof StateEncodingError) return;
      throw error;
    }
    this.#give(recorder.inputs, recorder.t);
    this.#file.flush({ ...this.#record, ...soFar, observed: {} });
    this.#durableSteps = soFar.steps;
  }

  /**
   * Ends the recording: the file gets its name.
   *
   * @throws {FileError} If it cannot; the message says where the recording is.
   */
  seal({ inputs, ...outcome }: RecordOutcome): SealedFile {
    const count = inputs?.length ?? 0;
    // What a block's end finds may end the run before the last flush.
    if ((this.#given ?? 0) > count) this.#file.setInputs(inputs!, count);
    else this.#give(inputs, count);
    return this.#file.seal({ ...this.#record, ...outcome, inputs });
  }

  /** Stops here. What the last flush made durable stays, and can be resumed. */
  leave(): void {
    this.#file.leave();
  }

  /** Gives the file the inputs of the transitions before X_to. */
  #give(inputs: InputStore & Pick<InputLog, "isUsed"> | undefined, to: number): void {
    if (inputs === undefined || !inputs.isUsed || to === 0) return;
    if (this.#given === undefined) {
      // The first one comes late: those before it are part of the run too.
      if (this.#count > 1) this.#file.setInputs(inputs, to);
      else this.#append(inputs, { from: 0, to });
    } else {
      assertInvariant(to >= this.#given, "no input is given twice");
      this.#append(inputs, { from: this.#given, to });
    }
    this.#given = to;
  }

  #append(inputs: InputStore, { from, to }: { from: number; to: number }): void {
    for (let t = from; t < to;) t = giveInputs(this.#file, inputs, { from: t, to });
  }
}

/** The log of a recording that goes on, with what was kept of it. */
export function logOf(record: RunRecord, keeper: CheckpointKeeper): CheckpointLog {
  const { checkpoints, budget, stride } = record;
  const lengths = function* (): Generator<number, void, void> {
    for (let i = 0; i < checkpoints.length; i++) yield checkpoints.bytesAt(i).length;
  };
  return new CheckpointLog(keeper, { budget, stride, lengths: lengths() });
}

/** The beginning of an artifact, piece by piece. */
function* piecesOf(source: ByteSource, length: number): Generator<Uint8Array, void, void> {
  for (let at = 0; at < length; at += PIECE_BYTES) {
    yield source.read(at, Math.min(PIECE_BYTES, length - at));
  }
}

function startOf(
  record: RunRecord,
  { steps, until, expressions, selfCheck, replaces }: Omit<RecordingSettings, "flushSeconds">,
  stretches: GrowingStart["stretches"],
): GrowingStart {
  return {
    settings: { steps, until, expressions, selfCheck, replaces },
    stretches,
    grid: record,
    now: () => performance.now(),
  };
}
