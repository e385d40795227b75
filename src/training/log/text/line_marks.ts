/**
 * The numbers of a printed line with the text around each, and what they may be.
 * This module is browser compatible.
 *
 * @module
 */

import { CLOCK, NUMBER, WORD_NUMBER } from "./line_tokens.ts";
import { unitOf } from "./line_units.ts";
import { isWellKnown } from "./line_words.ts";

/** What one number of a line is. */
export type NumberRole =
  /** A value of the metric with this name. */
  | { readonly kind: "metric"; readonly name: string }
  /** The step; `passing` where it is that of this line alone, as in `loss at step 5`. */
  | {
    readonly kind: "step";
    readonly name: string;
    readonly passing: boolean;
    /** What a shortened number is rounded to: 1000 in `step:12K`. */
    readonly roundedTo?: number;
  }
  /** The epoch or the like. */
  | {
    readonly kind: "epoch";
    readonly name: string;
    readonly passing: boolean;
    readonly roundedTo?: number;
  }
  /** The place in the epoch. */
  | { readonly kind: "position" }
  /** How many steps, or places in the epoch, there are. */
  | { readonly kind: "total" }
  /** A clock, a speed, a percentage of progress: understood, and no value. */
  | { readonly kind: "aside" }
  /** A word, such as the `nan` in `number of nan iterations`. */
  | { readonly kind: "word" }
  /**
   * Nothing says what it is. Beside values it has a `name`, to be compared by its place all the same; `isEarly` where it
   * stands before them.
   */
  | { readonly kind: "unknown"; readonly name?: string; readonly isEarly?: boolean };

/** The role of a value. */
export type MetricRole = Extract<NumberRole, { readonly kind: "metric" }>;

/** A number in the skeleton, with the text on both sides of it. */
export interface Mark {
  readonly sign: string;
  /** Text after the mark before, without that one's unit. */
  before: string;
  /** Text up to the next mark, without its own unit. */
  after: string;
  unit: string;
  role: NumberRole | undefined;
  /** Name that was found for it. */
  name: string;
  /** Name of what it is the total of. */
  base: string | undefined;
}

/** How much of a text next to a number is looked at on the side of the number, and on the other side. */
const NEAR_UNITS_MAX = 512;
const FAR_UNITS_MAX = 256;

/** Longest word before a `nan` that says what it is. */
const WORD_BEFORE_UNITS_MAX = 80;

/** The role of a value with a name; its unit is a part of that. */
export function metric(name: string, mark: Mark): MetricRole {
  mark.name = name;
  const shown = mark.unit === "" || mark.unit === "%" ? name : `${name} (${mark.unit})`;
  return { kind: "metric", name: shown };
}

/** The numbers of a skeleton; `words` has an entry for each sign, undefined where it is a word. */
export function marksOf(skeleton: string): { marks: Mark[]; words: (Mark | undefined)[] } {
  const marks: Mark[] = [];
  const words: (Mark | undefined)[] = [];
  const parts = skeleton.split(SIGNS);
  let before = parts[0]!;
  for (let i = 1; i < parts.length; i += 2) {
    const sign = parts[i]!;
    const after = parts[i + 1]!;
    if (sign === WORD_NUMBER && !isNumberWord(before, after)) {
      words.push(undefined);
      before += `nan${after}`;
      continue;
    }
    const last = marks.at(-1);
    if (last !== undefined) last.after = nearStart(before);
    const unit = sign === NUMBER ? unitOf(after) : { unit: "", rest: after };
    const mark: Mark = {
      sign,
      before: nearEnd(before),
      after: unit.rest,
      unit: unit.unit,
      role: undefined,
      name: "",
      base: undefined,
    };
    marks.push(mark);
    words.push(mark);
    before = unit.rest;
  }
  const last = marks.at(-1);
  if (last !== undefined) last.after = nearStart(before);
  return { marks, words };
}

/** A text before a number, without its middle if it is long: patterns would take for ever over data. */
function nearEnd(text: string): string {
  if (text.length <= NEAR_UNITS_MAX + FAR_UNITS_MAX) return text;
  return `${text.slice(0, FAR_UNITS_MAX)}\t${text.slice(-NEAR_UNITS_MAX)}`;
}

/** A text after a number, likewise. */
export function nearStart(text: string): string {
  if (text.length <= NEAR_UNITS_MAX + FAR_UNITS_MAX) return text;
  return `${text.slice(0, NEAR_UNITS_MAX)}\t${text.slice(-FAR_UNITS_MAX)}`;
}

const SIGNS = new RegExp(`([${NUMBER}${CLOCK}${WORD_NUMBER}])`);

/** Whether `nan` between these texts is a number. */
function isNumberWord(before: string, after: string): boolean {
  const word = before.trimEnd().slice(-WORD_BEFORE_UNITS_MAX);
  if (word === "" || /(?:[:=([,|]|\bfrom)$/.test(word)) return true;
  return /^\s*(?:$|[,;|)\]\t]| {2}|\.(?:\s|$))/.test(after) ||
    isWellKnown(/[\w/]+$/.exec(word)?.[0] ?? "");
}
