/**
 * The help of a verb, made from what it declares.
 *
 * @module
 */

import { type Command, type Option, optionName } from "./command.ts";
import { flag } from "./options.ts";
import { type Output, twoColumns, wrap } from "./output.ts";
import type { Verb } from "./verbs.ts";

/** From this number of options on they stand under the headings of their groups. */
const GROUPED_OPTIONS_MIN = 13;

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
export function usageWords(name: string, { operands, options }: Command): string[] {
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
export function optionGroups({ options }: Command): [string, [string, string][]][] {
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
