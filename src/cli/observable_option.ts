/**
 * Values of options that name an observable or give one as a function.
 *
 * @module
 */

import { suggestion } from "../text/suggestion.ts";
import { InputError, UsageError } from "./usage_error.ts";

/** An observable as it was given. */
export interface ObservableText {
  /** Its name; undefined for a function without one. */
  readonly name: string | undefined;
  /** The function's text; undefined for one that the module exports. */
  readonly expression: string | undefined;
}

/** Takes NAME, NAME=FUNCTION or FUNCTION apart. */
function readObservable(text: string): ObservableText {
  const [, name, expression] = /^([^=\s]+)=(?!>)(.+)$/s.exec(text) ?? [undefined, text, undefined];
  const isFunction = /=>|\bfunction\b/.test(name!);
  return isFunction ? { name: undefined, expression: text } : { name: name!, expression };
}

/** Two parameters, the second without a default. */
const TWO_PARAMETERS = /^\s*(?:function\b[^(]*)?\(\s*[\w$]+\s*,\s*[\w$]+\s*[,)]/;

/** Refuses a function of `(state, t)`, as a predicate may be: its t would be undefined. @throws {UsageError} If it is one. */
export function checkOfState(text: string, option: string, what = "an observable"): void {
  if (!TWO_PARAMETERS.test(text)) return;
  throw new UsageError(
    `Invalid value '${text}' for ${option}: ${what} is given the state alone`,
    {
      hint:
        "keep in the state what else it needs; functions of the run's parameters find them as 'params'",
    },
  );
}

/** The values of `--observe`. @throws {UsageError} If two have one name: only one of them would be seen. */
export function readObservables(texts: readonly string[]): ObservableText[] {
  const names = new Set<string>();
  return texts.map((text) => {
    const read = readObservable(text);
    const name = read.name ?? text;
    checkOfState(read.expression ?? "", "--observe");
    if (names.has(name)) {
      throw new UsageError(`Invalid option --observe: '${name}' is given twice`);
    }
    names.add(name);
    return read;
  });
}

/** The error for an observable that a module does not export, with those that it does. */
export function unknownObservable(name: string, exported: readonly string[]): InputError {
  const known = exported.length === 0 ? "the module exports none" : `it has ${exported.join(", ")}`;
  return new InputError(`Cannot find an observable '${name}' in the step module`, {
    hint: suggestion(name, exported) ??
      `${known}; of another function of the module write 's => ${name}(s)'`,
  });
}

/** `--observe` values as observables of the module (undefined) or texts of functions, by name. */
export function observables(
  texts: readonly string[],
): Record<string, string | undefined> | undefined {
  if (texts.length === 0) return undefined;
  const chosen: Record<string, string | undefined> = {};
  for (const { name, expression } of readObservables(texts)) {
    if (name === undefined) {
      throw new UsageError(`Missing name for the function '${expression}' of --observe`, {
        hint: `write 'name=${expression}'`,
      });
    }
    chosen[name] = expression;
  }
  return chosen;
}
