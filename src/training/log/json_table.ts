/**
 * Finds the table in a JSON document that holds whole columns: lists of one length by name, objects keyed
 * by row numbers, or pandas' split form.
 * This module is browser compatible.
 *
 * @module
 */

import type { RowAssembler } from "./row_assembler.ts";
import type { Slot } from "./record_keys.ts";
import { LOG_DEPTH_MAX, LOG_LIST_LENGTH_MAX } from "../limits.ts";

/** An object of a JSON document. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A table as it lies in a document. */
export interface JsonTable {
  /** Columns by their keys from the top of the document; each has its cells by row. */
  readonly columns: readonly {
    readonly path: readonly string[];
    readonly cells: readonly unknown[];
  }[];
  /** Numbers of the rows, where they are numbered. */
  readonly index?: readonly unknown[] | undefined;
  /** Values that stand alone next to the columns, by their keys. */
  readonly singles: readonly { readonly path: readonly string[]; readonly value: unknown }[];
}

/** Keys of objects that only hold the columns: they are left out of names. */
const CONTAINERS = new Set(["history", "data", "metrics", "logs", "scalars"]);

const ENCODER = new TextEncoder();

/** The table in a document; undefined if it has no columns. */
export function tableOf(document: unknown): JsonTable | undefined {
  if (!isObject(document)) return undefined;
  const table = splitTable(document) ?? indexedTable(document) ?? listedTable(document);
  return table.columns.length === 0 ? undefined : table;
}

/** Puts a value of a document into the record. */
export function putValue(rows: RowAssembler, slot: Slot, value: unknown, depth = 0): void {
  if (depth > LOG_DEPTH_MAX) return rows.odd(slot, "nested too deep");
  if (value === null || value === undefined) rows.empty(slot);
  else if (typeof value === "boolean") rows.truth(slot, value);
  else if (Array.isArray(value)) {
    value.forEach((item, i) => {
      if (i < LOG_LIST_LENGTH_MAX) putValue(rows, rows.root.elementOf(slot, i), item, depth + 1);
      else if (typeof item === "number") rows.missed(slot);
    });
  } else if (isObject(value)) {
    const child = rows.root.childOf(slot);
    for (const [key, item] of Object.entries(value)) {
      putValue(rows, child.slot(key), item, depth + 1);
    }
  } else {
    const bytes = ENCODER.encode(String(value));
    if (typeof value === "number") rows.number(slot, value, bytes, 0, bytes.length);
    else rows.text(slot, bytes, 0, bytes.length);
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `{"columns": [...], "index": [...], "data": [[...], ...]}` */
function splitTable({ columns, index, data }: JsonObject): JsonTable | undefined {
  if (!Array.isArray(columns) || !Array.isArray(data) || !data.every(Array.isArray)) {
    return undefined;
  }
  return {
    columns: columns.map((name, i) => ({
      path: [String(name)],
      cells: (data as unknown[][]).map((row) => row[i]),
    })),
    index: Array.isArray(index) && index.length === data.length ? index : undefined,
    singles: [],
  };
}

/** `{"loss": {"0": 1, "1": 2}}` or, with an index, `{"0": {"loss": 1}, "1": {"loss": 2}}`. */
function indexedTable(document: JsonObject): JsonTable | undefined {
  const members = Object.entries(document);
  const isIndexed = (value: unknown) =>
    isObject(value) && Object.keys(value).length > 0 &&
    Object.keys(value).every((key) => /^\d+$/.test(key));
  if (members.length === 0) return undefined;
  if (members.every(([, value]) => isIndexed(value))) {
    const keys = new Set(members.flatMap(([, value]) => Object.keys(value as JsonObject)));
    const index = [...keys].map(Number).sort((a, b) => a - b);
    const columns = members.map(([name, value]) => ({
      path: [name],
      cells: index.map((row) => (value as JsonObject)[row]),
    }));
    return { columns, index, singles: [] };
  }
  if (!isIndexed(document) || !members.every(([, row]) => isObject(row))) return undefined;
  const names = new Set(members.flatMap(([, row]) => Object.keys(row as JsonObject)));
  const columns = [...names].map((name) => ({
    path: [name],
    cells: members.map(([, row]) => (row as JsonObject)[name]),
  }));
  return { columns, index: members.map(([key]) => Number(key)), singles: [] };
}

/** Lists of scalars by name, at the top or in objects; those of the greatest length are the columns. */
function listedTable(document: JsonObject): JsonTable {
  const columns: { path: string[]; cells: unknown[] }[] = [];
  const singles: { path: string[]; value: unknown }[] = [];
  const visit = (object: JsonObject, path: readonly string[]): void => {
    for (const [key, value] of Object.entries(object)) {
      const name = CONTAINERS.has(key) && isObject(value) ? [...path] : [...path, key];
      if (Array.isArray(value) && value.length > 0) columns.push({ path: name, cells: value });
      else if (isObject(value) && path.length < LOG_DEPTH_MAX) visit(value, name);
      else singles.push({ path: name, value });
    }
  };
  visit(document, []);
  return { columns, singles };
}
