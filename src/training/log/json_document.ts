/**
 * Reads a file that is one JSON document, lenient as training logs need it: bare NaN and infinities.
 *
 * @module
 */

import { LOG_LINE_BYTES_MAX } from "../limits.ts";
import { byteText } from "../../text/quantity.ts";
import { TrainingLogError } from "./errors.ts";
import type { LogFile } from "./log_file.ts";

/**
 * The value of the document; NaN and infinities are texts in it.
 *
 * @throws {TrainingLogError} if it is too large or no JSON
 */
export async function parseDocument(path: string, file: LogFile): Promise<unknown> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of file.chunks()) {
    bytes += chunk.length;
    if (bytes > LOG_LINE_BYTES_MAX) {
      throw new TrainingLogError(
        `Cannot read ${path}: it is one JSON document of more than ${byteText(LOG_LINE_BYTES_MAX)}`,
        { path, hint: "write it as JSON Lines or CSV" },
      );
    }
    text += decoder.decode(chunk, { stream: true });
  }
  text += decoder.decode();
  try {
    return JSON.parse(withQuotedWords(text));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TrainingLogError(`Cannot read ${path} as JSON: ${why.slice(0, 200)}`, {
      cause: error,
      path,
    });
  }
}

const WORDS = /-?\b(?:NaN|Infinity)\b/g;

/** The text with NaN and infinities in quotes, where they stand outside of strings. */
function withQuotedWords(text: string): string {
  if (!text.includes("NaN") && !text.includes("Infinity")) return text;
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const open = text.indexOf('"', at);
    const outside = text.slice(at, open < 0 ? text.length : open);
    parts.push(outside.replace(WORDS, '"$&"'));
    if (open < 0) break;
    let close = open + 1;
    while (close < text.length && text[close] !== '"') close += text[close] === "\\" ? 2 : 1;
    parts.push(text.slice(open, close + 1));
    at = close + 1;
  }
  return parts.join("");
}
