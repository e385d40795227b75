/**
 * The public run: what the engine's can do, and saving, hashing and lineage on top.
 * This module is browser compatible.
 *
 * @module
 */

import { BaseRun, type BranchOptions, type RunFunctions } from "../engine/base_run.ts";
import { mathFingerprint } from "../engine/fingerprint.ts";
import { type RecordOptions, recordRun } from "../engine/record.ts";
import type { MathKind, RngByName, RunRecord, StepFunction } from "../engine/types.ts";
import type { RngName } from "../rng/rng.ts";
import { contentHashOf, encodeArtifact, type Writer } from "./encode_artifact.ts";
import { writeFileAtomic, type WriteFileOptions } from "./file.ts";
import { TOOL } from "./tool.ts";

/** What {@linkcode Run.metadata} tells. */
export interface RunMetadata {
  /** Number of states T. */
  readonly steps: number;
  /** Master seed. */
  readonly seed: bigint;
  /** States per block. */
  readonly blockSize: number;
  /** Number of blocks, and so of checkpoints. */
  readonly blocks: number;
  /** Generator backend. */
  readonly rng: RngName;
  /** Which `Math` the step saw. */
  readonly math: MathKind;
  /** Free text that names the step. */
  readonly stepId: string;
  /** Names of the observables computed while recording. */
  readonly observed: readonly string[];
  /** Whether the step's source is embedded. */
  readonly hasSource: boolean;
  /** For a branch: the t of the parent's state it started from. */
  readonly branchPoint: number | undefined;
  /** For a branch whose parent was saved or hashed: the parent's content hash. */
  readonly parentHash: string | undefined;
}

/** What is known of a run besides its states, from its record. */
export function metadataOf(
  record: RunRecord,
  hasSource = record.source !== undefined,
): RunMetadata {
  return {
    steps: record.steps,
    seed: record.seed,
    blockSize: record.blockSize,
    blocks: record.checkpoints.length,
    rng: record.rng,
    math: record.math,
    stepId: record.stepId,
    observed: Object.keys(record.observed),
    hasSource,
    branchPoint: record.branchPoint,
    parentHash: record.parentHash,
  };
}

/** What is known of a run's lineage when it is made. */
export interface RunOrigin<S> {
  /** For a branch: the run it started from. */
  readonly parent?: Run<S>;
  /** For a run from a file: the content hash that was checked on opening. */
  readonly contentHash?: string;
}

/** A recorded run whose states are regenerated on demand. */
export class Run<S> extends BaseRun<S> {
  /** The run that this one branched from, as long as its hash is not in the record. */
  readonly #parent: Run<S> | undefined;
  #hash: Promise<string> | undefined;

  /** Joins recorded data with the step that made it; use {@linkcode record} or {@linkcode load}. */
  constructor(record: RunRecord, functions: RunFunctions<S>, origin: RunOrigin<S> = {}) {
    super(record, functions);
    this.#parent = origin.parent;
    this.#hash = origin.contentHash === undefined ? undefined : Promise.resolve(origin.contentHash);
  }

  /**
   * Records a new run that starts from X_t of this one, perhaps changed. It remembers this run's
   * content hash and t.
   *
   * @param t Where to branch; negative values count from the end.
   * @param options What to change.
   */
  branch(t: number, options: BranchOptions<S> = {}): Run<S> {
    return new Run(this.recordBranch(t, options), this.functions, { parent: this });
  }

  /** What is known of the run besides its states. */
  metadata(): RunMetadata {
    return metadataOf(this.record);
  }

  /**
   * Content hash: lower-case hexadecimal SHA-256 Merkle root over header and stored states. The same
   * run has the same hash on every machine.
   */
  contentHash(): Promise<string> {
    this.#hash ??= this.#withLineage().then(contentHashOf);
    return this.#hash;
  }

  /** The bytes of the run's `.replay` file. */
  async toBytes(): Promise<Uint8Array> {
    return await encodeArtifact(await this.#withLineage(), currentWriter());
  }

  /**
   * Writes the run's `.replay` file: all of it or nothing, never a broken file.
   *
   * @param path Where to; an existing file is replaced unless `overwrite` is false.
   */
  async save(path: string | URL, options: WriteFileOptions = {}): Promise<void> {
    await writeFileAtomic(path, await this.toBytes(), options);
  }

  /** The record with the parent's hash filled in, and a last state even if the file had none. */
  async #withLineage(): Promise<RunRecord> {
    const { record } = this;
    const parentHash = this.#parent === undefined
      ? record.parentHash
      : await this.#parent.contentHash();
    const lastState = record.lastState ?? this.encodeLastState();
    return { ...record, parentHash, lastState };
  }
}

let writer: Writer | undefined;

/** This program, and what it runs on; worked out once. */
export function currentWriter(): Writer {
  return writer ??= {
    tool: TOOL,
    engine: globalThis.navigator?.userAgent ?? "unknown",
    mathFingerprint: mathFingerprint(),
  };
}

/**
 * Records a run: makes every state once, keeps about sqrt(T) checkpoints, and gives back a run from
 * which any state can be regenerated exactly. Synchronous.
 *
 * @param step One transition; all its randomness must come from `rng`.
 * @param options What to start from, how far, with which seed.
 * @returns The run. If the step threw at t, a run of t states with `failure`.
 * @throws {TypeError | RangeError} If an option is wrong.
 * @throws {StateEncodingError} If a state is not plain data; the message names the path.
 * @throws {NondeterministicStepError} If `selfCheck` is set and a block replays differently.
 *
 * @example Usage
 * ```ts
 * import { type PythonRandom, record } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * const step = (x: number, rng: PythonRandom) => x + (rng.random() < 0.5 ? 1 : -1);
 * const run = record(step, { init: 0, steps: 1_000_000, seed: 42 });
 *
 * assertEquals(run.get(842_137), -881);
 * assertEquals(run.branch(842_137, { mutate: (x) => x + 100 }).get(0), -781);
 * ```
 */
export function record<S, N extends RngName = "python", P = undefined>(
  step: StepFunction<S, RngByName[N], P>,
  options: RecordOptions<S, N, P>,
): Run<S> {
  // The backend's class is fixed by the options; behind this line every generator is an Rng.
  const functions = {
    step: step as unknown as StepFunction<S>,
    codec: options?.codec,
    observe: options?.observe,
  };
  return new Run(recordRun(step, options), functions);
}
