/**
 * JSON as Python's `json` module reads and writes it: integers of any size apart from floats, bare
 * NaN and Infinity, and on writing exactly the text of `json.dumps(value, sort_keys=True)`, which
 * the Python package's content hash covers. This module is browser compatible.
 *
 * @module
 */

import { compareCodePoints } from "./code_points.ts";
import { damaged } from "./damage.ts";

/** A float; JavaScript alone could not tell `1.0` from `1`. */
export class JsonFloat {
  /** The number. */
  readonly value: number;

  /** Marks a number as a float. */
  constructor(value: number) {
    this.value = value;
  }
}

/** Integers are bigint, floats `JsonFloat`, objects `Map` (any key is harmless there). */
export type JsonValue =
  | null
  | boolean
  | bigint
  | JsonFloat
  | string
  | JsonValue[]
  | JsonObject;

/** An object's entries, in the order of the text. */
export type JsonObject = Map<string, JsonValue>;

/** Python refuses longer integers too (`sys.set_int_max_str_digits`); bounds the time of BigInt. */
const INT_DIGITS_MAX = 4300;
/** Statistics, the deepest part of metadata, are nested 4 deep. */
const DEPTH_MAX = 32;

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y;
// deno-lint-ignore no-control-regex -- JSON text may not hold control characters as they are
const PLAIN_TEXT = /[^"\\\x00-\x1f]*/y;
const WHITESPACE = /[ \t\n\r]*/y;
const HEX4 = /[\da-fA-F]{4}/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};
const WORDS: readonly (readonly [string, JsonValue])[] = [
  ["null", null],
  ["true", true],
  ["false", false],
  ["NaN", new JsonFloat(NaN)],
  ["Infinity", new JsonFloat(Infinity)],
  ["-Infinity", new JsonFloat(-Infinity)],
];

/**
 * Reads JSON text as `json.loads` does, but refuses a key that is there twice.
 *
 * @throws {ArtifactIntegrityError} If the text is not JSON, too deep, or has a number too long.
 */
export function parsePythonJson(text: string): JsonValue {
  return new JsonReader(text).read();
}

/** The text of `json.dumps(value, sort_keys=True)`: ASCII only, one blank after `,` and `:`. */
export function dumpPythonJson(value: JsonValue): string {
  if (value === null) return "null";
  if (typeof value === "string") return quote(value);
  if (value instanceof JsonFloat) return formatPythonFloat(value.value);
  if (Array.isArray(value)) return `[${value.map(dumpPythonJson).join(", ")}]`;
  if (value instanceof Map) {
    const entries = [...value].sort(([a], [b]) => compareCodePoints(a, b));
    return `{${entries.map(([key, item]) => `${quote(key)}: ${dumpPythonJson(item)}`).join(", ")}}`;
  }
  return value.toString();
}

/** The text of `repr(value)` of a Python float, with `NaN` and `Infinity` as `json` writes them. */
export function formatPythonFloat(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Object.is(value, -0)) return "-0.0";
  // Both languages give the shortest digits that read back; only where the exponent starts differs.
  const [, sign = "", lead = "", rest = "", exponentText = "0"] =
    /^(-?)(\d)(?:\.(\d+))?e([-+]\d+)$/.exec(value.toExponential()) ?? [];
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const digits = rest === "" ? lead : `${lead}.${rest}`;
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${digits}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  const text = String(value);
  return text.includes(".") ? text : `${text}.0`;
}

function quote(text: string): string {
  const short = JSON.stringify(text);
  return short.replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

class JsonReader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): JsonValue {
    this.#take(WHITESPACE);
    const value = this.#value(0);
    this.#take(WHITESPACE);
    if (this.#position !== this.#text.length) throw this.#damaged("goes on after its end");
    return value;
  }

  #value(depth: number): JsonValue {
    if (depth > DEPTH_MAX) throw this.#damaged(`is nested deeper than ${DEPTH_MAX} levels`);
    switch (this.#text[this.#position]) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#array(depth);
      case '"':
        return this.#string();
    }
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#position)) {
        this.#position += word.length;
        return value;
      }
    }
    return this.#number();
  }

  #object(depth: number): JsonObject {
    const object: JsonObject = new Map();
    this.#position++;
    this.#take(WHITESPACE);
    if (this.#skip("}")) return object;
    do {
      this.#take(WHITESPACE);
      if (this.#text[this.#position] !== '"') throw this.#damaged("lacks a key");
      const key = this.#string();
      if (object.has(key)) throw this.#damaged(`has the key ${quote(key)} twice`);
      this.#take(WHITESPACE);
      if (!this.#skip(":")) throw this.#damaged("lacks a colon");
      this.#take(WHITESPACE);
      object.set(key, this.#value(depth + 1));
      this.#take(WHITESPACE);
    } while (this.#skip(","));
    if (!this.#skip("}")) throw this.#damaged("lacks a closing brace");
    return object;
  }

  #array(depth: number): JsonValue[] {
    const array: JsonValue[] = [];
    this.#position++;
    this.#take(WHITESPACE);
    if (this.#skip("]")) return array;
    do {
      this.#take(WHITESPACE);
      array.push(this.#value(depth + 1));
      this.#take(WHITESPACE);
    } while (this.#skip(","));
    if (!this.#skip("]")) throw this.#damaged("lacks a closing bracket");
    return array;
  }

  #string(): string {
    this.#position++;
    let text = "";
    while (true) {
      text += this.#take(PLAIN_TEXT);
      if (this.#skip('"')) return text;
      if (!this.#skip("\\")) throw this.#damaged("has a string that does not end");
      text += this.#escape();
    }
  }

  #escape(): string {
    const letter = this.#text[this.#position++] ?? "";
    if (letter === "u") {
      const digits = this.#take(HEX4);
      if (digits !== "") return String.fromCharCode(parseInt(digits, 16));
    }
    if (!Object.hasOwn(ESCAPES, letter)) throw this.#damaged("has an unknown escape");
    return ESCAPES[letter]!;
  }

  #number(): JsonValue {
    NUMBER.lastIndex = this.#position;
    const match = NUMBER.exec(this.#text);
    if (match === null) throw this.#damaged("has something that is not JSON");
    this.#position += match[0].length;
    if (match[1] !== undefined || match[2] !== undefined) return new JsonFloat(Number(match[0]));
    if (match[0].length > INT_DIGITS_MAX) {
      throw this.#damaged(`has an integer of more than ${INT_DIGITS_MAX} digits`);
    }
    return BigInt(match[0]);
  }

  /** Takes what a sticky expression matches here; "" if it does not. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#position;
    const taken = pattern.exec(this.#text)?.[0] ?? "";
    this.#position += taken.length;
    return taken;
  }

  #skip(character: string): boolean {
    if (this.#text[this.#position] !== character) return false;
    this.#position++;
    return true;
  }

  #damaged(why: string): Error {
    return damaged(`its metadata ${why} at character ${this.#position}`);
  }
}
