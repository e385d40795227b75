/**
 * The options of every verb that takes parameters: single ones, or several as JSON.
 *
 * @module
 */

import type { ParameterChange } from "../engine/run_options.ts";
import { PARAMS_FILE_BYTES_MAX } from "./limits.ts";
import type { Values } from "./command.ts";
import { grouped, text, texts } from "./options.ts";
import { readValue } from "./read_value.ts";
import { InputError, UsageError } from "./usage_error.ts";

/** Options that change parameters. */
export const PARAM_OPTIONS = grouped("Parameters", {
  param: texts("NAME=VALUE", "Parameter to change, such as beta=0.3 or rates.death=0.1"),
  params: text(
    "JSON|@FILE",
    "Parameters to change, as a JSON object that is merged over what is there",
  ),
});

/** A dotted path and a value. */
const PARAM = /^([^\s=]+)=(.*)$/s;
/** A text that needs no quotes. */
const WORD = /^[\p{L}_][\p{L}\p{N}_-]*$/u;
/** Words that are JSON, or nearly so. */
const NO_TEXT = /^(?:true|false|null|undefined|nan|infinity|inf|none)$/i;

/**
 * What to change, `--params` first.
 *
 * @throws {UsageError} If a value is not JSON, or a name is given twice.
 * @throws {InputError} If the file cannot be read.
 */
export function paramChanges({ param, params }: Values<typeof PARAM_OPTIONS>): ParameterChange[] {
  const changes: ParameterChange[] = [];
  if (params !== undefined) changes.push({ path: [], value: paramsValue(params) });
  const met = new Set<string>();
  for (const given of param) {
    const [, name, value] = PARAM.exec(given) ?? [];
    if (name === undefined || value === undefined || /^\.|\.\.|\.$/.test(name)) {
      throw new UsageError(
        `Invalid value '${given}' for --param: it must be NAME=VALUE, such as beta=0.3 or rates.death=0.1`,
      );
    }
    if (met.has(name)) throw new UsageError(`Invalid option --param: '${name}' is given twice`);
    met.add(name);
    const isText = WORD.test(value) && !NO_TEXT.test(value);
    changes.push({
      path: name.split("."),
      value: isText ? value : readValue(value, `--param ${name}`),
    });
  }
  return changes;
}

function paramsValue(given: string): unknown {
  return given.startsWith("@")
    ? readValue(fileText(given.slice(1)), `--params ${given}`)
    : readValue(given, "--params");
}

function fileText(path: string): string {
  const { size, isFile } = Deno.statSync(path);
  if (!isFile || size > PARAMS_FILE_BYTES_MAX) {
    throw new InputError(
      `Cannot read '${path}': it must be a file of at most ${PARAMS_FILE_BYTES_MAX / 2 ** 20} MiB`,
    );
  }
  // A file of the kernel's has no size, and may never give a first byte.
  if (size === 0) return "";
  return Deno.readTextFileSync(path).replace(/^\ufeff/, "").trim();
}
