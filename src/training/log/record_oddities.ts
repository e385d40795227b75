/**
 * What is odd about one record, until its line is known: texts where numbers are expected, integers whose
 * digits are lost, numbers that are left out.
 *
 * @module
 */

import { roundedDetail } from "./large_integer.ts";
import type { Slot } from "./record_keys.ts";
import type { RowSink } from "./row_sink.ts";
import type { LogIssueExample } from "./run_log.ts";

/** Texts of a key that are looked at for numbers in words. */
const LOOKED_AT_MAX = 64;
/** Longest text that is looked at. */
const SAID_BYTES_MAX = 4096;
/** So much of it is shown. */
const SHOWN_LENGTH = 60;

/** A name and its number in a message: `step 3 loss 0.5`, `Loss=2e-3`, `epoch: 7`. */
const SAID =
  /(?<![\w/])[a-z][\w/]*(?: ?[=:] ?|\s+(?:is |of )?)[-+]?(?:\d+\.\d+|\d+e[-+]\d+)(?![\w.:]|-\d)|(?:step|iter\w*|epoch|episode|loss|reward|return|score|acc\w*)(?: ?[=:] ?|\s+)[-+]?\d/i;

/** See the module. */
export class RecordOddities {
  readonly #sink: RowSink;
  readonly #rounded: string[] = [];
  /** First oddities of their keys in this record; they learn their line at its end. */
  #texts: { line: number }[] = [];
  #missed = 0;
  #missedPath = "";
  #said: { path: string; text: string } | undefined;
  #isSaid = false;

  /** Oddities of records for a sink. */
  constructor(sink: RowSink) {
    this.#sink = sink;
  }

  /** A field that is no number; whether it is the first of its key to look at more closely. */
  text(slot: Slot, detail: string): number {
    const first = slot.oddity ??= this.#sink.oddity(slot.bare ?? slot.path, {
      line: 0,
      detail,
      count: 0,
    });
    if (first.count++ === 0) this.#texts.push(first);
    return first.count;
  }

  /** A field that is a message: the first that says numbers in words is kept. */
  message(slot: Slot, bytes: Uint8Array, from: number, to: number): void {
    if (this.text(slot, "text") > LOOKED_AT_MAX || this.#isSaid || slot.isTiming) return;
    if (to - from > SAID_BYTES_MAX) return;
    const text = new TextDecoder().decode(bytes.subarray(from, to));
    if (!SAID.test(text)) return;
    this.#isSaid = true;
    this.#said = { path: slot.path, text };
  }

  /** An integer whose last digits are lost. */
  rounded(path: string): void {
    this.#rounded.push(path);
  }

  /** A number that is too much for a column, far back in a long list. */
  missed(slot: Slot): void {
    this.#missed++;
    this.#missedPath = slot.path;
  }

  /** Hands them over. */
  commit(line: number): void {
    const sink = this.#sink;
    if (this.#texts.length > 0) {
      for (const text of this.#texts) text.line = line;
      this.#texts = [];
    }
    if (this.#said !== undefined) {
      const { path, text } = this.#said;
      this.#said = undefined;
      const example: LogIssueExample = {
        line,
        detail: `${path} says '${text.trim().slice(0, SHOWN_LENGTH)}'`,
      };
      sink.said(example);
    }
    if (this.#rounded.length > 0) {
      sink.rounded(this.#rounded.length, { line, detail: roundedDetail(this.#rounded[0]!) });
      this.#rounded.length = 0;
    }
    if (this.#missed > 0) {
      const detail = `${this.#missedPath} has ${this.#missed} numbers too many`;
      sink.missed(this.#missed, { line, detail });
      this.#missed = 0;
    }
  }
}
