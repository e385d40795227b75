/**
 * Prints a module so that ordinary code passes the sandbox's rules over the raw text.
 *
 * @module
 */

import { Edits } from "./edits.ts";
import { escapeWords, type Refusal } from "./escape_words.ts";
import type { EncodedMap } from "../../artifact/source_map.ts";
import { parseModule } from "./syntax.ts";

/** A module's text for the sandbox. */
export interface PrintedModule {
  /** The text. */
  readonly text: string;
  /** The map from it to the text that was given; undefined if they are the same. */
  readonly map: EncodedMap | undefined;
  /** Words that could not be written otherwise: the sandbox will refuse the text. */
  readonly refusals: readonly Refusal[];
}

/**
 * Prints a module: the words that the sandbox refuses are written with escapes where that changes nothing.
 *
 * @throws {SyntaxError} If the text cannot be parsed.
 */
export function printModule(text: string): PrintedModule {
  const edits = new Edits();
  const refusals = escapeWords(parseModule(text), edits);
  return edits.isEmpty ? { text, map: undefined, refusals } : { ...edits.apply(text), refusals };
}
