/**
 * All jobs but the description of the module: a part of the realm's code that is loaded with the first of them,
 * as half of what the child would have to parse before its first answer.
 * This module is browser compatible.
 *
 * @module
 */

import type { JobRequest } from "../wire/requests.ts";
import { runRareJob } from "./rare_job.ts";
import { runInitialJob, runRecordJob } from "./record_job.ts";
import type { ReplayContext } from "./replay_plan.ts";
import { runReplayJob } from "./replay_jobs.ts";
import { SeededShimDraws } from "./shim_draws.ts";
import { runTrialsJob, type TrialsContext } from "./trials_job.ts";

/** Carries out a job. */
export function runJob(
  job: Exclude<JobRequest, { kind: "describe" }>,
  context: ReplayContext & TrialsContext,
): Promise<unknown> {
  if (job.kind === "trials") return runTrialsJob(job, context);
  const { shims } = context.module;
  const { seed, generatorState } = "run" in job ? job.run : { generatorState: undefined, ...job };
  shims.begin(new SeededShimDraws(seed, generatorState));
  if ("run" in job) shims.useRun(job.run);
  switch (job.kind) {
    case "record":
      return runRecordJob(job, context);
    case "rare":
      return runRareJob(job, context);
    case "initial":
      return runInitialJob(job, context);
    default:
      return runReplayJob(job, context);
  }
}
