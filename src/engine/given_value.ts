/**
 * Values that a person writes for a part of a state or for a parameter: they become what was there, where that
 * is plain, such as an array for a typed array; else they are refused with the form to write.
 * This module is browser compatible.
 *
 * @module
 */

import { formatValue } from "../codec/format_value.ts";
import { elementSegment, propertySegment } from "../codec/state_path.ts";
import { suggestion } from "../text/suggestion.ts";
import { isPlain, isTyped, kindName, kindText, refusal } from "./same_kind.ts";
import type { Keep } from "./types.ts";

/**
 * What to put in the place of a part of a state: of the same kind, typed arrays of the same length, objects
 * with the same names.
 */
export const keepKind: Keep = (old, given, at) => fitted(old, given, { at, isWhole: true });

/** The same for parameters: typed arrays may have another length. */
export const keepParameterKind: Keep = (old, given, at) =>
  fitted(old, given, { at, isWhole: false });

interface Place {
  readonly at: string;
  readonly isWhole: boolean;
}

function fitted(old: unknown, given: unknown, place: Place): unknown {
  const { isWhole } = place;
  if (old === undefined || old === null) return given;
  if (typeof old === "bigint" && Number.isSafeInteger(given)) return BigInt(given as number);
  if (Array.isArray(given) && isTyped(old)) return typedOf(old, given, place);
  const value = old instanceof Set && Array.isArray(given) ? new Set<unknown>(given) : given;
  if (kindName(old) !== kindName(value)) throw misfit(old, given, place);
  if (Array.isArray(old)) return elements(old, value as unknown[], place);
  if (isPlain(old)) return parts(old, value as Record<string, unknown>, place);
  if (isTyped(old) && isWhole && old.length !== (value as Float64Array).length) {
    throw misfit(old, given, place);
  }
  if (old instanceof Set && old.size > 0) {
    const kinds = new Set(Array.from(old, kindName));
    for (const item of value as Set<unknown>) {
      if (!kinds.has(kindName(item))) throw misfit(old, given, place);
    }
  }
  return value;
}

function typedOf(old: Float64Array, given: unknown[], place: Place): Float64Array {
  const isFloat = /^Float/.test(kindText(old).slice(2));
  // A bigint for a number, or the other way round, throws when it is put in.
  const isOfType = given.every((item) => typeof item === typeof old[0] || old.length === 0);
  if (!isOfType || (place.isWhole && given.length !== old.length)) throw misfit(old, given, place);
  const typed = (old.constructor as Float64ArrayConstructor).from(given as number[]);
  // Fractions may be rounded, whole numbers not wrapped.
  if (!isFloat && given.some((item, i) => item !== typed[i])) throw misfit(old, given, place);
  return typed;
}

function elements(old: unknown[], given: unknown[], { at, isWhole }: Place): unknown[] {
  const isEven = new Set(old.map(kindName)).size === 1;
  return given.map((item, i) =>
    fitted(i < old.length ? old[i] : isEven ? old[0] : undefined, item, {
      at: at + elementSegment(i),
      isWhole,
    })
  );
}

function parts(
  old: Record<string, unknown>,
  given: Record<string, unknown>,
  { at, isWhole }: Place,
): unknown {
  const names = Object.keys(old);
  // An object without names is there to be filled.
  if (names.length === 0) return given;
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(old, name));
  const missing = names.find((name) => !Object.hasOwn(given, name));
  if (unknown !== undefined || missing !== undefined) {
    const wrong = unknown === undefined ? `'${missing}' is missing` : `it has no part '${unknown}'`;
    throw refusal(`Cannot set ${at}: ${wrong}`, {
      at,
      hint: (unknown === undefined ? undefined : suggestion(unknown, names)) ?? formText(old),
    });
  }
  return Object.fromEntries(names.map((name) => [
    name,
    fitted(old[name], given[name], { at: at + propertySegment(name), isWhole }),
  ]));
}

function misfit(old: unknown, given: unknown, { at }: Place): Error {
  const shown = formatValue(given, { maxLength: 60 });
  return refusal(`Cannot set ${at}: it is ${kindText(old)}, and ${shown} does not fit`, {
    at,
    hint: formText(old),
  });
}

/** How a value of the same kind is written. */
function formText(old: unknown): string {
  if (isPlain(old)) return `write an object with ${Object.keys(old).slice(0, 12).join(", ")}`;
  if (isTyped(old)) return `write an array of ${old.length} numbers that it can hold`;
  return FORMS[String(kindName(old))] ?? "set its parts one by one, or use a function (--mutate)";
}

const FORMS: Readonly<Record<string, string>> = {
  number: "write a number, such as 3",
  string: 'write a text in double quotes, such as "on"',
  boolean: "write true or false",
  bigint: 'write a whole number, or {"$bigint": "123"}',
  Array: "write an array, such as [1, 2]",
  Set: "write its values as an array",
  Map: 'write {"$map": [[key, value], ...]}',
  Date: 'write {"$date": "2026-01-31T12:00:00.000Z"}',
  ArrayBuffer: 'write {"$arrayBuffer": [byte, ...]}',
  DataView: 'write {"$dataView": [byte, ...]}',
};
