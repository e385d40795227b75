/**
 * W&B's transaction log, `run-<id>.wandb`, as an offline run leaves it: LevelDB log blocks with the
 * CRC-32 of IEEE, holding `Record` messages. Damage costs only the records that it hits.
 *
 * @module
 */

import { LOG_DEPTH_MAX, LOG_LINE_BYTES_MAX } from "../../limits.ts";
import { crc32 } from "../../../bytes/crc32.ts";
import { parseConfigText } from "../config_text.ts";
import { TrainingLogError } from "../errors.ts";
import { listDirectory, type PathEntry } from "../file_source.ts";
import { JsonRowReader } from "../json_rows.ts";
import { ProtobufCursor, ProtobufError } from "../protobuf.ts";
import { RowAssembler } from "../row_assembler.ts";
import { seedsInConfig } from "../seeds.ts";
import type { Slot } from "../record_keys.ts";
import type { FoundLog, LogDirectory, LogFormatDescription, LogInput } from "./format.ts";

const FILE_HEADER_BYTES = 7;
const BLOCK_BYTES = 32768;
const CHUNK_HEADER_BYTES = 7;
const MAGIC = [0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe];
const VERSION_MAX = 1;

/** Types of chunks: a whole record, or the first and last part of one; those in between have type 3. */
const FULL = 1;
const FIRST = 2;
const LAST = 4;

/** Blocks that are looked at to learn where blocks start. */
const FRAMING_BLOCKS = 8;

/** See the module. Its tracker counts log calls in `_step`, which then wins over steps that the user logged. */
export const format: LogFormatDescription = {
  preset: "wandb",
  isBinary: true,
  recognizes: ({ bytes }) => isWandb(bytes),
  find: findRuns,
  read: readWandb,
};

async function findRuns({ entries }: LogDirectory): Promise<FoundLog[]> {
  const here = runFiles(entries);
  if (here.length > 0) return here;
  const inner = entries.find(({ name, directory }) => directory && name === "wandb");
  const found: FoundLog[] = [];
  for (const run of inner === undefined ? entries : await listDirectory(inner.path)) {
    if (!run.directory || !/^(?:offline-|dry)?run-/.test(run.name)) continue;
    const [file] = runFiles(await listDirectory(run.path));
    if (file !== undefined) found.push({ path: file.path, name: run.name });
  }
  return found;
}

/** W&B before 0.10 wrote the history as JSON Lines, next to `wandb-events.jsonl` of the machine's load. */
function runFiles(entries: readonly PathEntry[]): FoundLog[] {
  const files = entries.filter(({ directory }) => !directory);
  const logs = files.filter(({ name }) => name.endsWith(".wandb"));
  return logs.length > 0 ? logs : files.filter(({ name }) => name === "wandb-history.jsonl");
}

/** Whether bytes start as a W&B transaction log does. */
function isWandb(head: Uint8Array): boolean {
  return MAGIC.every((byte, i) => head[i] === byte);
}

async function readWandb({ path, file, builder }: LogInput): Promise<void> {
  const head = await file!.head(FILE_HEADER_BYTES + FRAMING_BLOCKS * BLOCK_BYTES);
  if (!isWandb(head) || head.length < FILE_HEADER_BYTES) {
    throw new TrainingLogError(`Cannot read ${path} as it does not start as a W&B log does`, {
      path,
    });
  }
  if (head[6]! > VERSION_MAX) {
    throw new TrainingLogError(
      `Cannot read ${path} as its W&B log version is ${head[6]}: up to ${VERSION_MAX} is known`,
      { path },
    );
  }
  const run = new WandbRun(path, builder);
  const blocks = new BlockReader(run, builder);
  // Before 0.17.6, wandb's core did not count the file header as part of the first block.
  const shifted = goodChunks(head, FILE_HEADER_BYTES) > goodChunks(head, 0);
  const block = new Uint8Array(BLOCK_BYTES);
  let filled = 0;
  let skip = shifted ? FILE_HEADER_BYTES : 0;
  let at = shifted ? 0 : FILE_HEADER_BYTES;
  for await (const chunk of file!.chunks()) {
    for (let i = skip; i < chunk.length;) {
      const length = Math.min(chunk.length - i, BLOCK_BYTES - filled);
      block.set(chunk.subarray(i, i + length), filled);
      filled += length;
      i += length;
      if (filled === BLOCK_BYTES) {
        blocks.block(block, at, false);
        filled = at = 0;
      }
    }
    skip = 0;
  }
  blocks.block(block.subarray(0, filled), at, true);
  builder.lineCount = run.recordCount;
}

