/**
 * The kinds of options and operands that a verb may declare: each says how its texts become a value.
 *
 * @module
 */

import { grouped as quantity } from "../text/quantity.ts";
import { suggestion } from "../text/suggestion.ts";
import type { Operand, Option, Options, OptionTraits } from "./command.ts";
import { exactInteger, finiteNumber } from "./read_number.ts";
import { readJson } from "./read_value.ts";
import { UsageError } from "./usage_error.ts";

/** What an option with one value may say of itself. */
export interface ValueTraits<T> extends OptionTraits {
  /** Whether the verb cannot do without it. */
  readonly required?: boolean;
  /** The value where none is given; the help prints it. */
  readonly default?: T;
  /** The default as the help prints it, where the verb finds it out. */
  readonly fallback?: string;
}

/** The type of a value that is always there where it is required or has a default. */
type Given<T, D extends ValueTraits<T>> = D extends { required: true } ? T
  : D extends { default: T } ? T
  : T | undefined;

/** Bounds of a number. */
export interface NumberBounds {
  /** Least value, included. */
  readonly min?: number;
  /** Greatest value, included. */
  readonly max?: number;
  /** Bound below the least value, not included. */
  readonly above?: number;
  /** Bound beyond the greatest value, not included. */
  readonly below?: number;
}

/** A switch: true if it is given. */
export function flag(summary: string, traits: OptionTraits = {}): Option<boolean> {
  return { ...traits, summary, read: (texts) => texts.length > 0 };
}

/** The switch of every verb that prints data. */
export const JSON_OPTION: Option<boolean> = flag("Print the result as JSON");

/** A text as it is. */
export function text<const D extends ValueTraits<string>>(
  value: string,
  summary: string,
  traits: D = {} as D,
): Option<Given<string, D>> {
  return valued({ value, summary }, traits, (given) => given);
}

/** The path of a file or folder. */
export function path<const D extends ValueTraits<string>>(
  value: string,
  summary: string,
  traits: D = {} as D,
): Option<Given<string, D>> {
  return { ...text(value, summary, traits), completions: "file" };
}

/** One of a few words. */
export function choice<
  const C extends readonly string[],
  const D extends ValueTraits<C[number]>,
>(choices: C, summary: string, traits: D = {} as D): Option<Given<C[number], D>> {
  const option = valued(
    { value: "NAME", summary: `${summary}: ${choices.join(", ")}` },
    traits,
    (given, name) => oneOf(choices, given, name),
  );
  return { ...option, completions: choices };
}

/** Some of a few words, separated by commas; none if the option is not given. */
export function choices<const C extends readonly string[]>(
  words: C,
  summary: string,
  traits: OptionTraits = {},
): Option<readonly C[number][]> {
  return {
    ...traits,
    value: "NAMES",
    summary: `${summary}: ${words.join(", ")}`,
    completions: words,
    repeat: true,
    read: (texts, name) =>
      texts.flatMap((given) => given.split(",")).map((word) => oneOf(words, word.trim(), name)),
  };
}

/** A whole number, also written as `1e6` or `1_000_000`. */
export function integer<const D extends ValueTraits<number> & NumberBounds>(
  value: string,
  summary: string,
  traits: D = {} as D,
): Option<Given<number, D>> {
  return valued({ value, summary }, traits, (given, name) => readInteger(given, name, traits));
}

/** Whole numbers separated by commas; none if the option is not given. */
export function integers(
  value: string,
  summary: string,
  traits: OptionTraits & NumberBounds = {},
): Option<readonly number[]> {
  return {
    ...traits,
    value,
    summary,
    repeat: true,
    read: (texts, name) =>
      texts.flatMap((given) => given.split(",")).map((given) =>
        readInteger(given.trim(), name, traits)
      ),
  };
}

/** A finite number, which may have a fraction. */
export function number<const D extends ValueTraits<number> & NumberBounds>(
  value: string,
  summary: string,
  traits: D = {} as D,
): Option<Given<number, D>> {
  return valued({ value, summary }, traits, (given, name) => {
    const found = finiteNumber(given);
    if (found === undefined || !isWithin(found, traits)) {
      throw invalid(given, name, `a number${boundsText(traits)}`);
    }
    return found;
  });
}

