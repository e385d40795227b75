/**
 * Takes a verb's command line apart, and reads the values of its options.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import type { Command, OptionSpec, ParsedArgs } from "./command.ts";
import { suggestion } from "../text/suggestion.ts";
import { UsageError } from "./usage_error.ts";

/** Marks a negative number, which the parser would take for a short option. */
const NEGATIVE_MARK = "\u0000";

/**
 * Takes the arguments after the verb apart.
 *
 * @throws {UsageError} If an option is unknown, misses its value or is given twice, or if there are too
 * few or too many arguments.
 */
export function parseCommandLine(command: Command, argv: readonly string[]): ParsedArgs {
  const specs = command.options;
  const valued = specs.filter((spec) => spec.value !== undefined);
  const end = argv.indexOf("--");
  const marked = argv.map((arg, i) =>
    /^-[\d.]/.test(arg) && (end < 0 || i < end) ? NEGATIVE_MARK + arg : arg
  );
  const parsed = parseArgs(marked, {
    string: valued.map((spec) => spec.name),
    boolean: [...specs.filter((spec) => spec.value === undefined).map((spec) => spec.name)],
    collect: valued.map((spec) => spec.name),
    alias: Object.fromEntries(specs.map(({ name, short, alias }) => [
      name,
      [short, alias].filter((other) => other !== undefined),
    ])),
    unknown(arg: string, key?: string): boolean {
      if (key === undefined) return true;
      throw unknownOption(arg.replace(/=.*$/s, ""), command);
    },
  }) as { _: (string | number)[] } & Record<string, unknown>;
  const options = new Map<string, readonly string[] | true>();
  for (const spec of specs) {
    const value = readOption(spec, parsed[spec.name]);
    if (value !== undefined) options.set(spec.name, value);
  }
  const positionals = parsed._.map((value) => unmark(String(value)));
  checkPositionals(command, positionals);
  return { positionals, options };
}

function readOption(spec: OptionSpec, value: unknown): readonly string[] | true | undefined {
  if (spec.value === undefined) return value === true ? true : undefined;
  const values = (value as string[]).map(unmark);
  if (values.length === 0) return undefined;
  if (values.some((entry) => entry === "")) {
    throw new UsageError(`--${spec.name} needs a value: --${spec.name}=${spec.value}`);
  }
  if (values.length > 1 && !spec.repeat) throw new UsageError(`--${spec.name} is given twice`);
  return values;
}

function unmark(text: string): string {
  return text.startsWith(NEGATIVE_MARK) ? text.slice(NEGATIVE_MARK.length) : text;
}

function unknownOption(given: string, command: Command): UsageError {
  const names = [...command.options.map((spec) => `--${spec.name}`), "--help"];
  return new UsageError(
    `'${given}' is no option of ${command.name}${suggestion(given, names)}`,
    command.name,
  );
}

function checkPositionals(command: Command, positionals: readonly string[]): void {
  const [min, max] = command.positionals;
  if (positionals.length < min) {
    throw new UsageError(
      `${command.name} needs ${command.usage.split(" ").slice(0, min).join(" ")}`,
      command.name,
    );
  }
  if (positionals.length > max) {
    throw new UsageError(`unexpected argument '${positionals[max]}'`, command.name);
  }
}

/** The one value of an option; undefined if it was not given. */
export function optionText(args: ParsedArgs, name: string): string | undefined {
  const value = args.options.get(name);
  return value === undefined || value === true ? undefined : value[0];
}

/** All values of an option that may be repeated. */
export function optionTexts(args: ParsedArgs, name: string): readonly string[] {
  const value = args.options.get(name);
  return value === undefined || value === true ? [] : value;
}

/** Whether a switch is set. */
export function optionSwitch(args: ParsedArgs, name: string): boolean {
  return args.options.has(name);
}

/** A whole number of an option, also written as 1e6 or 1_000_000; undefined if it was not given. */
export function optionInteger(
  args: ParsedArgs,
  name: string,
  range: IntegerRange = {},
): number | undefined {
  const text = optionText(args, name);
  return text === undefined ? undefined : readInteger(text, `--${name}`, range);
}

/** Bounds of a whole number, both included; any safe integer by default. */
export interface IntegerRange {
  /** Least value. */
  readonly min?: number;
  /** Greatest value. */
  readonly max?: number;
}

/** A whole number from a text; `what` names it in the error. */
export function readInteger(
  text: string,
  what: string,
  { min, max }: IntegerRange = {},
): number {
  const value = /^[+-]?[\d_]+(?:\.\d+)?(?:e\+?\d+)?$/i.test(text)
    ? Number(text.replaceAll("_", ""))
    : NaN;
  if (!Number.isSafeInteger(value) || value < (min ?? -Infinity) || value > (max ?? Infinity)) {
    const range = [
      ...(min === undefined ? [] : [`at least ${min}`]),
      ...(max === undefined ? [] : [`at most ${max}`]),
    ].join(" and ");
    throw new UsageError(
      `${what} must be a whole number${range === "" ? "" : ` of ${range}`}, not '${text}'`,
    );
  }
  return value;
}

/** A number of an option that may have a fraction; undefined if it was not given. */
export function optionNumber(
  args: ParsedArgs,
  name: string,
  { min }: { min: number },
): number | undefined {
  const text = optionText(args, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value) || value < min) {
    throw new UsageError(`--${name} must be a number of at least ${min}, not '${text}'`);
  }
  return value;
}

/** A seed: any integer, in decimal or with 0x. */
export function readSeed(text: string, what = "--seed"): bigint {
  const match = /^([+-]?)(0x[\da-f]+|[\d_]+)$/i.exec(text);
  if (match === null) throw new UsageError(`${what} must be a whole number, not '${text}'`);
  const magnitude = BigInt(match[2]!.replaceAll("_", ""));
  return match[1] === "-" ? -magnitude : magnitude;
}

/** JSON of an option; undefined if it was not given. */
export function optionJson(args: ParsedArgs, name: string): unknown {
  const text = optionText(args, name);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--${name} must be JSON: ${(error as Error).message}`);
  }
}
