/**
 * The keys of a log's records, each with all that is known about it, so that a key costs nothing after
 * its first appearance.
 *
 * @module
 */

import { canonicalName, isEpochName } from "./canonical_names.ts";
import { isTimingName } from "./timing_names.ts";
import type { FieldResolver, FieldRole } from "./field_roles.ts";
import type { Oddity } from "./row_sink.ts";
import type { PartTable, SplitKey } from "./split_keys.ts";

/** One key of an object in the log, with all that is known about it. */
export interface Slot {
  /** Place among the keys of its object, in order of first appearance. */
  readonly index: number;
  /** Its path, parts joined with dots; an element of a list is `[2]`. */
  readonly path: string;
  /** Raw bytes of the key and its closing quote, to recognize it without decoding. */
  readonly bytes: Uint8Array;
  /** What it means. */
  readonly role: FieldRole;
  /** Keys of the object under it, if it ever held one. */
  child: Shape | undefined;
  /** Elements of the list under it, if it ever held one. */
  elements: Slot[] | undefined;
  /** Whether it is a key of the record itself, not of an object in it. */
  readonly top: boolean;
  /** Path without the name of a container such as `data`, where it lies in one. */
  readonly bare: string | undefined;
  /** Whether it means a metric. */
  readonly isMetric: boolean;
  /** Whether it measures time, by its name. */
  readonly isTiming: boolean;
  /** Whether it counts epochs. */
  readonly isEpoch: boolean;
  /** Whether its name is that of a metric that people know. */
  readonly isWellKnown: boolean;
  /** 1 for a metric of the record itself that does not measure time, for counting them. */
  readonly topWeight: number;
  /** 1 for a metric in a container. */
  readonly containerWeight: number;
  /** Its column, or UNRESOLVED. */
  id: number;
  /** The seed that it held last, so that a constant one costs nothing. */
  lastSeed: number;
  /** Its text values, if they may tell records apart. */
  split: SplitKey | undefined;
  /** Its values that were no numbers. */
  oddity: Oddity | undefined;
  /** How often it was empty before it had a column. */
  emptyCount: number;
}

/** In the place of a column that was not asked for yet. */
export const UNRESOLVED = -2;

/** Keys under which loggers put all metrics of a record; the last two are Rust's tracing and loguru. */
const CONTAINERS = new Set(["data", "metrics", "logs", "scalars", "fields", "record.extra"]);

const METRIC: FieldRole = { kind: "metric" };

const NO_BYTES = new Uint8Array(0);

/** What all shapes of a log share. */
export interface ShapeContext {
  /** What keys mean. */
  readonly fields: FieldResolver;
  /** What tells records apart. */
  readonly parts: PartTable;
  /** Notes that the records have one more key. */
  key(): void;
}

/** The keys of one object of the log, as far as they have been seen. */
export class Shape {
  /** Keys in order of first appearance: most rows repeat it. */
  readonly slots: Slot[] = [];
  readonly #byKey = new Map<string, Slot>();
  readonly #parent: Slot | undefined;
  readonly #context: ShapeContext;

  /** The keys of the record itself, or of the object under `parent`. */
  constructor(context: ShapeContext, parent?: Slot) {
    this.#context = context;
    this.#parent = parent;
  }

  /** The slot of a key, made at its first appearance. */
  slot(key: string, bytes: Uint8Array = NO_BYTES): Slot {
    let slot = this.#byKey.get(key);
    if (slot === undefined) {
      const parent = this.#parent;
      const path = parent === undefined ? key : `${parent.path}.${key}`;
      const bare = parent === undefined
        ? undefined
        : CONTAINERS.has(parent.path)
        ? key
        : parent.bare === undefined
        ? undefined
        : `${parent.bare}.${key}`;
      const { fields } = this.#context;
      let role = fields.role(path);
      // What lies in a container means the same as it would in the record itself.
      if (role.kind === "metric" && bare !== undefined) role = fields.role(bare);
      slot = this.#newSlot({ path, bare, role, bytes, index: this.slots.length });
      this.slots.push(slot);
      this.#byKey.set(key, slot);
    }
    return slot;
  }

  /** The slot of a metric, whatever its name means elsewhere. */
  metric(name: string): Slot {
    const key = `\0${name}`;
    let slot = this.#byKey.get(key);
    if (slot === undefined) {
      slot = this.#newSlot({
        path: name,
        bare: undefined,
        role: METRIC,
        bytes: NO_BYTES,
        index: 0,
      });
      this.#byKey.set(key, slot);
    }
    return slot;
  }

  /** The slot of values of another one that are written with a unit: `size (k)`. */
  inUnit(slot: Slot, unit: string): Slot {
    return this.metric(`${slot.path} (${unit})`);
  }

  /** The keys of the object under a slot. */
  childOf(slot: Slot): Shape {
    return slot.child ??= new Shape(this.#context, slot);
  }

  /** An element of the list under a slot. */
  elementOf(slot: Slot, index: number): Slot {
    const elements = slot.elements ??= [];
    return elements[index] ??= this.#newSlot({
      path: `${slot.path}[${index}]`,
      bare: slot.bare === undefined ? undefined : `${slot.bare}[${index}]`,
      role: METRIC,
      bytes: NO_BYTES,
      index,
    });
  }

  #newSlot(
    { path, bare, role, bytes, index }: Pick<Slot, "path" | "bare" | "role" | "bytes" | "index">,
  ): Slot {
    this.#context.key();
    const top = this.#parent === undefined;
    const isMetric = role.kind === "metric";
    const isTiming = isTimingName(path);
    return {
      index,
      path,
      bare,
      role,
      bytes: bytes.slice(),
      child: undefined,
      elements: undefined,
      isMetric,
      isTiming,
      isEpoch: isEpochName(path),
      isWellKnown: isMetric && canonicalName(path) !== undefined && !isTiming,
      top,
      topWeight: top && !isTiming ? 1 : 0,
      containerWeight: bare === undefined ? 0 : 1,
      id: UNRESOLVED,
      lastSeed: NaN,
      split: role.kind === "split" || role.kind === "seed" || role.kind === "name"
        ? this.#context.parts.key(
          bare ?? path,
          role.kind === "split" && role.bare ? "phase" : "label",
        )
        : undefined,
      oddity: undefined,
      emptyCount: 0,
    };
  }

  /** Lets the text of a slot tell records apart. */
  labelOf(slot: Slot): SplitKey {
    return slot.split ??= this.#context.parts.key(slot.bare ?? slot.path, "text");
  }
}
