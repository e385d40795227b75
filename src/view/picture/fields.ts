/**
 * Reading the parts of a picture: numbers, rows of numbers, texts.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentTypeError } from "../../errors.ts";

/** Own properties of a plain object. @throws {TypeError} If it is none. */
export function fieldsOf(given: unknown, name: string): Readonly<Record<string, unknown>> {
  if (
    typeof given !== "object" || given === null || Array.isArray(given) ||
    Object.getPrototypeOf(given) !== Object.prototype
  ) throw wrong(`${name} is no plain object`);
  return given as Record<string, unknown>;
}

/** A text. @throws {TypeError} If it is none. */
export function textOf(given: unknown, name: string): string {
  if (typeof given !== "string") throw wrong(`${name} is no text`);
  return given;
}

/**
 * Numbers, from an array or typed array of numbers, bigints or booleans.
 *
 * @throws {TypeError} If it is something else, or too long.
 */
export function numbersOf(given: unknown, name: string, lengthMax: number): Float64Array {
  if (!isList(given)) throw wrong(`${name} is no array of numbers`);
  if (given.length > lengthMax) throw wrong(`${name} has more than ${lengthMax} numbers`);
  // Of a state of a million numbers, each look at one of them would show.
  if (given instanceof Float64Array) return given;
  if (isNumeric(given)) return new Float64Array(given);
  const values = new Float64Array(given.length);
  for (let i = 0; i < values.length; i++) values[i] = numberOf(given[i], name);
  return values;
}

/** As {@linkcode numbersOf}, where it may be missing and has a known length. */
export function optionalNumbers(
  given: unknown,
  name: string,
  length: number,
): Float64Array | undefined {
  if (given === undefined) return undefined;
  const values = numbersOf(given, name, length);
  if (values.length !== length) throw wrong(`${name} has ${values.length} numbers, not ${length}`);
  return values;
}

/** A grid's values in reading order. */
export interface GridValues {
  readonly columns: number;
  readonly rows: number;
  readonly values: Float64Array;
  readonly isNested: boolean;
}

/**
 * The cells of a grid: one list and perhaps its number of columns (a square without), or a list of rows.
 *
 * @throws {TypeError} If it is no grid, or too large.
 */
export function gridOf(
  given: unknown,
  columns: unknown,
  name: string,
  cellsMax: number,
): GridValues {
  if (Array.isArray(given) && isList(given[0])) return nestedGrid(given, name, cellsMax);
  const values = numbersOf(given, `${name}: \`values\``, cellsMax);
  const across = columns === undefined ? Math.round(Math.sqrt(values.length)) : columns;
  if (typeof across !== "number" || !Number.isInteger(across) || across < 1) {
    throw wrong(`${name}: \`columns\` is no whole number of at least 1`);
  }
  const rows = values.length / across;
  if (!Number.isInteger(rows)) {
    throw wrong(
      `${name}: ${values.length} values make no rows of ${across}: say how many \`columns\``,
    );
  }
  return { columns: across, rows, values, isNested: false };
}

function nestedGrid(rows: readonly unknown[], name: string, cellsMax: number): GridValues {
  const columns = (rows[0] as ArrayLike<unknown>).length;
  if (rows.length * columns > cellsMax) throw wrong(`${name} has more than ${cellsMax} cells`);
  const values = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    const cells = numbersOf(row, `${name}: row ${i}`, columns);
    if (cells.length !== columns) {
      throw wrong(`${name}: row ${i} has ${cells.length} cells, row 0 has ${columns}`);
    }
    values.set(cells, i * columns);
  });
  return { columns, rows: rows.length, values, isNested: true };
}

function isNumeric(list: ArrayLike<unknown>): list is ArrayLike<number> {
  return ArrayBuffer.isView(list) && !(list instanceof BigInt64Array) &&
    !(list instanceof BigUint64Array);
}

/** Whether a value is an array or typed array. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function numberOf(value: unknown, name: string): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean" || typeof value === "bigint") return Number(value);
  throw wrong(`${name} has something that is no number`);
}

function wrong(problem: string): ArgumentTypeError {
  return new ArgumentTypeError(`Cannot draw the picture: ${problem}`);
}
