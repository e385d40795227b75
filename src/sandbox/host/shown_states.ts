/**
 * What functions of a state see of a sandboxed run: for showing, and for finding out why a function found nothing.
 *
 * @module
 */

import { decodeState } from "../../codec/decode_state.ts";
import { resolveStep } from "../../engine/run_bounds.ts";
import { checkReads } from "./claims.ts";
import { checkpointsOf, readsJob } from "./job_requests.ts";
import type { MissingRead } from "../wire/answers.ts";
import type { SandboxedRun } from "./sandboxed_run.ts";

/**
 * X_t as functions of the state see it: where the module has a `codec`, what that decodes to, instances of
 * classes as objects of their fields. What is no data, such as methods and private fields, is left out.
 *
 * @param t Index of the state; negative values count from the end.
 */
export async function shownState(run: SandboxedRun, t: number): Promise<unknown> {
  if (!await run.hasCodec()) return await run.get(t);
  const target = resolveStep(t, run.steps);
  const range = { from: target, to: target + 1, isShown: true };
  return await run.lend(async (session) => {
    const batches = await Array.fromAsync(session.states(run.record, range));
    return decodeState(batches.flat()[0]!);
  });
}

/** `s => { s.value > 5 }` */
const RETURNS_NOTHING = /=>\s*\{(?![^]*\breturn\b)/;

/** Why a function may have found nothing. */
export interface VainReason {
  /** What is odd about it. */
  readonly problem: string;
  /** What may have been meant; empty where nothing is near. */
  readonly hint: string;
}

/**
 * Why a function of states found nothing, or gave no number: it returns nothing, or asks for a name that no state has.
 *
 * @param run The run.
 * @param expression Text of the function.
 */
export async function vainReasons(run: SandboxedRun, expression: string): Promise<VainReason[]> {
  const reasons = (await missingReads(run, expression)).map(({ path, hint }) => ({
    problem: `${path} is undefined in every state that was looked at`,
    hint,
  }));
  if (!RETURNS_NOTHING.test(expression)) return reasons;
  const problem = "a function whose body is in braces gives nothing without `return`";
  return [{ problem, hint: "" }, ...reasons];
}

/**
 * Names that a function asks of states and that none of some stored states has: a misspelt one is false, or
 * undefined, of all.
 *
 * @param run The run.
 * @param expression Text of the function.
 */
async function missingReads(run: SandboxedRun, expression: string): Promise<MissingRead[]> {
  const job = readsJob(run.record, expression);
  const checkpoints = checkpointsOf(run.record, job.spans);
  return await run.lend(async (session) => checkReads(await session.end(job, checkpoints)));
}