/** How many chunks have a good checksum if blocks are counted from `origin`. */
function goodChunks(bytes: Uint8Array, origin: number): number {
  let good = 0;
  for (let start = origin; start < bytes.length; start += BLOCK_BYTES) {
    const block = bytes.subarray(start, start + BLOCK_BYTES);
    let at = start === 0 ? FILE_HEADER_BYTES : 0;
    for (let end; (end = chunkEnd(block, at)) !== undefined; at = end) good++;
  }
  return good;
}

/** Index after the chunk at `at` if it lies in the block and its checksum is right. */
function chunkEnd(block: Uint8Array, at: number): number | undefined {
  if (at + CHUNK_HEADER_BYTES > block.length) return undefined;
  const end = at + CHUNK_HEADER_BYTES + (block[at + 4]! | block[at + 5]! << 8);
  const type = block[at + 6]!;
  if (end > block.length || type < FULL || type > LAST) return undefined;
  const stored =
    (block[at]! | block[at + 1]! << 8 | block[at + 2]! << 16 | block[at + 3]! << 24) >>>
    0;
  return crc32(block.subarray(at + 6, end)) === stored ? end : undefined;
}

/** Joins the chunks of blocks to records. */
class BlockReader {
  readonly #run: WandbRun;
  readonly #builder: LogInput["builder"];
  #parts: Uint8Array[] = [];
  #length = 0;
  #open = false;
  #lost = false;

  constructor(run: WandbRun, builder: LogInput["builder"]) {
    this.#run = run;
    this.#builder = builder;
  }

