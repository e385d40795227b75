/**
 * JSON piece by piece: what a large value takes as text is never in memory at once.
 * This module is browser compatible.
 *
 * @module
 */

import { escapeJson } from "./printable.ts";

/** A value with fewer parts is one piece. */
const SMALL_PARTS = 4096;

/** Pieces are about as long, but for single texts that are longer. */
const PIECE_UNITS = 1 << 16;

/**
 * The text that `jsonText` gives, in pieces.
 *
 * @param value What `JSON.stringify` writes; a tree without circles.
 * @param indent Blanks by which each level is set in; 0 for all on one line.
 */
export function* jsonPieces(value: unknown, indent = 0): Generator<string, void, void> {
  let piece = "";
  for (const part of partsOf(value, indent, "")) {
    piece += part;
    if (piece.length < PIECE_UNITS) continue;
    yield escapeJson(piece);
    piece = "";
  }
  if (piece !== "") yield escapeJson(piece);
}

/** Parts of the text; none ends within a number, a text or a name. */
function* partsOf(value: unknown, indent: number, margin: string): Generator<string, void, void> {
  if (isSmall(value)) return yield wholeText(value, indent, margin);
  const isList = Array.isArray(value);
  const inner = indent === 0 ? "" : `${margin}${" ".repeat(indent)}`;
  const lineBreak = indent === 0 ? "" : `\n${inner}`;
  const colon = indent === 0 ? ":" : ": ";
  let before = lineBreak;
  yield isList ? "[" : "{";
  const keys = isList ? undefined : Object.keys(value as object);
  const length = keys?.length ?? (value as unknown[]).length;
  for (let i = 0; i < length; i++) {
    const key = keys?.[i];
    const item = key === undefined
      ? (value as unknown[])[i]
      : (value as Record<string, unknown>)[key];
    if (key !== undefined && isLeftOut(item)) continue;
    const head = key === undefined ? before : `${before}${JSON.stringify(key)}${colon}`;
    if (typeof item === "number") {
      yield `${head}${Number.isFinite(item) ? item : null}`;
    } else {
      yield head;
      yield* partsOf(item, indent, inner);
    }
    before = `,${lineBreak}`;
  }
  yield `${indent === 0 ? "" : `\n${margin}`}${isList ? "]" : "}"}`;
}

/** The text of a value that is not large. */
function wholeText(value: unknown, indent: number, margin: string): string {
  const text = JSON.stringify(value, null, indent) as string | undefined;
  if (text === undefined) return "null";
  return margin === "" ? text : text.replaceAll("\n", `\n${margin}`);
}

/** Whether a value has few parts, or says itself how it is written. */
function isSmall(value: unknown): boolean {
  const open = [value];
  let parts = 0;
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== "object" || next === null) continue;
    if (typeof (next as { toJSON?: unknown }).toJSON === "function") continue;
    const items = Array.isArray(next) ? next : Object.values(next);
    parts += items.length;
    if (parts >= SMALL_PARTS) return false;
    open.push(...items);
  }
  return true;
}

/** Whether JSON has no place for a value in an object. */
function isLeftOut(value: unknown): boolean {
  return value === undefined || typeof value === "function" || typeof value === "symbol";
}
