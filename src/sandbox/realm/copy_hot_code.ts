/**
 * Copies the code that calls a step, from its own text.
 * This module is browser compatible.
 *
 * @module
 */

import { type Loops, SHARED_LOOPS, useLoops } from "../../engine/hot_loops.ts";
import { type HotCode, hotStep } from "./hot_step.ts";
import type { TrialRequest } from "../wire/trial_requests.ts";
import type { RealmIo } from "./realm_io.ts";
import type { StepInstance, StepModule } from "./step_module.ts";

/** The module's instance that makes the states; where guards run steps of another one, it has code of its own. */
export function recordingInstance(
  module: StepModule,
  { trial, guards }: { trial: TrialRequest | undefined; guards: boolean },
): Promise<StepInstance> {
  if (trial?.reuses) return module.reuse(copyHotCode);
  return guards ? module.instantiateHot(copyHotCode) : module.instantiate();
}

/** The instance that serves all jobs of a module which keeps nothing between calls. */
export function reusedInstance(module: StepModule): Promise<StepInstance> {
  return module.reuse(copyHotCode);
}

/** Makes copies that have called no step yet. */
async function copyHotCode(io: Pick<RealmIo, "evaluate">): Promise<HotCode> {
  const copies = Object.entries(SHARED_LOOPS).map(([name, loop]) => `${name}: ${loop}`);
  const text = `export const loops = {${copies}};\nexport const wrap = ${hotStep};`;
  const { exports } = await io.evaluate("rewind:loops", text);
  const { loops, wrap } = exports as { loops: Loops; wrap: typeof hotStep };
  return { hotStep: wrap, run: (step) => useLoops(step, loops) };
}
