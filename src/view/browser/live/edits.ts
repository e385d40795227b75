/**
 * Changing values of a state without changing what kind of values they are.
 * This module is browser compatible.
 *
 * @module
 */

import { dataKind } from "../../../codec/data_kind.ts";
import type { TreePlace } from "./state_tree_view.ts";

/** Why a text is no new value; the message says what to write. */
export class EditError extends Error {}

/**
 * Reads a value of the same kind as another one.
 *
 * @throws {EditError} If the text is none.
 */
export function readLike(text: string, old: unknown): unknown {
  const trimmed = text.trim();
  switch (typeof old) {
    case "number":
      return numberIn(trimmed);
    case "bigint":
      if (/^-?\d+n?$/.test(trimmed)) return BigInt(trimmed.replace("n", ""));
      throw new EditError("write a whole number: it is a bigint");
    case "boolean":
      if (trimmed === "true" || trimmed === "false") return trimmed === "true";
      throw new EditError("write true or false");
    case "string":
      return stringIn(text);
    default:
      throw new EditError("a value of this kind can be changed by the command line only: --mutate");
  }
}

function numberIn(text: string): number {
  if (/^[-+]?(Infinity|NaN|(\d[\d_]*\.?\d*|\.\d+)(e[-+]?\d+)?)$/i.test(text)) {
    return Number(text.replaceAll("_", ""));
  }
  throw new EditError("write a number, such as 0.5, 1e6, NaN or -Infinity");
}

/** A text as it stands, or as JSON where it is in quotes. */
function stringIn(text: string): string {
  if (!/^".*"$/s.test(text)) return text;
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new EditError('write a text, or one in quotes as JSON has it, such as "a\\n"');
  }
}

/**
 * Puts a value in its place.
 *
 * @throws {EditError} If the place does not hold such values: nothing is changed then.
 */
export function putValue({ container, index }: TreePlace, value: unknown): void {
  const kind = container === undefined ? undefined : dataKind(container);
  if (kind === "Map") {
    const map = container as Map<unknown, unknown>;
    map.set([...map.keys()][index], value);
  } else if (kind === "Array") {
    (container as unknown[])[index] = value;
  } else if (kind === "Object" || kind === "NullPrototype") {
    const object = container as Record<string, unknown>;
    object[Object.keys(object)[index]!] = value;
  } else if (typeof kind === "object") {
    const elements = container as Record<number, unknown>;
    const before = elements[index];
    elements[index] = value;
    if (!Object.is(elements[index], value)) {
      const kept = elements[index];
      elements[index] = before;
      throw new EditError(`a ${kind.name} would hold ${kept} in its place`);
    }
  } else throw new EditError("an entry of a Set can be changed by the command line only: --mutate");
}
