/**
 * Records a fork in the page.
 *
 * @module
 */

import { defaultBlockSize } from "../../../engine/run_bounds.ts";
import type { InputSource } from "../../../engine/record_types.ts";
import { branchJob, exportedAmong } from "../../../sandbox/host/branch_job.ts";
import { SandboxedRun } from "../../../sandbox/host/sandboxed_run.ts";
import type { SandboxSession } from "../../../sandbox/host/session.ts";
import type { RecordedRun, SandboxRecordOptions } from "../../../sandbox/host/session_options.ts";
import { LiveRun } from "./live_run.ts";

/** What is to be another in a fork. */
export interface ForkPlan {
  /** The t of the parent's state to start from. */
  readonly t: number;
  /** Canonical bytes of the state to start from. */
  readonly start: Uint8Array;
  /** Whether that is another than the parent's. */
  readonly isChanged: boolean;
  /** Parameters; those of the parent if undefined. */
  readonly params: { readonly value: unknown } | undefined;
  /** The seed; derived from the parent's if undefined. */
  readonly seed: bigint | "same" | undefined;
  /** Number of states. */
  readonly steps: number;
  /** What it is called. */
  readonly name: string;
}

/** How long a stretch of a recording should take, in milliseconds. */
const STRETCH_MS = 500;

/** Blocks of the first stretch. */
const FIRST_BLOCKS = 4;

/** A stretch is longer than the one before, or shorter, by this at most. */
const GROWTH_MAX = 4;

/** Records a fork in a worker. */
export async function makeFork(
  parent: LiveRun,
  plan: ForkPlan,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (t: number) => void } = {},
): Promise<LiveRun> {
  const { t, start, isChanged, params, seed, steps, name } = plan;
  await using session = parent.session(signal);
  const job = await branchJob(parent.record, session, {
    point: t,
    start,
    steps,
    ...(params === undefined ? {} : { params: params.value }),
    ...(seed === undefined ? {} : { seed }),
  });
  const recorded = await recordInStretches(session, {
    blockSize: defaultBlockSize(steps),
    ...job,
    startKind: isChanged ? "given" : "parent",
    observe: await exportedAmong(parent.record.observables, session),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  const run = new SandboxedRun({ ...recorded, branchPoint: t }, parent.child, {
    parent: parent.run,
  });
  return new LiveRun(run, parent.child, { name, point: parent.point + t, ranges: parent.ranges });
}

/**
 * Records a run that takes long by going on with it, which gives the same run: between two stretches another worker
 * can take over.
 */
async function recordInStretches(
  session: SandboxSession,
  options: SandboxRecordOptions & {
    readonly blockSize: number;
    readonly inputs: InputSource | undefined;
  },
): Promise<RecordedRun> {
  const { steps, blockSize, inputs, onProgress, observe } = options;
  // Inputs would have to be cut as well; nobody has recorded so many.
  if (inputs !== undefined) return await session.record(options);
  let size = FIRST_BLOCKS * blockSize;
  let started = performance.now();
  let recorded = await session.record({ ...options, steps: Math.min(steps, size + 1) });
  while (recorded.steps < steps && recorded.failure === undefined) {
    const factor = STRETCH_MS / Math.max(1, performance.now() - started);
    size = blockSize * Math.max(
      1,
      Math.floor(size * Math.min(GROWTH_MAX, Math.max(1 / GROWTH_MAX, factor)) / blockSize),
    );
    started = performance.now();
    recorded = await session.goOn(recorded, {
      steps: Math.min(steps, recorded.steps + size),
      ...(observe === undefined ? {} : { observe }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
  }
  return recorded;
}
