/**
 * From what a session is asked for, and the data of a run, to what is sent to the child; text that is to run
 * is checked here.
 *
 * @module
 */

import { ArgumentRangeError } from "../../errors.ts";
import { encodeState } from "../../codec/encode_state.ts";
import { blockOf } from "../../engine/blocks.ts";
import type { RunRecord } from "../../engine/types.ts";
import { escapeText } from "../../text/escape_text.ts";
import {
  type JobInput,
  OBSERVABLE_NAME,
  type ObserveRequest,
  type ReplayShape,
} from "../wire/requests.ts";
import type { ObservableChoice, SandboxRecordOptions } from "./session_options.ts";
import { checkSource } from "./static_rules.ts";

/**
 * The job that records a run.
 *
 * @throws {RangeError} If an observable has a name that is no plain word.
 * @throws {UnsafeArtifactError} If a text breaks a static rule.
 */
export function recordJob(options: SandboxRecordOptions): JobInput {
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
    start: options.start,
    origin: options.origin ?? 0,
    mutate: options.mutate,
    until: options.until,
    observe,
    selfCheck: options.selfCheck ?? false,
  };
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

/** Refuses a text that breaks a static rule. */
export function checkExpression(text: string | undefined): void {
  if (text !== undefined) checkSource(text, "expression");
}

/** What a replay needs of a run besides its checkpoints. */
export function shapeOf(
  { steps, seed, blockSize, rng, params, origin }: RunRecord,
): ReplayShape {
  return { steps, seed, blockSize, rng, params: encodeState(params), origin };
}

/** Indices of the blocks that hold the states of [from, to), which is not empty. */
export function blocksOf({ blockSize }: RunRecord, from: number, to: number): Uint32Array {
  const first = blockOf(from, blockSize);
  const last = blockOf(to - 1, blockSize);
  return new Uint32Array(last - first + 1).map((_, i) => first + i);
}

/** Canonical bytes of the checkpoints of blocks, read as they are asked for. */
export function* checkpointsOf(record: RunRecord, blocks: Uint32Array): Generator<Uint8Array> {
  for (const block of blocks) yield record.checkpoints.bytesAt(block);
}

/** Checkpoints as a record holds them. */
export function storeOf(checkpoints: readonly Uint8Array[]): RunRecord["checkpoints"] {
  return { length: checkpoints.length, bytesAt: (block) => checkpoints[block]! };
}
