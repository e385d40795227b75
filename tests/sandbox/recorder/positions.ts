/**
 * Lines and columns of a text.
 *
 * @module
 */

import { LineIndex } from "../../../src/sandbox/recorder/syntax.ts";

/** Line and column of an offset, from 1. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  return new LineIndex(text).positionOf(offset);
}
