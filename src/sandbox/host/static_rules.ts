/**
 * Layer 1 of the sandbox: refuses step source that could load another module, before anything of it
 * runs. It looks at the raw text, not at syntax, so that there is no parser to fool.
 * This module is browser compatible.
 *
 * @module
 */

import { UnsafeArtifactError } from "../../errors.ts";
import { SOURCE_BYTES_MAX } from "../../artifact/limits.ts";

/** The word `import` wherever it stands: keywords cannot be written with escapes. */
const IMPORT_WORD = /(?<![\p{ID_Continue}$\u200c\u200d])import(?![\p{ID_Continue}$\u200c\u200d])/u;

/** `from` before a string or a comment: every `export ... from` has one of these. */
const EXPORT_FROM = /(?<![\p{ID_Continue}$.\u200c\u200d])from\s*(?:["']|\/[/*])/u;

/**
 * Checks text that is to run as a module in the sandbox. It refuses too much rather than too
 * little: also the words in strings and comments, which are rare in bundled code.
 *
 * @param source Text of a step module, or of an expression given on the command line.
 * @param what What the text is called in messages.
 * @throws {UnsafeArtifactError} If the text is too large or could import another module; the message
 * names the line and column.
 */
export function checkSource(source: string, what = "step module"): void {
  // Every UTF-16 unit takes at least one byte of UTF-8, so this bounds the scan before it starts.
  const bytes = source.length > SOURCE_BYTES_MAX ? source.length : utf8Length(source);
  if (bytes > SOURCE_BYTES_MAX) {
    throw new UnsafeArtifactError(
      `Cannot run the ${what}: its text is larger than ${SOURCE_BYTES_MAX} bytes: it has ${bytes}`,
    );
  }
  refuseMatch(
    source,
    IMPORT_WORD,
    `Cannot run the ${what}: it has the word \`import\``,
    "the sandbox loads one module only: bundle its imports into it (`rewind record` does), and " +
      "reword strings and comments that contain the word",
  );
  refuseMatch(
    source,
    EXPORT_FROM,
    `Cannot run the ${what}: it may have \`export ... from\``,
    "the sandbox loads one module only: bundle its imports into it (`rewind record` does)",
  );
}

/** A word that {@linkcode checkSource} refuses. */
export interface ForbiddenWord {
  /** Offset of the word in the text. */
  readonly index: number;
  /** Where what makes it forbidden ends. */
  readonly end: number;
  /** The word. */
  readonly word: string;
}

/** All words for which {@linkcode checkSource} would refuse a text, in order. */
export function forbiddenWords(source: string): ForbiddenWord[] {
  return [IMPORT_WORD, EXPORT_FROM].flatMap((rule) =>
    Array.from(source.matchAll(new RegExp(rule, "gu")), ({ index, 0: text }) => ({
      index,
      end: index + text.length,
      word: text.startsWith("from") ? "from" : "import",
    }))
  ).sort((a, b) => a.index - b.index);
}

function refuseMatch(source: string, rule: RegExp, problem: string, advice: string): void {
  const match = rule.exec(source);
  if (match === null) return;
  const before = source.slice(0, match.index);
  const line = before.split("\n").length;
  const column = match.index - before.lastIndexOf("\n");
  throw new UnsafeArtifactError(`${problem} at line ${line}, column ${column}`, { hint: advice });
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
