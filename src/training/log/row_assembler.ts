/**
 * Turns the fields of one record into a row of the table: finds its step, tells event rows
 * `{step, name, value}` from rows with a metric per key, and picks out seeds, ids and what tells records
 * of one step apart.
 *
 * @module
 */

import { asciiText, DecimalScanner } from "./decimal.ts";
import { isBlankByte } from "./line_text.ts";
import { isLarge, losesDigits } from "./large_integer.ts";
import { isTruthText, numbersIn, quantityIn } from "./printed_number.ts";
import { RecordOddities } from "./record_oddities.ts";
import { type CachedName, NameCache } from "./name_cache.ts";
import { emptyPlace, type RowSink } from "./row_sink.ts";
import { isSeedKey, parseSeed, type SeedValue } from "./seeds.ts";
import type { StepContext } from "./step_context.ts";
import { Shape, type Slot, UNRESOLVED } from "./record_keys.ts";

/** In the place of a column: the events of this name are seeds. */
const SEED_ID = -3;

/** Ranks of steps that count epochs and the like come after all others. */
const WEAK_AFTER = 1_000_000;

const POINT = 0x2e;
const SLASH = 0x2f;
const SEED_DIGITS_MAX = 1000;

/** No less than it takes to see that a number does not go on: `e+5` and `-infinity` are parts of one. */
const NUMBER_PART_BYTES_MAX = 10;

/** Longest text that may tell records apart: a label, not a message. */
const LABEL_BYTES_MAX = 64;

/** More numbers than these next to `name` and `value` make a row of metrics, not an event. */
const EVENT_EXTRAS_MAX = 2;

const DECODER = new TextDecoder();
const NO_BYTES = new Uint8Array(0);

/** See the module. Call `begin`, then one method per field, then `commit`. */
export class RowAssembler {
  /** The keys of a record. */
  readonly root: Shape;
  /** Whether numbers in text have a decimal comma, as in tables whose columns a semicolon parts. */
  decimalComma = false;
  readonly #sink: RowSink;
  readonly #oddities: RecordOddities;
  readonly #scanner = new DecimalScanner();
  readonly #place = emptyPlace();

  readonly #slots: Slot[] = [];
  #values = new Float64Array(64);
  #count = 0;
  #step: Slot | undefined;
  #stepValue = NaN;
  #stepRank = Infinity;
  readonly #names = new NameCache();
  #nameSlot: Slot | undefined;
  #name: CachedName | undefined;
  #valueSlot: Slot | undefined;
  #value = NaN;
  #topMetrics = 0;
  /** Whether a metric that other records have is left empty. */
  #isBlank = false;
  #wellKnown = 0;
  #containerMetrics = 0;
  /** Whether metrics lie in a container alone, so that its name is left out; known from the first row. */
  #unwrap: boolean | undefined;
  #seeds: SeedValue[] = [];
  /** Source of the steps of the rows so far; the table takes only ever better ones. */
  #stepSource: string | undefined;
  #weakStep: Slot | undefined;

  /** Assembles rows for a sink. */
  constructor(sink: RowSink) {
    this.#sink = sink;
    this.#oddities = new RecordOddities(sink);
    this.root = new Shape(sink);
  }

  /**
   * Where a record without a step of its own belongs, as in a printed log whose step stands on another
   * line; undefined for nowhere.
   */
  context: StepContext | undefined;

  /** Starts a record. */
  begin(): void {
    this.#count = 0;
    this.#step = undefined;
    this.#stepRank = Infinity;
    this.#place.epoch = NaN;
    this.#name = undefined;
    this.#valueSlot = undefined;
    this.#topMetrics = 0;
    this.#isBlank = false;
    this.#wellKnown = 0;
    this.#containerMetrics = 0;
    this.#sink.parts.begin();
    if (this.#seeds.length > 0) this.#seeds = [];
  }

  /** A field that is a number; its text lies in [from, to). */
  number(slot: Slot, value: number, bytes: Uint8Array, from: number, to: number): void {
    if (slot.isMetric) {
      this.#topMetrics += slot.topWeight;
      this.#containerMetrics += slot.containerWeight;
      if (slot.isWellKnown) this.#wellKnown++;
      if (isLarge(value) && losesDigits(value, { bytes, from, to })) {
        this.#oddities.rounded(slot.path);
      }
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
        if (slot.isEpoch) this.#place.epoch = value;
        this.#push(slot, value);
        return;
      }
      case "value":
        this.#pushValue(); // of two, `value` and `v`
        this.#valueSlot = slot;
        this.#value = value;
        return;
      case "seed":
        this.#label(slot, slot.split!.ofNumber(value));
        // No seed has a fraction.
        if (value % 1 !== 0) return this.#push(slot, value);
        if (value === slot.lastSeed && Number.isSafeInteger(value)) return;
        slot.lastSeed = value;
        this.#seed(slot.path, asciiText(bytes, from, Math.min(to, from + SEED_DIGITS_MAX)));
        return;
      case "git_sha":
        if (value % 1 !== 0) return this.#push(slot, value);
        this.#sink.metadata.gitSha ??= asciiText(bytes, from, Math.min(to, from + 64));
        return;
      case "split":
        this.#label(slot, slot.split!.ofNumber(value));
        if (!slot.role.identity || value % 1 !== 0) this.#push(slot, value);
        else this.#sink.metadata.runId ??= asciiText(bytes, from, Math.min(to, from + 64));
        return;
      default:
        // A number under `name` names nothing: it is a metric like any other.
        this.#push(slot, value);
    }
  }

