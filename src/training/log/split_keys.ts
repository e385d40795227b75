/**
 * What tells records of one step apart: keys such as `phase`, `rank` and `run`, and which of their
 * values a record has.
 * This module is browser compatible.
 *
 * @module
 */

import { LOG_PARTS_MAX, LOG_SPLIT_VALUES_MAX } from "../limits.ts";
import { NameCache } from "./name_cache.ts";

/** How a key tells records apart. */
export type SplitKeyKind =
  /** By a phase of training, whose name alone goes before those of metrics: `eval/loss`. */
  | "phase"
  /** By a label such as a rank or a run: `rank=1/loss`. */
  | "label"
  /** By the print statement that a line comes from, as far as its words tell it. */
  | "line"
  /** By any text whose values come again and again. */
  | "text";

/** Different values beyond which a text is no label but a message. */
const TEXT_VALUES_MAX = 64;

/** A key that may tell records apart, and the values it had. */
export class SplitKey {
  /** Its place among the keys of the log. */
  readonly id: number;
  /** Its path in a record. */
  readonly name: string;
  /** How it tells records apart. */
  readonly kind: SplitKeyKind;
  /** Its values as text, from 1 on; 0 stands for none. */
  readonly values: string[] = [""];
  /** Whether it had more values than a label has: then it tells nothing apart. */
  dropped = false;
  readonly #numbers = new Map<number, number>();
  readonly #ofName: number[] = [];
  readonly #names = new NameCache();
  #lastNumber = NaN;
  #lastId = 0;

  /** Starts without a value. */
  constructor(id: number, name: string, kind: SplitKeyKind) {
    this.id = id;
    this.name = name;
    this.kind = kind;
  }

  /** The number of a value that is a number. */
  ofNumber(value: number): number {
    if (value === this.#lastNumber) return this.#lastId;
    let id = this.#numbers.get(value);
    if (id === undefined) this.#numbers.set(value, id = this.#add(String(value)));
    this.#lastNumber = value;
    return this.#lastId = id;
  }

  /** The number of a value that is text, in [from, to). */
  ofText(bytes: Uint8Array, from: number, to: number): number {
    const name = this.#names.find(bytes, from, to);
    return this.#ofName[name.index] ??= this.#add(name.text);
  }

  #add(value: string): number {
    const isKnown = this.kind === "phase" || this.kind === "label";
    if (this.values.length > (isKnown ? LOG_SPLIT_VALUES_MAX : TEXT_VALUES_MAX)) {
      this.dropped = true;
    }
    if (this.dropped) return 0;
    return this.values.push(value) - 1;
  }
}

/** What a record is marked with: the line that it comes from, say. */
export interface RecordMark {
  /** The key. */
  readonly key: SplitKey;
  /** Number of its value. */
  readonly valueId: number;
}

const ENCODER = new TextEncoder();

/** The combinations of values that records have, each with a number; 0 for none. */
export class PartTable {
  /** All keys, in the order of their first appearance. */
  readonly keys: SplitKey[] = [];
  readonly #parts: (readonly number[])[] = [[]];
  readonly #byText = new Map<string, number>();
  #keyIds: number[] = [];
  #valueIds: number[] = [];
  #count = 0;
  #lastCount = 0;
  #changed = false;
  #last = 0;

  /** A key, made at its first use. */
  key(name: string, kind: SplitKeyKind): SplitKey {
    let key = this.keys.find((known) => known.name === name);
    if (key === undefined) this.keys.push(key = new SplitKey(this.keys.length, name, kind));
    return key;
  }

  /** A text that tells records apart without being a field; undefined if it does not. */
  markOf(name: string, text: string, kind: SplitKeyKind): RecordMark | undefined {
    if (text === "") return undefined;
    const key = this.key(name, kind);
    const bytes = ENCODER.encode(text);
    return { key, valueId: key.dropped ? 0 : key.ofText(bytes, 0, bytes.length) };
  }

  /** Marks the record. */
  mark(mark: RecordMark | undefined): void {
    if (mark !== undefined && !mark.key.dropped) this.add(mark.key.id, mark.valueId);
  }

  /** Forgets the values of the record before. */
  begin(): void {
    this.#count = 0;
    this.#changed = false;
  }

  /** Adds a value of the record. */
  add(keyId: number, valueId: number): void {
    const at = this.#count++;
    if (this.#keyIds[at] === keyId && this.#valueIds[at] === valueId) return;
    this.#keyIds[at] = keyId;
    this.#valueIds[at] = valueId;
    this.#changed = true;
  }

  /** The number of the record's combination. */
  part(): number {
    if (!this.#changed && this.#count === this.#lastCount) return this.#last;
    this.#lastCount = this.#count;
    if (this.#count === 0) return this.#last = 0;
    const values: number[] = [];
    for (let i = 0; i < this.#count; i++) values[this.#keyIds[i]!] = this.#valueIds[i]!;
    const text = values.join();
    let part = this.#byText.get(text);
    if (part === undefined) {
      if (this.#parts.length > LOG_PARTS_MAX) return this.#last = 0;
      this.#byText.set(text, part = this.#parts.push(values) - 1);
    }
    return this.#last = part;
  }

  /** The value that a combination has of a key; 0 for none. */
  valueOf(part: number, keyId: number): number {
    return this.#parts[part]![keyId] ?? 0;
  }
}
