/**
 * States and other values as they are printed for people or as JSON.
 *
 * @module
 */

import { formatValue } from "../codec/format_value.ts";
import { type Json, stateToJson } from "../codec/state_to_json.ts";
import type { Stats } from "../engine/types.ts";
import { grouped } from "../text/quantity.ts";

/** Longest text of a state that is printed for people; `--json` prints all of it. */
const STATE_TEXT_MAX = 1024;

/** A state as one line for people. */
export function stateText(state: unknown): string {
  return formatValue(state, { maxLength: STATE_TEXT_MAX, name: "state" });
}

/** An integer as JSON: a number where it is safe, else its decimal text. */
export function integerJson(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : `${value}`;
}

/** Statistics as JSON. */
export function statsJson(stats: Stats): Json {
  return stateToJson(stats);
}

/** Statistics as rows of name and value. */
export function statsRows(stats: Stats): [string, string][] {
  return Object.entries(stats).map(([name, value]) => [name, numberText(value)]);
}

/** A number in groups of three, or any other value as a state. */
function numberText(value: unknown): string {
  const isLarge = typeof value === "bigint" ||
    (typeof value === "number" && Number.isFinite(value) && value !== 0);
  return isLarge ? grouped(value) : stateText(value);
}