  /** A field that is text, in [from, to), without quotes and escapes. Numbers in it count as numbers. */
  text(slot: Slot, bytes: Uint8Array, from: number, to: number): void {
    while (from < to && isBlankByte(bytes[from]!)) from++;
    while (to > from && isBlankByte(bytes[to - 1]!)) to--;
    if (from === to) return this.empty(slot);
    switch (slot.role.kind) {
      case "name":
        this.#labelName();
        this.#nameSlot = slot;
        this.#name = this.#names.find(bytes, from, to);
        return;
      case "split":
      case "git_sha":
        return this.#mark(slot, bytes.subarray(from, to));
    }
    const value = this.#scanner.scan(bytes, from, to);
    const end = this.#scanner.end;
    // A step may be written with the number of all steps, as in ms-swift's `12/100`.
    const ofTotal = slot.role.kind === "step" && end > from && end < to && bytes[end] === SLASH;
    if (end === to || ofTotal) return this.number(slot, value, bytes, from, end);
    const found = numbersIn(bytes, { from, to, decimalComma: this.decimalComma });
    if (typeof found === "number") return this.number(slot, found, bytes, from, from);
    if (!slot.isMetric) return;
    const isTruth = isTruthText(bytes, from, to);
    if (typeof found === "object") {
      found.forEach((value, i) => this.number(this.root.elementOf(slot, i), value, NO_BYTES, 0, 0));
      return;
    }
    // What is true or false is a value, and may tell records apart as other words do.
    if (isTruth) this.truth(slot, bytes[from] === 0x54 || bytes[from] === 0x74);
    else {
      const quantity = quantityIn(bytes, from, to);
      if (quantity === undefined) this.#oddities.message(slot, bytes, from, to);
      else this.number(this.root.inUnit(slot, quantity.unit), quantity.value, NO_BYTES, 0, 0);
    }
    if (!slot.isTiming && to - from <= LABEL_BYTES_MAX && (isTruth || slot.id === UNRESOLVED)) {
      if (slot.split === undefined) this.root.labelOf(slot);
      this.#labelText(slot, bytes, from, to);
    }
  }

  /**
   * Whether a field is text that `text` would read no number from, to tell by its first bytes alone,
   * whatever comes after them.
   */
  startsAsText(slot: Slot, bytes: Uint8Array, from: number, to: number): boolean {
    const { kind } = slot.role;
    if (kind === "name" || kind === "split" || kind === "git_sha") return false;
    while (from < to && isBlankByte(bytes[from]!)) from++;
    this.#scanner.scan(bytes, from, to);
    const end = this.#scanner.end;
    return end + NUMBER_PART_BYTES_MAX <= to && !isBlankByte(bytes[end]!) && bytes[end] !== SLASH;
  }

  /** A field that is true or false. */
  truth(slot: Slot, value: boolean): void {
    if (slot.isMetric) this.number(slot, value ? 1 : 0, NO_BYTES, 0, 0);
  }

  /** A field that the log leaves empty: null, None, a blank. */
  empty(slot: Slot): void {
    if (!slot.isMetric) return;
    if (slot.id === UNRESOLVED) slot.emptyCount++;
    else {
      this.#sink.empty(slot.id);
      this.#isBlank ||= !slot.isTiming;
    }
  }

  /** A number that is too much for a column, far back in a long list. */
  missed(slot: Slot): void {
    this.#oddities.missed(slot);
  }

  /** A field that is no number. */
  odd(slot: Slot, detail: string): void {
    if (slot.isMetric) this.#oddities.text(slot, detail);
  }

  /** A field that is text, whatever is in it. */
  message(slot: Slot, bytes: Uint8Array, from: number, to: number): void {
    if (slot.isMetric) this.#oddities.message(slot, bytes, from, to);
  }

