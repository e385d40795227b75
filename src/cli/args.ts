/**
 * Takes a verb's command line apart and reads the values of what the verb declares.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { suggestion } from "../text/suggestion.ts";
import { type Command, type Option, optionName } from "./command.ts";
import { UsageError } from "./usage_error.ts";

/** Marks a word that the parser would take for something else than a text: `-5` and `-` for an option, `true` for a switch's value. */
const MARK = "\u0000";
const MISTAKEN = /^(?:-|-[\d.].*|true|false)$/s;

/** The values of a verb's operands and options, by name. */
export type ParsedValues = Readonly<Record<string, unknown>>;

/**
 * Reads the arguments after the verb. Operands stay the texts that they are: `007` is never 7.
 *
 * @throws {UsageError} If an option is unknown, misses its value, is given twice or has a wrong value, or if
 * there are too few or too many arguments.
 */
export function parseCommandLine(command: Command, argv: readonly string[]): ParsedValues {
  const options = Object.entries(command.options).map(([key, option]) => ({
    key,
    option,
    name: optionName(key),
    words: [optionName(key).slice(2), option.short, option.alias].filter((word) =>
      word !== undefined
    ),
  }));
  const end = argv.indexOf("--");
  const own = end < 0 ? argv : argv.slice(0, end);
  const switches = options.filter(({ option }) => option.value === undefined);
  checkSwitches(own, switches);
  const valued = options.filter(({ option }) => option.value !== undefined);
  const parsed = parseArgs(
    [...own.map((arg) => MISTAKEN.test(arg) ? MARK + arg : arg), ...argv.slice(own.length)],
    {
      string: ["_", ...valued.map(({ words }) => words[0]!)],
      boolean: switches.map(({ words }) => words[0]!),
      collect: valued.map(({ words }) => words[0]!),
      alias: Object.fromEntries(options.map(({ words: [word, ...others] }) => [word!, others])),
      unknown(arg: string, key?: string): boolean {
        if (key === undefined) return true;
        throw unknownOption(arg.replace(/=.*$/s, ""), options.map(({ name }) => name));
      },
    },
  ) as { _: string[] } & Record<string, unknown>;
  const values: Record<string, unknown> = {};
  for (const { key, option, name, words } of options) {
    values[key] = option.read(textsOf(option, name, parsed[words[0]!]), name);
  }
  return { ...readOperands(command, parsed._.map(unmark)), ...values };
}

/** Refuses `--json=no`: the parser would take any word for a yes. */
function checkSwitches(
  argv: readonly string[],
  switches: readonly { name: string; words: readonly string[] }[],
): void {
  for (const arg of argv) {
    const [, word, value] = /^--?([^-=][^=]*)=(.*)$/s.exec(arg) ?? [];
    const found = switches.find(({ words }) => word !== undefined && words.includes(word));
    if (found !== undefined) {
      throw new UsageError(`Invalid value '${value}' for ${found.name}: it takes none`);
    }
  }
}

function textsOf(option: Option<unknown>, name: string, parsed: unknown): string[] {
  // A switch that is given is an empty text.
  if (option.value === undefined) return parsed === true ? [""] : [];
  const texts = (parsed as string[]).map(unmark).map((text) => text || (option.implied ?? ""));
  if (texts.includes("")) {
    throw new UsageError(`Missing value for ${name}`, { hint: `write ${name}=${option.value}` });
  }
  if (texts.length > 1 && !option.repeat) {
    throw new UsageError(`Invalid option ${name}: it is given twice`);
  }
  return texts;
}

function unmark(text: string): string {
  return text.startsWith(MARK) ? text.slice(MARK.length) : text;
}

function unknownOption(given: string, names: readonly string[]): UsageError {
  return new UsageError(`Unknown option '${given}'`, {
    hint: suggestion(given, [...names, "--help"]),
  });
}

function readOperands(command: Command, texts: readonly string[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const declared = Object.entries(command.operands);
  let at = 0;
  for (const [i, [key, operand]] of declared.entries()) {
    const [min, max] = operand.count;
    // What later operands need is left to them.
    const later = declared.slice(i + 1).reduce((sum, [, { count }]) => sum + count[0], 0);
    const left = texts.length - at;
    const taken = Math.min(left, max, Math.max(min, left - later));
    if (taken < min) throw new UsageError(`Missing argument ${operand.usage}`);
    values[key] = operand.read(texts.slice(at, at + taken));
    at += taken;
  }
  if (at < texts.length) {
    throw new UsageError(`Invalid argument '${texts[at]}': it is one too many`);
  }
  return values;
}
