/**
 * From what a session is asked for, and the data of a run, to what is sent to the child; text that is to run
 * is checked here.
 *
 * @module
 */

import { ArgumentRangeError } from "../../errors.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { spanOf, spanStart } from "../../engine/block_grid.ts";
import { chunkBytesOf } from "../../engine/input_log.ts";
import type { InputStore, RunRecord } from "../../engine/types.ts";
import { MARK_MS, SANDBOX_OUTPUT_BYTES_MAX } from "../wire/limits.ts";
import { escapeText } from "../../text/escape_text.ts";
import {
  OBSERVABLE_NAME,
  type ObserveRequest,
  type ReadsJob,
  type RecordJob,
  type RecordResumption,
  type ReplayShape,
} from "../wire/requests.ts";
import { checkpointLengths } from "./record_answer.ts";
import type { ObservableChoice, SandboxRecordOptions } from "./session_options.ts";
import { checkSource } from "./static_rules.ts";

/**
 * The job that records a run.
 *
 * @throws {RangeError} If an observable has a name that is no plain word.
 * @throws {UnsafeArtifactError} If a text breaks a static rule.
 */
export function recordJob(options: SandboxRecordOptions): Omit<RecordJob, "timeoutMs"> {
  const observe = options.observe === undefined
    ? undefined
    : Object.entries(options.observe).map(([name, expression]) => ({ name, expression }));
  for (const { name } of observe ?? []) checkObservableName(name);
  const texts = observe?.map(({ expression }) => expression) ?? [];
  for (const text of [options.mutate, options.until, ...texts]) checkExpression(text);
  return {
    kind: "record",
    steps: options.steps,
    seed: options.seed,
    rng: options.rng,
    blockSize: options.blockSize,
    params: options.params === undefined ? [] : [options.params.value],
    paramChanges: [...options.paramChanges ?? []],
    start: options.start,
    origin: options.origin ?? 0,
    gridOffset: options.gridOffset ?? 0,
    generatorState: options.generatorState,
    budget: options.budget,
    hasInputs: options.inputs !== undefined || options.goOn?.inputs !== undefined,
    resume: options.goOn && resumptionOf(options.goOn),
    mutate: options.mutate,
    until: options.until,
    observe,
    selfCheck: options.selfCheck ?? false,
    guards: options.guards ?? true,
    marks: options.grow && {
      everyMs: options.markMs ?? MARK_MS,
      endsWithInputs: options.endsWithInputs ?? false,
    },
  };
}

function resumptionOf(record: RunRecord): RecordResumption {
  const { steps, stride, checkpoints, accumulators } = record;
  const lengths = checkpointLengths(record);
  const checkpoint = checkpoints.bytesAt(lengths.length - 1);
  return { t: steps - 1, stride, lengths, checkpoint, accumulators: { ...accumulators } };
}

function checkObservableName(name: string): void {
  if (OBSERVABLE_NAME.test(name)) return;
  throw new ArgumentRangeError(
    `Cannot observe ${
      escapeText(name, { quote: true })
    }: the name of an observable is a plain word ` +
      "of at most 64 letters, digits and _ $ . -",
  );
}

/** What the child is asked for; text is checked here. */
export function requestOf(choice: ObservableChoice): ObserveRequest {
  if ("name" in choice) return { name: choice.name, expression: undefined };
  checkExpression(choice.expression);
  return { name: "", expression: choice.expression };
}

/** Most stored states that a function is tried on. */
const READ_STATES_MAX = 16;

/** What a function reads of stored states, spread over the run. */
export function readsJob(record: RunRecord, expression: string): Omit<ReadsJob, "timeoutMs"> {
  checkExpression(expression);
  const { length } = record.checkpoints;
  const count = Math.min(length, READ_STATES_MAX);
  const spans = Uint32Array.from({ length: count }, (_, i) => Math.floor(i * length / count));
  return { kind: "reads", run: shapeOf(record), spans, expression };
}

/** Refuses a text that breaks a static rule. */
export function checkExpression(text: string | undefined): void {
  if (text !== undefined) checkSource(text, "expression");
}

/** Whether a module may export a codec: a name of an export is in its source, and most sources do without. */
export function mayHaveCodec(source: string): boolean {
  return /codec/.test(source);
}

/** What a replay needs of a run besides its checkpoints and inputs. */
export function shapeOf(record: RunRecord): ReplayShape {
  const { steps, seed, blockSize, rng, origin, gridOffset, generatorState, stride } = record;
  return {
    ...{ steps, seed, blockSize, rng, origin, gridOffset, generatorState, stride },
    params: encodeState(record.params),
    hasInputs: record.inputs !== undefined,
  };
}

/** Indices of the spans that hold the states of [from, to), which is not empty. */
export function spansOf(record: RunRecord, from: number, to: number): Uint32Array {
  const first = spanOf(from, record);
  const last = spanOf(to - 1, record);
  return new Uint32Array(last - first + 1).map((_, i) => first + i);
}

/** Checkpoints of spans, each with the inputs of its span behind it, read as they are asked for. */
export function* checkpointsOf(record: RunRecord, spans: Uint32Array): Generator<Uint8Array> {
  for (const span of spans) {
    yield record.checkpoints.bytesAt(span);
    if (record.inputs !== undefined) yield inputsOf(record, span, record.inputs);
  }
}

/** What follows a job that brings its own start: nothing where checkpoints would be, and the inputs. */
export function* inputsOnly(record: RunRecord, spans: Uint32Array): Generator<Uint8Array> {
  for (const span of spans) {
    yield new Uint8Array(0);
    if (record.inputs !== undefined) yield inputsOf(record, span, record.inputs);
  }
}

/** The inputs of the transitions of a span, and of the one that failed behind it, as one chunk. */
function inputsOf(record: RunRecord, span: number, inputs: InputStore): Uint8Array {
  const from = spanStart(span, record);
  return chunkBytesOf(inputs, { from, to: Math.min(spanStart(span + 1, record), inputs.length) });
}

/** Length of an item in an answer. */
const ITEM_HEAD_BYTES = 4;

/**
 * How many states one job is asked for, so that the limits of a job are none for a long run: as many as
 * take a quarter of what it may send, if they are as large as the stored one before them.
 */
export function statesPerJob(
  record: RunRecord,
  t: number,
  { outputBytesMax = SANDBOX_OUTPUT_BYTES_MAX }: { outputBytesMax?: number },
): number {
  const bytes = record.checkpoints.bytesAt(spanOf(t, record)).length;
  return Math.max(1, Math.floor(outputBytesMax / (4 * (bytes + ITEM_HEAD_BYTES))));
}