  block(block: Uint8Array, from: number, last: boolean): void {
    let at = from;
    while (at + CHUNK_HEADER_BYTES <= block.length) {
      const end = chunkEnd(block, at);
      if (end === undefined) {
        const rest = block.subarray(at);
        // A file that was preallocated, or whose end never reached the disk, ends in zeros.
        if (rest.every((byte) => byte === 0)) at = block.length;
        else {
          const next = at + CHUNK_HEADER_BYTES + (block[at + 4]! | block[at + 5]! << 8);
          if (last && next >= block.length) this.#cutShort("the last record is cut short");
          else this.#damaged("a checksum is wrong");
          // The length may still be right: go on after it if a good chunk stands there.
          if (next >= block.length || chunkEnd(block, next) === undefined) return;
          at = next;
        }
        continue;
      }
      this.#chunk(block[at + 6]!, block.subarray(at + CHUNK_HEADER_BYTES, end));
      at = end;
    }
    if (!last) return;
    if (at < block.length && block.subarray(at).some((byte) => byte !== 0)) {
      this.#cutShort("the last record is cut short");
    } else if (this.#open) this.#cutShort("the last record has no end");
  }

  #chunk(type: number, data: Uint8Array): void {
    const starts = type === FULL || type === FIRST;
    // Parts that follow damage belong to the record that was lost with it.
    if (starts === this.#open && !this.#lost) this.#damaged("a part of a record is missing");
    if (starts) {
      this.#lost = false;
      this.#parts = [];
      this.#length = 0;
      this.#open = true;
    } else if (!this.#open) return;
    this.#length += data.length;
    if (this.#length > LOG_LINE_BYTES_MAX) {
      this.#damaged("a record is too large");
      return;
    }
    // The block is reused for the next one, so what outlives it is copied.
    this.#parts.push(type === FULL ? data : data.slice());
    if (type !== FULL && type !== LAST) return;
    this.#open = false;
    const [first] = this.#parts;
    if (this.#parts.length === 1) this.#run.record(first!);
    else {
      const whole = new Uint8Array(this.#length);
      let at = 0;
      for (const part of this.#parts) {
        whole.set(part, at);
        at += part.length;
      }
      this.#run.record(whole);
    }
    this.#parts = [];
  }

  #damaged(detail: string): void {
    this.#open = false;
    this.#lost = true;
    this.#parts = [];
    this.#builder.issue("damaged", { line: this.#run.recordCount + 1, detail });
  }

  #cutShort(detail: string): void {
    this.#open = false;
    this.#builder.issue("truncated", { line: this.#run.recordCount + 1, detail });
  }
}

/** Takes the records of one run. Field numbers are those of `wandb_internal.proto`. */
class WandbRun {
  recordCount = 0;
  readonly #path: string;
  readonly #builder: LogInput["builder"];
  readonly #rows: RowAssembler;
  readonly #json: JsonRowReader;
  /** Step of a history row that names none: one more than that of the row before. */
  #nextStep = 0;

  constructor(path: string, builder: LogInput["builder"]) {
    this.#path = path;
    this.#builder = builder;
    this.#rows = new RowAssembler(builder);
    this.#json = new JsonRowReader(this.#rows);
  }

  record(bytes: Uint8Array): void {
    const line = ++this.recordCount;
    try {
      const record = new ProtobufCursor(bytes);
      while (record.next()) {
        if (record.field === 2) this.#history(record.message(), line);
        else if (record.field === 5) this.#config(record.message());
        else if (record.field === 17) this.#run(record.message());
      }
    } catch (error) {
      if (!(error instanceof ProtobufError)) throw error;
      this.#builder.issue("damaged", { line, detail: `not a W&B record: ${error.message}` });
    }
  }

  #history(history: ProtobufCursor, line: number): void {
    this.#rows.begin();
    let step: number | undefined;
    const bad: string[] = [];
    while (history.next()) {
      if (history.field === 1) {
        const { slot, json } = this.#item(history.message());
        if (slot === undefined || json === undefined) continue;
        if (!this.#json.readValue(slot, json)) bad.push(slot.path);
      } else if (history.field === 2) {
        step = 0;
        const message = history.message();
        while (message.next()) if (message.field === 1) step = message.integer();
      }
    }
    step ??= this.#nextStep;
    this.#nextStep = step + 1;
    const stepSlot = this.#rows.root.slot("_step");
    this.#rows.number(stepSlot, step, new Uint8Array(0), 0, 0);
    if (bad.length > 0) {
      this.#builder.issue("damaged", { line, detail: `${bad[0]} holds no JSON value` });
    }
    this.#rows.commit(line);
  }

  #item(item: ProtobufCursor): { slot: Slot | undefined; json: Uint8Array | undefined } {
    const keys: string[] = [];
    let nested = false;
    let json: Uint8Array | undefined;
    while (item.next()) {
      if (item.field === 1) {
        if (!nested) keys[0] = item.text();
      } else if (item.field === 2) {
        if (!nested) keys.length = 0;
        nested = true;
        keys.push(item.text());
      } else if (item.field === 16) json = item.bytes();
    }
    const path = keys.filter((key) => key !== "");
    if (path.length > LOG_DEPTH_MAX) throw new ProtobufError("a key has too many parts");
    let shape = this.#rows.root;
    let slot: Slot | undefined;
    for (const key of path) {
      if (slot !== undefined) shape = shape.childOf(slot);
      slot = shape.slot(key);
    }
    return { slot, json };
  }

  #config(config: ProtobufCursor): void {
    while (config.next()) {
      if (config.field !== 1) continue;
      const update = config.message();
      const keys: string[] = [];
      let json = "";
      while (update.next()) {
        if (update.field === 1 || update.field === 2) keys.push(update.text());
        else if (update.field === 16) json = update.text();
      }
      const key = keys.filter((part) => part !== "").join(".");
      // W&B's own telemetry lies under `_wandb`.
      if (key === "_wandb" || !/seed/i.test(key + json)) continue;
      for (const seed of seedsInConfig(new Map([[key, parseConfigText(json)]]))) {
        this.#builder.seed({ value: seed.value, path: `config.${seed.path}` }, {
          source: this.#path,
        });
      }
    }
  }

  #run(run: ProtobufCursor): void {
    const { metadata } = this.#builder;
    while (run.next()) {
      if (run.field === 1) metadata.runId ??= run.text();
      else if (run.field === 3) metadata.project ??= run.text();
      else if (run.field === 4) this.#config(run.message());
      else if (run.field === 14) this.#nextStep = run.integer();
      else if (run.field === 21) {
        const git = run.message();
        while (git.next()) if (git.field === 2) metadata.gitSha ??= git.text();
      }
    }
  }
}
