/**
 * States as rows of CSV: a column for each number, text, boolean or date that any state of an export has. So the
 * states are read twice: once for the columns, once for the rows.
 *
 * @module
 */

import { STATE_DEPTH_MAX } from "../limits.ts";
import { csvCell, isFormula, withoutFormula } from "../text/csv_text.ts";
import { UsageError } from "./usage_error.ts";

/** Most columns of an export. */
const COLUMNS_MAX = 16_384;

/** Values looked at where an object has several places in a state; beyond that, each object is taken once. */
const VISITS_MAX = 2 ** 17;

/** Where objects with several places have columns: in all of them, or in the one that is reached first. */
type Ways = "all" | "shortest";

/** A place in the states, below another one. */
interface Place {
  /** Its name in the place above, as it is written in a head. */
  readonly name: string;
  readonly above: Place | undefined;
  /** The column of what is a single value here; undefined if nothing ever is. */
  column: number | undefined;
  /** Whether all single values here were null or undefined. */
  isBlank: boolean;
  /** Why there is no column for something here. */
  leftOut: string | undefined;
  /** Places of elements, of properties, and of entries of Maps. */
  readonly elements: Place[];
  readonly properties: Map<string, Place>;
  readonly entries: Map<unknown, Place>;
}

/** What one walk over a state does. */
interface Walk {
  /** Takes a single value at its place. */
  readonly take: (place: Place, value: unknown) => void;
  /** Whether new places may be made; else what has none is passed over. */
  readonly isOpen: boolean;
}

/** The columns of an export: made by `collect` for each of its states, then used by `header` and `row`. */
export class CsvColumns {
  readonly #keepFormulas: boolean;
  readonly #root = placeOf("", undefined);
  readonly #found: Place[] = [];
  readonly #leftOut: Place[] = [];
  #ways: Ways = "all";
  #heads: readonly string[] | undefined;
  #cells: string[] = [];
  /** Texts that got a sign in front, so that no spreadsheet runs them. */
  formulas = 0;

  /** No columns yet. `keepFormulas` writes texts as they are. */
  constructor({ keepFormulas = false }: { keepFormulas?: boolean } = {}) {
    this.#keepFormulas = keepFormulas;
  }

