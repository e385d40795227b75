/**
 * What `rewind info` says of a training log, and the options by which every verb reads logs.
 *
 * @module
 */

import type { RunDescription } from "../training/log/describe_run.ts";
import type { ReadRunOptions } from "../training/log/read_run.ts";
import type { LogIssueExample, LogNumbers } from "../training/log/run_log.ts";
import { LOG_FORMATS } from "../training/log/formats/list.ts";
import { escapeText } from "../text/escape_text.ts";
import type { CommandContext, Values } from "./command.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { choice, flag, grouped as inGroup, json, text } from "./options.ts";
import { grouped, printRows } from "./table.ts";
import { UsageError } from "./usage_error.ts";

/** Options by which the log of a command is read. */
export const READ_OPTIONS = inGroup("Log format", {
  format: choice(LOG_FORMATS, "Format of the log", { fallback: "detected" }),
  preset: text("NAME", "Field names of trl, openrlhf, grpo, accelerate, verl or wandb"),
  fieldMap: json("JSON", 'Meaning of keys, such as {"it": "step"}'),
});

/** Options by which a log is read. */
export const LOG_OPTIONS = {
  ...READ_OPTIONS,
  ...inGroup("Log format", { strict: flag("Refuse damaged lines") }),
};

/** How to read logs, from the command line. */
export function logOptions(
  { format, preset, fieldMap, strict }: Values<typeof READ_OPTIONS> & { readonly strict?: boolean },
): ReadRunOptions {
  const map = fieldMap?.value;
  if (fieldMap !== undefined && (typeof map !== "object" || map === null)) {
    throw new UsageError("Invalid value for --field-map: it must be a JSON object");
  }
  return {
    ...(strict === undefined ? {} : { strict }),
    ...(format === undefined ? {} : { format }),
    ...(preset === undefined ? {} : { preset }),
    ...(map === undefined ? {} : { fieldMap: map as Record<string, string> }),
  };
}

/** Reads a log and prints what it contains. */
export async function printLogInfo(
  file: string,
  { json, output, signal, ...reading }:
    & Values<typeof LOG_OPTIONS>
    & Pick<CommandContext, "output" | "signal">
    & { readonly json: boolean },
): Promise<number> {
  // Not before a log is to be read: the readers take longer to load than an artifact to show.
  const [{ describeRun }, { readRun }] = await Promise.all([
    import("../training/log/describe_run.ts"),
    import("../training/log/read_run.ts"),
  ]);
  const log = await readRun(file, { ...logOptions(reading), signal });
  const description = describeRun(log);
  if (json) {
    output.json(description);
    return EXIT_OK;
  }
  const { steps, seeds, issues } = description;
  printRows(output, [
    ["format", description.format],
    ["records", grouped(description.recordCount)],
    ["steps", `${grouped(steps.count)} (${steps.first ?? "none"} to ${steps.last ?? "none"})`],
    ["gaps", grouped(steps.gaps)],
    ...numberRows(description.numbers),
    ...seeds.map(({ value, source, path }): [string, string] => [
      "seed",
      `${value} (${escapeText(path)} in ${escapeText(source)})`,
    ]),
    ...issues.map(({ kind, count, examples }): [string, string] => [
      "issue",
      `${kind}, ${grouped(count)} times (${placeText(examples[0])})`,
    ]),
  ]);
  printMetrics(output, description);
  return EXIT_OK;
}

/** How many numbers of the log became something, and the first that did not. */
function numberRows({ understood, missed, firstMissed }: LogNumbers): [string, string][] {
  return [
    ["numbers", `${grouped(understood)} understood, ${grouped(missed)} not`],
    ...(firstMissed === undefined
      ? []
      : [["first not understood", placeText(firstMissed)] as [string, string]]),
  ];
}

function placeText(example: LogIssueExample | undefined): string {
  if (example === undefined) return "";
  const { line, detail } = example;
  return (line === undefined ? "" : `line ${grouped(line)}: `) + escapeText(detail);
}

function printMetrics(output: CommandContext["output"], { metrics }: RunDescription): void {
  output.line();
  for (const metric of metrics) {
    const canonical = metric.canonical === undefined || metric.canonical === metric.name
      ? ""
      : ` (${metric.canonical})`;
    const odd = [
      ...(metric.nan > 0 ? [`${grouped(metric.nan)} NaN`] : []),
      ...(metric.infinite > 0 ? [`${grouped(metric.infinite)} infinite`] : []),
    ];
    output.line(
      `  ${escapeText(metric.name)}${canonical}: ${
        grouped(metric.count)
      } values, ${metric.first} to ${metric.last}` +
        (odd.length === 0 ? "" : `, ${odd.join(", ")}`),
    );
  }
}
