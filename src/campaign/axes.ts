/**
 * What varies between the parameter sets of a campaign: lists and ranges of values for a name, and tables of
 * sets from a CSV file.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentSyntaxError } from "../errors.ts";
import { CAMPAIGN_TRIALS_MAX } from "./limits.ts";

/** A value that a parameter may take. */
export type ParameterValue = null | boolean | number | string | readonly ParameterValue[];

/** The parameters of one set that differ from the module's, by dotted path. */
export type ParameterSet = Readonly<Record<string, ParameterValue>>;

/** Alternatives, of which each parameter set has one. */
export type Axis = readonly ParameterSet[];

const DECIMAL = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`;
const RANGE = new RegExp(`^(${DECIMAL}):(${DECIMAL}):(${DECIMAL})$`);

/**
 * Reads `beta=0.1,0.2` or `beta=0.1:0.5:0.1` (from, to included, by). Values are JSON; a word that is none is
 * a text.
 *
 * @throws {SyntaxError} If it is not of that form.
 */
export function readAxis(text: string): Axis {
  const at = text.indexOf("=");
  const name = text.slice(0, Math.max(0, at)).trim();
  const list = text.slice(at + 1).trim();
  if (name === "" || list === "") {
    throw new ArgumentSyntaxError(
      `Cannot read the parameter '${text}': write NAME=VALUE,VALUE or NAME=FROM:TO:BY`,
    );
  }
  const values = listed(list).flatMap((part) => rangeOf(part) ?? [valueOf(part)]);
  const seen = new Set(values.map((value) => JSON.stringify(value)));
  if (seen.size < values.length) {
    throw new ArgumentRangeError(`Cannot use the parameter '${text}': a value is there twice`);
  }
  return values.map((value) => ({ [name]: value }));
}

/**
 * Reads a design: a CSV table whose first line has names of parameters, and each other line one set.
 *
 * @throws {SyntaxError} If it is no table.
 */
export function readDesign(text: string): Axis {
  const [names, ...rows] = csvRows(text.replace(/^\ufeff/, ""));
  if (names === undefined || rows.length === 0) {
    throw new ArgumentSyntaxError(
      "Cannot read the design: it needs a line of names and a line of values for each parameter set",
    );
  }
  if (new Set(names).size < names.length || names.includes("")) {
    throw new ArgumentSyntaxError(
      `Cannot read the design: each column needs a name of its own: the first line is '${names}'`,
    );
  }
  const seen = new Map<string, number>();
  return rows.map((row, i) => {
    if (row.length !== names.length) {
      throw new ArgumentSyntaxError(
        `Cannot read the design: line ${i + 2} has ${row.length} values for ${names.length} names`,
      );
    }
    const set = Object.fromEntries(names.map((name, k) => [name, valueOf(row[k]!)]));
    const key = JSON.stringify(set);
    const before = seen.get(key);
    if (before !== undefined) {
      throw new ArgumentSyntaxError(
        `Cannot read the design: line ${i + 2} is the parameter set of line ${before} again`,
      );
    }
    seen.set(key, i + 2);
    return set;
  });
}

/**
 * All combinations, the last axis running fastest; one empty set without axes.
 *
 * @throws {RangeError} If a name stands on two axes, or there are too many sets.
 */
export function combine(axes: readonly Axis[]): ParameterSet[] {
  const names = axes.flatMap((axis) => Object.keys(axis[0] ?? {}));
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) {
    throw new ArgumentRangeError(`Cannot vary the parameter '${twice}' in two ways at once`);
  }
  let sets: ParameterSet[] = [{}];
  for (const axis of axes) {
    if (sets.length * axis.length > CAMPAIGN_TRIALS_MAX) {
      throw new ArgumentRangeError(
        `Cannot run more than ${CAMPAIGN_TRIALS_MAX} parameter sets`,
      );
    }
    sets = sets.flatMap((set) => axis.map((one) => ({ ...set, ...one })));
  }
  return sets;
}

/** Parts between commas that stand in no brackets and no quotes. */
function listed(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text[i]!;
    if (isQuoted) {
      if (unit === "\\") i++;
      else if (unit === '"') isQuoted = false;
    } else if (unit === '"') isQuoted = true;
    else if (unit === "[" || unit === "{") depth++;
    else if (unit === "]" || unit === "}") depth--;
    else if (unit === "," && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(text.slice(from));
  return parts.map((part) => {
    const trimmed = part.trim();
    if (trimmed === "") throw new ArgumentSyntaxError(`Cannot read '${text}': a value is missing`);
    return trimmed;
  });
}

function valueOf(text: string): ParameterValue {
  const trimmed = text.trim();
  let value: ParameterValue;
  try {
    value = JSON.parse(trimmed) as ParameterValue;
  } catch {
    value = new RegExp(`^${DECIMAL}$`).test(trimmed) ? Number(trimmed) : trimmed;
  }
  const isCut = typeof value === "number" && (!Number.isFinite(value) ||
    /^[-+]?\d+$/.test(trimmed) && !Number.isSafeInteger(value));
  if (!isCut) return value;
  throw new ArgumentRangeError(`Cannot read ${trimmed}: a number does not hold it exactly`, {
    hint: "give it as a text in quotes, if the module reads one",
  });
}

/**
 * The numbers of FROM:TO:BY, both ends included; undefined if the text is none. Added up in whole units of the
 * last decimal, so that `0.1:0.5:0.1` has 0.3 in it and not 0.30000000000000004.
 */
function rangeOf(text: string): number[] | undefined {
  const found = RANGE.exec(text);
  if (found === null) return undefined;
  const parts = found.slice(1).map(decimalOf);
  const exponent = Math.min(...parts.map((part) => part.exponent));
  const [from, to, by] = parts.map((part) =>
    part.digits * 10n ** BigInt(part.exponent - exponent)
  ) as [bigint, bigint, bigint];
  if (by === 0n || (to - from) * by < 0n) {
    throw new ArgumentRangeError(
      `Cannot use the range '${text}': ${
        by === 0n ? "its steps are 0" : "it leads away from its end"
      }`,
    );
  }
  const count = (to - from) / by + 1n;
  if (count > BigInt(CAMPAIGN_TRIALS_MAX)) {
    throw new ArgumentRangeError(`Cannot use the range '${text}': it has ${count} values`);
  }
  return Array.from(
    { length: Number(count) },
    (_, i) => Number(`${from + by * BigInt(i)}e${exponent}`),
  );
}

/** A decimal as whole digits times a power of ten. */
function decimalOf(text: string): { digits: bigint; exponent: number } {
  const [mantissa, power] = text.toLowerCase().split("e") as [string, string | undefined];
  const [whole, fraction = ""] = mantissa.split(".") as [string, string | undefined];
  const exponent = Number(power ?? 0) - fraction.length;
  if (Math.abs(exponent) > 400) {
    throw new ArgumentRangeError(`Cannot use the number '${text}' in a range`);
  }
  return { digits: BigInt(`${whole}${fraction}`.replace(/^\+/, "")), exponent };
}

/** Rows of a CSV text as RFC 4180 has it; empty lines are left out. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let isQuoted = false;
  const endRow = () => {
    row.push(field.trim());
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
    field = "";
  };
  for (let i = 0; i < text.length; i++) {
    const unit = text[i]!;
    if (isQuoted && unit === '"' && text[i + 1] === '"') {
      field += '"';
      i++;
    } else if (unit === '"') isQuoted = !isQuoted;
    else if (!isQuoted && unit === ",") {
      row.push(field.trim());
      field = "";
    } else if (!isQuoted && (unit === "\n" || unit === "\r")) endRow();
    else field += unit;
  }
  if (isQuoted) throw new ArgumentSyntaxError("Cannot read the design: a quote is not closed");
  endRow();
  return rows;
}
