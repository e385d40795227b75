/**
 * The run that gets to the level, and those that it branched from, as artifacts that verify.
 *
 * @module
 */

import type { ChildOptions } from "../sandbox/host/sandbox_child.ts";
import { SandboxedRun } from "../sandbox/host/sandboxed_run.ts";
import { SandboxSession } from "../sandbox/host/session.ts";
import type { RareLineage } from "./rare.ts";
import type { RareDefinition } from "./rare_campaign.ts";

/**
 * Records the runs of a lineage, the root first; each is a branch of the one before.
 *
 * @returns The bytes of their `.replay` files.
 */
export async function recordLineage(
  definition: RareDefinition,
  { runs }: RareLineage,
  limits: Pick<ChildOptions, "timeoutMs" | "memoryBytesMax" | "signal"> = {},
): Promise<Uint8Array[]> {
  const { module, steps, rng, paramChanges } = definition;
  const until = (origin: number) => endOf(definition, origin);
  const child = { ...module, ...limits };
  const [root, ...branches] = runs as [RareLineage["runs"][0], ...RareLineage["runs"]];
  let run: SandboxedRun;
  {
    await using session = new SandboxSession(child);
    const record = await session.record({
      ...{ steps, seed: root.seed, paramChanges, observe: {}, stepId: module.stepId },
      until: until(0),
      ...(rng === undefined ? {} : { rng }),
      guards: false,
    });
    run = new SandboxedRun(record, child);
  }
  const files = [await run.toBytes()];
  let origin = 0;
  for (const branch of branches) {
    await using parent = run;
    run = await parent.branch(branch.origin - origin, {
      ...{ seed: branch.seed, observe: false, until: until(branch.origin) },
      steps: steps - branch.origin,
    });
    origin = branch.origin;
    files.push(await run.toBytes());
  }
  await run[Symbol.asyncDispose]();
  return files;
}

/** Text of the predicate that ended the trajectory that started at `origin`. */
function endOf({ score, level, until }: RareDefinition, origin: number): string {
  // Line breaks, so that a comment in a text does not swallow the bracket.
  const call = (text: string) => `(\n${text}\n)(state, t + ${origin})`;
  const isThere = `${call(score)} >= ${level}`;
  return `(state, t) => ${isThere}${until === undefined ? "" : ` || ${call(until)}`}`;
}
