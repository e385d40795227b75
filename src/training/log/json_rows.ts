/**
 * Reads JSON objects from bytes into rows, without making objects: most rows of a log repeat the keys
 * of the one before, so keys are recognized by their bytes and numbers read in place. Lenient where
 * training logs are: bare NaN and Infinity, and Python's None, True, False and single quotes.
 *
 * @module
 */

import { LOG_DEPTH_MAX, LOG_LIST_LENGTH_MAX } from "../limits.ts";
import { ByteSearch } from "../../bytes/byte_search.ts";
import { DecimalScanner } from "./decimal.ts";
import { isBlankByte } from "./line_text.ts";
import type { RowAssembler } from "./row_assembler.ts";
import type { Shape, Slot } from "./record_keys.ts";

const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const BACKSLASH = 0x5c;
const BRACE_OPEN = 0x7b;
const BRACE_CLOSE = 0x7d;
const BRACKET_OPEN = 0x5b;
const BRACKET_CLOSE = 0x5d;
const PARENTHESIS = 0x28;
const CLOSING_PARENTHESIS = 0x29;
const COLON = 0x3a;
const COMMA = 0x2c;

const DECODER = new TextDecoder();
const ENCODER = new TextEncoder();

/** What NumPy, PyTorch and JAX print around a number. */
const WRAPPERS = /^(?:np|numpy|torch|jnp|jax)\.\w+$|^(?:tensor|array|Array|DeviceArray)$/;

/** Where a record lies, and what else goes into its row. */
export interface RecordPlace {
  /** Index of its first byte. */
  from: number;
  /** Index after its last byte. */
  to: number;
  /** Its line or number. */
  line: number;
  /** Called once the record has begun. */
  prepare?: () => void;
}

/** See the module. One reader per log, as it remembers the keys. */
export class JsonRowReader {
  readonly #rows: RowAssembler;
  readonly #scanner = new DecimalScanner();
  readonly #search = new ByteSearch();

  /** Reads into an assembler. */
  constructor(rows: RowAssembler) {
    this.#rows = rows;
  }

  /**
   * Reads the one object that fills [from, to) and commits its row. Returns false, and commits
   * nothing, if the bytes are not one whole object. `prepare` may add fields to the record first.
   */
  read(bytes: Uint8Array, { from, to, line, prepare }: RecordPlace): boolean {
    let i = skipBlanks(bytes, from, to);
    if (i >= to || bytes[i] !== BRACE_OPEN) return false;
    this.#rows.begin();
    prepare?.();
    i = this.#object(bytes, i + 1, to, this.#rows.root, 1);
    if (i < 0 || skipBlanks(bytes, i, to) !== to) return false;
    this.#rows.commit(line);
    return true;
  }

  /** Reads one JSON value under a key of the current record; false if the bytes are not one value. */
  readValue(slot: Slot, bytes: Uint8Array): boolean {
    const start = skipBlanks(bytes, 0, bytes.length);
    const end = this.#value(bytes, start, bytes.length, slot, 1);
    return end >= 0 && skipBlanks(bytes, end, bytes.length) === bytes.length;
  }