/** A seed: any whole number, as a bigint. */
export function seed<const D extends ValueTraits<bigint>>(
  summary: string,
  traits: D = {} as D,
): Option<Given<bigint, D>> {
  return valued({ value: "N", summary }, traits, (given, name) => {
    const found = exactInteger(given);
    if (found === undefined) throw invalid(given, name, "a whole number");
    return found;
  });
}

/** A time in seconds, as milliseconds; 0 is no limit, which is `Infinity`. */
export function seconds<const D extends ValueTraits<number>>(
  summary: string,
  traits: D = {} as D,
): Option<Given<number, D>> {
  return scaled("SECONDS", summary, traits, { min: 0, unit: 1000, zero: Infinity });
}

/** A size in megabytes of 10^6 bytes, as bytes. */
export function megabytes<const D extends ValueTraits<number>>(
  summary: string,
  traits: D = {} as D,
): Option<Given<number, D>> {
  return scaled("MB", summary, traits, { min: 1, unit: 1e6 });
}

/** A size in bytes, which names its unit, such as `200MB`, `1.5 GB` or `64KiB`. */
export function size(
  summary: string,
  { min = 0, ...traits }: ValueTraits<never> & { readonly min?: number } = {},
): Option<number | undefined> {
  return valued({ value: "SIZE", summary }, traits as OptionTraits, (given, name) => {
    const [, digits, unit] = /^([\d._e+-]+) *([kKMGT]i?)?B$/.exec(given) ?? [];
    const count = digits === undefined ? undefined : finiteNumber(digits);
    const [letter = "", binary] = unit ?? "";
    const power = "kMGT".indexOf(letter === "K" ? "k" : letter) + (letter === "" ? 0 : 1);
    const bytes = Math.floor((count ?? NaN) * (binary === undefined ? 1000 : 1024) ** power);
    if (!Number.isSafeInteger(bytes) || bytes < min) {
      throw invalid(given, name, "a size with its unit, such as 200MB or 1.5GB");
    }
    return bytes;
  });
}

/** JSON as it is; in a box, as a value may be null. */
export function json(
  value: string,
  summary: string,
  traits: ValueTraits<never> = {},
): Option<{ readonly value: unknown } | undefined> {
  return valued({ value, summary }, traits as OptionTraits, (given, name) => ({
    value: readJson(given, name),
  }));
}

/** Texts of an option that may be repeated; none if it is not given. */
export function texts(
  value: string,
  summary: string,
  traits: OptionTraits & { readonly fallback?: string; readonly required?: boolean } = {},
): Option<readonly string[]> {
  const { required = false } = traits;
  return {
    ...traits,
    value,
    summary,
    repeat: true,
    read(given, name) {
      if (required && given.length === 0) throw missing(name, value);
      return given;
    },
  };
}

/** Names with texts, `NAME=VALUE` and repeatable; the same name twice is refused. */
export function pairs(
  value: string,
  summary: string,
  traits: OptionTraits = {},
): Option<ReadonlyMap<string, string>> {
  return {
    ...traits,
    value,
    summary,
    repeat: true,
    read(given, name) {
      const found = new Map<string, string>();
      for (const entry of given) {
        const at = entry.indexOf("=");
        if (at < 1) throw invalid(entry, name, value);
        const key = entry.slice(0, at);
        if (found.has(key)) throw new UsageError(`Invalid ${name}: '${key}' is given twice`);
        found.set(key, entry.slice(at + 1));
      }
      return found;
    },
  };
}

/** The same options under one heading of the help. */
export function grouped<const O extends Options>(group: string, options: O): O {
  return Object.fromEntries(
    Object.entries(options).map(([key, option]) => [key, { ...option, group }]),
  ) as unknown as O;
}

