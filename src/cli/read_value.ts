/**
 * Values written on a command line: JSON with the tagged forms of `--json`, read exactly or not at all.
 *
 * @module
 */

import { jsonToState } from "../codec/json_state.ts";
import { exactInteger, finiteNumber } from "./read_number.ts";
import { UsageError } from "./usage_error.ts";

const WORDS: ReadonlyMap<string, number> = new Map([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
]);

/** Most significant digits that a number keeps. */
const DIGITS_MAX = 17;

/**
 * A text as JSON.
 *
 * @param name Whose it is, such as `--init`.
 * @throws {UsageError} If it is none, or a number in it would be rounded to another whole number, to 0 or beyond
 * all numbers: `JSON.parse` does so without a word.
 */
export function readJson(given: string, name: string): unknown {
  try {
    return JSON.parse(
      given,
      ((_key: string, value: unknown, { source }: { source?: string }) => {
        if (typeof value === "number" && source !== undefined) checkNumber(source, name);
        return value;
      }) as (key: string, value: unknown) => unknown,
    );
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `Invalid value for ${name}: it must be JSON: ${(error as Error).message}`,
      { hint: `such as 1, '"text"' or '[1, 2]'` },
    );
  }
}

/** A value of a state or parameter: JSON, tagged forms, or NaN, Infinity and -Infinity as they are. */
export function readValue(given: string, name: string): unknown {
  const word = WORDS.get(given);
  if (word !== undefined) return word;
  try {
    return jsonToState(readJson(given, name));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`Invalid value for ${name}: ${(error as Error).message}`);
  }
}

function checkNumber(source: string, name: string): void {
  const whole = exactInteger(source);
  const isExact = whole === undefined || !Number.isFinite(Number(whole))
    ? isKept(source)
    : BigInt(Number(whole)) === whole;
  if (isExact) return;
  throw new UsageError(`Invalid value for ${name}: a number cannot hold ${source}`, {
    hint: whole === undefined || !Number.isFinite(Number(whole))
      ? `write at most ${DIGITS_MAX} digits`
      : `write {"$bigint": "${whole}"} for a bigint`,
  });
}

/** Whether a fraction is only rounded as every decimal fraction is. */
function isKept(source: string): boolean {
  const digits = source.replace(/e.*/i, "").replace(/[-.]/g, "").replace(/^0+/, "");
  return finiteNumber(source) !== undefined && digits.length <= DIGITS_MAX;
}
