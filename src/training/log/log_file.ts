/**
 * One file of a log, opened once and read once: its first bytes to find out what it is, then all of it.
 * So a pipe loses nothing. Regular files and pipes only, gzip undone, with bounds on waiting, on what
 * gzip may grow to and on zeros, so that no file can hold a reader up for ever.
 *
 * @module
 */

import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { LOG_GZIP_RATIO_MAX, LOG_UNPACKED_BYTES_FREE, LOG_ZERO_BYTES_MAX } from "../limits.ts";
import { LOG_PIPE_IDLE_MS, LOG_PIPE_OPEN_MS } from "../../limits.ts";
import { grouped } from "../../text/quantity.ts";
import { TrainingLogError } from "./errors.ts";
import { fileError } from "./file_source.ts";
import { withLimit } from "../../time_limit.ts";

const CHUNK_BYTES = 1 << 20;

/** Bytes of packed data that are unpacked at a time. */
const PIECE_BYTES = 2 ** 14;

/** See the module. Close it when done. */
export class LogFile {
  /** The path that was opened. */
  readonly path: string;
  /** Whether it can be read once only. */
  readonly isPipe: boolean;
  readonly #chunks: AsyncGenerator<Uint8Array, void>;
  #head: Uint8Array[] = [];

  private constructor(path: string, { handle, isPipe, signal }: OpenedFile) {
    this.path = path;
    this.isPipe = isPipe;
    this.#chunks = withoutLongZeros(
      path,
      unpacked(path, rawChunks(path, { handle, isPipe, signal })),
    );
  }

  /**
   * Opens a regular file or a pipe.
   *
   * @throws {TrainingLogError} if there is none, it is something else, or nobody writes to the pipe
   */
  static async open(path: string, signal?: AbortSignal): Promise<LogFile> {
    let info;
    try {
      info = await stat(path);
    } catch (error) {
      throw fileError(path, error);
    }
    const isPipe = info.isFIFO();
    if (!isPipe && !info.isFile()) {
      const what = info.isDirectory() ? "a directory" : info.isSocket() ? "a socket" : "a device";
      throw new TrainingLogError(`Cannot read ${path}: it is ${what}, not a file or a pipe`, {
        path,
      });
    }
    // What the kernel makes up has no size, and reading it may wait for ever, beyond any signal.
    if (info.size === 0 && !isPipe && /^\/(?:proc|sys)\//.test(await realpath(path))) {
      throw new TrainingLogError(`Cannot read ${path}: it is a file of the system's kernel`, {
        path,
      });
    }
    signal?.throwIfAborted();
    const opening = open(path, "r");
    const handle = isPipe
      ? await withLimit(opening, {
        ms: LOG_PIPE_OPEN_MS,
        signal,
        late: (handle) => void handle.close().catch(() => {}),
        why: () =>
          new TrainingLogError(`Cannot read ${path}: it is a pipe to which no program writes`, {
            path,
          }),
      })
      : await opening.catch((error) => {
        throw fileError(path, error);
      });
    return new LogFile(path, { handle, isPipe, signal });
  }

  /** Name of the file, without `.gz`. */
  get name(): string {
    return basename(this.path).replace(/\.gz$/, "");
  }

  /** The first `bytesMax` bytes, unpacked, or all where there are fewer. Before `chunks` only. */
  async head(bytesMax: number): Promise<Uint8Array> {
    let length = this.#head.reduce((sum, part) => sum + part.length, 0);
    while (length < bytesMax) {
      const next = await this.#chunks.next();
      if (next.done) break;
      this.#head.push(next.value.slice());
      length += next.value.length;
    }
    const head = new Uint8Array(Math.min(length, bytesMax));
    let at = 0;
    for (const part of this.#head) {
      const room = part.subarray(0, head.length - at);
      head.set(room, at);
      at += room.length;
    }
    return head;
  }

  /**
   * All bytes, in chunks of about 1 MiB, once. A chunk is valid until the next one is asked for: two
   * buffers serve them all.
   */
  async *chunks(): AsyncGenerator<Uint8Array, void> {
    try {
      for (const part of this.#head) yield part;
      this.#head = [];
      yield* this.#chunks;
    } finally {
      await this.close();
    }
  }

  /** Closes the file; whoever stops early leaves none open. */
  async close(): Promise<void> {
    this.#head = [];
    await this.#chunks.return();
  }
}

interface OpenedFile {
  handle: FileHandle;
  isPipe: boolean;
  signal: AbortSignal | undefined;
}

