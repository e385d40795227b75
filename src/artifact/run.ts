/**
 * The public run: what the engine's can do, and saving, hashing and lineage on top.
 * This module is browser compatible.
 *
 * @module
 */

import { BaseRun } from "../engine/base_run.ts";
import type { Divergence } from "../engine/diverge/divergence.ts";
import type { DivergeOptions } from "../engine/diverge/local.ts";
import type { Change } from "../engine/when.ts";
import type { ChangesOptions, WhenOptions } from "../engine/when_local.ts";
import type { BranchOptions, ExtendOptions, RunFunctions } from "../engine/run_options.ts";
import { recordRun } from "../engine/record.ts";
import { checkOptionNames } from "../engine/option_names.ts";
import { RECORD_OPTION_NAMES, remakerOf } from "../engine/record_options.ts";
import type { RecordOptions, RunMetadata } from "../engine/record_types.ts";
import type { Shard } from "../engine/shard.ts";
import type { InitFunction, Observable, RunRecord, StepFunction } from "../engine/types.ts";
import { later } from "../later.ts";
import type { RngByName, RngName } from "../rng/backends.ts";
import type { WriteFileOptions } from "./artifact_file.ts";
import { metadataOf } from "../engine/record_view.ts";
import type { RunOrigin } from "./run_origin.ts";
import type { SavedRecord } from "./saved_record.ts";
import type { PartOrigin, StatsShardPart, VerifyShardPart } from "./shard_part.ts";

/**
 * A recorded run whose states are regenerated on demand.
 *
 * It reads (`get`, `states`, `find`, `bisect`, `stats`, `trace`), proves (`verify`), goes on (`branch`,
 * `extend`) and is kept (`save`, `toBytes`, `contentHash`); `steps`, `seed`, `blockSize`, `rng`, `params`,
 * `observed`, `origin`, `branchPoint` and `failure` say what it is.
 */
export class Run<S> extends BaseRun<S> {
  readonly #origin: RunOrigin<Run<S>>;
  #loading: Promise<SavedRecord> | undefined;
  #saved: SavedRecord | undefined;

  /** Joins recorded data with the step that made it; use {@linkcode record} or {@linkcode load}. */
  constructor(record: RunRecord, functions: RunFunctions<S>, origin: RunOrigin<Run<S>> = {}) {
    super(record, functions, origin.parent);
    this.#origin = origin;
  }

  /**
   * Records a new run that starts from X_t of this one, perhaps changed. It remembers this run's
   * content hash and t.
   *
   * @param t Where to branch; negative values count from the end.
   * @param options What to change.
   * @throws {GuardError} If what is changed does not keep its kind, or there is no such parameter.
   */
  branch(t: number, options: BranchOptions<S> = {}): Run<S> {
    return new Run(this.recordBranch(t, options), this.functions, { parent: this });
  }

