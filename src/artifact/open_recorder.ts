/**
 * Recording in the caller's own loop: a game, an environment that is driven from outside; in memory, or to a
 * file that grows and outlives whatever happens to the process.
 * This module is browser compatible.
 *
 * @module
 */

import { checkOptionNames } from "../engine/option_names.ts";
import type { Recorder } from "../engine/recorder.ts";
import type { OptionNames, StepFunction } from "../engine/types.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../errors.ts";
import type { RngByName, RngName } from "../rng/backends.ts";
import { counted, grouped } from "../text/quantity.ts";
import { later } from "../later.ts";
import type {
  OpenRecorderOptions,
  RecordingPlace,
  ResumeRecorderOptions,
} from "./recorder_options.ts";
import { memoryParts } from "./recorder_parts.ts";
import type { Run } from "./run.ts";
import type { RecorderParts } from "./types.ts";

const OPEN_RECORDER_OPTION_NAMES: OptionNames<
  OpenRecorderOptions<unknown, RngName, unknown> & RecordingPlace
> = {
  init: true,
  steps: true,
  seed: true,
  rng: true,
  blockSize: true,
  params: true,
  maxSize: true,
  maxCheckpoints: true,
  observe: true,
  selfCheck: true,
  guards: true,
  stepId: true,
  codec: true,
  source: true,
  path: true,
  flushSeconds: true,
  overwrite: true,
};

const RESUME_OPTION_NAMES: OptionNames<ResumeRecorderOptions<unknown>> = {
  path: true,
  overwrite: true,
  observe: true,
  codec: true,
};

/** Makes a recorder of its parts, which are nobody's business outside. */
let recorderOf: <S, I>(parts: RecorderParts<S>) => OpenRecorder<S, I>;

/** A recording that goes on as far as its caller says; {@linkcode openRecorder} gives one. */
export class OpenRecorder<S, I = unknown> {
  readonly #parts: RecorderParts<S>;
  readonly #recorder: Recorder<S>;
  #run: Run<S> | undefined;
  /** Index of the first state that it may not make: 0 once it is closed or left. */
  #end: number;
  /** Index of the state after which a file looks whether it is time for a flush. */
  #lookAt: number;

  private constructor(parts: RecorderParts<S>) {
    this.#parts = parts;
    this.#recorder = parts.recorder;
    this.#end = parts.plan.steps;
    this.#lookAt = parts.file === undefined ? Infinity : this.t + 1;
  }

  static {
    recorderOf = (parts) => new OpenRecorder(parts);
  }

  /** Index of the last state made. */
  get t(): number {
    return this.#recorder.t;
  }

  /**
   * The live state X_t. It must not be changed, as the step goes on from it; it is valid until the next one
   * is made.
   *
   * @throws {unknown} What ended the recording, if a step threw.
   */
  get state(): S {
    this.#checkError();
    return this.#recorder.state;
  }

