/**
 * The numbers in a line of printed text, and the line without them: its skeleton. Lines of one print
 * statement have the same skeleton, so what its numbers mean has to be worked out once only.
 * This module is browser compatible.
 *
 * @module
 */

import { ANY_DECIMAL_COMMA, DECIMAL_COMMA } from "./decimal_commas.ts";
import { type LinePart, placesIn } from "./line_places.ts";
import { isAttachedUnit } from "./line_units.ts";
import { counterOf } from "./line_words.ts";
import { withPlainSigns } from "./plain_signs.ts";

/** Stands for a number in a skeleton: a character that text does not use. */
export const NUMBER = "\ue000";

/** Stands for a time of day, a date or a duration in a skeleton. */
export const CLOCK = "\ue001";

/** Stands for `nan` or `inf` in a skeleton, which may be a number or a word. */
export const WORD_NUMBER = "\ue002";

/** A line taken apart. */
export interface LineTokens {
  /** The line with a sign in the place of each number. */
  readonly skeleton: string;
  /** The text of each number, in order; empty for a clock. */
  readonly numbers: readonly string[];
}

/** A duration in words: `1 hour, 2 minutes and 3.5 seconds`. */
const DURATION =
  /\d+(?:\.\d+)? (?:days?|hours?|minutes?)(?:(?:,| and|, and) \d+(?:\.\d+)? (?:hours?|minutes?|seconds?)){1,3}(?!\w)/y;

/** Dates with or without a time, times of day and durations. */
const CLOCKS =
  /\d{4}[-/.]\d{2}[-/.]\d{2}(?:[T :]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\w])|\d{1,2}\/\d{1,2}(?:\/\d{2,4})? \d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?|\d{1,2}\/\d{1,2}\/\d{4}(?!\w)|\d{2}\/\d{2}\/\d{2}(?= -)|\d{1,2}:\d{2}[.:]\d{2}[AP]M(?!\w)|(?:\d{1,5} days?,? )?\d{1,5}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?(?![\w:])/y;

/** A number whose digits are grouped by commas, or by underscores as Python and Rust do. */
const GROUPED = /[-+]?\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|[-+]?\d{1,3}(?:_\d{3})+(?!\w)(?:\.\d+)?/y;

/** Julia names the width of its own: `NaN32`. */
const NAN = /[-+]?(?:nan|inf|infinity|\u221e)(?:32|16)?(?!\w|\.\w)/iy;

/** What Microsoft's C library printed for infinities and NaN. */
const MSVC_NAN = /[-+]?1\.#(?:INF|QNAN|SNAN|IND)\d*(?![\w.])/y;

/** A number of Fortran's, in double precision: `9.96D+02`. */
const FORTRAN_POWER = /[Dd][-+]\d{2,3}(?!\w)/y;

/** A number of Julia's, in single precision: `2.5f0`, `1.0f-5`. */
const JULIA_POWER = /f(?!16|32|64)-?\d{1,2}(?!\w)/y;

/** Letters of all scripts, as {@linkcode isLetter} knows them. */
const LETTERS = String
  .raw`A-Za-z_\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff\u221e\u2c00-\u2fff\u3031-\ud83b\ud83f-\udbff\ue000-\uffff`;

const WORD = new RegExp(`[${LETTERS}](?:[\\d${LETTERS}]|[.@'/-](?=[A-Za-z0-9_]))*`, "y");

/** A counter without a blank before its number: `epoch1`, `step_100`. */
const COUNTED = /(?:epoch|ep|episode|step|iter|iteration)[-_]?(?=\d)/iy;
const COUNTED_LENGTH_MAX = 24;

/** Where in a source file a message comes from: `train.py:96:log_dist`. */
const CODE_PLACE = /:\d+(?::\w+)?/y;

const SOURCE_FILE = /\.(?:py|pyx|cc|cpp|cu|c|h|hpp|js|ts|java|go|rs|jl|scala)$/;

/** From which to which: the line belongs to the end, as in `683-1364batch`, `steps 1-100:`. */
const RANGE = /\d{1,9}-\d{1,9}(?=(?:batch(?:es)?|it(?:er)?s?|iterations?|steps?|epochs?)\b)/y;

const MONTH_DAY = / {1,2}\d{1,2}(?: \d{4})?(?![\w.])/y;

/** A date as C prints it: `Mon Jun  5 10:00:00 2023`. */
const C_DATE =
  /[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} \d{2}:\d{2}:\d{2}(?: [A-Z]{3,4})? \d{4}(?![\w.])/y;

