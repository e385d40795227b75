/**
 * A run that children make, for a comparison with another one; and what one of its steps draws.
 *
 * @module
 */

import { untracedDraw } from "../../engine/trace.ts";
import { resolveStep } from "../../engine/run_bounds.ts";
import type { Mark, MarkRequest } from "../../engine/diverge/marks.ts";
import type { Look, Side } from "../../engine/diverge/side.ts";
import { blockOf, blockStart, spanOf } from "../../engine/block_grid.ts";
import type { BlockStart, RunRecord, TraceEntry } from "../../engine/types.ts";
import { StepError } from "../../errors.ts";
import { SANDBOX_OUTPUT_BYTES_MAX } from "../wire/limits.ts";
import type { JobInput } from "../wire/requests.ts";
import { decodeClaim } from "../wire/frame_reader.ts";
import { failedPlace } from "./author_places.ts";
import type { ChildLender } from "./child_lender.ts";
import { errorOfClaim } from "./claims.ts";
import { checkLook, checkMark } from "./compare_claims.ts";
import { inputsOnly, mayHaveCodec, shapeOf, spansOf } from "./job_requests.ts";
import type { ChildOptions } from "./sandbox_child.ts";
import { placedError } from "./child_answer.ts";
import { mayHideState } from "./may_hide_state.ts";
import type { SandboxSession } from "./session.ts";

/** Blocks of the first job; further jobs grow with what was found equal, so that little is made in vain. */
const FIRST_BLOCKS = 4;

/** The part of what is done already that one more job may do. */
const GROWTH = 1 / 8;

/** Length of a mark without its state, about. */
const MARK_BYTES = 192;

/** What a job may take whatever is done already: each job has an instance of the module, which is slow at first. */
const JOB_MS = 60;

/** States of the first job that marks each of them. */
const FIRST_STATES = 32;

/** A source and what runs it. */
export interface SideChildren {
  /** Runs one job at a time. */
  readonly children: ChildLender;
  /** What its children are started with. */
  readonly options: ChildOptions;
}

/** The run of one record and one source. */
export class SandboxedSide implements Side {
  readonly record: RunRecord;
  readonly start: Uint8Array;
  readonly isRecorded: boolean;
  readonly #options: ChildOptions;
  readonly #children: ChildLender;
  /** Whether one instance of the module serves all jobs: each new one is slow at first. */
  readonly #reuses: boolean;

  /**
   * @param record The recorded run.
   * @param children What makes it.
   * @param start X_0 where it is not the recorded one.
   */
  constructor(record: RunRecord, { children, options }: SideChildren, start?: Uint8Array) {
    this.record = record;
    this.isRecorded = start === undefined;
    this.start = start ?? record.checkpoints.bytesAt(0);
    this.#options = options;
    this.#children = children;
    this.#reuses = options.shims === undefined && !mayHideState(options.source);
  }

