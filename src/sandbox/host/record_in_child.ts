/**
 * Records a run in a child: in memory, or in a file that grows.
 *
 * @module
 */

import { toHex } from "../../bytes/hex.ts";
import { sha256Sync } from "../../bytes/sha256.ts";
import { MemoryCheckpoints } from "../../engine/checkpoint_log.ts";
import { inputsUpTo } from "../../engine/derived_inputs.ts";
import { spanStart } from "../../engine/block_grid.ts";
import { InputLog } from "../../engine/input_log.ts";
import { inputSourceOf } from "../../engine/input_source.ts";
import { PLAIN_RECORD } from "../../engine/record_defaults.ts";
import { recordedShims } from "../../engine/recorded_shims.ts";
import type { CheckpointStore, RunRecord } from "../../engine/types.ts";
import { assertInvariant } from "../../errors.ts";
import { decodeClaim, type Item, refuse } from "../wire/frame_reader.ts";
import { failedPlace } from "./author_places.ts";
import { nextOf } from "./child_answer.ts";
import { recordJob } from "./job_requests.ts";
import { type AnswerEnd, isSameNames, RecordAnswer } from "./record_answer.ts";
import { checkRecordHead, type RecordHead } from "./record_claims.ts";
import { RecordedInputs } from "./inputs_to_child.ts";
import type { ChildOptions, SandboxChild } from "./sandbox_child.ts";
import type { RecordedRun, SandboxRecordOptions } from "./session_options.ts";

/** Records, in a child that was started with `child`. */
export async function recordInChild(
  sandbox: SandboxChild,
  options: SandboxRecordOptions & { readonly child: ChildOptions },
): Promise<RecordedRun> {
  const { steps, goOn, grow, child, onProgress, onNote, onFailure, stepId } = options;
  const inputs = inputsToRecord(options);
  const answer = sandbox.run(recordJob(options), inputs?.messages());
  const first = await nextOf(answer, child);
  if (first.done || first.value.length === 0) throw refuse("it recorded nothing");
  const [{ bytes }, ...early] = first.value as [Item, ...Item[]];
  const head = checkRecordHead(decodeClaim(bytes));
  checkAsked(head, options);
  const front = frontOf(head, options);
  const { blockSize, gridOffset, budget, observables } = front;
  const file = grow?.(front, { inputs: inputs?.log ?? new InputLog() });
  const memory = file === undefined ? memoryOf(goOn) : undefined;
  const recording = new RecordAnswer({
    ...{ steps, blockSize, gridOffset, budget, observables, onProgress, goOn },
    keeper: file ?? memory!,
    onMark: file && ((mark) => {
      file.take(mark);
      inputs?.heard(mark.t);
    }),
    onCheckpoint: (length) => options.onCheckpoint?.(length, front),
  });
  recording.take(early);
  const { notes, doubts, frames, checkpoints, ...end } = await collect(answer, {
    recording,
    child,
  });
  for (const note of notes) onNote?.(note);
  for (const doubt of doubts) options.onDoubt?.(doubt);
  const place = await failedPlace(frames, { stepId, ...child });
  if (place !== undefined) onFailure?.(place.text);
  return {
    ...front,
    ...end,
    checkpoints: memory ?? inFile(checkpoints),
    inputs: inputs?.recorded(end.failure?.t ?? end.steps - 1),
  };
}

/** Refuses a recording of something else than was asked for. */
export function checkAsked(
  head: RecordHead,
  { rng = head.rng, blockSize = head.blockSize, observe, goOn }: SandboxRecordOptions,
): void {
  const names = goOn?.observables ?? (observe && Object.keys(observe)) ?? head.observables;
  if (
    head.rng === rng && head.blockSize === blockSize && isSameNames(head.observables, names)
  ) return;
  throw refuse("it is of another run than was asked for");
}

/** What is known of the run before its first state. */
export function frontOf(
  { isLoadUsed, observables, blockSize, rng, params }: RecordHead,
  options: SandboxRecordOptions & { readonly child: ChildOptions },
): RunRecord {
  const { goOn, child, start, startKind = "given", origin = 0, gridOffset = 0 } = options;
  if (goOn !== undefined) return goOn;
  return {
    ...PLAIN_RECORD,
    ...options.lineage,
    ...{ blockSize, rng, params, observables, origin, gridOffset },
    steps: 1,
    seed: options.seed,
    checkpoints: inFile(0),
    lastState: undefined,
    observed: {},
    stepId: options.stepId ?? "",
    source: options.isSourceLeftOut ? undefined : child.source,
    sourceMap: options.isSourceLeftOut ? undefined : child.sourceMap,
    sourceHash: options.isSourceLeftOut
      ? toHex(sha256Sync(new TextEncoder().encode(child.source)))
      : undefined,
    unguarded: options.guards === false ? true : undefined,
    math: child.math ?? "portable",
    shims: recordedShims(child.shims, isLoadUsed),
    generatorState: options.generatorState,
    budget: options.budget,
    start: start === undefined ? "init" : startKind,
  };
}

/** The checkpoints of the run so far, in memory. */
function memoryOf(goOn: RunRecord | undefined): MemoryCheckpoints {
  const kept = new MemoryCheckpoints();
  for (let i = 0; i < (goOn?.checkpoints.length ?? 0); i++) kept.push(goOn!.checkpoints.bytesAt(i));
  return kept;
}

/** Checkpoints that are in a file, which has not got its name yet. */
function inFile(length: number): CheckpointStore {
  return {
    length,
    bytesAt() {
      assertInvariant(false, "checkpoints are read from the file once it has its name");
    },
  };
}

/** The inputs of a recording, with those of the run that it goes on with. */
export function inputsToRecord(
  { inputs, steps, goOn, grow }: SandboxRecordOptions,
): RecordedInputs | undefined {
  const isHeard = grow !== undefined;
  if (goOn === undefined) return inputs && new RecordedInputs(inputs, steps - 1, { isHeard });
  if (inputs === undefined && goOn.inputs === undefined) return undefined;
  return new RecordedInputs(inputs ?? inputSourceOf([]), steps - 1, {
    isHeard,
    before: {
      log: inputsUpTo(goOn, goOn.steps - 1),
      first: spanStart(goOn.checkpoints.length - 1, goOn),
    },
  });
}

/** Collects a recording to its end. */
async function collect(
  answer: AsyncGenerator<Item[], unknown, void>,
  { recording, child }: { recording: RecordAnswer; child: ChildOptions },
): Promise<AnswerEnd> {
  try {
    for (;;) {
      const { value, done } = await nextOf(answer, child);
      if (done) return recording.end(value);
      recording.take(value);
    }
  } catch (error) {
    await answer.return(undefined);
    return recording.aborted(error);
  }
}