async function* rawChunks(
  path: string,
  { handle, isPipe, signal }: OpenedFile,
): AsyncGenerator<Uint8Array, void> {
  // Two buffers: one is filled while the other is read, which a second core does for free.
  let [buffer, other] = [new Uint8Array(CHUNK_BYTES), new Uint8Array(CHUNK_BYTES)];
  const fill = () => {
    const reading = handle.read(buffer, 0, CHUNK_BYTES, null);
    // Awaited later: until then a failure must not count as unhandled.
    reading.catch(() => {});
    return reading;
  };
  let filling: ReturnType<typeof fill> | undefined;
  let waits = false;
  try {
    filling = fill();
    for (;;) {
      signal?.throwIfAborted();
      let bytesRead: number;
      waits = isPipe;
      try {
        ({ bytesRead } = await (isPipe ? withLimit(filling, pipeLimit(path, signal)) : filling));
      } catch (error) {
        throw error instanceof TrainingLogError || signal?.aborted ? error : fileError(path, error);
      }
      waits = false;
      if (bytesRead === 0) return;
      const chunk = buffer.subarray(0, bytesRead);
      [buffer, other] = [other, buffer];
      filling = fill();
      yield chunk;
    }
  } finally {
    // A read of a silent pipe may never end: it is left behind, and the file closed once it does.
    const closing = (async () => {
      await filling?.catch(() => {});
      await handle.close();
    })();
    if (waits || isPipe) closing.catch(() => {});
    else await closing;
  }
}

function pipeLimit(path: string, signal: AbortSignal | undefined) {
  return {
    ms: LOG_PIPE_IDLE_MS,
    signal,
    why: () =>
      new TrainingLogError(
        `Cannot read ${path}: nothing came through the pipe for ${LOG_PIPE_IDLE_MS / 1000} seconds`,
        { path },
      ),
  };
}

/** Undoes gzip, of one member or of several one after the other. */
async function* unpacked(
  path: string,
  raw: AsyncGenerator<Uint8Array, void>,
): AsyncGenerator<Uint8Array, void> {
  try {
    const first = await raw.next();
    if (first.done) return;
    if (first.value[0] === 0x1f && first.value[1] === 0x8b) {
      yield* gunzipped(path, first.value.slice(), raw);
    } else {
      yield first.value;
      yield* raw;
    }
  } finally {
    await raw.return();
  }
}

async function* gunzipped(
  path: string,
  first: Uint8Array,
  raw: AsyncGenerator<Uint8Array, void>,
): AsyncGenerator<Uint8Array, void> {
  let bytesIn = 0;
  let failure: unknown;
  // In small pieces, so that what is read ahead weighs little against what has been unpacked.
  const pieces = function* (chunk: Uint8Array) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      const piece = chunk.slice(at, at + PIECE_BYTES);
      bytesIn += piece.length;
      yield piece;
    }
  };
  const packed = async function* () {
    try {
      yield* pieces(first);
      for await (const chunk of raw) yield* pieces(chunk);
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const source = Readable.from(packed(), { objectMode: false });
  source.on("error", (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  let bytesOut = 0;
  try {
    for await (const chunk of gunzip) {
      yield chunk;
      bytesOut += chunk.length;
      if (
        bytesOut > LOG_UNPACKED_BYTES_FREE &&
        bytesOut > bytesIn * LOG_GZIP_RATIO_MAX
      ) {
        throw new TrainingLogError(
          `Cannot read ${path}: its gzip data unpacks to more than ${LOG_GZIP_RATIO_MAX} times its size, ` +
            "which no log does",
          { path },
        );
      }
    }
  } catch (error) {
    if (failure !== undefined) throw failure;
    if (error instanceof TrainingLogError) throw error;
    throw new TrainingLogError(`Cannot read ${path}: its gzip data is damaged or cut short`, {
      cause: error,
      path,
    });
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

/** Refuses a file of which much is zeros: a sparse one may have no end to speak of. */
async function* withoutLongZeros(
  path: string,
  chunks: AsyncGenerator<Uint8Array, void>,
): AsyncGenerator<Uint8Array, void> {
  let zeros = 0;
  let others = 0;
  let zerosBefore = 0;
  try {
    for await (const chunk of chunks) {
      if (isZero(chunk)) zeros += chunk.length;
      else {
        others += chunk.length;
        zerosBefore = zeros;
      }
      const inARow = zeros - zerosBefore;
      if (inARow > LOG_ZERO_BYTES_MAX) {
        throw new TrainingLogError(
          `Cannot read ${path}: nothing but zeros from byte ${
            grouped(zerosBefore + others)
          } on, as in a sparse file`,
          { path },
        );
      }
      if (zeros > LOG_ZERO_BYTES_MAX && zeros > others) {
        throw new TrainingLogError(
          `Cannot read ${path}: most of it is zeros, as in a sparse file`,
          { path },
        );
      }
      yield chunk;
    }
  } finally {
    await chunks.return();
  }
}

function isZero(chunk: Uint8Array): boolean {
  // The ends first: nearly every chunk is known by them.
  return chunk[0] === 0 && chunk.at(-1) === 0 && chunk.every((byte) => byte === 0);
}
