/**
 * What the parent and a sandbox child say to each other: requests as canonical data, answers as
 * frames under a nonce. Nothing here trusts the other side.
 * This module is browser compatible.
 *
 * The parent writes to the child's stdin: watchdog text, harness text (each behind its length), then
 * requests: a {@linkcode SessionRequest}, then any number of {@linkcode JobRequest}s, each behind its
 * length; a job that needs checkpoints is followed by one such message per block, in the order of
 * `blocks`. The parent never sends a result that it expects. The child answers each job with frames.
 *
 * @module
 */

import { decodeState } from "../../codec/decode_state.ts";
import { encodeState } from "../../codec/encode_state.ts";
import type { LeafPath } from "../../codec/numeric_leaves.ts";
import { equalBytes } from "../../codec/compare_states.ts";
import type { MathKind } from "../../engine/types.ts";
import type { RngName } from "../../rng/rng.ts";
import { SandboxError } from "../../errors.ts";

/** Bytes of the secret that begins every frame; the step cannot know it. */
export const NONCE_BYTES = 16;

/** Nonce, job, index, kind and payload length. */
export const FRAME_HEAD_BYTES = NONCE_BYTES + 4 + 4 + 1 + 4;

/** Where in a head the kind stands. */
const FRAME_KIND_OFFSET = NONCE_BYTES + 8;

/** Kinds of frames. */
export const FRAME_KIND = { items: 1, end: 2, error: 3 } as const;

/** Set in the length of an item that tells of an error instead of holding a state. */
export const FAULT_FLAG: number = 1 << 31;

/** Observables are printed as table heads, so their names are kept plain. */
export const OBSERVABLE_NAME = /^[\p{L}_$][\p{L}\p{N}_$.-]{0,63}$/u;

/** First request of a session: what every job of it has in common. */
export interface SessionRequest {
  /** Secret of this child. */
  nonce: Uint8Array;
  /** Word with which the watchdog signs. */
  signature: string;
  /** Process id of the parent. */
  parentPid: number;
  /** Resident memory at which the child is killed. */
  memoryBytesMax: number;
  /** Source of the step module. */
  source: string;
  /** Which transcendental functions the step sees as `Math`. */
  math: MathKind;
}

/** Data of a recorded run that a replay needs besides its checkpoints. */
export interface ReplayShape {
  /** Number of states T. */
  steps: number;
  /** Master seed. */
  seed: bigint;
  /** States per block. */
  blockSize: number;
  /** Generator backend. */
  rng: RngName;
  /** Canonical bytes of the third argument of every step: nested here, it could exceed the limits. */
  params: Uint8Array;
}

/** Parts that every job has. */
interface JobBase {
  /** Time for this job, in milliseconds; Infinity for no limit. */
  timeoutMs: number;
}

/** A job over a recorded run; the checkpoints of `blocks` follow it, in this order. */
interface ReplayJob extends JobBase {
  /** The recorded run. */
  run: ReplayShape;
  /** Indices of the blocks whose checkpoints follow. */
  blocks: Uint32Array;
}

/** Loads the module and says what it exports. */
export interface DescribeJob extends JobBase {
  /** Which job. */
  kind: "describe";
}

/** One observable of a job. */
export interface ObserveRequest {
  /** Its name; of a function given as text the one under which a recording keeps its statistics. */
  name: string;
  /** Text of a function of the state; the module's export of that name if undefined. */
  expression: string | undefined;
}

/** Records a new run; its checkpoints come back as items. */
export interface RecordJob extends JobBase {
  /** Which job. */
  kind: "record";
  /** Number of states. */
  steps: number;
  /** Master seed. */
  seed: bigint;
  /** Generator backend; what the module exports as `rng`, else "python", if undefined. */
  rng: RngName | undefined;
  /** States per block; the default if undefined. */
  blockSize: number | undefined;
  /** Parameters in place of the module's own, if there is one element. */
  params: [unknown] | [];
  /** Canonical bytes of X_0 in place of what `init` gives, for a branch. */
  start: Uint8Array | undefined;
  /** Text of a function that changes X_0. */
  mutate: string | undefined;
  /** Text of a predicate of state and t that ends the run. */
  until: string | undefined;
  /** Observables to take statistics of; all that the module exports if undefined. */
  observe: ObserveRequest[] | undefined;
  /** Whether each block is replayed at once. */
  selfCheck: boolean;
}

/** Replays whole blocks; the items are the bytes of their last states, in the order of `blocks`. */
export interface ReplayBlocksJob extends ReplayJob {
  /** Which job. */
  kind: "replay";
  /** Whether one instance of the module is to make all blocks, so that hidden state shows. */
  oneInstance: boolean;
}

/** Gives states of [from, to) as items. */
export interface StatesJob extends ReplayJob {
  /** Which job. */
  kind: "states";
  /** First t. */
  from: number;
  /** One past the last t. */
  to: number;
  /** Distance in t from one item to the next; 1 for all states. */
  every: number;
}

