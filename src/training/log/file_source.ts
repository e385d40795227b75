/**
 * Reads the files of a log through `node:fs`, so that it works on Deno, Bun and Node: in chunks of
 * bounded size, gzip undone, with errors that say which file and why.
 *
 * @module
 */

import { open, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { LOG_CONFIG_BYTES_MAX } from "../../limits.ts";
import { TrainingLogError } from "./errors.ts";

const CHUNK_BYTES = 1 << 20;

/** What a path leads to. */
export interface PathEntry {
  /** Name without the directories before it. */
  readonly name: string;
  /** The path itself, which opens it. */
  readonly path: string;
  /** Whether it is a directory. */
  readonly directory: boolean;
}

/** Why the operating system refused a file, in words, as an error of ours. */
export function fileError(path: string, cause: unknown): TrainingLogError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const name = cause instanceof Error ? cause.name : "";
  const why = code === "ENOENT" || name === "NotFound"
    ? "there is no such file or directory"
    : code === "EACCES" || code === "EPERM" || name === "PermissionDenied" || name === "NotCapable"
    ? "the permission is missing"
    : code === "EISDIR"
    ? "it is a directory"
    : cause instanceof Error
    ? cause.message
    : String(cause);
  return new TrainingLogError(`Cannot read ${path}: ${why}`, { cause, path });
}

/**
 * The bytes of a file in chunks of up to 1 MiB. A chunk is valid until the next one is asked for: one
 * buffer serves them all. A gzip file is unpacked on the way.
 *
 * @throws {TrainingLogError} if the file cannot be opened or read
 */
export async function* readChunks(
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const raw = rawChunks(path, signal);
  try {
    const first = await raw.next();
    if (first.done) return;
    if (isGzip(first.value)) yield* unpacked(path, { first: first.value, raw, signal });
    else {
      yield first.value;
      yield* raw;
    }
  } finally {
    // Whoever stops early leaves no file open.
    await raw.return();
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

interface PackedSource {
  first: Uint8Array;
  raw: AsyncGenerator<Uint8Array, void>;
  signal: AbortSignal | undefined;
}

async function* unpacked(
  path: string,
  { first, raw, signal }: PackedSource,
): AsyncGenerator<Uint8Array, void> {
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => controller.enqueue(first.slice()),
    async pull(controller) {
      const next = await raw.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value.slice());
    },
  });
  try {
    yield* packed.pipeThrough(new DecompressionStream("gzip"));
  } catch (error) {
    if (error instanceof TrainingLogError || signal?.aborted) throw error;
    throw new TrainingLogError(`Cannot read ${path} as its gzip data is damaged or cut short`, {
      cause: error,
      path,
    });
  }
}

async function* rawChunks(
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  let handle;
  try {
    handle = await open(path, "r");
  } catch (error) {
    throw fileError(path, error);
  }
  // Two buffers: one is filled while the other is read, which a second core does for free.
  let [buffer, other] = [new Uint8Array(CHUNK_BYTES), new Uint8Array(CHUNK_BYTES)];
  const fill = () => {
    const reading = handle.read(buffer, 0, CHUNK_BYTES, null);
    // Awaited later: until then a failure must not count as unhandled.
    reading.catch(() => {});
    return reading;
  };
  let filling = fill();
  try {
    for (;;) {
      let bytesRead: number;
      try {
        ({ bytesRead } = await filling);
      } catch (error) {
        throw fileError(path, error);
      }
      if (bytesRead === 0) return;
      signal?.throwIfAborted();
      const chunk = buffer.subarray(0, bytesRead);
      [buffer, other] = [other, buffer];
      filling = fill();
      yield chunk;
    }
  } finally {
    await filling.catch(() => {});
    await handle.close();
  }
}

/** The first `bytesMax` bytes of a file, unpacked if it is a gzip file. */
export async function readHead(path: string, bytesMax: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of readChunks(path)) {
    parts.push(chunk.slice(0, bytesMax - length));
    length += Math.min(chunk.length, bytesMax - length);
    if (length >= bytesMax) break;
  }
  return concatenated(parts, length);
}

/** Joins parts whose lengths add up to `length`. */
function concatenated(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * A small file beside a log, whole; undefined if there is none, it is no regular file, or it is larger
 * than `LOG_CONFIG_BYTES_MAX`.
 */
export async function readSmallFile(path: string): Promise<Uint8Array | undefined> {
  try {
    const info = await stat(path);
    if (!info.isFile() || info.size > LOG_CONFIG_BYTES_MAX) return undefined;
    return new Uint8Array(await readFile(path));
  } catch {
    return undefined;
  }
}

/** What a directory holds, sorted by name (numbers in names by value). */
export async function listDirectory(path: string): Promise<PathEntry[]> {
  let entries;
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch (error) {
    throw fileError(path, error);
  }
  const found: PathEntry[] = [];
  for (const entry of entries) {
    const full = join(path, entry.name);
    let directory = entry.isDirectory();
    // Trackers link `latest-run`; a link that leads nowhere is passed over.
    if (entry.isSymbolicLink()) {
      const target = await stat(full).catch(() => undefined);
      if (target === undefined) continue;
      directory = target.isDirectory();
    } else if (!directory && !entry.isFile()) continue;
    found.push({ name: entry.name, path: full, directory });
  }
  return found.sort((a, b) => byName(a.name, b.name));
}

/** Orders names so that `checkpoint-9` comes before `checkpoint-10`, the same in every locale. */
export function byName(a: string, b: string): number {
  const x = a.split(/(\d+)/);
  const y = b.split(/(\d+)/);
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] === y[i]) continue;
    const difference = i % 2 === 1 ? Number(x[i]) - Number(y[i]) : 0;
    return difference !== 0 ? difference : x[i]! < y[i]! ? -1 : 1;
  }
  return x.length - y.length;
}

/** Whether a path exists, and whether as a directory; undefined if not. */
export async function pathKind(path: string): Promise<"file" | "directory" | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "directory" : "file";
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw fileError(path, error);
  }
}
