/**
 * The jobs of a sandbox child as typed calls, over recorded runs as plain data.
 *
 * @module
 */

import { bucketsOf } from "../../engine/series.ts";
import type { PartialStats } from "../../engine/partial_stats.ts";
import { type IndexRange, indicesOf, statesOfBlocks } from "../../engine/shard.ts";
import { PLAIN_RECORD } from "../../engine/record_defaults.ts";
import type { RunRecord } from "../../engine/types.ts";
import type { TraceEntry } from "../../engine/trace.ts";
import { type RewindError, SandboxError } from "../../errors.ts";
import type { SurveyEnd } from "../wire/answers.ts";
import { decodeClaim, type Item, refuse } from "../wire/frame_reader.ts";
import { firstAtOrAfter, type JobInput } from "../wire/requests.ts";
import {
  checkDescription,
  checkFound,
  checkPartialStats,
  checkRecordEnd,
  checkRecordHead,
  checkSurvey,
  checkTrace,
  errorOfClaim,
  type ModuleDescription,
  type RecordEnd,
} from "./claims.ts";
import {
  blocksOf,
  checkExpression,
  checkpointsOf,
  recordJob,
  requestOf,
  shapeOf,
  storeOf,
} from "./job_inputs.ts";
import { ChildFault, type ChildOptions, SandboxChild } from "./sandbox_child.ts";
import type { ObservableChoice, SandboxRecordOptions, SurveyOptions } from "./session_options.ts";

/** One child with one step module; one job at a time. */
export class SandboxSession implements AsyncDisposable {
  readonly #child: SandboxChild;
  readonly #options: ChildOptions;

  /** Starts the child. Throws what the constructor of `SandboxChild` throws. */
  constructor(options: ChildOptions) {
    this.#options = options;
    this.#child = new SandboxChild(options);
  }

  /** Loads the module and says what it exports. */
  async describe(): Promise<ModuleDescription> {
    return checkDescription(await this.#end({ kind: "describe" }));
  }

  /**
   * Records a run. If the `signal` of the session is aborted meanwhile, gives the run up to the last
   * checkpoint that came in, without `observed`; throws if there is none.
   */
  async record(options: SandboxRecordOptions): Promise<RunRecord> {
    const { steps, seed } = options;
    const answer = this.#child.run(recordJob(options));
    const first = await nextOf(answer);
    if (first.done || first.value.length === 0) throw refuse("it recorded nothing");
    const [{ bytes }, ...early] = first.value as [Item, ...Item[]];
    const head = checkRecordHead(decodeClaim(bytes));
    const checkpoints = early.map((item) => item.bytes);
    const { blockSize } = head;
    const { onProgress } = options;
    const { notes, ...end } = await this.#recordEnd(
      answer,
      { steps, blockSize, onProgress },
      checkpoints,
    );
    for (const note of notes) options.onNote?.(note);
    return {
      ...PLAIN_RECORD,
      ...head,
      ...end,
      seed,
      checkpoints: storeOf(checkpoints),
      stepId: options.stepId ?? "",
      source: this.#options.source,
      math: this.#options.math ?? "portable",
      origin: options.origin ?? 0,
      start: options.start === undefined ? "init" : options.startKind ?? "given",
    };
  }

  /**
   * Replays blocks in the order given; yields the bytes that each ends in, or why it failed. With
   * `oneInstance` variables of the module keep their values from block to block.
   */
  async *replayBlocks(
    record: RunRecord,
    blocks: Uint32Array,
    { oneInstance = false } = {},
  ): AsyncGenerator<Uint8Array | RewindError> {
    const job: JobInput = { kind: "replay", run: shapeOf(record), blocks, oneInstance };
    for await (const items of this.#items(job, checkpointsOf(record, blocks), blocks.length)) {
      for (const { bytes, isFault } of items) {
        yield isFault ? errorOfClaim(decodeClaim(bytes)) : bytes;
      }
    }
  }

  /**
   * Yields the canonical bytes of the states at `from`, `from + every` and so on below `to`, in order, as
   * many together as come together: one await per state would take longer than most steps.
   */
  async *states(
    record: RunRecord,
    { from, to, every = 1 }: { from: number; to: number; every?: number },
  ): AsyncGenerator<Uint8Array[]> {
    if (from >= to) return;
    const { blockSize } = record;
    const blocks = blocksOf(record, from, to).filter((block) =>
      firstAtOrAfter(block * blockSize, { from, every }) < (block + 1) * blockSize
    );
    const job: JobInput = { kind: "states", run: shapeOf(record), blocks, from, to, every };
    const count = Math.ceil((to - from) / every);
    for await (const items of this.#items(job, checkpointsOf(record, blocks), count)) {
      yield items.map(({ bytes }) => bytes);
    }
  }

  /**
   * Partial statistics of groups of blocks, in the order given; of the states themselves if no observable is
   * given.
   */
  async *stats(
    record: RunRecord,
    groups: readonly IndexRange[],
    observable?: ObservableChoice,
  ): AsyncGenerator<PartialStats> {
    const sizes = Uint32Array.from(groups, ({ from, to }) => to - from);
    const blocks = new Uint32Array(sizes.reduce((sum, size) => sum + size, 0));
    let filled = 0;
    for (const group of groups) for (const block of indicesOf(group)) blocks[filled++] = block;
    const job: JobInput = {
      kind: "stats",
      run: shapeOf(record),
      blocks,
      groups: sizes,
      observe: observable === undefined ? undefined : requestOf(observable),
    };
    let next = 0;
    for await (const items of this.#items(job, checkpointsOf(record, blocks), groups.length)) {
      for (const { bytes } of items) {
        const { from, to } = statesOfBlocks(groups[next++]!, record);
        yield checkPartialStats(decodeClaim(bytes), to - from);
      }
    }
  }

