/**
 * TensorBoard's `Event` messages: scalars and what histograms are summed up by become values, texts and
 * hyperparameters give seeds, and a session that starts again takes away what was logged from its step on.
 * Field numbers are those of TensorFlow's `event.proto` and `summary.proto`.
 *
 * @module
 */

import { counted } from "../../../text/quantity.ts";
import type { LogBuilder } from "../log_builder.ts";
import { ProtobufCursor, ProtobufError } from "../protobuf.ts";
import { isSeedKey, parseSeed, seedsInText } from "../seeds.ts";
import type { FrameTaker } from "./event_frames.ts";
import { FLOAT, readTensor, type Tensor } from "./tensor.ts";

/** `SessionLog.START`. */
const SESSION_START = 1;

/** Field numbers of what a histogram is summed up by. */
const HISTOGRAM_FIELDS = ["", "min", "max", "num", "sum", "sum_squares"] as const;

/** Takes the events of one run, which may be one of several. */
export class EventReader implements FrameTaker {
  /** The file that is read. */
  file = "";
  readonly #builder: LogBuilder;
  readonly #prefix: string;
  readonly #ids = new Map<string, number>();

  /** Puts values into a table, under names that start with `prefix`. */
  constructor(builder: LogBuilder, prefix: string) {
    this.#builder = builder;
    this.#prefix = prefix;
  }

  damage(kind: "damaged" | "truncated", detail: string): void {
    const { lineCount } = this.#builder;
    this.#builder.issue(kind, { line: lineCount + 1, detail: `${this.file}: ${detail}` });
  }

  event(bytes: Uint8Array): void {
    this.#builder.lineCount++;
    try {
      const event = new ProtobufCursor(bytes);
      let step = 0;
      let restarts = false;
      const summaries: Uint8Array[] = [];
      while (event.next()) {
        if (event.field === 2) step = event.integer();
        else if (event.field === 5) summaries.push(event.bytes());
        else if (event.field === 7) restarts = isStart(event.message());
      }
      if (restarts) this.#restart(step);
      for (const summary of summaries) this.#summary(new ProtobufCursor(summary), step);
    } catch (error) {
      if (!(error instanceof ProtobufError)) throw error;
      this.damage("damaged", `not an event: ${error.message}`);
    }
  }

  /** TensorBoard's rule: what a run logged at steps from which it started again is void. */
  #restart(step: number): void {
    const purged = this.#builder.purge(this.#ids.values(), step);
    if (purged === 0) return;
    const detail = `${
      counted(purged, "value")
    } from step ${step} on, from where the run started again`;
    this.#builder.issue("note", { line: this.#builder.lineCount, step, detail });
  }

  #summary(summary: ProtobufCursor, step: number): void {
    while (summary.next()) {
      if (summary.field !== 1) continue;
      const value = summary.message();
      let tag = "";
      let scalar: number | undefined;
      let histogram: ProtobufCursor | undefined;
      let tensor: Tensor | undefined;
      let plugin = "";
      while (value.next()) {
        if (value.field === 1) tag = value.text();
        else if (value.field === 2) scalar = value.number();
        else if (value.field === 5) histogram = value.message();
        else if (value.field === 8) tensor = readTensor(value.message());
        else if (value.field === 9) plugin = this.#metadata(value.message(), tag);
      }
      if (tag === "") continue;
      if (scalar !== undefined) this.#add(tag, step, scalar, true);
      if (histogram !== undefined) this.#histogram(tag, step, histogram);
      if (tensor !== undefined) this.#tensor(tag, step, { tensor, plugin });
    }
  }

  #add(tag: string, step: number, value: number, float32: boolean): void {
    let id = this.#ids.get(tag);
    if (id === undefined) {
      id = this.#builder.column(this.#prefix + tag, float32);
      this.#ids.set(tag, id);
    }
    this.#builder.add(step, id, value, this.#builder.lineCount);
  }

  /** What a histogram is summed up by is compared; its bars are not. */
  #histogram(tag: string, step: number, histogram: ProtobufCursor): void {
    while (histogram.next()) {
      const name = HISTOGRAM_FIELDS[histogram.field];
      if (name !== undefined) this.#add(`${tag}.${name}`, step, histogram.number(), false);
    }
  }

  #tensor(tag: string, step: number, { tensor, plugin }: { tensor: Tensor; plugin: string }): void {
    const { type, numbers, texts } = tensor;
    for (const text of texts) {
      for (const { value, path } of seedsInText(text)) {
        this.#builder.seed({ value, path: `${tag}.${path}` }, { source: this.file });
      }
    }
    if (numbers.length === 1) this.#add(tag, step, numbers[0]!, type === FLOAT);
    else if (plugin === "histograms") {
      // Rows of left edge, right edge and count.
      const count = (i: number) => numbers[i] ?? 0;
      let sum = 0;
      for (let i = 2; i < numbers.length; i += 3) sum += count(i);
      if (numbers.length >= 3) {
        this.#add(`${tag}.min`, step, numbers[0]!, false);
        this.#add(`${tag}.max`, step, numbers.at(-2)!, false);
      }
      this.#add(`${tag}.num`, step, sum, false);
    } else if (numbers.length > 0) {
      const detail = `${tag} holds ${counted(numbers.length, "number")} at step ${step}`;
      this.#builder.missed(numbers.length, { line: this.#builder.lineCount, step, detail });
    }
  }

  /** Takes hyperparameters from a value's metadata; the name of the plugin that it is for. */
  #metadata(metadata: ProtobufCursor, tag: string): string {
    let name = "";
    while (metadata.next()) {
      if (metadata.field !== 1) continue;
      const plugin = metadata.message();
      let content: ProtobufCursor | undefined;
      while (plugin.next()) {
        if (plugin.field === 1) name = plugin.text();
        else if (plugin.field === 2) content = plugin.message();
      }
      if (name === "hparams" && content !== undefined) this.#hparams(content, tag);
    }
    return name;
  }

  /** Hyperparameters that the hparams plugin stores with a session. */
  #hparams(content: ProtobufCursor, tag: string): void {
    while (content.next()) {
      if (content.field !== 3) continue;
      const session = content.message();
      while (session.next()) if (session.field === 1) this.#hparam(session.message(), tag);
    }
  }

  #hparam(entry: ProtobufCursor, tag: string): void {
    let key = "";
    let text = "";
    while (entry.next()) {
      if (entry.field === 1) key = entry.text();
      else if (entry.field === 2) {
        const value = entry.message();
        while (value.next()) {
          if (value.field === 2) text = String(value.number());
          else if (value.field === 3) text = value.text();
        }
      }
    }
    const seed = isSeedKey(key) ? parseSeed(text) : undefined;
    if (seed !== undefined) {
      this.#builder.seed({ value: seed, path: `${tag}.${key}` }, { source: this.file });
    }
  }
}

function isStart(session: ProtobufCursor): boolean {
  let status = 0;
  while (session.next()) if (session.field === 1) status = session.integer();
  return status === SESSION_START;
}