  /**
   * Goes on recording, with the same block size, up to `steps` states: the run that one recording of this
   * length would have given, to the same content hash. This one stays as it is.
   *
   * @param steps Number of states of the new run, at least as many as this one has.
   * @param options Inputs of the new transitions, and progress.
   * @throws {RangeError} If it is less, or there are not as many inputs as new transitions.
   * @throws {TypeError} If the run has inputs or observables, and they are not given.
   * @throws {NondeterministicStepError} If the step does not lead to this run's last state.
   *
   * @example Usage
   * ```ts
   * import { type PythonRandom, record } from "@rewind/cli";
   * import { assertEquals } from "@std/assert";
   *
   * const step = (x: number, rng: PythonRandom) => x + rng.random();
   * const options = { init: 0, seed: 42, blockSize: 100 };
   * const longer = record(step, { ...options, steps: 10_000 }).extend(20_000);
   *
   * const atOnce = record(step, { ...options, steps: 20_000 });
   * assertEquals(await longer.contentHash(), await atOnce.contentHash());
   * ```
   */
  extend(steps: number, options: ExtendOptions = {}): Run<S> {
    return new Run(this.recordExtension(steps, options), this.functions, {
      ...(this.#origin.parent === undefined ? {} : { parent: this.#origin.parent }),
      extended: this,
    });
  }

  /**
   * The last change of a part of the state: the t at which it has another value than one state before, with both
   * values. A value that is an object changes where anything in it does.
   *
   * @param path Where the part is, as messages write it: `.agents[3].x`, `.by.get("k")`.
   * @param options Where to look, for the first one instead, and for which changes.
   * @returns Undefined if it did not change there.
   * @throws {RangeError} If no state of the range has such a part.
   *
   * @example Usage
   * ```ts
   * import { type PythonRandom, record } from "@rewind/cli";
   * import { assertEquals } from "@std/assert";
   *
   * const step = (best: number, rng: PythonRandom) => Math.max(best, rng.random());
   * const run = record(step, { init: 0, steps: 10_000, seed: 42 });
   *
   * assertEquals((await run.when("."))?.t, 3446);
   * assertEquals((await run.when(".", { first: true }))?.t, 1);
   * ```
   */
  async when(path: string, options: WhenOptions = {}): Promise<Change | undefined> {
    const { record, functions } = this;
    return (await whenParts()).when({ record, functions, path }, options);
  }

  /** All changes of a part of the state, in order; see {@linkcode Run.when}. */
  async changes(path: string, options: ChangesOptions = {}): Promise<Change[]> {
    const { record, functions } = this;
    return (await whenParts()).changes({ record, functions, path }, options);
  }

  /**
   * Where another step first draws, then behaves, differently from this run's: both are made from the same X_0,
   * seed, parameters and inputs, untraced, and only the first block that differs is looked into.
   *
   * @param step The other step.
   * @param options What to leave out, how thorough to be, and what else of the model is new.
   * @throws {BaselineError} If this run's own step does not replay it.
   *
   * @example Usage
   * ```ts
   * import { type PythonRandom, record } from "@rewind/cli";
   * import { assertEquals } from "@std/assert";
   *
   * const step = (x: number, rng: PythonRandom) => x + (rng.random() < 0.5 ? 1 : -1);
   * const run = record(step, { init: 0, steps: 10_000, seed: 42 });
   *
   * const other = (x: number, rng: PythonRandom) => x + (rng.random() <= 0.501 ? 1 : -1);
   * const found = await run.diverge(other);
   * assertEquals([found.kind, found.t, found.path], ["value", 1731, "state"]);
   * ```
   */
  async diverge(
    // deno-lint-ignore no-explicit-any -- the backend, and so the generator's class, is the run's
    step: StepFunction<S, any, any, any>,
    options: DivergeOptions<S> = {},
  ): Promise<Divergence> {
    const { divergeLocally } = await later<typeof import("../engine/diverge/local.ts")>(
      "engine/diverge/local.ts",
    );
    const { record, functions } = this;
    return await divergeLocally({ record, functions, step: step as StepFunction<S> }, options);
  }

  /**
   * Replays the blocks of one shard and compares each with the recorded one. A block that differs does not
   * make it throw: it is in the part.
   *
   * @param shard Which share of the run's blocks.
   * @returns The part, for `mergeShards`; the same run and shard give the same part.
   * @throws {RangeError} If there is no such shard.
   */
  async verifyShard(shard: Shard): Promise<VerifyShardPart> {
    const { blocksOfShard, verifyPart } = await shardParts();
    const blocks = blocksOfShard(this.record, shard);
    const report = this.verifyRange(blocks, { full: true });
    return verifyPart(this.record, await this.#partOrigin(shard), { report });
  }

  /**
   * Exact statistics over the states of one shard, which `mergeShards` merges to the same bits that
   * {@linkcode Run.stats} gives.
   *
   * @param shard Which share of the run's blocks.
   * @param observable A function of the state; the state itself by default. Parts say its text: shards whose
   * functions differ in it are not merged.
   * @throws {RangeError} If there is no such shard.
   * @throws {TypeError} If the function gives neither numbers nor vectors of numbers.
   */
  async statsShard(shard: Shard, observable?: Observable<S>): Promise<StatsShardPart> {
    const { blocksOfShard, statsPart } = await shardParts();
    const partial = this.partialStats(blocksOfShard(this.record, shard), observable);
    return statsPart(this.record, await this.#partOrigin(shard), {
      observable: observable === undefined ? null : { function: String(observable) },
      partial,
    });
  }

  /** What is known of the run besides its states. */
  metadata(): RunMetadata {
    const { parent } = this.#origin;
    const parentHash = parent === undefined ? this.record.parentHash : parent.#knownHash;
    return metadataOf(this.record, { parentHash });
  }

  /**
   * Content hash: lower-case hexadecimal SHA-256 Merkle root over header and stored states. The same
   * run has the same hash on every machine.
   */
  async contentHash(): Promise<string> {
    return await (await this.#savedRecord()).contentHash();
  }

  /** The bytes of the run's `.replay` file. */
  async toBytes(): Promise<Uint8Array> {
    return await (await this.#savedRecord()).toBytes();
  }

  /**
   * Writes the run's `.replay` file: all of it or nothing, never a broken file.
   *
   * @param path Where to.
   * @param options Whether an existing file is replaced; it is not by default.
   * @throws {FileError} If it cannot be written there; what was there before is unharmed.
   */
  async save(path: string | URL, options: WriteFileOptions = {}): Promise<void> {
    await (await this.#savedRecord()).save(path, options);
  }

  /** Content hash, if it was computed. */
  get #knownHash(): string | undefined {
    return this.#saved?.knownHash ?? this.#origin.contentHash;
  }

  /** What hashes and writes the run; most runs are neither hashed nor written. */
  #savedRecord(): Promise<SavedRecord> {
    return this.#loading ??= this.#loadSaved();
  }

  async #loadSaved(): Promise<SavedRecord> {
    const { parent, extended, contentHash, stretches } = this.#origin;
    const { SavedRecord } = await later<typeof import("./saved_record.ts")>(
      "artifact/saved_record.ts",
    );
    return this.#saved = new SavedRecord(this.record, {
      parent: parent === undefined ? undefined : await parent.#savedRecord(),
      contentHash,
      stretches: extended === undefined
        ? stretches
        : (await extended.#savedRecord()).stretchesTo(extended.steps),
      lastState: () => this.encodeLastState(),
    });
  }