  /**
   * Makes one state.
   *
   * @param input What the step is given from outside, plain data; it is copied. A run in which no transition
   * has one is a run without inputs.
   * @returns The live state, as {@linkcode OpenRecorder.state} gives it.
   * @throws {StepError} If the step throws. The states before are kept: `close` gives a run with `failure`.
   * @throws {StateEncodingError} If the input, or the first state, is not plain data; nothing is made then.
   * @throws {RangeError} If the recorder is closed, or all states that were planned are made.
   * @throws {FileError} If what was recorded cannot be made durable. The state is made then, and the recording
   * can go on.
   */
  advance(input?: I): S {
    const to = this.#recorder.t + 1;
    if (to >= this.#end) this.#refuse(to);
    this.#checkError();
    this.#recorder.give(input);
    return this.#advance(to);
  }

  /**
   * Makes the states up to and with X_to, in a run without inputs.
   *
   * @param to Index of a state that is not before the last one.
   * @returns The live state.
   * @throws {RangeError} If the run has inputs, or as {@linkcode OpenRecorder.advance} does.
   * @throws {StepError} If the step throws.
   */
  advanceTo(to: number): S {
    if (!Number.isInteger(to) || to < this.t || to >= this.#end) this.#refuse(to);
    this.#checkError();
    return this.#advance(to);
  }

  /** Makes durable what is recorded so far, before it is time for that; in memory nothing happens. */
  flush(): void {
    this.#checkError();
    this.#parts.file?.flush();
  }

  /**
   * Ends the recording; if it grows on disk, the artifact gets its name. Called again, it gives the same run.
   *
   * @throws {NondeterministicStepError} If the last block replays differently.
   * @throws {FileError} If the artifact cannot be put where it was to be; the message says where it is.
   */
  close(): Run<S> {
    return this.#run ??= this.#close();
  }

  /**
   * Stops here, without an end: what is recorded is made durable and can go on later, with
   * {@linkcode resumeRecorder}. In memory nothing is kept.
   */
  leave(): void {
    if (this.#end === 0) return;
    this.#end = 0;
    const { file } = this.#parts;
    try {
      if (this.#recorder.error === undefined) file?.flush();
    } finally {
      file?.leave();
    }
  }

  /** Leaves a recording that was not closed. */
  [Symbol.dispose](): void {
    this.leave();
  }

  #close(): Run<S> {
    this.#end = 0;
    try {
      return this.#parts.end(this.#recorder.finish());
    } catch (error) {
      this.#parts.file?.leave();
      throw error;
    }
  }

  #advance(to: number): S {
    if (to < this.#lookAt) this.#recorder.advanceTo(to);
    else this.#lookAt = this.#parts.file!.keepUp(this.#recorder, to);
    this.#checkError();
    return this.#recorder.state;
  }

  #checkError(): void {
    if (this.#recorder.error !== undefined) throw this.#recorder.error;
  }

  /** Refuses to make X_to. */
  #refuse(to: number): never {
    this.#checkError();
    const { plan: { steps }, isBounded } = this.#parts;
    const why = this.#end === 0
      ? `the recorder is closed: ${this.#run === undefined ? "resume it" : "extend its run"}`
      : isBounded && to >= steps
      ? `the recorder was opened for ${counted(steps, "step")}`
      : `the last one made is ${grouped(this.t)}, and t is a whole number`;
    throw new ArgumentRangeError(
      `Cannot make state ${Number.isInteger(to) ? grouped(to) : to}: ${why}`,
    );
  }
}

/**
 * Opens a recording whose loop is the caller's: each call of `advance` makes one step, and `close` gives the
 * run, as `record` would have recorded it. With `path` it grows on disk as it goes, and the recorder is promised:
 * what writes files is loaded then.
 *
 * @param step One transition; all its randomness must come from `rng`, all that is random from outside from
 * `input`.
 * @param options What to start from, with which seed, and where to.
 * @throws {TypeError | RangeError} If an option is wrong.
 * @throws {StateEncodingError} If X_0 is not plain data.
 * @throws {FileError} If nothing can be written at `path`, another process records there, or an unfinished
 * recording is there.
 *
 * @example Usage
 * ```ts
 * import { openRecorder, type PythonRandom } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * const step = (x: number, rng: PythonRandom, _params: unknown, _t: number, key: string) =>
 *   x + (key === "right" ? 1 : -1) * rng.randint(1, 3);
 * const recorder = openRecorder(step, { init: 0, seed: 42 });
 * for (const key of ["right", "right", "left"]) recorder.advance(key);
 *
 * const run = recorder.close();
 * assertEquals(run.steps, 4);
 * assertEquals(run.get(-1), recorder.state);
 * ```
 */
export function openRecorder<S, N extends RngName = "python", P = undefined, I = unknown>(
  step: StepFunction<S, RngByName[N], P, I>,
  options: OpenRecorderOptions<S, N, P> & RecordingPlace,
): Promise<OpenRecorder<S, I>>;
/** Opens a recording in memory; see above. */
export function openRecorder<S, N extends RngName = "python", P = undefined, I = unknown>(
  step: StepFunction<S, RngByName[N], P, I>,
  options: OpenRecorderOptions<S, N, P>,
): OpenRecorder<S, I>;
export function openRecorder<S, I>(
  step: StepFunction<S>,
  options: OpenRecorderOptions<S, RngName, unknown> & Partial<RecordingPlace>,
): OpenRecorder<S, I> | Promise<OpenRecorder<S, I>> {
  checkOptionNames(options, OPEN_RECORDER_OPTION_NAMES, "openRecorder");
  return options?.path === undefined
    ? recorderOf<S, I>(memoryParts(step, options))
    : openFileRecorder<S, I>(step, { ...options, path: options.path });
}

async function openFileRecorder<S, I>(
  step: StepFunction<S>,
  options: OpenRecorderOptions<S, RngName, unknown> & RecordingPlace,
): Promise<OpenRecorder<S, I>> {
  return recorderOf<S, I>((await fileRecorder()).fileParts(step, options));
}

/** What writes files is loaded with the first of them. */
async function fileRecorder(): Promise<typeof import("./grow/file_recorder.ts")> {
  return await later<typeof import("./grow/file_recorder.ts")>("artifact/grow/file_recorder.ts");
}

/**
 * Goes on with a recording that was left, or whose process died: with the state that it had come to when it
 * was last flushed, all else as it was. `close` gives the run that one recording would have given, to the same
 * content hash, and on the same program and engine to the same bytes.
 *
 * @param step The step that the recording was made with.
 * @param options Where it is, and what is not in the file.
 * @throws {ArtifactIntegrityError} If what is there is damaged, or nothing is.
 * @throws {NondeterministicStepError} If the step does not lead to the state at which to go on.
 * @throws {TypeError} If the recording has statistics of observables that are not given, or needs what only the
 * command line gives: shims, or the `until` that ends it.
 * @throws {FileError} If another process records there.
 */
export async function resumeRecorder<S, I = unknown>(
  // deno-lint-ignore no-explicit-any -- the backend, and so the generator's class, is in the file
  step: StepFunction<S, any, any, I>,
  options: ResumeRecorderOptions<S>,
): Promise<OpenRecorder<S, I>> {
  checkOptionNames(options, RESUME_OPTION_NAMES, "resumeRecorder");
  if (options?.path === undefined) {
    throw new ArgumentTypeError("Cannot resume: 'path', where the recording is, is missing");
  }
  const { resumedParts } = await fileRecorder();
  return recorderOf<S, I>(resumedParts(step as unknown as StepFunction<S>, options));
}
