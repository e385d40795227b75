/**
 * The parts of a container of a state, by index, as the page shows them.
 * This module is browser compatible.
 *
 * @module
 */

import { dataKind } from "../codec/data_kind.ts";
import { formatValue } from "../codec/format_value.ts";
import {
  elementSegment,
  isIdentifier,
  mapValueSegment,
  propertySegment,
  setValueSegment,
} from "../codec/state_path.ts";

/** Longest text of a key. */
const KEY_MAX = 60;

/** The parts of a container, by index. */
export interface Parts {
  /** What the container is, in a few words. */
  readonly label: string;
  /** How many parts it has. */
  readonly length: number;
  /** How a part is called. */
  key(i: number): string;
  /** How the way to a part is written, after the path of the container. */
  segment(i: number): string;
  /** A part. */
  value(i: number): unknown;
  /** The object by which a part is reached, and which is not shown: the key of an entry of a Map. */
  keyObject(i: number): object | undefined;
  /** Where `other`, parts of the same kind, have what is the part at `i` here; undefined if nowhere. */
  indexIn(other: Parts, i: number): number | undefined;
}

/** The parts of a container; undefined if a value is none. */
export function partsOf(value: unknown): Parts | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const kind = dataKind(value);
  switch (kind) {
    case "Object":
    case "NullPrototype":
      return new PropertyParts(value as Record<string, unknown>);
    case "Array":
      return elementParts("Array", value as unknown[], elementSegment);
    case "Map":
      return new EntryParts(value as Map<unknown, unknown>);
    case "Set":
      return elementParts("Set", [...value as Set<unknown>], setValueSegment);
    case "Date":
    case "ArrayBuffer":
    case "DataView":
    case undefined:
      return undefined;
    default:
      return elementParts(kind.name, value as Float64Array, elementSegment);
  }
}

class PropertyParts implements Parts {
  readonly label: string;
  readonly length: number;
  readonly #object: Record<string, unknown>;
  readonly #names: readonly string[];

  constructor(object: Record<string, unknown>) {
    this.#object = object;
    this.#names = Object.keys(object);
    this.length = this.#names.length;
    this.label = `${this.length} ${this.length === 1 ? "property" : "properties"}`;
  }

  key(i: number): string {
    const name = this.#names[i]!;
    return isIdentifier(name) ? name : formatValue(name, { maxLength: KEY_MAX });
  }

  segment(i: number): string {
    return propertySegment(this.#names[i]!);
  }

  value(i: number): unknown {
    return this.#object[this.#names[i]!];
  }

  keyObject(): undefined {}

  indexIn(other: Parts, i: number): number | undefined {
    const names = (other as PropertyParts).#names;
    const name = this.#names[i]!;
    if (names[i] === name) return i;
    const at = names.indexOf(name);
    return at < 0 ? undefined : at;
  }
}

function elementParts(
  name: string,
  elements: ArrayLike<unknown>,
  segment: (i: number) => string,
): Parts {
  return {
    label: `${name}(${elements.length})`,
    length: elements.length,
    key: (i) => `${i}`,
    segment,
    value: (i) => elements[i],
    keyObject: () => undefined,
    indexIn: (other, i) => i < other.length ? i : undefined,
  };
}

class EntryParts implements Parts {
  readonly label: string;
  readonly length: number;
  readonly #entries: readonly (readonly [unknown, unknown])[];
  #indices: Map<unknown, number> | undefined;

  constructor(map: Map<unknown, unknown>) {
    this.#entries = [...map];
    this.length = map.size;
    this.label = `Map(${map.size})`;
  }

  key(i: number): string {
    return formatValue(this.#entries[i]![0], { maxLength: KEY_MAX });
  }

  segment(i: number): string {
    return mapValueSegment(this.#entries[i]![0], i);
  }

  value(i: number): unknown {
    return this.#entries[i]![1];
  }

  keyObject(i: number): object | undefined {
    const key = this.#entries[i]?.[0];
    return typeof key === "object" && key !== null ? key : undefined;
  }

  indexIn(other: Parts, i: number): number | undefined {
    const there = other as EntryParts;
    const key = this.#entries[i]![0];
    // Objects are other ones in each state: their place in the Map tells them apart.
    if (this.keyObject(i) !== undefined) return there.keyObject(i) === undefined ? undefined : i;
    there.#indices ??= new Map(there.#entries.map(([key], at) => [key, at]));
    return there.#indices.get(key);
  }
}