  /** Takes a text that tells records or runs apart. A number is one: a metric may be called `task`. */
  #mark(slot: Slot, text: Uint8Array): void {
    const { metadata } = this.#sink;
    const isCommit = slot.role.kind === "git_sha";
    const value = isCommit && !text.includes(POINT) ? undefined : this.#numberIn(text);
    if (value !== undefined) return this.number(slot, value, text, 0, text.length);
    if (isCommit) metadata.gitSha ??= DECODER.decode(text);
    else this.#labelText(slot, text, 0, text.length);
    if (slot.role.kind === "split" && slot.role.identity) metadata.runId ??= DECODER.decode(text);
  }

  /** The number that a text under a name or a label is; undefined for any other. */
  #numberIn(text: Uint8Array): number | undefined {
    const { length } = text;
    const value = this.#scanner.scan(text, 0, length);
    if (this.#scanner.end === length) return value;
    const found = numbersIn(text, { from: 0, to: length, decimalComma: this.decimalComma });
    return typeof found === "number" ? found : undefined;
  }

  #label(slot: Slot, valueId: number): void {
    const key = slot.split!;
    if (!key.dropped) this.#sink.parts.add(key.id, valueId);
  }

  #labelText(slot: Slot, bytes: Uint8Array, from: number, to: number): void {
    if (!slot.split!.dropped) this.#label(slot, slot.split!.ofText(bytes, from, to));
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

  #pushValue(): void {
    if (this.#valueSlot === undefined) return;
    this.#topMetrics++;
    this.#push(this.#valueSlot, this.#value);
  }

  /** A name that names no metric is that of a run or a part of it, or a number. */
  #labelName(): void {
    if (this.#name === undefined) return;
    const { bytes } = this.#name;
    this.#labelText(this.#nameSlot!, bytes, 0, bytes.length);
    const value = this.#numberIn(bytes);
    if (value !== undefined) this.#push(this.#nameSlot!, value);
  }

  #seed(path: string, text: string): void {
    const value = parseSeed(text);
    if (value !== undefined) this.#seeds.push({ value, path });
  }

  /** Hands the record to the sink. Its seeds are kept even where the row is not. */
  commit(line: number): void {
    const sink = this.#sink;
    for (const seed of this.#seeds) sink.seed(seed, { line });
    this.#oddities.commit(line);
    const event = this.#name !== undefined && this.#valueSlot !== undefined &&
      this.#topMetrics <= EVENT_EXTRAS_MAX && this.#wellKnown === 0;
    if (!event) {
      this.#pushValue();
      this.#labelName();
    }
    // A record without metrics is a header, a message or the like: no row.
    const others = this.#step === undefined ? this.#count : this.#count - 1;
    // One that leaves a metric empty is a row all the same: NaN is often written so.
    if (!event && others === 0 && !(this.#isBlank && this.#step !== undefined)) return;
    if (this.#unwrap === undefined && this.#containerMetrics > 0) {
      this.#unwrap = this.#topMetrics === 0;
    }
    if (!this.#open(line)) {
      sink.missed(event ? 1 : others, { line, detail: "its row has no step" });
      return;
    }
    if (event) this.#putEvent(this.#name!, line);
    const step = this.#step;
    for (let i = 0; i < this.#count; i++) {
      const slot = this.#slots[i]!;
      if (slot === step) continue;
      if (event) {
        this.#putExtra(this.#name!, slot, this.#values[i]!);
        continue;
      }
      const id = slot.id === UNRESOLVED ? this.#resolve(slot) : slot.id;
      sink.put(id, this.#values[i]!);
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

  /** What else an event says in numbers: `{name: "loss", value: 0.5, std: 0.1}` is `loss` and `loss.std`. */
  #putExtra(name: CachedName, slot: Slot, value: number): void {
    // Its rank or time describe the event, and its epoch is that of the whole step.
    if (slot.isEpoch) this.#sink.put(this.#sink.column(slot.path), value);
    else if (slot.isMetric && !slot.isTiming) {
      this.#sink.put(this.#sink.column(`${name.text}.${slot.path}`), value);
    }
  }

  #open(line: number): boolean {
    const place = this.#place;
    const step = this.#step;
    place.line = line;
    place.part = this.#sink.parts.part();
    place.step = 0;
    place.source = "counted";
    const weak = this.#stepRank >= WEAK_AFTER;
    if (weak && this.context !== undefined) return this.#openIn(this.context);
    if (step === undefined) return this.#sink.row(place);
    // Batches and epochs do not mix: the first weak key is the only one.
    if (weak && (this.#weakStep ??= step) !== step) return this.#sink.row(place);
    place.source = weak ? "weak" : this.#stepRank < 0 ? "mapped" : "step";
    place.step = this.#stepValue;
    return this.#openAt(step.path);
  }

  #openIn({ key, step, epoch, epochSteps, source }: StepContext): boolean {
    const place = this.#place;
    place.step = step;
    place.source = source;
    place.epochSteps = epochSteps;
    if (Number.isNaN(place.epoch)) place.epoch = epoch;
    return this.#openAt(key);
  }

  #openAt(key: string): boolean {
    const used = this.#sink.row(this.#place);
    const { source } = this.#place;
    if (used && this.#stepSource !== source) {
      this.#sink.metadata.stepKey = key;
      this.#stepSource = source;
    }
    return used;
  }

  #resolve(slot: Slot): number {
    const name = this.#unwrap === true && slot.bare !== undefined ? slot.bare : slot.path;
    const id = slot.id = this.#sink.column(name);
    for (; slot.emptyCount > 0; slot.emptyCount--) this.#sink.empty(id);
    return id;
  }
}
