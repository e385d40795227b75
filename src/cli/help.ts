/**
 * The help texts, made from what the verbs declare.
 *
 * @module
 */

import { type Command, type Option, optionName } from "./command.ts";
import { EXIT_CODES } from "./exit_codes.ts";
import { flag } from "./options.ts";
import { type Output, twoColumns, wrap } from "./output.ts";
import { type Verb, VERB_GROUPS } from "./verbs.ts";

/** From this number of options on they stand under the headings of their groups. */
const GROUPED_OPTIONS_MIN = 13;

/** Help of the command as a whole; needs no verb. */
export function overviewHelp(output: Output): string {
  const { columns } = output;
  return [
    wrap(
      "rewind: time travel for long, seeded simulations, and seeded replay of training runs",
      columns,
    ),
    "",
    output.bold("Usage"),
    wrap("rewind <command> [options]", columns, "  "),
    ...VERB_GROUPS.flatMap(({ title, verbs }) => [
      "",
      output.bold(title),
      twoColumns(verbs.map(({ name, summary }) => [name, summary] as const), columns),
    ]),
    "",
    output.bold("Exit codes"),
    twoColumns(EXIT_CODES, columns),
    "",
    wrap("Run 'rewind help <command>' for options and examples.", columns),
  ].join("\n");
}

/** Help of one verb. */
export function commandHelp({ name, summary }: Verb, command: Command, output: Output): string {
  const { columns } = output;
  return [
    wrap(`rewind ${name}: ${summary}`, columns),
    "",
    output.bold("Usage"),
    wrap(`rewind ${usageWords(name, command).join(" ")}`, columns, "  "),
    ...(command.details ?? []).flatMap((paragraph) => ["", wrap(paragraph, columns)]),
    ...optionGroups(command).flatMap(([title, options]) => [
      "",
      output.bold(title),
      twoColumns(options, columns),
    ]),
    "",
    output.bold("Examples"),
    ...command.examples.flatMap(({ command: line, note }) => [
      wrap(note, columns, "  # "),
      `  ${line}`,
    ]),
  ].join("\n");
}

/** The verb, what it cannot do without, and its operands. */
function usageWords(name: string, { operands, options }: Command): string[] {
  return [
    name,
    ...Object.values(operands).map(({ usage }) => usage),
    ...Object.entries(options).filter(([, { required }]) => required).map(([key, { value }]) =>
      `${optionName(key)} ${value}`
    ),
    "[options]",
  ];
}

/** Rows of option and summary under their headings. */
function optionGroups({ options }: Command): [string, [string, string][]][] {
  const all: [string, Option<unknown>][] = [
    ...Object.entries(options),
    ["help", flag("Print this help", { short: "h" })],
  ];
  const groups = new Map<string, [string, string][]>();
  for (const [key, option] of all) {
    const title = all.length < GROUPED_OPTIONS_MIN ? "Options" : option.group ?? "Options";
    const rows = groups.get(title) ?? [];
    rows.push([optionLabel(optionName(key), option), optionSummary(option)]);
    groups.set(title, rows);
  }
  return [...groups];
}

function optionLabel(name: string, { short, value }: Option<unknown>): string {
  const long = value === undefined ? name : `${name} ${value}`;
  return short === undefined ? long : `-${short}, ${long}`;
}

function optionSummary({ summary, required, fallback, alias, repeat }: Option<unknown>): string {
  return [
    summary,
    ...(required ? ["[required]"] : []),
    ...(fallback === undefined ? [] : [`[default: ${fallback}]`]),
    ...(repeat ? ["[repeatable]"] : []),
    ...(alias === undefined ? [] : [`[alias: --${alias}]`]),
  ].join(" ");
}
