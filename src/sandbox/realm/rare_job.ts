/**
 * One repeat of a splitting, inside the child.
 * This module is browser compatible.
 *
 * @module
 */

import { settleCopies } from "../../engine/hot_loops.ts";
import { splitTrajectories } from "../../engine/trajectories.ts";
import { ArgumentRangeError, StepError } from "../../errors.ts";
import type { RareEnd } from "../wire/answers.ts";
import type { RareJob } from "../wire/requests.ts";
import { planRecording, type RecordContext } from "./plan_recording.ts";
import { closeDraws, openDraws } from "./rng_facade.ts";
import { SeededShimDraws } from "./shim_draws.ts";
import { ExpressionError } from "./step_module.ts";

/** Carries out the job. */
export async function runRareJob(job: RareJob, context: RecordContext): Promise<RareEnd> {
  const { module, position } = context;
  const { instance, plan } = await planRecording(job, context);
  const { score: text, level, particles, kill, repeat } = job.splitting;
  settleCopies();
  const score = await module.expression(text);
  const { shims } = module;
  try {
    const { lineage, ...split } = splitTrajectories({
      ...{ plan: { ...plan, untilName: "the score" }, score, level, seed: job.seed, repeat },
      onRun(run) {
        shims.begin(new SeededShimDraws(run.seed, undefined));
        shims.useRun(run);
        position[0] = run.origin;
      },
      onBlock: openDraws,
    }, { particles, kill });
    return {
      ...split,
      seeds: lineage.map(({ seed }) => seed),
      origins: Float64Array.from(lineage, ({ origin }) => origin),
    };
  } catch (error) {
    if (error instanceof StepError && error.cause === undefined) {
      const { t, problem, hint } = error;
      throw new StepError(t, problem, { hint, cause: instance.lastError() });
    }
    if (error instanceof ArgumentRangeError) throw new ExpressionError(error.message);
    throw error;
  } finally {
    closeDraws();
  }
}
