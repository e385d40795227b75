/**
 * Turns the fields of one record into a row of the table: finds its step, tells event rows
 * `{step, name, value}` from rows with a metric per key, and picks out seeds and ids.
 *
 * @module
 */

import { isTimingName } from "./canonical_names.ts";
import { asciiText, DecimalScanner } from "./decimal.ts";
import { isBlankByte } from "./line_text.ts";
import type { FieldResolver, FieldRole } from "./fields.ts";
import type { StepSource } from "./log_builder.ts";
import { type CachedName, NameCache } from "./name_cache.ts";
import type { RunMetadata } from "./run_log.ts";
import { isSeedKey, parseSeed, type SeedValue } from "./seeds.ts";

/** Where assembled rows go: a table, or the rows of a log that is still growing. */
export interface RowSink {
  /** What the keys mean. */
  readonly fields: FieldResolver;
  /** What else the log says about the run. */
  readonly metadata: RunMetadata;
  /** The number of a column by name; -1 if it is not wanted. */
  column(name: string): number;
  /** Opens a row; false if it must not be filled. */
  row(step: number, from: StepSource, line: number): boolean;
  /** Sets a value in the open row. */
  put(id: number, value: number): void;
  /** Keeps a seed. */
  seed(seed: SeedValue, at?: { source?: string; line?: number }): void;
  /** Notes that a metric was no number. */
  notNumeric(id: number, line: number, detail: string): void;
}

/** One key of an object in the log, with all that is known about it. */
export interface Slot {
  /** Place among the keys of its object, in order of first appearance. */
  readonly index: number;
  /** Its path, parts joined with dots. */
  readonly path: string;
  /** Raw bytes of the key and its closing quote, to recognize it without decoding. */
  readonly bytes: Uint8Array;
  /** What it means. */
  readonly role: FieldRole;
  /** Keys of the object under it, if it ever held one. */
  child: Shape | undefined;
  /** Whether it is a key of the record itself, not of an object in it. */
  readonly top: boolean;
  /** Path without the name of a container such as `data`, where it lies in one. */
  readonly bare: string | undefined;
  /** Whether it means a metric. */
  readonly isMetric: boolean;
  /** 1 for a metric of the record itself that does not measure time, for counting them. */
  readonly topWeight: number;
  /** 1 for a metric in a container. */
  readonly containerWeight: number;
  /** Its column, or UNRESOLVED. */
  id: number;
  /** The seed that it held last, so that a constant one costs nothing. */
  lastSeed: number;
  /** Non-numeric values seen before it had a column. */
  oddities: { line: number; detail: string; count: number } | undefined;
}

const UNRESOLVED = -2;

/** Step keys that may count within an epoch. */
const EPOCH_STEP_KEYS = new Set(["iter", "iteration"]);

/** In the place of a column: the events of this name are seeds. */
const SEED_ID = -3;

/** Keys under which loggers put all metrics of a record. */
const CONTAINERS = new Set(["data", "metrics", "logs", "scalars"]);

const NO_BYTES = new Uint8Array(0);

/** The keys of one object of the log, as far as they have been seen. */
export class Shape {
  /** Keys in order of first appearance: most rows repeat it. */
  readonly slots: Slot[] = [];
  readonly #byKey = new Map<string, Slot>();
  readonly #parent: Slot | undefined;
  readonly #fields: FieldResolver;

  /** The keys of the record itself, or of the object under `parent`. */
  constructor(fields: FieldResolver, parent?: Slot) {
    this.#fields = fields;
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
        : parent.top && CONTAINERS.has(parent.path)
        ? key
        : parent.bare === undefined
        ? undefined
        : `${parent.bare}.${key}`;
      let role = this.#fields.role(path);
      // What lies in a container means the same as it would in the record itself.
      if (role.kind === "metric" && bare !== undefined) role = this.#fields.role(bare);
      slot = {
        index: this.slots.length,
        path,
        bytes: bytes.slice(),
        role,
        child: undefined,
        isMetric: role.kind === "metric",
        top: parent === undefined,
        topWeight: parent === undefined && !isTimingName(path) ? 1 : 0,
        containerWeight: bare === undefined ? 0 : 1,
        bare,
        id: UNRESOLVED,
        lastSeed: NaN,
        oddities: undefined,
      };
      this.slots.push(slot);
      this.#byKey.set(key, slot);
    }
    return slot;
  }

  /** The keys of the object under a slot. */
  childOf(slot: Slot): Shape {
    return slot.child ??= new Shape(this.#fields, slot);
  }
}

const DECODER = new TextDecoder();

/** See the module. Call `begin`, then one method per field, then `commit`. */
export class RowAssembler {
  /** The keys of a record. */
  readonly root: Shape;
  readonly #sink: RowSink;
  readonly #scanner = new DecimalScanner();

