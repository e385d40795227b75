/**
 * Changes of a text that are collected in any order and carried out together, with a source map.
 *
 * @module
 */

import MagicString from "magic-string";
import type { EncodedMap } from "../../artifact/source_map.ts";

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Replacements of ranges of a text. */
export class Edits {
  readonly #edits: Edit[] = [];

  /** Whether nothing is to be changed. */
  get isEmpty(): boolean {
    return this.#edits.length === 0;
  }

  /** Replaces the range [start, end). What lies within a range that is replaced as a whole goes with it. */
  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }

  /** Whether an offset lies in a range that is replaced. */
  covers(offset: number): boolean {
    return this.#edits.some(({ start, end }) => start <= offset && offset < end);
  }

  /** The text with all changes, and the map from it to the text as it was. */
  apply(text: string): { text: string; map: EncodedMap } {
    const result = new MagicString(text);
    let end = 0;
    for (const edit of this.#edits.toSorted(compareEdits)) {
      if (edit.start < end) continue;
      if (edit.start === edit.end) result.appendLeft(edit.start, edit.text);
      else if (edit.text === "") result.remove(edit.start, edit.end);
      else result.overwrite(edit.start, edit.end, edit.text);
      end = edit.end;
    }
    const map = result.generateMap({ hires: "boundary", source: "" }) as EncodedMap;
    return { text: result.toString(), map };
  }
}

/** By offset; there what is put in comes first, then the outermost of the ranges. */
function compareEdits(a: Edit, b: Edit): number {
  const isInsertion = (edit: Edit): number => edit.start === edit.end ? 0 : 1;
  return a.start - b.start || isInsertion(a) - isInsertion(b) || b.end - a.end;
}
