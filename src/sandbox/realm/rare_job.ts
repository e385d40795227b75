/**
 * One repeat of a splitting, inside the child.
 * This module is browser compatible.
 *
 * @module
 */

import { splitOnce } from "../../engine/splitting.ts";
import { settleCopies } from "../../engine/loops.ts";
import { lineageOf, Trajectories } from "../../engine/trajectories.ts";
import { ArgumentRangeError, StepError } from "../../errors.ts";
import type { RareEnd } from "../wire/answers.ts";
import type { RareJob } from "../wire/requests.ts";
import { planRecording, type RecordContext } from "./record_job.ts";
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
  const world = new Trajectories({
    ...{ plan, score, level, seed: job.seed, repeat },
    onRun(run) {
      shims.begin(new SeededShimDraws(run.seed, undefined));
      shims.useRun(run);
      position[0] = run.origin;
    },
    onBlock: openDraws,
  });
  try {
    const first = { steps: 0 };
    const counting = {
      start(particle: number) {
        const made = world.start(particle);
        first.steps = world.transitions;
        return made;
      },
      fork: world.fork.bind(world),
      choose: world.choose.bind(world),
    };
    const { rounds, isExtinct, particles: last } = splitOnce(counting, { particles, kill, level });
    const winner = last.find(({ best }) => best >= level);
    const lineage = winner === undefined ? [] : lineageOf(winner);
    return {
      levels: Float64Array.from(rounds, (round) => round.level),
      killed: Float64Array.from(rounds, (round) => round.killed),
      isExtinct,
      ancestors: new Set(last.map(({ ancestor }) => ancestor)).size,
      transitions: world.transitions,
      firstTransitions: first.steps,
      seeds: lineage.map(({ seed }) => seed),
      origins: Float64Array.from(lineage, ({ origin }) => origin),
      reachedAt: winner?.rises.at(-1)?.[0],
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
