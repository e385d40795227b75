/**
 * TensorBoard event files, `events.out.tfevents.*`: TFRecord frames with masked CRC-32C around `Event`
 * messages. Scalars are float32 unless their tensor says otherwise. Several files of one directory
 * are one run, as a run that was resumed writes a new one.
 *
 * @module
 */

import { LOG_LINE_BYTES_MAX } from "../../../limits.ts";
import { maskedCrc32c } from "../../../bytes/checksums.ts";
import { ambiguousRunError, TrainingLogError } from "../errors.ts";
import { byName, listDirectory, type PathEntry } from "../file_source.ts";
import { LogFile } from "../log_file.ts";
import { ProtobufCursor, ProtobufError } from "../protobuf.ts";
import { isSeedKey, parseSeed, seedsInText } from "../seeds.ts";
import type { FileHead, LogDirectory, LogFormatDescription, LogInput } from "./format.ts";

const LENGTH_BYTES = 12;
const TRAILER_BYTES = 4;
const DIRECTORY_DEPTH_MAX = 8;

const FLOAT = 1;
const DOUBLE = 2;
const INT32 = 3;
const STRING = 7;
const INT64 = 9;

/** Directories below the given one that are searched for event files. */
const SEARCH_DEPTH_MAX = 4;

/** See the module. */
export const format: LogFormatDescription = {
  isBinary: true,
  recognizes: ({ name, bytes }: FileHead) => isEventFileName(name) || isTfRecord(bytes),
  find: async ({ path, entries }: LogDirectory) =>
    await holdsEventFile(entries, 0) ? [{ path, name: "." }] : [],
  read: readTensorboard,
};

async function holdsEventFile(entries: readonly PathEntry[], depth: number): Promise<boolean> {
  if (entries.some(({ name, directory }) => !directory && isEventFileName(name))) return true;
  if (depth === SEARCH_DEPTH_MAX) return false;
  for (const { path, directory } of entries) {
    if (directory && await holdsEventFile(await listDirectory(path), depth + 1)) return true;
  }
  return false;
}

/** Whether a file is named as event files are. */
function isEventFileName(name: string): boolean {
  return /(?:^|\.)tfevents\./.test(name);
}

/** Whether bytes start as a TFRecord file does: a plausible length and its checksum. */
function isTfRecord(head: Uint8Array): boolean {
  if (head.length < LENGTH_BYTES) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return maskedCrc32c(head.subarray(0, 8)) === view.getUint32(8, true);
}

/** Reads an event file, or all those of a directory. */
async function readTensorboard({ path, file, builder, run, signal }: LogInput): Promise<void> {
  let files: string[] = [];
  if (file === undefined) {
    const groups = await eventFiles(path);
    const names = [...groups.keys()];
    // Files in the directory itself are the run; what lies below is another, as in `train/` and `eval/`.
    const named = run === "." ? "" : run;
    const chosen = named ?? (groups.has("") ? "" : names.length === 1 ? names[0]! : undefined);
    const group = chosen === undefined ? undefined : groups.get(chosen);
    if (group === undefined) {
      throw names.length === 0
        ? new TrainingLogError(`Cannot read ${path} as it holds no event files`, { path })
        : ambiguousRunError(path, names.map((name) => name === "" ? "." : name));
    }
    files = group;
    for (const other of names) {
      if (other !== chosen && run === undefined) {
        builder.issue("note", { detail: `run "${other}" below the directory was not read` });
      }
    }
  }
  const events = new EventReader(builder);
  if (file !== undefined) await readEvents(events, file);
  for (const path of files) await readEvents(events, await LogFile.open(path, signal));
  builder.lineCount = events.count;
}

async function readEvents(events: EventReader, file: LogFile): Promise<void> {
  const frames = new FrameReader(events, file.path);
  for await (const chunk of file.chunks()) {
    if (!frames.push(chunk)) break;
  }
  frames.end();
}

