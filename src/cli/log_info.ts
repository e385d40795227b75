/**
 * What `rewind info` says of a training log, and the options by which every verb reads logs.
 *
 * @module
 */

import type { RunDescription } from "../training/log/describe_run.ts";
import type { ReadRunOptions } from "../training/log/read_run.ts";
import { LOG_FORMATS, type LogFormat } from "../training/log/run_log.ts";
import { escapeText } from "../text/escape_text.ts";
import { optionJson, optionSwitch, optionText } from "./args.ts";
import type { CommandContext, OptionSpec, ParsedArgs } from "./command.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { grouped, printRows } from "./table.ts";
import { UsageError } from "./usage_error.ts";

/** Options by which a log is read. */
export const LOG_OPTIONS: readonly OptionSpec[] = [
  { name: "format", value: "NAME", summary: `format of the log: ${LOG_FORMATS.join(", ")}` },
  {
    name: "preset",
    value: "NAME",
    summary: "field names of trl, openrlhf, grpo, accelerate, verl, wandb",
  },
  { name: "field-map", value: "JSON", summary: 'meaning of keys, such as {"it": "step"}' },
  { name: "strict", summary: "refuse damaged lines" },
];

/** How to read logs, from the command line. */
export function logOptions(args: ParsedArgs): ReadRunOptions {
  const format = optionText(args, "format");
  if (format !== undefined && !(LOG_FORMATS as readonly string[]).includes(format)) {
    throw new UsageError(`--format must be one of ${LOG_FORMATS.join(", ")}, not '${format}'`);
  }
  const preset = optionText(args, "preset");
  const fieldMap = optionJson(args, "field-map");
  if (fieldMap !== undefined && (typeof fieldMap !== "object" || fieldMap === null)) {
    throw new UsageError("--field-map must be a JSON object");
  }
  return {
    strict: optionSwitch(args, "strict"),
    ...(format === undefined ? {} : { format: format as LogFormat }),
    ...(preset === undefined ? {} : { preset }),
    ...(fieldMap === undefined ? {} : { fieldMap: fieldMap as Record<string, string> }),
  };
}

/** Reads the log that the first argument names and prints what it holds. */
export async function printLogInfo({ args, output, signal }: CommandContext): Promise<number> {
  // Not before a log is to be read: the readers take longer to load than an artifact to show.
  const [{ describeRun }, { readRun }] = await Promise.all([
    import("../training/log/describe_run.ts"),
    import("../training/log/read_run.ts"),
  ]);
  const log = await readRun(args.positionals[0]!, { ...logOptions(args), signal });
  const description = describeRun(log);
  if (optionSwitch(args, "json")) {
    output.json(description);
    return EXIT_OK;
  }
  const { steps, seeds, issues } = description;
  printRows(output, [
    ["format", description.format],
    ["records", grouped(description.recordCount)],
    ["steps", `${grouped(steps.count)} (${steps.first ?? "none"} to ${steps.last ?? "none"})`],
    ["gaps", grouped(steps.gaps)],
    ...seeds.map(({ value, source, path }): [string, string] => [
      "seed",
      `${value} (${escapeText(path)} in ${escapeText(source)})`,
    ]),
    ...issues.map((
      { kind, count },
    ): [string, string] => ["issue", `${kind}, ${grouped(count)} times`]),
  ]);
  printMetrics(output, description);
  return EXIT_OK;
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
