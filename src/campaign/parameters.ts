/**
 * The parameters of a trial: those of the module, with the values of its set in their places.
 * This module is browser compatible.
 *
 * @module
 */

import { copyThawed } from "../codec/copy_state.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../errors.ts";
import { suggestion } from "../text/suggestion.ts";
import type { ParameterSet, ParameterValue } from "./axes.ts";

/**
 * Parameters with some of them replaced.
 *
 * @param base What the module exports, or what was given in its place; not changed.
 * @param set New values by dotted path, such as `disease.contact`.
 * @throws {RangeError} If there is no such parameter.
 * @throws {TypeError} If a value is of another kind than the one that it replaces.
 */
export function withParameters(base: unknown, set: ParameterSet): unknown {
  const params = copyThawed(base);
  for (const [path, value] of Object.entries(set)) replace(params, path, value);
  return params;
}

function replace(params: unknown, path: string, value: ParameterValue): void {
  const keys = path.split(".");
  let holder = params;
  for (const [i, key] of keys.entries()) {
    const names = typeof holder === "object" && holder !== null ? Object.keys(holder) : [];
    if (!names.includes(key)) {
      const where = i === 0 ? "the module's params" : `'${keys.slice(0, i).join(".")}'`;
      throw new ArgumentRangeError(
        `Cannot vary the parameter '${path}': ${where} has no '${key}'`,
        {
          hint: suggestion(key, names) ??
            (names.length === 0
              ? "export params from the module, or pass all of them with --params"
              : `it has ${names.join(", ")}`),
        },
      );
    }
    const record = holder as Record<string, unknown>;
    if (i < keys.length - 1) {
      holder = record[key];
      continue;
    }
    const [before, after] = [kindOf(record[key]), kindOf(value)];
    if (before !== after && before !== "nothing") {
      throw new ArgumentTypeError(
        `Cannot set the parameter '${path}' to ${
          JSON.stringify(value)
        }: it is a ${before} in the module, ` +
          `and this is a ${after}`,
      );
    }
    record[key] = structuredClone(value);
  }
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  return Array.isArray(value) ? "list" : typeof value;
}