/** A measure and, in brackets, what it is taken of: `Average Precision  (AP) @[ IoU=0.50:0.95 | maxDets=100 ] = 0.3`. */
const MEASURE = /[^[\]]{1,80}@\[[^[\]]{1,80}\](?=\s*[=:]\s*[-+.\d])/y;

/** A sign and the number to which a name with a number in it belongs. */
const VALUE_AHEAD = / ?[:=] *[-+]?(?:\.?\d|(?:nan|inf(?:inity)?)\b)/iy;

/** The end of what a name says of itself in brackets, and its value: `recall (k=5): 0.3`. */
const VALUE_BEHIND = /\) ?[:=] *[-+]?(?:\.?\d|(?:nan|inf(?:inity)?)\b)/iy;

const OPEN_QUALIFIER = /[A-Za-z_] ?\([^()]*[A-Za-z@][ =@:-]?$/;

const LAST_WORD = /[\w@-]+$/;

/** How far back the words that say what a number is reach. */
const WORDS_BEFORE_MAX = 80;

/** Longest number of a name: as many names as numbers of this length there may be. */
const INDEX_LENGTH_MAX = 4;

const MONTHS = new Set(
  "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" "),
);

/** Units that may stand directly after a number, after a fraction any; a word that goes on otherwise is no number. */
const ATTACHED_UNIT = /[A-Za-zµ%°]+(?:\/[A-Za-z]+)*(?![\w])|%/y;

/** Takes a line apart; `hasDecimalCommas` where the comma of `1,234` stands before a fraction. */
export function tokenize(line: string, hasDecimalCommas = false): LineTokens {
  // The signs must not stand in the line itself.
  const text = withPlainSigns(SIGNS.test(line) ? line.replace(SIGNS_ALL, "?") : line);
  return new Tokenizer(text, hasDecimalCommas).tokens();
}

const SIGNS = /[\ue000-\ue002]/;
const SIGNS_ALL = /[\ue000-\ue002]/g;

/** Walks over a line from word to word, so that the digits in words are none. */
class Tokenizer {
  readonly #line: string;
  readonly #numbers: string[] = [];
  #skeleton = "";
  /** Up to where the line is in the skeleton. */
  #done = 0;
  /** Up to where the line is a name with numbers in it. */
  readonly #labelEnd: number;

  readonly #hasDecimalCommas: boolean;

  constructor(line: string, hasDecimalCommas: boolean) {
    this.#line = line;
    this.#hasDecimalCommas = hasDecimalCommas;
    this.#labelEnd = line.includes("@[") ? endOf(MEASURE, line, 0) : 0;
  }

  tokens(): LineTokens {
    const line = this.#line;
    const places = placesIn(line);
    let next: LinePart | undefined = places.shift();
    let i = 0;
    while (i < line.length) {
      const c = line.charCodeAt(i);
      if (next !== undefined && i >= next.from) {
        if (i === next.from) i = this.#take(i, next.to, CLOCK);
        next = places.shift();
      } else if (isDigit(c)) i = this.#number(i);
      else if (isLetter(c)) i = this.#word(i);
      // `output #0` names an output, `Epoch #1` counts.
      else if (c === HASH && isDigit(line.charCodeAt(i + 1))) {
        i = this.#isCounted(i) ? i + 1 : wordEnd(line, i + 1);
      } else if (c === PLUS || c === MINUS || c === POINT) i = this.#signed(i, c);
      else i++;
    }
    return { skeleton: this.#skeleton + line.slice(this.#done), numbers: this.#numbers };
  }

  /** Puts a sign in the place of [from, to); the index after it. */
  #take(from: number, to: number, sign: string): number {
    if (to === from) return to;
    this.#skeleton += this.#line.slice(this.#done, from) + sign;
    const text = sign === CLOCK ? "" : this.#line.slice(from, to);
    this.#numbers.push(this.#hasDecimalCommas ? text.replace(",", ".") : text);
    return this.#done = to;
  }

  #signed(i: number, c: number): number {
    const line = this.#line;
    const before = line.charCodeAt(i - 1);
    // A minus after a word or a bracket parts what stands before it from what comes.
    if (isDigit(before) || isLetter(before) || before === 0x29 || before === 0x5d) return i + 1;
    const next = line.charCodeAt(i + 1);
    if (isDigit(next) || (c !== POINT && next === POINT && isDigit(line.charCodeAt(i + 2)))) {
      return this.#number(i);
    }
    const end = c === POINT ? 0 : endOf(NAN, line, i);
    return end > 0 ? this.#take(i, end, WORD_NUMBER) : i + 1;
  }

  /** Reads on from what starts as a number does. Most numbers need no pattern. */
  #number(i: number): number {
    const line = this.#line;
    const first = line.charCodeAt(i);
    let end = digitsEnd(line, first === PLUS || first === MINUS ? i + 1 : i);
    let c = line.charCodeAt(end);
    if (c === COLON || c === SLASH || c === MINUS || c === POINT || c === SPACE) {
      // Of clocks only durations of days have a blank, and of dates only those with points have four digits.
      const next = line.charCodeAt(end + 1);
      const isClock = c === SPACE ? next === 0x64 : isDigit(next) && (c !== POINT || end - i === 4);
      const clock = isClock ? endOf(CLOCKS, line, i) : 0;
      if (clock > 0) return this.#take(i, clock, CLOCK);
      const duration = c === SPACE && isLetter(next) ? endOf(DURATION, line, i) : 0;
      if (duration > 0) return this.#take(i, duration, CLOCK);
      const range = c === MINUS && isDigit(next) ? endOf(RANGE, line, i) : 0;
      if (range > 0) return this.#range(i, { second: end + 1, end: range });
    }
    if (c === COMMA || c === UNDERSCORE) {
      end = this.#commaEnd(i, end);
      c = line.charCodeAt(end);
    } else if (c === POINT) {
      const special = line.charCodeAt(end + 1) === HASH ? endOf(MSVC_NAN, line, i) : 0;
      if (special > 0) return this.#take(i, special, NUMBER);
      const fraction = digitsEnd(line, end + 1);
      const after = line.charCodeAt(fraction);
      if (after === POINT && isDigit(line.charCodeAt(fraction + 1))) return wordEnd(line, end);
      // A full stop after the number is a point like any other, but not one before a word.
      if (fraction > end + 1 || !isLetter(after)) {
        end = fraction;
        c = after;
      }
    } else if (c === MINUS && end > i) {
      const after = line.charCodeAt(end + 1);
      if (isDigit(after) || isLetter(after)) return wordEnd(line, end);
    }
    const power = (c | 0x20) === LETTER_D
      ? endOf(FORTRAN_POWER, line, end)
      : c === LETTER_F
      ? endOf(JULIA_POWER, line, end)
      : 0;
    if (power > 0) {
      end = power;
      c = line.charCodeAt(end);
    }
    if (c === LETTER_E || c === CAPITAL_E) {
      const sign = line.charCodeAt(end + 1);
      const digits = sign === PLUS || sign === MINUS ? end + 2 : end + 1;
      const power = digitsEnd(line, digits);
      if (power > digits) {
        end = power;
        c = line.charCodeAt(end);
      }
    }
    if (isLetter(c)) {
      const unit = endOf(ATTACHED_UNIT, line, end);
      const hasFraction = line.slice(i, end).includes(".");
      if (unit === 0 || !(hasFraction || isAttachedUnit(line.slice(end, unit)))) {
        return wordEnd(line, end);
      }
    }
    if (this.#isOfName(i, end)) return end;
    return this.#take(i, end, NUMBER);
  }

  /** Index after the groups or the fraction that go on after digits that end at `end`. */
  #commaEnd(i: number, end: number): number {
    const line = this.#line;
    if (line.charCodeAt(end) === COMMA && !/[[(,]\s*$/.test(line.slice(Math.max(0, i - 3), i))) {
      const pattern = this.#hasDecimalCommas ? ANY_DECIMAL_COMMA : DECIMAL_COMMA;
      const fraction = endOf(pattern, line, i);
      if (fraction > 0) return fraction;
    }
    return endOf(GROUPED, line, i) || end;
  }

  /** A range counts by its end; where it begins, the line before ended. */
  #range(i: number, { second, end }: { second: number; end: number }): number {
    this.#skeleton += this.#line.slice(this.#done, i);
    this.#done = second;
    return this.#take(second, end, NUMBER);
  }

  /** Whether the number in [from, to) belongs to a name, as in `loss 2: 0.5`, `hits @ 10 = 0.3`, `recall[5]: 0.7`. */
  #isOfName(from: number, to: number): boolean {
    const line = this.#line;
    if (from < this.#labelEnd) return true;
    if (to - from > INDEX_LENGTH_MAX) return false;
    if (line.charCodeAt(to) === CLOSING && endOf(VALUE_BEHIND, line, to) > 0) {
      return OPEN_QUALIFIER.test(before(line, from)) && !this.#isCounted(from - 1);
    }
    if (line.charCodeAt(from - 1) !== SPACE) return false;
    const c = line.charCodeAt(from - 2);
    if (!isLetter(c) && c !== AT || endOf(VALUE_AHEAD, line, to) === 0) return false;
    return !this.#isCounted(from - 1);
  }

  /** Whether the word that ends before `end` counts steps or epochs. */
  #isCounted(end: number): boolean {
    const word = LAST_WORD.exec(before(this.#line, end).trimEnd())?.[0];
    return counterOf(word ?? "") !== undefined;
  }

  #word(i: number): number {
    const line = this.#line;
    const end = endOf(WORD, line, i);
    const counter = end - i <= COUNTED_LENGTH_MAX && isDigit(line.charCodeAt(end - 1))
      ? endOf(COUNTED, line, i)
      : 0;
    if (counter > 0 && digitsEnd(line, counter) === end) return this.#take(counter, end, NUMBER);
    if (isNanStart(line.charCodeAt(i)) && endOf(NAN, line, i) === end) {
      return this.#take(i, end, WORD_NUMBER);
    }
    const c = line.charCodeAt(end);
    const date = c === SPACE && end - i === 3 ? endOf(C_DATE, line, i) : 0;
    if (date > 0) return this.#take(i, date, CLOCK);
    if (c === SPACE && end - i === 3 && MONTHS.has(line.slice(i, end))) {
      const day = endOf(MONTH_DAY, line, end);
      if (day > 0) return this.#take(i, day, CLOCK);
    }
    if (c === COLON && isDigit(line.charCodeAt(end + 1)) && SOURCE_FILE.test(line.slice(i, end))) {
      return this.#take(i, Math.max(end, endOf(CODE_PLACE, line, end)), CLOCK);
    }
    return end;
  }
}

