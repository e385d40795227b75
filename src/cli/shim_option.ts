/**
 * The option that gives a step a clock and randomness besides its arguments.
 *
 * @module
 */

import { SHIM_ORIGIN_MS } from "../engine/shims.ts";
import type { Shims } from "../engine/types.ts";
import { suggestion } from "../text/suggestion.ts";
import type { Option } from "./command.ts";
import { finiteNumber } from "./read_number.ts";
import { UsageError } from "./usage_error.ts";

const NAMES = ["clock", "random", "load"];

/** Milliseconds per step where none are given. */
const STEP_MS = 1;

/** The option. */
export const SHIM_OPTION: Option<Shims | undefined> = {
  group: "Step module",
  value: "NAMES",
  summary: "Clock and randomness for libraries: clock or clock=MS, random, load",
  repeat: true,
  read(given, name) {
    if (given.length === 0) return undefined;
    const words = given.flatMap((text) => text.split(",")).map((word) => word.trim());
    const clock = words.find((word) => /^clock(?:=|$)/.test(word));
    for (const word of words) {
      if (word === clock || NAMES.slice(1).includes(word)) continue;
      throw new UsageError(`Invalid value for ${name}: '${word}'`, {
        hint: suggestion(word, NAMES) ?? "it takes clock, clock=MS, random and load",
      });
    }
    return {
      ...(clock === undefined
        ? {}
        : { clock: { originMs: SHIM_ORIGIN_MS, stepMs: stepMs(clock, name) } }),
      ...(words.includes("random") ? { random: true } : {}),
      ...(words.includes("load") ? { load: true } : {}),
    };
  },
};

function stepMs(word: string, name: string): number {
  const [, text] = word.split("=", 2);
  if (text === undefined) return STEP_MS;
  const value = finiteNumber(text);
  if (value !== undefined && value >= 0) return value;
  throw new UsageError(
    `Invalid value for ${name}: '${word}' must have milliseconds per step, at least 0`,
  );
}