/** An argument that has to be there: a text, whatever it looks like. */
export function operand(label: string): Operand<string> {
  return { usage: `<${label}>`, count: [1, 1], read: ([given]) => given! };
}

/** An argument that may be left out. */
export function optionalOperand(label: string): Operand<string | undefined> {
  return { usage: `[<${label}>]`, count: [0, 1], read: ([given]) => given };
}

/** All further arguments, at least `min` of them; `usage` says how they look where that is not one label. */
export function operands(
  label: string,
  { min = 1, max = Infinity, usage = `<${label}> ...` }: {
    min?: number;
    max?: number;
    usage?: string;
  } = {},
): Operand<readonly string[]> {
  return { usage, count: [min, max], read: (given) => given };
}

/** An argument that has to be a whole number. */
export function integerOperand(label: string, bounds: NumberBounds = {}): Operand<number> {
  return {
    usage: `<${label}>`,
    count: [1, 1],
    read: ([given]) => readInteger(given!, `<${label}>`, bounds),
  };
}

/** All further arguments, each a whole number. */
export function integerOperands(label: string, bounds: NumberBounds = {}): Operand<number[]> {
  return {
    usage: `<${label}> ...`,
    count: [1, Infinity],
    read: (given) => given.map((text) => readInteger(text, `<${label}>`, bounds)),
  };
}

/** A whole number from a text; `name` says whose it is in the error. */
export function readInteger(given: string, name: string, bounds: NumberBounds = {}): number {
  const found = Number(exactInteger(given) ?? NaN);
  if (!Number.isSafeInteger(found) || !isWithin(found, bounds)) {
    throw invalid(given, name, `a whole number${boundsText(bounds)}`);
  }
  return found;
}

/** The error for an option that a verb cannot do without. */
export function missing(name: string, value: string): UsageError {
  return new UsageError(`Missing option ${name} ${value}`);
}

/** An option with one value. */
export function valued<T, D extends ValueTraits<T>>(
  { value, summary }: { value: string; summary: string },
  traits: D,
  read: (text: string, name: string) => T,
): Option<Given<T, D>> {
  const { required = false, default: fallback } = traits;
  return {
    ...(fallback === undefined ? {} : { fallback: String(fallback) }),
    ...traits,
    value,
    summary,
    read([given], name) {
      if (given === undefined && required) throw missing(name, value);
      return (given === undefined ? fallback : read(given, name)) as Given<T, D>;
    },
  };
}

function scaled<D extends ValueTraits<number>>(
  value: string,
  summary: string,
  traits: D,
  { min, unit, zero = 0 }: { min: number; unit: number; zero?: number },
): Option<Given<number, D>> {
  const { read } = number(value, summary, { min });
  return valued({ value, summary }, traits, (given, name) => {
    const found = read([given], name)!;
    return found === 0 ? zero : found * unit;
  });
}

function oneOf<C extends readonly string[]>(words: C, given: string, name: string): C[number] {
  if (words.includes(given)) return given;
  throw new UsageError(`Invalid value '${given}' for ${name}: it must be ${listed(words)}`, {
    hint: suggestion(given, words),
  });
}

function invalid(given: string, name: string, what: string): UsageError {
  return new UsageError(`Invalid value '${given}' for ${name}: it must be ${what}`);
}

function isWithin(found: number, { min, max, above, below }: NumberBounds): boolean {
  return found >= (min ?? -Infinity) && found <= (max ?? Infinity) &&
    found > (above ?? -Infinity) && found < (below ?? Infinity);
}

function boundsText({ min, max, above, below }: NumberBounds): string {
  const parts = [
    ...(min === undefined ? [] : [`of at least ${quantity(min)}`]),
    ...(above === undefined ? [] : [`above ${quantity(above)}`]),
    ...(max === undefined ? [] : [`${min === undefined ? "of " : ""}at most ${quantity(max)}`]),
    ...(below === undefined ? [] : [`below ${quantity(below)}`]),
  ];
  return parts.length === 0 ? "" : ` ${parts.join(" and ")}`;
}

/** `python, numpy or sfc32` */
function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