const SPACE = 0x20;
const HASH = 0x23;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const COMMA = 0x2c;
const SLASH = 0x2f;
const COLON = 0x3a;
const LETTER_D = 0x64;
const LETTER_F = 0x66;
const UNDERSCORE = 0x5f;
const INFINITY_SIGN = 0x221e;
const AT = 0x40;
const CLOSING = 0x29;
const CAPITAL_E = 0x45;
const LETTER_E = 0x65;

/** Index after a match of a sticky pattern at `i`; 0 if there is none. */
function endOf(pattern: RegExp, line: string, i: number): number {
  pattern.lastIndex = i;
  return pattern.test(line) ? pattern.lastIndex : 0;
}

/** The end of the text before `end`: patterns that look back over a whole long line take for ever. */
function before(line: string, end: number): string {
  return line.slice(Math.max(0, end - WORDS_BEFORE_MAX), end);
}

function digitsEnd(line: string, i: number): number {
  while (isDigit(line.charCodeAt(i))) i++;
  return i;
}

/** Index after a word that has digits in it: a version, an address, a range, a hexadecimal number. */
function wordEnd(line: string, i: number): number {
  for (;; i++) {
    const c = line.charCodeAt(i);
    if (isDigit(c) || isLetter(c)) continue;
    const next = line.charCodeAt(i + 1);
    const goesOn = (c === POINT || c === MINUS || c === COLON) && (isDigit(next) || isLetter(next));
    if (!goesOn) return i;
  }
}

