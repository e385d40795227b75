/**
 * States as rows of CSV (RFC 4180): one column per number, text or boolean that the first state holds.
 *
 * @module
 */

import { STATE_DEPTH_MAX } from "../limits.ts";
import { escapeText } from "../text/escape_text.ts";
import { UsageError } from "./usage_error.ts";

/** Most columns of an export. */
const COLUMNS_MAX = 16_384;

/** Values looked at for columns where an object has several of them; beyond that, each object is taken once. */
const VISITS_MAX = 2 ** 17;

type Key = string | number;

/** The columns of an export, as the first state has them. */
export class CsvColumns {
  readonly #paths: readonly Key[][];
  /** References to objects that have columns elsewhere; they have none here. */
  readonly referencesLeftOut: number;

  /** Finds the columns in the first state. @throws {UsageError} If there are none, or too many. */
  constructor(first: unknown) {
    const { paths, references } = allPaths(first) ?? shortestPaths(first);
    this.#paths = paths;
    this.referencesLeftOut = references;
    if (paths.length === 0) {
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
}

/** Where columns come from. */
interface Found {
  readonly paths: readonly Key[][];
  /** References that were not followed. */
  readonly references: number;
}

interface Spot {
  readonly value: unknown;
  readonly path: readonly Key[];
}

/** The paths of all texts, numbers and booleans by each way; undefined if an object inside of others has too many. */
function allPaths(state: unknown): Found | undefined {
  const paths: Key[][] = [];
  let references = 0;
  const around = new Set<object>();
  // Depth first: each entry is a value, or an object whose parts have all been looked at.
  const waiting: (Spot | { readonly leave: object })[] = [{ value: state, path: [] }];
  for (let visits = 0; waiting.length > 0; visits++) {
    const next = waiting.pop()!;
    if ("leave" in next) {
      around.delete(next.leave);
      continue;
    }
    const { value, path } = next;
    if (visits > VISITS_MAX || paths.length > COLUMNS_MAX) return undefined;
    if (typeof value !== "object") paths.push([...path]);
    else if (value !== null && (around.has(value) || path.length === STATE_DEPTH_MAX)) references++;
    else if (value !== null) {
      around.add(value);
      waiting.push({ leave: value });
      for (const part of partsOf(value, path).reverse()) waiting.push(part);
    }
  }
  return { paths, references };
}

/** The paths of all texts, numbers and booleans by the shortest way. */
function shortestPaths(state: unknown): Found {
  const paths: Key[][] = [];
  let references = 0;
  const met = new Set<object>();
  const queue: Spot[] = [{ value: state, path: [] }];
  for (let i = 0; i < queue.length; i++) {
    const { value, path } = queue[i]!;
    if (typeof value !== "object") paths.push([...path]);
    else if (value !== null && (met.has(value) || path.length === STATE_DEPTH_MAX)) references++;
    else if (value !== null) {
      met.add(value);
      for (const part of partsOf(value, path)) queue.push(part);
    }
    if (paths.length > COLUMNS_MAX) {
      throw new UsageError(`--format csv cannot have more than ${COLUMNS_MAX} columns: use jsonl`);
    }
  }
  return { paths, references };
}

function partsOf(value: object, path: readonly Key[]): Spot[] {
  return keysOf(value).map((key) => ({
    value: (value as Record<Key, unknown>)[key],
    path: [...path, key],
  }));
}

function keysOf(value: object): Key[] {
  const isList = Array.isArray(value) ||
    (ArrayBuffer.isView(value) && !(value instanceof DataView));
  if (!isList) return Object.keys(value);
  const length = Math.min((value as unknown as ArrayLike<unknown>).length, COLUMNS_MAX + 1);
  return Array.from({ length }, (_, i) => i);
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
