/**
 * A state as a tree of short texts, of bounded size, with what changed since the state before.
 * This module is browser compatible.
 *
 * @module
 */

import { equalBytes } from "../codec/compare_states.ts";
import { encodeState } from "../codec/encode_state.ts";
import { formatValue } from "../codec/format_value.ts";
import { dataKind } from "../codec/data_kind.ts";
import { isIdentifier } from "../codec/state_path.ts";
import type { TreeRow } from "./page_data.ts";

/** Longest text of a value. */
const TEXT_MAX = 120;

/** Longest text of a key. */
const KEY_MAX = 60;

/** What a row takes in the page besides its texts: quotes, commas and brackets. */
const ROW_UNITS = 9;

/** Room for the note that parts are left out. */
const REST_UNITS = 16;

/** Least room for which it is worth to begin with a container's parts. */
const PARTS_UNITS_MIN = 24;

/** A state as a tree, and whether all of it is there. */
export interface StateTree {
  /** The state itself. */
  readonly row: TreeRow;
  /** Whether parts were left out. */
  readonly isCut: boolean;
}

/** Options of {@linkcode stateTree}. */
export interface StateTreeOptions {
  /** About how much text the tree may take, in UTF-16 units. */
  readonly unitsMax: number;
  /** The state before; nothing counts as changed without one. */
  readonly previous?: { readonly value: unknown };
}

/** Makes the tree of a state, which must be decoded data. */
export function stateTree(state: unknown, { unitsMax, previous }: StateTreeOptions): StateTree {
  const writer = new TreeWriter();
  const { row } = writer.write("state", { value: state, before: previous }, unitsMax);
  return { row, isCut: writer.isCut };
}

/** A value, and the same place in the state before: undefined if there is no state before. */
interface Place {
  readonly value: unknown;
  /** Undefined if there is nothing to compare with; ABSENT if there was no such place. */
  readonly before: { readonly value: unknown } | typeof ABSENT | undefined;
}

const ABSENT = Symbol("absent");

interface Written {
  readonly row: TreeRow;
  /** Text that it takes, about. */
  readonly units: number;
}

class TreeWriter {
  isCut = false;

  write(key: string, place: Place, room: number): Written {
    const parts = partsOf(place.value);
    if (parts === undefined) {
      const text = formatValue(place.value, { maxLength: TEXT_MAX });
      return {
        row: [key, text, isChanged(place) ? 1 : 0],
        units: ROW_UNITS + key.length + text.length,
      };
    }
    return this.#writeParts(key, place, parts, room);
  }

  #writeParts(key: string, place: Place, parts: Parts, room: number): Written {
    const { label, length } = parts;
    let units = ROW_UNITS + key.length + label.length;
    const before = beforeOf(place);
    // Something gone, or come, is a change that no part shows.
    let changed = place.before !== undefined &&
      (before === undefined || before.label !== label || before.length !== length);
    const rows: TreeRow[] = [];
    let i = 0;
    for (; i < length; i++) {
      const left = room - units - (i === length - 1 ? 0 : REST_UNITS);
      if (left < PARTS_UNITS_MIN) break;
      // One large part must not push all others out.
      const share = i === length - 1 ? left : left - (left >> 2);
      const part = this.write(parts.key(i), partPlace(parts, i, place, before), share);
      rows.push(part.row);
      units += part.units;
      if (part.row[2] === 1) changed = true;
    }
    if (i === length) return { row: [key, label, changed ? 1 : 0, rows], units };
    this.isCut = true;
    const restChanged = place.before !== undefined &&
      (before === undefined || !isSame(parts.rest(i), before.rest(i)));
    return {
      row: [key, label, changed || restChanged ? 1 : 0, rows, length - i, restChanged ? 1 : 0],
      units: units + REST_UNITS,
    };
  }
}

