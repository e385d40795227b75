/**
 * Artifacts of the Python package `rewind-engine`, read as data and checked against their content
 * hash; nothing in them is run. This module is browser compatible.
 *
 * @module
 */

import { encodeState } from "../../codec/encode_state.ts";
import { PLAIN_RECORD } from "../../engine/record_defaults.ts";
import type { RunRecord } from "../../engine/types.ts";
import { ArtifactIntegrityError } from "../../errors.ts";
import { ContentHasher } from "./peer_content_hash.ts";
import { damaged } from "./damage.ts";
import { readPickle } from "./data_pickle.ts";
import { StateMaker } from "./from_python.ts";
import { arrayToState } from "./ndarray.ts";
import { readNpy } from "./npy.ts";
import { npyName, readMembers, readNpzMembers } from "./peer_members.ts";
import { parseMeta, type PeerMetadata, readMeta } from "./peer_meta.ts";
import { PythonDict, type PythonValue } from "./python_values.ts";

/** A run that the Python package recorded. */
export interface PeerArtifact {
  /** The run; its `lastState` is undefined, as Python does not store it. */
  readonly record: RunRecord;
  /** Its content hash, which has been checked; what a branch of it has as `parentHash`. */
  readonly contentHash: string;
  /** Always so: an artifact whose hash does not match is refused. */
  readonly hashStatus: "verified";
}

/**
 * Reads an artifact of the Python package. `docs/python.md` says what its values are here.
 *
 * @throws {UnsafeArtifactError} If its pickle asks for anything but plain data; names what.
 * @throws {ArtifactIntegrityError} If it is damaged, oversized, or its content hash is stale.
 */
export function readPeerArtifact(bytes: Uint8Array): PeerArtifact {
  const members = readMembers(bytes);
  const meta = parseMeta(members.meta);
  const fields = checkEncoding(readMeta(meta), members.encoding);
  const hasher = new ContentHasher(meta);
  const count = Math.ceil(fields.steps / fields.blockSize);
  const states = fields.encoding === "npz"
    ? readNpz(members.checkpoints, count, hasher)
    : readPickledStates(members.checkpoints, count, hasher);
  const contentHash = hasher.finish();
  if (contentHash !== fields.contentHash) {
    throw damaged(
      `its content hash is ${contentHash} where its metadata says ${fields.contentHash}: the file ` +
        "was changed after it was saved",
    );
  }
  return { record: makeRecord(fields, states), contentHash, hashStatus: "verified" };
}

function checkEncoding(fields: PeerMetadata, encoding: string): PeerMetadata {
  if (fields.encoding !== encoding) {
    throw damaged(
      `its metadata announces checkpoints as ${fields.encoding}, and it has ${encoding}`,
    );
  }
  return fields;
}

function readNpz(file: Uint8Array, count: number, hasher: ContentHasher): Uint8Array[] {
  return readNpzMembers(file, count).map((member, block) => {
    const array = readNpy(member, npyName(block));
    hasher.addArray(array);
    return encodeCheckpoint(arrayToState(array), block);
  });
}

function readPickledStates(file: Uint8Array, count: number, hasher: ContentHasher): Uint8Array[] {
  const values = valuesByBlock(readPickle(file), count);
  const maker = new StateMaker();
  return values.map((value, block) => {
    // First the state: it finds cycles and bounds the size that the hash then goes through.
    const state = maker.make(value);
    hasher.addValue(value);
    return encodeCheckpoint(state, block);
  });
}

/** The values of a dict of which block j is key j. */
function valuesByBlock(dict: PythonValue, count: number): PythonValue[] {
  if (!(dict instanceof PythonDict)) throw damaged("its pickle is no dict of checkpoints");
  const { entries } = dict;
  if (entries.length !== 2 * count) {
    throw damaged(
      `it has ${entries.length / 2} checkpoints where its metadata asks for ${count}`,
    );
  }
  const values = new Array<PythonValue | undefined>(count).fill(undefined);
  for (let i = 0; i < entries.length; i += 2) {
    const block = entries[i];
    if (typeof block !== "number" || block < 0 || block >= count || values[block] !== undefined) {
      throw damaged("its checkpoints are not numbered from 0");
    }
    values[block] = entries[i + 1]!;
  }
  return values as PythonValue[];
}

function encodeCheckpoint(state: unknown, block: number): Uint8Array {
  try {
    return encodeState(state);
  } catch (error) {
    throw new ArtifactIntegrityError(
      `Cannot read the Python artifact: checkpoint ${block} is beyond what a state may be`,
      { cause: error },
    );
  }
}

function makeRecord(fields: PeerMetadata, states: readonly Uint8Array[]): RunRecord {
  return {
    ...PLAIN_RECORD,
    steps: fields.steps,
    seed: fields.seed,
    blockSize: fields.blockSize,
    rng: fields.rng,
    params: undefined,
    checkpoints: { length: states.length, bytesAt: (block) => states[block]! },
    lastState: undefined,
    observables: Object.keys(fields.observed),
    observed: fields.observed,
    stepId: fields.stepId,
    source: undefined,
    math: "engine",
    // It does not say whether a branch was changed where it starts.
    start: fields.branchPoint === undefined ? "init" : "given",
    branchPoint: fields.branchPoint,
    parentHash: fields.parentHash,
    unorderedSets: true,
  };
}