/** The first of `from`, `from + every` and so on that is not before `t`. */
export function firstAtOrAfter(
  t: number,
  { from, every }: Pick<StatesJob, "from" | "every">,
): number {
  return from + Math.max(0, Math.ceil((t - from) / every)) * every;
}

/** Statistics of an observable over the states of blocks; the items are partial statistics, one per group. */
export interface StatsJob extends ReplayJob {
  /** Which job. */
  kind: "stats";
  /** How many of `blocks` are in each group, in order; together all of them. */
  groups: Uint32Array;
  /** What to observe; the states themselves if undefined. */
  observe: ObserveRequest | undefined;
}

/** The first t of [from, to) whose state satisfies a predicate. */
export interface FindJob extends ReplayJob {
  /** Which job. */
  kind: "find";
  /** First t. */
  from: number;
  /** One past the last t. */
  to: number;
  /** Text of a predicate of state and t. */
  expression: string;
}

/** Numbers of the states of [from, to), reduced for plots; some of the states as items. */
export interface SurveyJob extends ReplayJob {
  /** Which job. */
  kind: "survey";
  /** First t. */
  from: number;
  /** One past the last t. */
  to: number;
  /** Most buckets per series. */
  bucketsMax: number;
  /** Which numbers inside the states to take. */
  leaves: LeafPath[];
  /** Observables to take besides. */
  observe: ObserveRequest[];
  /** Most series that the observables may give; components of vectors beyond it are only counted. */
  seriesMax: number;
  /** Ascending t of the states that are sent as items. */
  samples: Float64Array;
}

/** The draws of the step that made X_t. */
export interface TraceJob extends ReplayJob {
  /** Which job. */
  kind: "trace";
  /** Index of the state. */
  t: number;
}

/** Anything that a child can be asked to do. */
export type JobRequest =
  | DescribeJob
  | RecordJob
  | ReplayBlocksJob
  | StatesJob
  | StatsJob
  | FindJob
  | SurveyJob
  | TraceJob;

/** What went wrong in user code, as the child tells it. */
export interface ChildError {
  /**
   * `load`: the module; `expression`: a function given as text; `step`: init or step threw; `denied`:
   * they asked for what is denied, and the message says all; `encoding`: a state is not data; else `other`.
   */
  kind: "load" | "expression" | "step" | "denied" | "encoding" | "nondeterministic" | "other";
  /** Text for the user; not yet escaped. */
  message: string;
  /** Index of the state concerned; -1 if none. */
  t: number;
  /** Path of the value that is not data; empty otherwise. */
  path: string;
}

/** A message behind its length, as it goes to the child's stdin. */
export function encodeMessage(bytes: Uint8Array): Uint8Array {
  const message = new Uint8Array(4 + bytes.length);
  new DataView(message.buffer).setUint32(0, bytes.length, true);
  message.set(bytes, 4);
  return message;
}

/** Messages are put together up to this size: each write takes longer than many small blocks. */
const BATCH_BYTES = 64 * 1024;

/** Messages as they go to the child's stdin, small ones together; read as they are asked for. */
export function* encodeMessages(messages: Iterable<Uint8Array>): Generator<Uint8Array> {
  const batch = new Uint8Array(BATCH_BYTES);
  let used = 0;
  for (const bytes of messages) {
    const message = encodeMessage(bytes);
    if (used > 0 && used + message.length > batch.length) {
      yield batch.slice(0, used);
      used = 0;
    }
    if (message.length > batch.length) {
      yield message;
    } else {
      batch.set(message, used);
      used += message.length;
    }
  }
  if (used > 0) yield batch.slice(0, used);
}

/** A request as it goes to the child's stdin. */
export function encodeRequest(request: SessionRequest | JobRequest): Uint8Array {
  return encodeMessage(encodeState(request));
}

/** Head of a frame; the payload follows it. */
export function encodeFrameHead(
  nonce: Uint8Array,
  job: number,
  frame: { index: number; kind: number; length: number },
): Uint8Array {
  const head = new Uint8Array(FRAME_HEAD_BYTES);
  head.set(nonce);
  const view = new DataView(head.buffer, NONCE_BYTES);
  view.setUint32(0, job, true);
  view.setUint32(4, frame.index, true);
  view.setUint8(8, frame.kind);
  view.setUint32(9, frame.length, true);
  return head;
}

/** A frame that passed all checks of form. */
export interface Frame {
  /** One of {@linkcode FRAME_KIND}. */
  kind: number;
  /** Its content; still a claim. */
  payload: Uint8Array;
}

/**
 * Cuts a child's output into frames and refuses it at the first byte that is out of order: a wrong
 * nonce, job, index or kind, anything after an end, or more bytes than allowed.
 */
