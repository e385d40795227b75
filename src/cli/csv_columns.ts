/**
 * States as rows of CSV (RFC 4180): one column per number, text or boolean that the first state holds.
 *
 * @module
 */

import { escapeText } from "../text/escape_text.ts";
import { UsageError } from "./usage_error.ts";

/** Most columns of an export. */
const COLUMNS_MAX = 16_384;

type Key = string | number;

/** The columns of an export, as the first state has them. */
export class CsvColumns {
  readonly #paths: Key[][] = [];

  /** Finds the columns in the first state. @throws {UsageError} If there are none, or too many. */
  constructor(first: unknown) {
    this.#collect(first, []);
    if (this.#paths.length === 0) {
      throw new UsageError("--format csv has no columns for this state: use jsonl");
    }
  }

  /** The first line: `t` and a name per column, such as `value`, `agents.3.x` or, for a bare state, `state`. */
  header(): string {
    return ["t", ...this.#paths.map((path) => path.length === 0 ? "state" : path.join("."))]
      .map(quote).join(",");
  }

  /** One line; what a state does not have is left blank. */
  row(t: number, state: unknown): string {
    return [`${t}`, ...this.#paths.map((path) => cell(valueAt(state, path)))].map(quote).join(",");
  }

  #collect(value: unknown, path: Key[]): void {
    if (typeof value !== "object") {
      if (this.#paths.length === COLUMNS_MAX) {
        throw new UsageError(
          `--format csv cannot have more than ${COLUMNS_MAX} columns: use jsonl`,
        );
      }
      this.#paths.push(path);
    } else if (
      Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))
    ) {
      const { length } = value as ArrayLike<unknown>;
      for (let i = 0; i < Math.min(length, COLUMNS_MAX + 1); i++) {
        this.#collect((value as ArrayLike<unknown>)[i], [...path, i]);
      }
    } else if (value !== null) {
      for (const [key, entry] of Object.entries(value)) this.#collect(entry, [...path, key]);
    }
  }
}

function valueAt(state: unknown, path: readonly Key[]): unknown {
  let value = state;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<Key, unknown>)[key];
  }
  return value;
}

function cell(value: unknown): string {
  if (value === undefined || value === null || typeof value === "object") return "";
  return Object.is(value, -0) ? "-0" : String(value);
}

/**
 * What no CSV needs and terminals act on: control characters but tabs and line feeds, marks that change the
 * direction of text, and other separators of lines.
 */
const CONTROL = /(?![\t\n])\p{Cc}|[\u202a-\u202e\u2066-\u2069\p{Zl}\p{Zp}]/gu;

function quote(cellText: string): string {
  const text = cellText.replace(CONTROL, (character) => escapeText(character));
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
