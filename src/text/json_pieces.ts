/**
 * JSON piece by piece: what a large value takes as text is never in memory at once.
 * This module is browser compatible.
 *
 * @module
 */

import { escapeJson } from "./printable.ts";

/** A value with fewer parts is one piece. */
const SMALL_PARTS = 4096;

/** And has no part that lies in more levels. */
const SMALL_DEPTH = 16;

/** Pieces are about as long, but for single texts that are longer. */
const PIECE_UNITS = 1 << 16;

/** Levels of a large value that are deeper are set in no further: the blanks would take more than the values. */
const MARGIN_UNITS_MAX = 40;

/**
 * The text that `jsonText` gives, in pieces, but for blanks where a large value is deep.
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
  const inner = margin.length < MARGIN_UNITS_MAX ? margin + " ".repeat(indent) : margin;
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

/** Whether a value has few parts, none of them deep, or says itself how it is written. */
function isSmall(value: unknown): boolean {
  let level = [value];
  let parts = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > SMALL_DEPTH) return false;
    const below: unknown[] = [];
    for (const item of level) {
      if (typeof item !== "object" || item === null) continue;
      if (typeof (item as { toJSON?: unknown }).toJSON === "function") continue;
      const items = Array.isArray(item) ? item : Object.values(item);
      parts += items.length;
      if (parts >= SMALL_PARTS) return false;
      below.push(...items);
    }
    level = below;
  }
  return true;
}

/** Whether JSON has no place for a value in an object. */
function isLeftOut(value: unknown): boolean {
  return value === undefined || typeof value === "function" || typeof value === "symbol";
}