/** The parts of the value before, if it was of the same kind. */
function beforeOf({ value, before }: Place): Parts | undefined {
  if (before === undefined || before === ABSENT) return undefined;
  const parts = partsOf(before.value);
  if (parts === undefined || dataKind(value as object) !== dataKind(before.value as object)) {
    return undefined;
  }
  return parts;
}

function partPlace(parts: Parts, i: number, place: Place, before: Parts | undefined): Place {
  const value = parts.value(i);
  if (place.before === undefined) return { value, before: undefined };
  const at = before?.indexOf(parts.id(i), i);
  return {
    value,
    before: before === undefined || at === undefined ? ABSENT : { value: before.value(at) },
  };
}

function isChanged({ value, before }: Place): boolean {
  if (before === undefined) return false;
  return before === ABSENT || !isSame(value, before.value);
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a === "number" && typeof b === "number") return Object.is(a, b);
  return equalBytes(encodeState(a), encodeState(b));
}

/** The parts of a container, by index. */
interface Parts {
  /** What the container is, in a few words. */
  readonly label: string;
  /** How many parts it has. */
  readonly length: number;
  /** How a part is called. */
  key(i: number): string;
  /** What tells a part from the others. */
  id(i: number): unknown;
  /** A part. */
  value(i: number): unknown;
  /** Where the part of this id is, most likely at `guess`; undefined if there is none. */
  indexOf(id: unknown, guess: number): number | undefined;
  /** All parts from i on, as one value to compare. */
  rest(i: number): unknown;
}

function partsOf(value: unknown): Parts | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const kind = dataKind(value);
  switch (kind) {
    case "Object":
    case "NullPrototype":
      return propertyParts(value as Record<string, unknown>);
    case "Array":
      return elementParts("Array", value as unknown[], (i) => (value as unknown[]).slice(i));
    case "Map":
      return entryParts([...value as Map<unknown, unknown>]);
    case "Set": {
      const members = [...value as Set<unknown>];
      return elementParts("Set", members, (i) => members.slice(i));
    }
    case "Date":
    case "ArrayBuffer":
    case "DataView":
    case undefined:
      return undefined;
    default: {
      const elements = value as Float64Array;
      return elementParts(kind.name, elements, (i) => elements.subarray(i));
    }
  }
}

function propertyParts(object: Record<string, unknown>): Parts {
  const keys = Object.keys(object);
  return {
    label: counted(keys.length, "property", "properties"),
    length: keys.length,
    key: (i) => keyText(keys[i]!),
    id: (i) => keys[i],
    value: (i) => object[keys[i]!],
    indexOf: (id, guess) => {
      if (keys[guess] === id) return guess;
      const at = keys.indexOf(id as string);
      return at < 0 ? undefined : at;
    },
    rest: (i) => keys.slice(i).map((key) => [key, object[key]]),
  };
}

function elementParts(
  name: string,
  elements: ArrayLike<unknown>,
  rest: (i: number) => unknown,
): Parts {
  const { length } = elements;
  return {
    label: `${name}(${length})`,
    length,
    key: (i) => `${i}`,
    id: (i) => i,
    value: (i) => elements[i],
    indexOf: (id) => (id as number) < length ? id as number : undefined,
    rest,
  };
}

function entryParts(entries: readonly (readonly [unknown, unknown])[]): Parts {
  let index: Map<unknown, number> | undefined;
  return {
    label: `Map(${entries.length})`,
    length: entries.length,
    key: (i) => formatValue(entries[i]![0], { maxLength: KEY_MAX }),
    id: (i) => entries[i]![0],
    value: (i) => entries[i]![1],
    indexOf: (id) => (index ??= new Map(entries.map(([key], i) => [key, i]))).get(id),
    rest: (i) => entries.slice(i).map(([key, value]) => [key, value]),
  };
}

function keyText(key: string): string {
  return isIdentifier(key) ? key : formatValue(key, { maxLength: KEY_MAX });
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