  /** Reads on after `{`; the index after `}`, or -1. */
  #object(bytes: Uint8Array, i: number, to: number, shape: Shape, depth: number): number {
    if (depth > LOG_DEPTH_MAX) return -1;
    i = skipBlanks(bytes, i, to);
    if (i < to && bytes[i] === BRACE_CLOSE) return i + 1;
    let next = 0;
    while (i < to) {
      const quote = bytes[i]!;
      if (quote !== QUOTE && quote !== APOSTROPHE) return -1;
      i++;
      let slot = shape.slots[next];
      if (slot !== undefined && startsWith(bytes, i, to, slot.bytes)) i += slot.bytes.length;
      else {
        const end = stringEnd(bytes, i, to, quote);
        if (end < 0) return -1;
        const key = decodeString(bytes, i, end, quote);
        if (key === undefined) return -1;
        slot = shape.slot(key, bytes.subarray(i, end + 1));
        i = end + 1;
      }
      next = slot.index + 1;
      if (bytes[i] !== COLON) {
        i = skipBlanks(bytes, i, to);
        if (i >= to || bytes[i] !== COLON) return -1;
      }
      i = skipBlanks(bytes, i + 1, to);
      i = this.#value(bytes, i, to, slot, depth);
      if (i < 0) return -1;
      i = skipBlanks(bytes, i, to);
      if (i >= to) return -1;
      if (bytes[i] === BRACE_CLOSE) return i + 1;
      if (bytes[i] !== COMMA) return -1;
      i = skipBlanks(bytes, i + 1, to);
    }
    return -1;
  }

  /** Reads one value into a slot; the index after it, or -1. */
  #value(bytes: Uint8Array, i: number, to: number, slot: Slot, depth: number): number {
    if (i >= to) return -1;
    const c = bytes[i]!;
    if (c === QUOTE || c === APOSTROPHE) return this.#string(bytes, i + 1, to, slot, c);
    if (c === BRACE_OPEN) {
      return this.#object(bytes, i + 1, to, this.#rows.root.childOf(slot), depth + 1);
    }
    if (c === BRACKET_OPEN) return this.#list(bytes, i + 1, to, slot, depth + 1);
    const value = this.#scanner.scan(bytes, i, to);
    const end = this.#scanner.end;
    if (end > i) {
      this.#rows.number(slot, value, bytes, i, end);
      return end;
    }
    const word = wordEnd(bytes, i, to);
    const text = DECODER.decode(bytes.subarray(i, Math.min(word, i + 16)));
    if (bytes[word] === PARENTHESIS) {
      return WRAPPERS.test(text) ? this.#call(bytes, word + 1, to, slot, depth) : -1;
    }
    if (text === "null" || text === "None") this.#rows.empty(slot);
    else if (/^(?:true|false|True|False)$/.test(text)) this.#rows.truth(slot, /^t/i.test(text));
    else return -1;
    return word;
  }

  /** Reads on after `np.float32(` or `tensor(`, as Python prints its numbers; the index after `)`, or -1. */
  #call(bytes: Uint8Array, i: number, to: number, slot: Slot, depth: number): number {
    if (depth > LOG_DEPTH_MAX) return -1;
    i = this.#value(bytes, skipBlanks(bytes, i, to), to, slot, depth + 1);
    if (i < 0) return -1;
    // What follows is the type and the device.
    while (i < to && bytes[i] !== CLOSING_PARENTHESIS) {
      const c = bytes[i]!;
      i = c === QUOTE || c === APOSTROPHE ? stringEnd(bytes, i + 1, to, c) : i;
      if (i < 0) return -1;
      i++;
    }
    return i < to ? i + 1 : -1;
  }

  /** Reads on after `[`; the index after `]`, or -1. */
  #list(bytes: Uint8Array, i: number, to: number, slot: Slot, depth: number): number {
    if (depth > LOG_DEPTH_MAX) return -1;
    let index = 0;
    i = skipBlanks(bytes, i, to);
    if (i < to && bytes[i] === BRACKET_CLOSE) return i + 1;
    while (i < to) {
      if (index < LOG_LIST_LENGTH_MAX) {
        i = this.#value(bytes, i, to, this.#rows.root.elementOf(slot, index), depth);
      } else i = this.#passOver(bytes, i, to, slot, depth);
      if (i < 0) return -1;
      index++;
      i = skipBlanks(bytes, i, to);
      if (i >= to) return -1;
      if (bytes[i] === BRACKET_CLOSE) return i + 1;
      if (bytes[i] !== COMMA) return -1;
      i = skipBlanks(bytes, i + 1, to);
    }
    return -1;
  }

  /** Reads an element of a list that is too long to be metrics, and counts it if it is a number. */
  #passOver(bytes: Uint8Array, i: number, to: number, slot: Slot, depth: number): number {
    const c = bytes[i]!;
    if (c === QUOTE || c === APOSTROPHE) {
      const end = stringEnd(bytes, i + 1, to, c);
      return end < 0 ? -1 : end + 1;
    }
    if (c === BRACKET_OPEN || c === BRACE_OPEN) return skipNested(bytes, i, to, depth);
    this.#scanner.scan(bytes, i, to);
    if (this.#scanner.end > i) {
      this.#rows.missed(slot);
      return this.#scanner.end;
    }
    const end = wordEnd(bytes, i, to);
    return end > i ? end : -1;
  }

  /** Long ones are prompts and completions, of which a log may hold more than of numbers. */
  #string(bytes: Uint8Array, i: number, to: number, slot: Slot, quote: number): number {
    let end = this.#search.find(bytes, quote, i, to);
    if (end < 0) return -1;
    const firstEscape = this.#search.find(bytes, BACKSLASH, i, end);
    if (firstEscape < 0) {
      this.#rows.text(slot, bytes, i, end);
      return end + 1;
    }
    let isValid = true;
    for (let escape = firstEscape; escape >= 0;) {
      const next = escape + 2;
      if (next > end) end = this.#search.find(bytes, quote, next, to);
      if (end < 0) return -1;
      isValid &&= isEscape(bytes, escape + 1, end, quote);
      escape = this.#search.find(bytes, BACKSLASH, next, end);
    }
    if (!isValid) return -1;
    if (this.#rows.startsAsText(slot, bytes, i, firstEscape)) {
      this.#rows.message(slot, bytes, i, end);
      return end + 1;
    }
    const text = decodeString(bytes, i, end, quote);
    if (text === undefined) return -1;
    const plain = ENCODER.encode(text);
    this.#rows.text(slot, plain, 0, plain.length);
    return end + 1;
  }
}