  async #partOrigin(shard: Shard): Promise<PartOrigin> {
    return { contentHash: await this.contentHash(), source: undefined, shard };
  }
}

async function whenParts(): Promise<typeof import("../engine/when_local.ts")> {
  return await later<typeof import("../engine/when_local.ts")>("engine/when_local.ts");
}

async function shardParts(): Promise<typeof import("./shard_part.ts")> {
  return await later<typeof import("./shard_part.ts")>("artifact/shard_part.ts");
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
 * ```
 */
export function record<S, N extends RngName = "python", P = undefined, I = unknown>(
  step: StepFunction<S, RngByName[N], P, I>,
  options: RecordOptions<S, N, P, I>,
): Run<S> {
  checkOptionNames<RecordOptions<unknown, RngName, unknown>>(
    options as unknown as RecordOptions<unknown, RngName, unknown>,
    RECORD_OPTION_NAMES,
    "record",
  );
  const recorded = recordRun(step, options, { now: () => performance.now() });
  // The backend's class is fixed by the options; behind this line every generator is an Rng.
  return runOf(recorded, step as unknown as StepFunction<S>, options);
}

/** A run as it was just recorded, with what the user gave to record it. */
export function runOf<S, N extends RngName, P>(
  record: RunRecord,
  step: StepFunction<S>,
  options: Pick<RecordOptions<S, N, P>, "init" | "codec" | "observe">,
): Run<S> {
  return new Run(record, {
    step,
    codec: options.codec,
    init: remakerOf(options.init as S | InitFunction<S>, record),
    observe: options.observe,
  });
}