export class FrameReader {
  readonly #nonce: Uint8Array;
  /** The head of the frame that is being read, and how much of it is there. */
  readonly #head = new Uint8Array(FRAME_HEAD_BYTES);
  #headBytes = 0;
  /** Its payload, once the head is there: filled in place, as payloads may be a third of all memory. */
  #payload: Uint8Array | undefined;
  #payloadBytes = 0;
  #job = 0;
  #index = 0;
  #budget = 0;
  #open = false;

  /** Prepares to read frames that begin with `nonce`. */
  constructor(nonce: Uint8Array) {
    this.#nonce = nonce;
  }

  /** Expects the answer to the next job, of at most `bytesMax` bytes in all. */
  expect(bytesMax: number): void {
    this.#job++;
    this.#index = 0;
    this.#budget = bytesMax;
    this.#open = true;
  }

  /** Whether an answer is expected and has not ended. */
  get open(): boolean {
    return this.#open;
  }

  /**
   * Takes bytes of the child's output and gives the frames that they complete.
   *
   * @throws {SandboxError} If they cannot be part of an answer, or are too many.
   */
  *push(chunk: Uint8Array): Generator<Frame, void, void> {
    for (let offset = 0; offset < chunk.length;) {
      if (!this.#open) throw refuse("it sent bytes after its answer");
      if (this.#payload === undefined) {
        const part = chunk.subarray(offset, offset + FRAME_HEAD_BYTES - this.#headBytes);
        this.#head.set(part, this.#headBytes);
        this.#headBytes += part.length;
        offset += part.length;
        this.#checkNonce();
        if (this.#headBytes < FRAME_HEAD_BYTES) return;
        this.#payload = new Uint8Array(this.#checkHead());
      }
      const payload = this.#payload;
      const part = chunk.subarray(offset, offset + payload.length - this.#payloadBytes);
      payload.set(part, this.#payloadBytes);
      this.#payloadBytes += part.length;
      offset += part.length;
      if (this.#payloadBytes < payload.length) return;
      const kind = this.#head[FRAME_KIND_OFFSET]!;
      this.#endFrame();
      if (kind !== FRAME_KIND.items) {
        this.#open = false;
        if (offset < chunk.length) throw refuse("it sent bytes after its answer");
      }
      yield { kind, payload };
    }
  }

  #checkNonce(): void {
    const count = Math.min(this.#headBytes, NONCE_BYTES);
    if (!equalBytes(this.#head.subarray(0, count), this.#nonce.subarray(0, count))) {
      throw refuse("its output is not from the harness");
    }
  }

  /** Length of the payload that the head announces. */
  #checkHead(): number {
    const view = new DataView(this.#head.buffer, NONCE_BYTES);
    const length = view.getUint32(9, true);
    if (view.getUint32(0, true) !== this.#job || view.getUint32(4, true) !== this.#index) {
      throw refuse("its frames are out of order");
    }
    const kind = this.#head[FRAME_KIND_OFFSET]!;
    if (kind < FRAME_KIND.items || kind > FRAME_KIND.error) {
      throw refuse("it sent a frame of unknown kind");
    }
    if (FRAME_HEAD_BYTES + length > this.#budget) {
      throw new SandboxError(
        "output",
        `Cannot go on as the step's results exceed the limit for output: raise it ` +
          `('outputBytesMax') if you expect so much`,
      );
    }
    return length;
  }

  #endFrame(): void {
    this.#index++;
    this.#budget -= FRAME_HEAD_BYTES + this.#payloadBytes;
    this.#headBytes = 0;
    this.#payload = undefined;
    this.#payloadBytes = 0;
  }
}

/** The error for output that no honest child sends. */
export function refuse(why: string): SandboxError {
  return new SandboxError(
    "protocol",
    `Cannot trust the answer of the sandboxed process as ${why}; it was killed`,
  );
}

/** One part of an answer. */
export interface Item {
  /** Bytes of a state, or of a {@linkcode ChildError}; still a claim. */
  bytes: Uint8Array;
  /** Whether it tells of an error. */
  isFault: boolean;
}

/**
 * Cuts the payload of an items frame: byte strings, each behind its length.
 *
 * @throws {SandboxError} If lengths and payload do not fit.
 */
export function decodeItems(payload: Uint8Array): Item[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const items: Item[] = [];
  let offset = 0;
  while (offset < payload.length) {
    if (payload.length - offset < 4) throw refuse("an item is cut short");
    const head = view.getInt32(offset, true);
    const length = head & ~FAULT_FLAG;
    offset += 4;
    if (length > payload.length - offset) throw refuse("an item is cut short");
    items.push({ bytes: payload.subarray(offset, offset + length), isFault: head < 0 });
    offset += length;
  }
  return items;
}

/**
 * Decodes canonical data that a child claims.
 *
 * @throws {SandboxError} If it is not canonical data.
 */
export function decodeClaim(payload: Uint8Array): unknown {
  try {
    return decodeState(payload);
  } catch (cause) {
    throw new SandboxError("protocol", refuse("it is not canonical data").message, { cause });
  }
}