  readonly #slots: Slot[] = [];
  #values = new Float64Array(64);
  #count = 0;
  #oddSlots: Slot[] = [];
  #oddDetails: string[] = [];
  #step: Slot | undefined;
  #stepValue = NaN;
  #stepRank = Infinity;
  /** Epoch that the record names. */
  #epoch = NaN;
  #lastEpoch = -Infinity;
  /** Largest step of a key that may count anew in every epoch, in the current one. */
  #epochStepMax = 0;
  /** Steps of the epochs before. */
  #epochOffset = 0;
  readonly #names = new NameCache();
  #name: CachedName | undefined;
  #valueSlot: Slot | undefined;
  #value = NaN;
  #topMetrics = 0;
  #containerMetrics = 0;
  /** Whether metrics lie in a container alone, so that its name is left out; known from the first row. */
  #unwrap: boolean | undefined;
  #seeds: SeedValue[] = [];
  /** Source of the steps of the rows so far; the table takes only ever better ones. */
  #stepSource: StepSource | undefined;
  #weakStep: Slot | undefined;

  /** Assembles rows for a sink. */
  constructor(sink: RowSink) {
    this.#sink = sink;
    this.root = new Shape(sink.fields);
  }

  /** Starts a record. */
  begin(): void {
    this.#count = 0;
    this.#step = undefined;
    this.#stepRank = Infinity;
    this.#epoch = NaN;
    this.#name = undefined;
    this.#valueSlot = undefined;
    this.#topMetrics = 0;
    this.#containerMetrics = 0;
    if (this.#oddSlots.length > 0) {
      this.#oddSlots = [];
      this.#oddDetails = [];
    }
    if (this.#seeds.length > 0) this.#seeds = [];
  }

  /** A field that is a number; its text lies in [from, to). */
  number(slot: Slot, value: number, bytes: Uint8Array, from: number, to: number): void {
    if (slot.isMetric) {
      this.#topMetrics += slot.topWeight;
      this.#containerMetrics += slot.containerWeight;
      this.#push(slot, value);
      return;
    }
    switch (slot.role.kind) {
      case "step": {
        const { rank, weak } = slot.role;
        const place = weak ? rank + WEAK_AFTER : rank;
        if (place < this.#stepRank) {
          this.#step = slot;
          this.#stepValue = value;
          this.#stepRank = place;
        }
        if (weak && slot.path === "epoch") this.#epoch = value;
        this.#push(slot, value);
        return;
      }
      case "value":
        this.#valueSlot = slot;
        this.#value = value;
        return;
      case "seed":
        if (value === slot.lastSeed && Number.isSafeInteger(value)) return;
        slot.lastSeed = value;
        this.#seed(slot.path, asciiText(bytes, from, Math.min(to, from + SEED_DIGITS_MAX)));
        return;
      case "run_id":
      case "git_sha":
        this.#identify(slot.role.kind, asciiText(bytes, from, Math.min(to, from + 64)));
        return;
      default:
        // A number under `name` or `phase` names nothing: it is a metric like any other.
        this.#push(slot, value);
    }
  }

  /** A field that is text, in [from, to), without quotes and escapes. Numbers in it count as numbers. */
  text(slot: Slot, bytes: Uint8Array, from: number, to: number): void {
    while (from < to && isBlankByte(bytes[from]!)) from++;
    while (to > from && isBlankByte(bytes[to - 1]!)) to--;
    if (from === to) return;
    switch (slot.role.kind) {
      case "name":
        this.#name = this.#names.find(bytes, from, to);
        return;
      case "run_id":
      case "git_sha":
        if (this.#sink.metadata[slot.role.kind === "run_id" ? "runId" : "gitSha"] === undefined) {
          this.#identify(slot.role.kind, DECODER.decode(bytes.subarray(from, to)));
        }
        return;
      case "phase":
        return;
    }
    const value = this.#scanner.scan(bytes, from, to);
    const end = this.#scanner.end;
    // A step may be written with the number of all steps, as in ms-swift's `12/100`.
    const ofTotal = slot.role.kind === "step" && end > from && end < to && bytes[end] === SLASH;
    if (end === to || ofTotal) this.number(slot, value, bytes, from, end);
    else this.odd(slot, "text");
  }

  /**
   * Whether a field is text that `text` would read no number from, to tell by its first bytes alone,
   * whatever comes after them.
   */
  startsAsText(slot: Slot, bytes: Uint8Array, from: number, to: number): boolean {
    const { kind } = slot.role;
    if (kind === "name" || kind === "run_id" || kind === "git_sha") return false;
    while (from < to && isBlankByte(bytes[from]!)) from++;
    this.#scanner.scan(bytes, from, to);
    const end = this.#scanner.end;
    return end + NUMBER_PART_BYTES_MAX <= to && !isBlankByte(bytes[end]!) && bytes[end] !== SLASH;
  }

  /** A field that is neither number nor text: a boolean, say. Null fields need no call. */
  odd(slot: Slot, detail: string): void {
    if (slot.role.kind !== "metric") return;
    this.#oddSlots.push(slot);
    this.#oddDetails.push(detail);
  }

  #push(slot: Slot, value: number): void {
    const at = this.#count++;
    if (at === this.#values.length) {
      const grown = new Float64Array(at * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#slots[at] = slot;
    this.#values[at] = value;
  }

  #seed(path: string, text: string): void {
    const value = parseSeed(text);
    if (value !== undefined) this.#seeds.push({ value, path });
  }

  #identify(kind: "run_id" | "git_sha", text: string): void {
    const metadata = this.#sink.metadata;
    if (kind === "run_id") metadata.runId ??= text;
    else metadata.gitSha ??= text;
  }