function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}

function isLetter(c: number): boolean {
  return (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a) || c === 0x5f ||
    (c >= 0x80 && !isSymbol(c));
}

/** Signs, arrows, bars and emoji are no letters: `0.5±0.1`, `0.5→0.4`, `│0.5│`. */
function isSymbol(c: number): boolean {
  if (c < 0x2000) {
    return (c < 0xc0 && c !== 0xaa && c !== 0xb5 && c !== 0xba) || c === 0xd7 || c === 0xf7;
  }
  return (c < 0x2c00 && c !== INFINITY_SIGN) || (c >= 0x3000 && c < 0x3031) ||
    (c >= 0xd83c && c <= 0xd83e) || (c >= 0xdc00 && c < 0xe000);
}

function isNanStart(c: number): boolean {
  return (c | 0x20) === 0x6e || (c | 0x20) === 0x69 || c === INFINITY_SIGN;
}

const LONG_RUN = / {3}|([=>.#_*~-])\1\1|[\u2500-\u259f]/;

/** A skeleton with runs of blanks and of bars, which tell nothing by their length, made short. */
export function shortened(skeleton: string): string {
  if (!LONG_RUN.test(skeleton)) return skeleton;
  return skeleton.replace(/[\u2502\u2503\u2551]/g, "|").replace(/[\u2500-\u259f]+/g, "=")
    .replace(/([=>.#_*~-])\1{2,}/g, "$1$1").replace(/ {3,}/g, "  ");
}
