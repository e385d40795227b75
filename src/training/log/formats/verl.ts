/**
 * verl's file logger: JSON Lines with the metrics of a step under `data`.
 *
 * @module
 */

import type { LogFormatDescription } from "./format.ts";
import { findJsonLines, readJsonl } from "./jsonl.ts";

/** See the module. */
export const format: LogFormatDescription = {
  recognizes: ({ firstLine }) => /^\{\s*"step"\s*:\s*\d+\s*,\s*"data"\s*:\s*\{/.test(firstLine),
  find: findJsonLines,
  read: readJsonl,
};
