/**
 * Whether a run goes on from one of its states as it did where nothing was made before: a run of one block is always
 * replayed from its first state, so that what its module remembers is always there.
 *
 * @module
 */

import { compareEncodings } from "../../codec/compare_states.ts";
import type { RunRecord } from "../../engine/types.ts";
import { recordedEnd } from "../../engine/verify.ts";
import { branchJob } from "./branch_job.ts";
import type { ChildOptions } from "./sandbox_child.ts";
import { SandboxSession } from "./session.ts";

/**
 * The state in the middle of a run of one span, if it leads to another last state in a process of its own; else
 * undefined.
 */
export async function otherFromWithin(
  record: RunRecord,
  options: ChildOptions,
): Promise<number | undefined> {
  const point = record.steps >> 1;
  const end = recordedEnd(record, 0);
  if (record.checkpoints.length > 1 || point === 0 || end === undefined) return undefined;
  const rest = await restOf(record, point, options);
  await using session = new SandboxSession(options);
  const { lastState } = await session.record({ ...rest, observe: {} });
  return compareEncodings(end, lastState).kind === "value" ? point : undefined;
}

/** The branch that is the rest of a run. */
async function restOf(record: RunRecord, point: number, options: ChildOptions) {
  await using session = new SandboxSession(options);
  const states = await Array.fromAsync(session.states(record, { from: point, to: point + 1 }));
  const [start] = states.flat() as [Uint8Array];
  return await branchJob(record, session, { point, start, seed: "same", guards: false });
}