  /** In jobs that each end by themselves: a child whose answer is not read to its end is lost. */
  async *marks(request: MarkRequest): AsyncGenerator<readonly Mark[]> {
    const { record } = this;
    let { start, from } = request;
    const first = Math.max(from, blockStart(start.block, record) + 1);
    let statesPerMs = 0;
    for (let at = first; at <= request.to;) {
      const to = Math.min(request.to, this.#endOfJob(request, { first, at, statesPerMs }));
      const job = { ...request, start, from: at, to, reuses: this.#reuses };
      const began = performance.now();
      const { marks, thrown } = await this.#children.lend((session) =>
        marksIn(session, record, job)
      );
      statesPerMs = Math.max(statesPerMs, (to + 1 - at) / (performance.now() - began));
      yield marks;
      if (thrown !== undefined) throw thrown;
      const last = marks.findLast(({ t }) => blockStart(blockOf(t, record), record) === t);
      if (last !== undefined) start = { block: blockOf(last.t, record), bytes: last.state };
      at = to + 1;
      from = at;
    }
  }

  async shown(bytes: Uint8Array): Promise<Uint8Array | undefined> {
    if (!mayHaveCodec(this.#options.source)) return undefined;
    return await this.#children.lend((session) => session.shown(this.record, bytes));
  }

  async look(start: BlockStart, t: number): Promise<Look> {
    return await this.#children.lend((session) => lookIn(session, this.record, { start, t }));
  }

  /** The last t of the job that begins with X_at. */
  #endOfJob(
    { every, start }: MarkRequest,
    { first, at, statesPerMs }: {
      readonly first: number;
      readonly at: number;
      readonly statesPerMs: number;
    },
  ): number {
    const { record } = this;
    const { outputBytesMax = SANDBOX_OUTPUT_BYTES_MAX } = this.#options;
    const markBytes = start.bytes.length + MARK_BYTES;
    const room = Math.max(1, Math.floor(outputBytesMax / (4 * markBytes)));
    const more = Math.floor(Math.max((at - first) * GROWTH, statesPerMs * JOB_MS));
    if (every === "state") return at - 1 + Math.min(room, FIRST_STATES + more);
    const blocks = FIRST_BLOCKS + Math.floor(more / record.blockSize);
    return blockStart(blockOf(at - 1, record) + Math.min(blocks, room), record);
  }
}

/** Marks states, in one job, up to where the step throws if it does. */
async function marksIn(
  session: SandboxSession,
  record: RunRecord,
  { start: { block, bytes }, from, to, every, digestEvery, positions, reuses }: MarkRequest & {
    readonly reuses: boolean;
  },
): Promise<{ readonly marks: Mark[]; readonly thrown: StepError | undefined }> {
  const spans = spansOf(record, blockStart(block, record), to);
  const job: JobInput = {
    ...{ kind: "marks", run: shapeOf(record), spans, block, start: bytes },
    ...{ from, to, every, digestEvery, positions, reuses },
  };
  const asked = [...markedStates(record, { from, to, every })];
  const marks: Mark[] = [];
  try {
    for await (const items of session.items(job, inputsOnly(record, spans), asked.length)) {
      for (const { bytes } of items) {
        marks.push(checkMark(decodeClaim(bytes), asked[marks.length]!));
      }
    }
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    return { marks, thrown: error };
  }
  return { marks, thrown: undefined };
}

/** The states that a job marks. */
function* markedStates(
  record: RunRecord,
  { from, to, every }: Pick<MarkRequest, "from" | "to" | "every">,
): Generator<number, void, void> {
  for (let t = from - 1; t < to;) {
    const block = blockOf(t, record);
    t = every === "state" ? t + 1 : Math.min(blockStart(block + 1, record), to);
    yield t;
  }
}

/** Looks at the step that makes X_t. */
async function lookIn(
  session: SandboxSession,
  record: RunRecord,
  { start: { block, bytes }, t }: { readonly start: BlockStart; readonly t: number },
): Promise<Look> {
  const spans = spansOf(record, blockStart(block, record), t);
  const job: JobInput = { kind: "look", run: shapeOf(record), spans, block, start: bytes, t };
  const { draws, isWhole, failed } = checkLook(await session.end(job, inputsOnly(record, spans)));
  const places = await Promise.all(
    draws.map(({ frames }) => failedPlace(frames, session.options)),
  );
  const thrown = failed === undefined ? undefined : errorOfClaim(failed);
  const cause = failed === undefined ? undefined : await placedError(failed, session.options);
  return {
    draws: draws.map(({ frames: _, ...draw }, i) => ({ ...draw, place: places[i]?.text })),
    error: thrown?.message,
    cause,
    isWhole,
  };
}

/**
 * The draws of the step that made X_t, or that was to make the one behind the run's last; none for X_0.
 *
 * @param index The t; negative values count from the end.
 * @throws {RewindError} If the step throws and had not when it was recorded, or not all draws can be seen.
 */
export async function traceIn(
  session: SandboxSession,
  record: RunRecord,
  index: number,
): Promise<TraceEntry[]> {
  const { steps, failure } = record;
  const t = index === steps && failure !== undefined ? index : resolveStep(index, steps);
  if (t === 0) return [];
  const span = spanOf(t - 1, record);
  const start = { block: span * record.stride, bytes: record.checkpoints.bytesAt(span) };
  const { draws, cause, isWhole } = await lookIn(session, record, { start, t });
  if (cause !== undefined && t < record.steps) throw cause;
  if (!isWhole) throw untracedDraw();
  return draws.map(({ method, args, result }) => ({ method, args, result }));
}