function skipBlanks(bytes: Uint8Array, i: number, to: number): number {
  while (i < to && isBlankByte(bytes[i]!)) i++;
  return i;
}

function startsWith(bytes: Uint8Array, from: number, to: number, part: Uint8Array): boolean {
  const length = part.length;
  if (length === 0 || from + length > to) return false;
  // From the back: the keys of one log tend to begin alike.
  for (let k = length - 1; k >= 0; k--) {
    if (bytes[from + k] !== part[k]) return false;
  }
  return true;
}

/** Index of the quote that ends a string; -1 if there is none. */
function stringEnd(bytes: Uint8Array, i: number, to: number, quote: number): number {
  while (i < to) {
    const c = bytes[i]!;
    if (c === quote) return i;
    i += c === BACKSLASH ? 2 : 1;
  }
  return -1;
}

/** The text of a string without its quotes; undefined for a wrong escape. */
function decodeString(
  bytes: Uint8Array,
  from: number,
  to: number,
  quote: number,
): string | undefined {
  const raw = DECODER.decode(bytes.subarray(from, to));
  if (!raw.includes("\\")) return raw;
  // Python's repr leaves double quotes bare and escapes the apostrophe, which JSON does not know.
  const json = quote === QUOTE
    ? raw
    : raw.replace(/\\[^]|"/g, (part) => part === "\\'" ? "'" : part === '"' ? '\\"' : part);
  try {
    return JSON.parse(`"${json}"`);
  } catch {
    return undefined;
  }
}

/** Whether what follows a backslash, from `i` on, is an escape that `decodeString` takes. */
function isEscape(bytes: Uint8Array, i: number, to: number, quote: number): boolean {
  const escaped = bytes[i]!;
  if (escaped !== LETTER_U) {
    return ESCAPES.includes(escaped) || (escaped === APOSTROPHE && quote === APOSTROPHE);
  }
  for (let k = i + 1; k <= i + 4; k++) if (k >= to || !isHexDigit(bytes[k]!)) return false;
  return true;
}

const LETTER_U = 0x75;

/** What may follow a backslash in JSON, besides `u`. */
const ESCAPES = ENCODER.encode('"\\/bfnrt');

function isHexDigit(byte: number): boolean {
  const letter = byte | 0x20;
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x66);
}

/** Index after the list or object that starts at `i`; -1 if it does not end or nests too deep. */
function skipNested(bytes: Uint8Array, i: number, to: number, outer: number): number {
  let depth = 0;
  while (i < to) {
    const c = bytes[i]!;
    if (c === QUOTE || c === APOSTROPHE) {
      i = stringEnd(bytes, i + 1, to, c);
      if (i < 0) return -1;
    } else if (c === BRACKET_OPEN || c === BRACE_OPEN) {
      if (++depth + outer > LOG_DEPTH_MAX) return -1;
    } else if (c === BRACKET_CLOSE || c === BRACE_CLOSE) {
      if (--depth === 0) return i + 1;
    }
    i++;
  }
  return -1;
}

/** Index after a word such as `None` or `np.float32`. */
function wordEnd(bytes: Uint8Array, i: number, to: number): number {
  const isLetter = (c: number) => (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a;
  if (i >= to || !isLetter(bytes[i]!)) return i;
  while (i < to && (isLetter(bytes[i]!) || bytes[i] === 0x2e || isDigit(bytes[i]!))) i++;
  return i;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
