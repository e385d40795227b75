/**
 * A state as a tree of short texts, of bounded size, with what changed since the state before.
 * This module is browser compatible.
 *
 * @module
 */

import { joinPath, segmentsOf } from "../codec/object_parts.ts";
import { formatValue } from "../codec/format_value.ts";
import { ROOT_PATH } from "../codec/state_path.ts";
import { STATE_DEPTH_MAX } from "../limits.ts";
import type { TreeRow } from "./page_data.ts";
import { ABSENT, type Before, partBefore, partsBefore, StateChanges } from "./state_changes.ts";
import { type Parts, partsOf } from "./state_parts.ts";
import type { Place } from "../codec/types.ts";

/** Longest text of a value. */
const TEXT_MAX = 120;

/** What a row takes in the page besides its texts: quotes, commas and brackets. */
const ROW_UNITS = 9;

/** Room for the note that parts are left out. */
const REST_UNITS = 16;

/** Least room for which it is worth to begin with a container's parts. */
const PARTS_UNITS_MIN = 24;

/** Segments of the path in a reference; one that is longer is cut in the middle. */
const REFERENCE_SEGMENTS_MAX = 24;

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

/**
 * Makes the tree of a state, which must be decoded data. An object that is shown already is
 * `{"$ref": "state.people[2]"}` wherever it is reached again.
 */
export function stateTree(state: unknown, { unitsMax, previous }: StateTreeOptions): StateTree {
  const writer = new TreeWriter(state, previous);
  const spot: Spot = { value: state, before: previous ?? ABSENT, place: undefined, depth: 0 };
  const { row } = writer.write(ROOT_PATH, spot, unitsMax);
  return { row, isCut: writer.isCut };
}

/** A value, and where it is. */
interface Spot {
  readonly value: unknown;
  readonly before: Before;
  readonly place: Place | undefined;
  readonly depth: number;
}

interface Written {
  readonly row: TreeRow;
  /** Text that it takes, about. */
  readonly units: number;
}

class TreeWriter {
  isCut = false;
  readonly #changes: StateChanges | undefined;
  /** Where each object is shown. */
  readonly #shown = new Map<object, Place | undefined>();

  constructor(state: unknown, previous: StateTreeOptions["previous"]) {
    this.#changes = previous === undefined ? undefined : new StateChanges(state, previous.value);
  }

  write(key: string, spot: Spot, room: number): Written {
    const { value, place, depth } = spot;
    const parts = partsOf(value);
    if (parts === undefined) {
      return this.#leaf(key, formatValue(value, { maxLength: TEXT_MAX }), this.#isChanged(spot));
    }
    const object = value as object;
    if (this.#shown.has(object)) {
      const isOther = this.#changes?.isOther(object, spot.before) ?? false;
      return this.#leaf(key, referenceText(this.#shown.get(object)), isOther);
    }
    if (depth === STATE_DEPTH_MAX) {
      this.isCut = true;
      return this.#leaf(key, referenceText(place), this.#isChanged(spot));
    }
    this.#shown.set(object, place);
    return this.#writeParts(key, spot, parts, room);
  }

  #leaf(key: string, text: string, isChanged: boolean): Written {
    return { row: [key, text, isChanged ? 1 : 0], units: ROW_UNITS + key.length + text.length };
  }

  #writeParts(key: string, spot: Spot, parts: Parts, room: number): Written {
    const { label, length } = parts;
    let units = ROW_UNITS + key.length + label.length;
    const before = partsBefore(spot.value, spot.before);
    const rows: TreeRow[] = [];
    let i = 0;
    for (; i < length; i++) {
      const left = room - units - (i === length - 1 ? 0 : REST_UNITS);
      if (left < PARTS_UNITS_MIN) break;
      // One large part must not push all others out.
      const share = i === length - 1 ? left : left - (left >> 2);
      const part = this.write(parts.key(i), partSpot(spot, parts, i, before), share);
      rows.push(part.row);
      units += part.units;
    }
    const changed = this.#isChanged(spot) ? 1 : 0;
    if (i === length) return { row: [key, label, changed, rows], units };
    this.isCut = true;
    const restChanged = this.#isRestChanged(spot, parts, i, before) ? 1 : 0;
    return {
      row: [key, label, changed, rows, length - i, restChanged],
      units: units + REST_UNITS,
    };
  }

  #isChanged({ value, before }: Spot): boolean {
    return this.#changes?.isChanged(value, before) ?? false;
  }

  /** Whether a part from `from` on is not what it was, or one of those before has gone. */
  #isRestChanged(spot: Spot, parts: Parts, from: number, before: Parts | undefined): boolean {
    if (this.#changes === undefined) return false;
    if (before === undefined || before.length !== parts.length) return true;
    for (let i = from; i < parts.length; i++) {
      const isChanged = this.#changes.isChangedHere(
        parts.value(i),
        partBefore(parts, i, before),
        spot.value as object,
      );
      if (isChanged) return true;
    }
    return false;
  }
}

function partSpot(
  { place, depth }: Spot,
  parts: Parts,
  i: number,
  before: Parts | undefined,
): Spot {
  return {
    value: parts.value(i),
    before: partBefore(parts, i, before),
    place: { parent: place, segment: () => parts.segment(i) },
    depth: depth + 1,
  };
}

function referenceText(place: Place | undefined): string {
  const path = joinPath(ROOT_PATH, segmentsOf(place), REFERENCE_SEGMENTS_MAX);
  return `{"$ref": ${JSON.stringify(path)}}`;
}
