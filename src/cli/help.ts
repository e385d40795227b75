/**
 * The help texts, made from what the verbs declare.
 *
 * @module
 */

import type { Command, OptionSpec } from "./command.ts";
import { type Output, twoColumns, wrap } from "./output.ts";

/** Help of the command as a whole. */
export function overviewHelp(commands: readonly Command[], output: Output): string {
  const { columns } = output;
  return [
    wrap(
      "rewind: time travel for long, seeded simulations, and seeded replay of training runs",
      columns,
    ),
    "",
    output.bold("Usage"),
    wrap("rewind <command> [options]", columns, "  "),
    "",
    output.bold("Commands"),
    twoColumns(commands.map((command) => [command.name, command.summary] as const), columns),
    "",
    wrap("'rewind <command> --help' tells more about a command, with examples that work.", columns),
    wrap(
      "Exit codes: 0 good; 1 the answer is no (does not verify, differs, not found); 2 usage or input " +
        "error; 3 refused as unsafe, or nothing to compare; 130 interrupted.",
      columns,
    ),
  ].join("\n");
}

/** Help of one verb. */
export function commandHelp(command: Command, output: Output): string {
  const { columns } = output;
  const options: readonly OptionSpec[] = [
    ...command.options,
    { name: "help", short: "h", summary: "print this help" },
  ];
  return [
    wrap(`rewind ${command.name}: ${command.summary}`, columns),
    "",
    output.bold("Usage"),
    wrap(`rewind ${command.name} ${command.usage} [options]`, columns, "  "),
    ...(command.details ?? []).flatMap((paragraph) => ["", wrap(paragraph, columns)]),
    "",
    output.bold("Options"),
    twoColumns(options.map((option) => [optionLabel(option), option.summary] as const), columns),
    "",
    output.bold("Examples"),
    ...command.examples.flatMap(({ command: line, note }) => [
      wrap(note, columns, "  # "),
      `  ${line}`,
    ]),
  ].join("\n");
}

function optionLabel({ name, short, value }: OptionSpec): string {
  const dashes = name.length === 1 ? "-" : "--";
  const long = value === undefined ? `${dashes}${name}` : `${dashes}${name} ${value}`;
  return short === undefined ? long : `-${short}, ${long}`;
}
