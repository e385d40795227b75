/**
 * Files that come through a pipe, as with `rewind verify <(fetch run.replay)`: a file is read here and there, a pipe
 * once and from its start.
 *
 * @module
 */

import { basename } from "node:path";
import { LOG_PIPE_IDLE_MS, LOG_PIPE_OPEN_MS } from "../limits.ts";
import { PIPE_BYTES_MAX } from "./limits.ts";
import { withLimit } from "../time_limit.ts";
import { byteText } from "./table.ts";
import { InputError } from "./usage_error.ts";

/** What came through pipes, by their paths: a second look at one finds nothing. */
const PIPED = new Map<string, Promise<Uint8Array>>();

/**
 * What to open for an operand: all that a pipe holds, or the path as it is.
 *
 * @throws {InputError} If a pipe holds more than memory is taken for, or nothing comes through it.
 */
export async function artifactInput(
  path: string,
  signal: AbortSignal,
): Promise<string | Uint8Array> {
  let bytes = PIPED.get(path);
  if (bytes === undefined) {
    if (!await isPipe(path)) return path;
    PIPED.set(path, bytes = readPipe(path, signal));
  }
  return await bytes;
}

/**
 * The text of a file that is read whole, or of what comes through a pipe.
 *
 * @throws {InputError} If it is something else, or larger than memory is taken for.
 */
export async function inputText(path: string, signal: AbortSignal): Promise<string> {
  const input = await artifactInput(path, signal);
  if (typeof input !== "string") return new TextDecoder().decode(input);
  const { isFile, isDirectory, size } = await Deno.stat(path);
  if (!isFile || size > PIPE_BYTES_MAX) {
    const what = isFile
      ? `larger than ${byteText(PIPE_BYTES_MAX)}`
      : isDirectory
      ? "a folder"
      : "no file";
    throw new InputError(`Cannot read '${path}': it is ${what}`);
  }
  // A file of the kernel's has no size, and may never give a first byte.
  return size === 0 ? "" : await Deno.readTextFile(path);
}

/** A file to read a training log from: the operand, or what came through the pipe. */
export interface LogInput extends Disposable {
  /** Its path. */
  readonly path: string;
}

/**
 * A training log from an operand; what comes through a pipe stands in a file until it is disposed of.
 *
 * @throws {InputError} If a pipe holds more than memory is taken for.
 */
export async function logInput(operand: string, signal: AbortSignal): Promise<LogInput> {
  const input = await artifactInput(operand, signal);
  if (typeof input === "string") return { path: input, [Symbol.dispose]: () => {} };
  const folder = await Deno.makeTempDir({ prefix: "rewind-pipe-" });
  const path = `${folder}/${basename(operand)}`;
  await Deno.writeFile(path, input);
  return { path, [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }) };
}

async function readPipe(path: string, signal: AbortSignal): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const silent = () =>
    new InputError(`Cannot read '${path}': it is a pipe to which no program writes`);
  using file = await withLimit(Deno.open(path), {
    ...{ ms: LOG_PIPE_OPEN_MS, signal, why: silent },
    late: (file) => file.close(),
  });
  for (;;) {
    const piece = new Uint8Array(1 << 16);
    const count = await withLimit(file.read(piece), { ms: LOG_PIPE_IDLE_MS, signal, why: silent });
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
