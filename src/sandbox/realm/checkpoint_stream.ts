/**
 * The checkpoints that follow a job, and the inputs of their spans, read one by one as the replay comes to
 * them.
 * This module is browser compatible.
 *
 * @module
 */

import { spanCount, spanStart } from "../../engine/block_grid.ts";
import { InputChunk } from "../../engine/input_chunk.ts";
import type { CheckpointStore, InputStore } from "../../engine/types.ts";
import { assertInvariant } from "../../errors.ts";
import type { ReplayShape } from "../wire/requests.ts";
import type { RealmIo } from "./realm_io.ts";

/** Checkpoints in the order in which the parent sends them; each can be read once. */
export class CheckpointStream implements CheckpointStore {
  /** Number of checkpoints of the run. */
  readonly length: number;
  /** Inputs of the span whose checkpoint was read last; undefined for a run without. */
  readonly inputs: InputStore | undefined;
  readonly #io: Pick<RealmIo, "checkpoint">;
  readonly #run: ReplayShape;
  readonly #spans: ArrayLike<number>;
  readonly #onSpan: (span: number) => void;
  #chunk = new InputChunk(0);
  #next = 0;

  /**
   * @param io Where to read.
   * @param job The run, and indices of the spans in the order in which their checkpoints come.
   * @param onSpan Called before each span.
   */
  constructor(
    io: Pick<RealmIo, "checkpoint">,
    { run, spans }: { readonly run: ReplayShape; readonly spans: ArrayLike<number> },
    onSpan: (span: number) => void,
  ) {
    this.#io = io;
    this.#run = run;
    this.#spans = spans;
    this.length = spanCount(run);
    this.#onSpan = onSpan;
    // It reaches no further than the replay, which reads the inputs of one span at a time.
    this.inputs = run.hasInputs ? { length: run.steps, chunkAt: () => this.#chunk } : undefined;
  }

  /** Canonical bytes of the checkpoint of `span`, which must be the next one. */
  bytesAt(span: number): Uint8Array {
    assertInvariant(span === this.#spans[this.#next], "checkpoints are read in order");
    this.#onSpan(span);
    return this.#read();
  }

  /** Reads what the job did not need, so that the next request is next. */
  drain(): void {
    while (this.#next < this.#spans.length) this.#read();
  }

  #read(): Uint8Array {
    const span = this.#spans[this.#next]!;
    const bytes = this.#message();
    if (this.#run.hasInputs) {
      this.#chunk = InputChunk.fromBytes(spanStart(span, this.#run), this.#message());
    }
    this.#next++;
    return bytes;
  }

  #message(): Uint8Array {
    const bytes = this.#io.checkpoint();
    assertInvariant(bytes !== undefined, "the parent sends every checkpoint");
    return bytes;
  }
}