  /** Hands the record to the sink. Its seeds are kept even where the row is not. */
  commit(line: number): void {
    const sink = this.#sink;
    for (const seed of this.#seeds) sink.seed(seed, { line });
    const event = this.#name !== undefined && this.#valueSlot !== undefined &&
      this.#topMetrics <= EVENT_EXTRAS_MAX;
    if (!event && this.#valueSlot !== undefined) {
      this.#topMetrics++;
      this.#push(this.#valueSlot, this.#value);
    }
    // A record without metrics is a header, a message or the like: no row.
    const others = this.#step === undefined ? this.#count : this.#count - 1;
    if (!event && others === 0) {
      this.#noteOdd(line);
      return;
    }
    if (this.#unwrap === undefined && this.#containerMetrics > 0) {
      this.#unwrap = this.#topMetrics === 0;
    }
    if (!this.#open(line)) return;
    if (event) {
      this.#putEvent(this.#name!, line);
      return;
    }
    const step = this.#step;
    for (let i = 0; i < this.#count; i++) {
      const slot = this.#slots[i]!;
      if (slot === step) continue;
      const id = slot.id === UNRESOLVED ? this.#resolve(slot) : slot.id;
      if (id >= 0) sink.put(id, this.#values[i]!);
    }
    if (this.#oddSlots.length > 0) this.#noteOdd(line);
  }

  #noteOdd(line: number): void {
    for (let i = 0; i < this.#oddSlots.length; i++) {
      const slot = this.#oddSlots[i]!;
      const detail = this.#oddDetails[i]!;
      if (slot.id !== UNRESOLVED) this.#sink.notNumeric(slot.id, line, detail);
      else if (slot.oddities === undefined) slot.oddities = { line, detail, count: 1 };
      else slot.oddities.count++;
    }
  }

  #putEvent(name: CachedName, line: number): void {
    const sink = this.#sink;
    if (name.id === UNRESOLVED) {
      name.id = isSeedKey(name.text) ? SEED_ID : sink.column(name.text);
    }
    if (name.id !== SEED_ID) sink.put(name.id, this.#value);
    else if (Number.isSafeInteger(this.#value)) {
      sink.seed({ value: BigInt(this.#value), path: name.text }, { line });
    }
  }

  #open(line: number): boolean {
    const step = this.#step;
    if (step === undefined) return this.#sink.row(0, "counted", line);
    const weak = this.#stepRank >= WEAK_AFTER;
    // Batches and epochs do not mix: the first weak key is the only one.
    if (weak && (this.#weakStep ??= step) !== step) return this.#sink.row(0, "counted", line);
    const source = weak ? "weak" : this.#stepRank < 0 ? "mapped" : "step";
    const value = EPOCH_STEP_KEYS.has(step.path)
      ? this.#acrossEpochs(this.#stepValue)
      : this.#stepValue;
    const used = this.#sink.row(value, source, line);
    if (used && this.#stepSource !== source) {
      this.#sink.metadata.stepKey = step.path;
      this.#stepSource = source;
    }
    return used;
  }

  /**
   * A step that goes on from those of the epoch before, if its key starts again in every epoch, as
   * `iter` does in MMCV's logs: it went back though the epoch went on, so it is no resume.
   */
  #acrossEpochs(step: number): number {
    if (this.#epoch > this.#lastEpoch) {
      if (step <= this.#epochStepMax) {
        this.#epochOffset += this.#epochStepMax;
        this.#epochStepMax = 0;
      }
      this.#lastEpoch = this.#epoch;
    }
    if (step > this.#epochStepMax) this.#epochStepMax = step;
    return this.#epochOffset + step;
  }

  #resolve(slot: Slot): number {
    const name = this.#unwrap === true && slot.bare !== undefined ? slot.bare : slot.path;
    const id = slot.id = this.#sink.column(name);
    if (slot.oddities !== undefined) {
      const { line, detail, count } = slot.oddities;
      for (let i = 0; i < count; i++) this.#sink.notNumeric(id, line, detail);
      slot.oddities = undefined;
    }
    return id;
  }
}

const WEAK_AFTER = 1_000_000;

const SLASH = 0x2f;

const SEED_DIGITS_MAX = 1000;

/** No less than it takes to see that a number does not go on: `e+5` and `-infinity` are parts of one. */
const NUMBER_PART_BYTES_MAX = 10;

/** More numbers than these beside `name` and `value` make a row of metrics, not an event. */
const EVENT_EXTRAS_MAX = 2;