  /**
   * Makes columns for what a state has.
   *
   * @returns Whether the states before have to be collected again: objects have too many places to write all.
   * @throws {UsageError} If there are too many columns even so.
   */
  collect(state: unknown): boolean {
    const take = (place: Place, value: unknown): void => {
      if (place.column === undefined) {
        place.column = this.#found.length;
        this.#found.push(place);
      }
      if (value !== null && value !== undefined) place.isBlank = false;
    };
    const isDone = this.#walk(state, { take, isOpen: true });
    if (isDone && this.#found.length <= COLUMNS_MAX) return false;
    if (this.#ways === "shortest") {
      throw new UsageError(`--format csv cannot have more than ${COLUMNS_MAX} columns: use jsonl`);
    }
    this.#ways = "shortest";
    this.#found.length = 0;
    this.#leftOut.length = 0;
    Object.assign(this.#root, { ...placeOf("", undefined) });
    return true;
  }

  /**
   * The first line: `t` and a name for each column, such as `value`, `agents.3.x` or, for a bare state, `state`; no
   * two are the same.
   *
   * @throws {UsageError} If there are no columns.
   */
  header(): string {
    this.#heads ??= this.#namedColumns();
    if (this.#heads.length === 0) {
      throw new UsageError("--format csv has no columns for these states: use jsonl");
    }
    return ["t", ...this.#heads].map((head) => csvCell(this.#safe(head))).join(",");
  }

  /** One line; what a state does not have is left blank. */
  row(t: number, state: unknown): string {
    const cells = this.#cells;
    cells.fill("");
    const take = ({ column }: Place, value: unknown): void => {
      if (column !== undefined) cells[column] = this.#cell(value);
    };
    this.#walk(state, { take, isOpen: false });
    return `${t},${cells.join(",")}`;
  }

  /** What has no column, and why, for each reason with its places. */
  leftOut(): ReadonlyMap<string, readonly string[]> {
    const reasons = new Map<string, string[]>();
    for (const place of this.#leftOut) {
      const places = reasons.get(place.leftOut!) ?? [];
      reasons.set(place.leftOut!, places);
      places.push(headOf(place));
    }
    return reasons;
  }

  /** Gives columns their order and names; a place that was only ever null has none if it has parts. */
  #namedColumns(): string[] {
    const heads: string[] = [];
    const used = new Set(["t"]);
    for (const place of this.#found) {
      const hasParts = place.elements.length + place.properties.size + place.entries.size > 0;
      place.column = place.isBlank && hasParts ? undefined : heads.length;
      if (place.column === undefined) continue;
      let head = headOf(place);
      // A part of the state that is called t is not the index.
      while (used.has(head)) head = `state.${head}`;
      used.add(head);
      heads.push(head);
    }
    this.#cells = new Array<string>(heads.length).fill("");
    return heads;
  }

  #cell(value: unknown): string {
    if (value === undefined || value === null) return "";
    if (value instanceof Date) {
      return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
    }
    if (typeof value !== "string") return Object.is(value, -0) ? "-0" : String(value);
    if (!this.#keepFormulas && isFormula(value)) this.formulas++;
    return csvCell(this.#safe(value));
  }

  #safe(text: string): string {
    return this.#keepFormulas ? text : withoutFormula(text);
  }

  /** Walks over a state; gives false if it has too many places. */
  #walk(state: unknown, { take, isOpen }: Walk): boolean {
    const isOnce = this.#ways === "shortest";
    const met = new Set<object>();
    // With all ways the last comes first, and an object is left behind its parts; else the first comes first.
    const waiting: { value: unknown; place: Place; depth: number; leave?: boolean }[] = [
      { value: state, place: this.#root, depth: 0 },
    ];
    for (let at = 0; isOnce ? at < waiting.length : waiting.length > 0; at++) {
      const { value, place, depth, leave } = isOnce ? waiting[at]! : waiting.pop()!;
      if (leave) {
        met.delete(value as object);
        continue;
      }
      if (this.#found.length > COLUMNS_MAX || (!isOnce && at > VISITS_MAX)) return false;
      if (isCell(value)) {
        take(place, value);
        continue;
      }
      if (met.has(value) || depth === STATE_DEPTH_MAX) {
        this.#leaveOut(place, REFERENCE, isOpen);
        continue;
      }
      met.add(value);
      if (!isOnce) waiting.push({ value, place, depth, leave: true });
      const parts: typeof waiting = [];
      const isKnown = partsOf(value, place, isOpen, (part, below) => {
        // Without a way through the queue where the order of columns is known.
        if (isCell(part) && below.column !== undefined) take(below, part);
        else parts.push({ value: part, place: below, depth: depth + 1 });
      });
      if (isKnown !== undefined) this.#leaveOut(place, isKnown, isOpen);
      if (!isOnce) parts.reverse();
      for (const part of parts) waiting.push(part);
    }
    return true;
  }

  #leaveOut(place: Place, reason: string, isOpen: boolean): void {
    if (!isOpen || place.leftOut !== undefined) return;
    place.leftOut = reason;
    this.#leftOut.push(place);
  }
}

function isCell(
  value: unknown,
): value is null | undefined | string | number | boolean | bigint | Date {
  return typeof value !== "object" || value === null || value instanceof Date;
}

const REFERENCE =
  `objects that have columns elsewhere, or lie deeper than ${STATE_DEPTH_MAX} levels`;
const BYTES = "bytes of an ArrayBuffer or DataView";
const OBJECT_KEYS = "entries of a Map whose keys are objects";

/** Gives the parts of an object with their places; the reason if it has some without. */
function partsOf(
  value: object,
  place: Place,
  isOpen: boolean,
  give: (part: unknown, below: Place) => void,
): string | undefined {
  const element = (i: number): Place | undefined => {
    if (isOpen) place.elements[i] ??= placeOf(`${i}`, place);
    return place.elements[i];
  };
  if (value instanceof ArrayBuffer || value instanceof DataView) return BYTES;
  if (Array.isArray(value) || ArrayBuffer.isView(value) || value instanceof Set) {
    let i = 0;
    for (const part of value as Iterable<unknown>) {
      // One more than there may be columns is enough to know.
      if (i > COLUMNS_MAX) break;
      const below = element(i++);
      if (below !== undefined) give(part, below);
    }
    return undefined;
  }
  if (value instanceof Map) {
    let reason: string | undefined;
    for (const [key, part] of value as Map<unknown, unknown>) {
      if (typeof key === "object" && key !== null) {
        reason = OBJECT_KEYS;
        continue;
      }
      const below = place.entries.get(key) ?? (isOpen ? placeOf(nameOf(key), place) : undefined);
      if (below === undefined) continue;
      place.entries.set(key, below);
      give(part, below);
    }
    return reason;
  }
  for (const name of Object.keys(value)) {
    const part = (value as Record<string, unknown>)[name];
    const below = isIndex(name)
      ? element(Number(name))
      : place.properties.get(name) ?? (isOpen ? placeOf(nameOf(name), place) : undefined);
    if (below === undefined) continue;
    if (!isIndex(name)) place.properties.set(name, below);
    give(part, below);
  }
  return undefined;
}

/** Whether a property is one that an array in its place would have. */
function isIndex(name: string): boolean {
  return /^(?:0|[1-9]\d{0,4})$/.test(name) && Number(name) <= COLUMNS_MAX;
}

function placeOf(name: string, above: Place | undefined): Place {
  return {
    name,
    above,
    column: undefined,
    isBlank: true,
    leftOut: undefined,
    elements: [],
    properties: new Map(),
    entries: new Map(),
  };
}

/** A key in a head: in quotes where it could be taken for several. */
function nameOf(key: unknown): string {
  const text = String(key);
  return /^[^.[\]"]+$/.test(text) ? text : `[${JSON.stringify(text)}]`;
}

function headOf(place: Place): string {
  const names: string[] = [];
  for (let at = place; at.above !== undefined; at = at.above) names.push(at.name);
  return names.length === 0 ? "state" : names.reverse().join(".");
}
