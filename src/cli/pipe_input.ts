/**
 * `.replay` files that come through a pipe, as with `rewind verify <(fetch run.replay)`: a file is read here and
 * there, a pipe once and from its start.
 *
 * @module
 */

import { PIPE_BYTES_MAX } from "../limits.ts";
import { byteText } from "./table.ts";
import { InputError } from "./usage_error.ts";

/**
 * What to open for an operand: all that a pipe holds, or the path as it is.
 *
 * @throws {InputError} If a pipe holds more than memory is taken for.
 */
export async function artifactInput(path: string): Promise<string | Uint8Array> {
  if (!await isPipe(path)) return path;
  const pieces: Uint8Array[] = [];
  let length = 0;
  using file = await Deno.open(path);
  for (;;) {
    const piece = new Uint8Array(1 << 16);
    const count = await file.read(piece);
    if (count === null) break;
    pieces.push(piece.subarray(0, count));
    length += count;
    if (length > PIPE_BYTES_MAX) {
      throw new InputError(
        `Cannot read '${path}': more than ${byteText(PIPE_BYTES_MAX)} come through the pipe`,
        { hint: "save it to a file first" },
      );
    }
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

async function isPipe(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFifo === true;
  } catch {
    // What opens it says why it cannot be opened.
    return false;
  }
}