  /** The first t of [from, to) whose state satisfies a predicate given as text. */
  async find(
    record: RunRecord,
    expression: string,
    range: { from: number; to: number },
  ): Promise<number | undefined> {
    checkExpression(expression);
    const { from, to } = range;
    if (from >= to) return undefined;
    const blocks = blocksOf(record, from, to);
    const job: JobInput = { kind: "find", run: shapeOf(record), blocks, from, to, expression };
    return checkFound(await this.#end(job, checkpointsOf(record, blocks)), range);
  }

  /**
   * Takes the series of numbers over [from, to), which is not empty, in one pass. Yields on the way the
   * canonical bytes of the states at `samples`, and returns the series.
   */
  async *survey(
    record: RunRecord,
    options: SurveyOptions,
  ): AsyncGenerator<Uint8Array[], SurveyEnd, void> {
    const { from, to, bucketsMax, seriesMax, leaves, samples } = options;
    const observe = options.observe.map(requestOf);
    const blocks = blocksOf(record, from, to);
    const job: JobInput = {
      kind: "survey",
      run: shapeOf(record),
      blocks,
      from,
      to,
      bucketsMax,
      leaves: [...leaves],
      observe,
      seriesMax,
      samples: Float64Array.from(samples),
    };
    const answer = this.#items(job, checkpointsOf(record, blocks), samples.length);
    try {
      for (;;) {
        const { value, done } = await answer.next();
        if (done) {
          return checkSurvey(value, {
            buckets: bucketsOf(from, to, bucketsMax),
            leaves: leaves.length,
            observables: observe.length,
            seriesMax,
          });
        }
        yield value.map(({ bytes }) => bytes);
      }
    } finally {
      await answer.return(undefined);
    }
  }

  /** The draws of the step that made X_t; none for t = 0. */
  async trace(record: RunRecord, t: number): Promise<TraceEntry[]> {
    if (t === 0) return [];
    const blocks = blocksOf(record, t - 1, t);
    const job: JobInput = { kind: "trace", run: shapeOf(record), blocks, t };
    return checkTrace(await this.#end(job, checkpointsOf(record, blocks)));
  }

  /**
   * Ends the child and makes sure that it said nothing after its last answer.
   *
   * @throws {SandboxError} If it did.
   */
  async close(): Promise<void> {
    await this.#child.close();
  }

  /** Kills the child. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
  }

  /** Collects the checkpoints of a recording and returns its end. */
  async #recordEnd(
    answer: AsyncGenerator<Item[], unknown, void>,
    asked: { steps: number; blockSize: number; onProgress: ((t: number) => void) | undefined },
    checkpoints: Uint8Array[],
  ): Promise<RecordEnd> {
    const { steps, blockSize, onProgress } = asked;
    try {
      for (;;) {
        const { value, done } = await nextOf(answer);
        if (done) {
          return checkRecordEnd(value, { steps, blockSize, checkpoints: checkpoints.length });
        }
        for (const { bytes } of value) checkpoints.push(bytes);
        onProgress?.((checkpoints.length - 1) * blockSize);
      }
    } catch (error) {
      const lastState = checkpoints.at(-1);
      const isAborted = error instanceof SandboxError && error.reason === "aborted";
      if (!isAborted || lastState === undefined) throw error;
      const recorded = (checkpoints.length - 1) * blockSize + 1;
      return {
        steps: recorded,
        lastState,
        observables: [],
        observed: {},
        accumulators: {},
        failure: undefined,
        notes: [],
      };
    }
  }

  /** Runs a job whose answer has `count` items and no more; returns what its end says. */
  async *#items(
    job: JobInput,
    checkpoints: Iterable<Uint8Array>,
    count: number,
  ): AsyncGenerator<Item[], unknown, void> {
    const answer = this.#child.run(job, checkpoints);
    try {
      for (let missing = count;;) {
        const { value, done } = await nextOf(answer);
        if (!done) missing -= value.length;
        if (done ? missing !== 0 : missing < 0) {
          throw refuse("it has another number of states than was asked for");
        }
        if (done) return value;
        yield value;
      }
    } finally {
      await answer.return(undefined);
    }
  }

  /** Runs a job whose answer has no items. */
  async #end(job: JobInput, checkpoints?: Iterable<Uint8Array>): Promise<unknown> {
    const answer = this.#child.run(job, checkpoints);
    const { value, done } = await nextOf(answer);
    if (done) return value;
    await answer.return(undefined);
    throw refuse("it has states that were not asked for");
  }
}

/** The next part of an answer, with the child's account of an error turned into one of ours. */
async function nextOf(
  answer: AsyncGenerator<Item[], unknown, void>,
): Promise<IteratorResult<Item[], unknown>> {
  try {
    return await answer.next();
  } catch (error) {
    throw error instanceof ChildFault ? errorOfClaim(error.claim) : error;
  }
}