/** Event files below a directory, by the directory's path relative to it. */
async function eventFiles(root: string): Promise<Map<string, string[]>> {
  const groups = new Map<string, string[]>();
  const visit = async (path: string, relative: string, depth: number): Promise<void> => {
    for (const entry of await listDirectory(path)) {
      if (!entry.directory) {
        if (!isEventFileName(entry.name)) continue;
        const files = groups.get(relative) ?? [];
        files.push(entry.path);
        groups.set(relative, files.sort(byName));
      } else if (depth < DIRECTORY_DEPTH_MAX) {
        const below = relative === "" ? entry.name : `${relative}/${entry.name}`;
        await visit(entry.path, below, depth + 1);
      }
    }
  };
  await visit(root, "", 0);
  return groups;
}

/** Cuts a stream into TFRecord frames and checks them. */
class FrameReader {
  readonly #events: EventReader;
  readonly #file: string;
  #buffer = new Uint8Array(0);
  #filled = 0;
  #stopped = false;

  constructor(events: EventReader, file: string) {
    this.#events = events;
    this.#file = file;
  }

  /** Reads the frames that end in this chunk; false once the rest of the file cannot be read. */
  push(chunk: Uint8Array): boolean {
    if (this.#filled + chunk.length > this.#buffer.length) {
      const grown = new Uint8Array((this.#filled + chunk.length) * 2);
      grown.set(this.#buffer.subarray(0, this.#filled));
      this.#buffer = grown;
    }
    this.#buffer.set(chunk, this.#filled);
    this.#filled += chunk.length;
    const view = new DataView(this.#buffer.buffer);
    let at = 0;
    while (this.#filled - at >= LENGTH_BYTES) {
      const length = view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
      const lengthGood = maskedCrc32c(this.#buffer.subarray(at, at + 8)) ===
        view.getUint32(at + 8, true);
      if (!lengthGood || length > LOG_LINE_BYTES_MAX) {
        // Zeros at the end are a file whose last blocks never reached the disk.
        const zeros = this.#buffer.subarray(at, this.#filled).every((byte) => byte === 0);
        this.#events.damage(
          zeros ? "truncated" : "damaged",
          this.#file,
          zeros
            ? "it ends in zeros"
            : "the length of a record is damaged, the rest of the file was left out",
        );
        this.#stopped = true;
        return false;
      }
      const end = at + LENGTH_BYTES + length + TRAILER_BYTES;
      if (end > this.#filled) break;
      const data = this.#buffer.subarray(at + LENGTH_BYTES, end - TRAILER_BYTES);
      if (maskedCrc32c(data) === view.getUint32(end - TRAILER_BYTES, true)) {
        this.#events.event(data, this.#file);
      } else this.#events.damage("damaged", this.#file, "a checksum is wrong");
      at = end;
    }
    this.#buffer.copyWithin(0, at, this.#filled);
    this.#filled -= at;
    return true;
  }

  end(): void {
    if (!this.#stopped && this.#filled > 0) {
      this.#events.damage("truncated", this.#file, "the last record is cut short");
    }
  }
}

/** Takes `Event` messages. Field numbers are those of TensorFlow's `event.proto` and `summary.proto`. */
class EventReader {
  count = 0;
  readonly #builder: LogInput["builder"];
  readonly #ids = new Map<string, number>();

  constructor(builder: LogInput["builder"]) {
    this.#builder = builder;
  }

  damage(kind: "damaged" | "truncated", file: string, detail: string): void {
    this.#builder.issue(kind, { line: this.count + 1, detail: `${file}: ${detail}` });
  }

  event(bytes: Uint8Array, file: string): void {
    this.count++;
    try {
      const event = new ProtobufCursor(bytes);
      let step = 0;
      const summaries: Uint8Array[] = [];
      while (event.next()) {
        if (event.field === 2) step = event.integer();
        else if (event.field === 5) summaries.push(event.bytes());
      }
      for (const summary of summaries) this.#summary(new ProtobufCursor(summary), step, file);
    } catch (error) {
      if (!(error instanceof ProtobufError)) throw error;
      this.damage("damaged", file, `not an event: ${error.message}`);
    }
  }

  #summary(summary: ProtobufCursor, step: number, file: string): void {
    while (summary.next()) {
      if (summary.field !== 1) continue;
      const value = summary.message();
      let tag = "";
      let scalar: number | undefined;
      let tensor: Tensor | undefined;
      while (value.next()) {
        if (value.field === 1) tag = value.text();
        else if (value.field === 2) scalar = value.number();
        else if (value.field === 8) tensor = readTensor(value.message());
        else if (value.field === 9) this.#hparams(value.message(), tag, file);
      }
      if (tensor !== undefined) {
        scalar ??= tensor.scalar;
        for (const text of tensor.texts) {
          for (const { value: seed, path } of seedsInText(text)) {
            this.#builder.seed({ value: seed, path: `${tag}.${path}` }, { source: file });
          }
        }
      }
      if (scalar === undefined || tag === "") continue;
      let id = this.#ids.get(tag);
      if (id === undefined) {
        const float32 = tensor === undefined || tensor.type === FLOAT;
        id = this.#builder.column(tag, float32);
        this.#ids.set(tag, id);
      }
      this.#builder.add(step, id, scalar, this.count);
    }
  }

  /** Hyperparameters that the hparams plugin stores with a session: metadata, plugin data, content. */
  #hparams(metadata: ProtobufCursor, tag: string, file: string): void {
    while (metadata.next()) {
      if (metadata.field !== 1) continue;
      const plugin = metadata.message();
      let name = "";
      let content: ProtobufCursor | undefined;
      while (plugin.next()) {
        if (plugin.field === 1) name = plugin.text();
        else if (plugin.field === 2) content = plugin.message();
      }
      if (name !== "hparams" || content === undefined) continue;
      while (content.next()) {
        if (content.field !== 3) continue;
        const session = content.message();
        while (session.next()) {
          if (session.field === 1) this.#hparam(session.message(), tag, file);
        }
      }
    }
  }

  #hparam(entry: ProtobufCursor, tag: string, file: string): void {
    let key = "";
    let text = "";
    while (entry.next()) {
      if (entry.field === 1) key = entry.text();
      else if (entry.field === 2) {
        const value = entry.message();
        while (value.next()) {
          if (value.field === 2) text = String(value.number());
          else if (value.field === 3) text = value.text();
        }
      }
    }
    const seed = isSeedKey(key) ? parseSeed(text) : undefined;
    if (seed !== undefined) {
      this.#builder.seed({ value: seed, path: `${tag}.${key}` }, { source: file });
    }
  }
}

interface Tensor {
  type: number;
  /** Its value if it has exactly one element of a numeric type. */
  scalar: number | undefined;
  /** Its strings, if it holds any. */
  texts: string[];
}

function readTensor(tensor: ProtobufCursor): Tensor {
  let type = 0;
  let content: Uint8Array | undefined;
  const numbers: number[] = [];
  const texts: string[] = [];
  while (tensor.next()) {
    switch (tensor.field) {
      case 1:
        type = tensor.integer();
        break;
      case 4:
        content = tensor.bytes();
        break;
      case 5:
      case 6:
        if (tensor.isLengthDelimited) {
          const packed = tensor.bytes();
          numbers.push(...packedFloats(packed, tensor.field === 5 ? FLOAT : DOUBLE));
        } else numbers.push(tensor.number());
        break;
      case 7:
      case 10:
        if (!tensor.isLengthDelimited) numbers.push(tensor.integer());
        else {
          const packed = tensor.bytes();
          if (packed.length <= 10) numbers.push(packedInteger(packed));
        }
        break;
      case 8:
        texts.push(tensor.text());
        break;
    }
  }
  if (type === STRING) return { type, scalar: undefined, texts };
  const values = content === undefined || content.length === 0
    ? numbers
    : packedFloats(content, type);
  return { type, scalar: values.length === 1 ? values[0] : undefined, texts };
}

/** Elements of a small tensor's raw content; none of a large one, which is no scalar. */
function packedFloats(bytes: Uint8Array, type: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length === 4 && type === FLOAT) return [view.getFloat32(0, true)];
  if (bytes.length === 8 && type === DOUBLE) return [view.getFloat64(0, true)];
  if (bytes.length === 4 && type === INT32) return [view.getInt32(0, true)];
  if (bytes.length === 8 && type === INT64) return [Number(view.getBigInt64(0, true))];
  return [];
}

function packedInteger(bytes: Uint8Array): number {
  // A packed list of one element is the varint alone: read it as field 1 of a message.
  const message = new Uint8Array(bytes.length + 1);
  message[0] = 8;
  message.set(bytes, 1);
  const cursor = new ProtobufCursor(message);
  cursor.next();
  return cursor.integer();
}
