/**
 * The options of verbs that also print what steps wrote to `console`.
 *
 * @module
 */

import type { SandboxedRun } from "../sandbox/host/sandboxed_run.ts";
import type { Values } from "./command.ts";
import { describeError } from "./error_report.ts";
import { flag, grouped as groupedOptions, integer } from "./options.ts";
import type { Output } from "./output.ts";
import { grouped } from "./table.ts";
import { UsageError } from "./usage_error.ts";

/** What to print of it. */
export const LOG_OPTIONS = groupedOptions("Console of the step", {
  log: flag("Print what the step wrote with console, to stderr"),
  from: integer("T", "First step whose lines to print", { fallback: "the step asked for" }),
  to: integer("T", "End of the steps whose lines to print, exclusive", {
    fallback: "after the step asked for",
  }),
});

/**
 * Prints the lines of the steps asked for, each with its t.
 *
 * @param steps Indices of the states that the verb is about.
 * @throws {UsageError} If a range is given and nothing is to be printed.
 */
export async function printLog(
  run: SandboxedRun,
  { log, from, to }: Values<typeof LOG_OPTIONS>,
  { steps, output, file }: { steps: readonly number[]; output: Output; file: string },
): Promise<void> {
  if (!log) {
    if (from === undefined && to === undefined) return;
    throw new UsageError("Missing option --log", { hint: "--from and --to choose its lines" });
  }
  const ranges = from === undefined && to === undefined
    ? steps.map((t) => ({ from: t, to: t + 1 }))
    : [{ from: from ?? Math.min(...steps), to: to ?? Math.max(...steps) + 1 }];
  let count = 0;
  for (const range of ranges) {
    const { lines, isCut, error } = await run.log(range);
    for (const { t, level, text } of lines) {
      const place = t < 0 ? "while loading" : `t = ${grouped(t)}`;
      output.note(`${place}: ${level === "log" ? "" : `${level}: `}${text}`);
    }
    count += lines.length;
    if (isCut) output.note("there are more lines: choose fewer steps with --from and --to");
    if (error !== undefined) output.note(describeError(error, file));
  }
  if (count === 0) output.note("the step wrote nothing to console there");
}
