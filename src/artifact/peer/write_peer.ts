/**
 * Runs as artifacts of the Python package `rewind-engine`, such as it loads and verifies.
 * This module is browser compatible.
 *
 * @module
 */

import { decodeState } from "../../codec/decode_state.ts";
import type { RunRecord } from "../../engine/types.ts";
import { ArgumentRangeError, StateEncodingError } from "../../errors.ts";
import { ContentHasher } from "./peer_content_hash.ts";
import type { NumpyArray } from "./ndarray.ts";
import { writeNpy } from "./npy.ts";
import { CHECKPOINTS_NAMES, META_NAME, npyName } from "./peer_members.ts";
import { type CheckpointEncoding, makeMeta } from "./peer_meta.ts";
import { writePickle } from "./pickle_writer.ts";
import { dumpPythonJson } from "./python_json.ts";
import { PythonDict, type PythonValue } from "./python_values.ts";
import { PythonMaker, toNumpyArray } from "./to_python.ts";
import { writeZip } from "./write_zip.ts";

/**
 * Writes a run as the Python package saves it: arrays as `.npz` if every checkpoint is a typed array
 * or `{shape, data}`, otherwise plain values as a pickle. Equal runs give equal bytes.
 *
 * What that format has no place for is left out: `params`, the last state, the step's source,
 * `min` and `max` of statistics, and why a run ended early.
 *
 * @throws {StateEncodingError} If a state has something that Python has no counterpart of.
 * @throws {RangeError} If the run's generator is not in the Python package, or it has inputs, keeps the draws
 * of its parent, or does not store the start of every block.
 */
export function writePeerArtifact(record: RunRecord): Uint8Array<ArrayBuffer> {
  if (record.rng !== "python" && record.rng !== "numpy") {
    throw new ArgumentRangeError(
      `Cannot write the run for Python: it uses the generator '${record.rng}', which the Python ` +
        "package does not have",
      { hint: "record it with 'python' or 'numpy'" },
    );
  }
  const reason = whatPythonLacks(record);
  if (reason !== undefined) {
    throw new ArgumentRangeError(`Cannot write the run for Python: ${reason}`);
  }
  const states = Array.from(
    { length: record.checkpoints.length },
    (_, block) => decodeState(record.checkpoints.bytesAt(block)),
  );
  const arrays = states.map(toNumpyArray);
  return arrays.every((array) => array !== undefined)
    ? writeArrays(record, arrays)
    : writeValues(record, states);
}

/** What of a run the Python package has no place for, though the run would not be the same without. */
function whatPythonLacks(
  { inputs, gridOffset, stride }: RunRecord,
): string | undefined {
  if (inputs !== undefined) return "it has inputs, which the Python package does not know";
  if (gridOffset > 0) {
    return "it is a branch that keeps its parent's draws: the Python package seeds each run from its " +
      "own start";
  }
  if (stride > 1) {
    return `it stores the start of every ${stride}th block only, and the Python package needs them all: ` +
      "record it without a budget";
  }
  return undefined;
}

function writeArrays(record: RunRecord, arrays: readonly NumpyArray[]): Uint8Array<ArrayBuffer> {
  const meta = makeMeta(record, "npz");
  const hasher = new ContentHasher(meta);
  for (const array of arrays) hasher.addArray(array);
  meta.set("content_hash", hasher.finish());
  const members = arrays.map((array, block) => ({ name: npyName(block), bytes: writeNpy(array) }));
  return writeMembers(dumpPythonJson(meta), "npz", writeZip(members, { compress: false }));
}

function writeValues(record: RunRecord, states: readonly unknown[]): Uint8Array<ArrayBuffer> {
  const meta = makeMeta(record, "pickle");
  const hasher = new ContentHasher(meta);
  const maker = new PythonMaker();
  const entries: PythonValue[] = [];
  states.forEach((state, block) => {
    const value = makeValue(maker, state, block);
    hasher.addValue(value);
    entries.push(block, value);
  });
  meta.set("content_hash", hasher.finish());
  return writeMembers(dumpPythonJson(meta), "pickle", writePickle(new PythonDict(entries), 5));
}

function makeValue(maker: PythonMaker, state: unknown, block: number): PythonValue {
  try {
    return maker.make(state);
  } catch (error) {
    if (!(error instanceof StateEncodingError)) throw error;
    const why = error.message.slice(error.path.length + 1);
    throw new StateEncodingError(error.path, `${why} (checkpoint ${block})`, { cause: error });
  }
}

function writeMembers(
  meta: string,
  encoding: CheckpointEncoding,
  checkpoints: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const members = [
    { name: META_NAME, bytes: new TextEncoder().encode(meta) },
    { name: CHECKPOINTS_NAMES[encoding], bytes: checkpoints },
  ];
  return writeZip(members, { compress: true });
}
