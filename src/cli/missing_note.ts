/**
 * Says why a function found nothing, or gave NaN: it asks states for a name that none of them has.
 *
 * @module
 */

import type { RunRecord, Stats } from "../engine/types.ts";
import { openRun } from "../sandbox/host/open_run.ts";
import type { OpenSandboxedOptions } from "../sandbox/host/sandboxed_run_options.ts";
import type { SandboxedRun } from "../sandbox/host/sandboxed_run.ts";
import { vainReasons } from "../sandbox/host/shown_states.ts";
import type { Output } from "./output.ts";

/** Writes a note for each name that a function asks states of a run for in vain. */
export async function noteMissing(
  output: Output,
  expression: string,
  run: SandboxedRun,
): Promise<void> {
  for (const { problem, hint } of await vainReasons(run, expression)) {
    output.note(`note: ${problem}`);
    if (hint !== "") output.note(`hint: ${hint}`);
  }
}

/** Whether statistics are those of values that were no numbers. */
export function isNotANumber({ mean }: Stats): boolean {
  return Array.isArray(mean) ? mean.some(Number.isNaN) : Number.isNaN(mean);
}

/** Says of functions of a recording that were never true, or gave NaN, what they ask for in vain. */
export async function noteInVain(
  file: string,
  record: Pick<RunRecord, "steps" | "observed">,
  { steps, until, observe = {}, child, output }: {
    steps: number | undefined;
    until: string | undefined;
    observe: Readonly<Record<string, string | undefined>> | undefined;
    child: OpenSandboxedOptions;
    output: Output;
  },
): Promise<void> {
  const never = until !== undefined && record.steps === steps ? [until] : [];
  const odd = Object.entries(record.observed).filter(([, stats]) => isNotANumber(stats));
  const texts = [...never, ...odd.flatMap(([name]) => observe[name] ?? [])];
  if (texts.length === 0) return;
  await using run = await openRun(file, child);
  for (const text of texts) await noteMissing(output, text, run);
}
