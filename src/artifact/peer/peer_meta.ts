/**
 * The metadata of an artifact of the Python package: `meta.json` to the fields of a run and back.
 * This module is browser compatible.
 *
 * @module
 */

import type { RunRecord, Stats } from "../../engine/types.ts";
import { PEER_CHECKPOINTS_MAX } from "../limits.ts";
import { STEPS_MAX } from "../../limits.ts";
import { SEED_DERIVATION } from "../header_shape.ts";
import { damaged } from "./damage.ts";
import { JsonFloat, type JsonObject, type JsonValue, parsePythonJson } from "./python_json.ts";

/** How an artifact holds its checkpoints. */
export type CheckpointEncoding = "npz" | "pickle";

/** What `meta.json` says of a run, in the words of `RunRecord`. */
export interface PeerMetadata {
  /** Number of states. */
  readonly steps: number;
  /** Master seed. */
  readonly seed: bigint;
  /** States per block. */
  readonly blockSize: number;
  /** Generator backend. */
  readonly rng: "python" | "numpy";
  /** `module:function` of the step in Python, "" if it is not known. */
  readonly stepId: string;
  /** Statistics computed while recording. `min` and `max` are NaN, as Python does not keep them. */
  readonly observed: Readonly<Record<string, Stats>>;
  /** For a branch: the t of the parent's state it started from. */
  readonly branchPoint: number | undefined;
  /** For a branch: content hash of its parent, lower-case hex. */
  readonly parentHash: string | undefined;
  /** Content hash as stored, 64 lower-case hexadecimal digits; not checked by reading it. */
  readonly contentHash: string;
  /** How the checkpoints are held. */
  readonly encoding: CheckpointEncoding;
}

const NAME = "rewind";
const FORMAT_VERSION = 1n;
const HASH = /^[0-9a-f]{64}$/;
const STEP_ID_LENGTH_MAX = 2 ** 16;

/** Text of a `meta.json` as its JSON object, number text kept apart as Python does. */
export function parseMeta(text: string): JsonObject {
  const meta = parsePythonJson(text);
  if (!(meta instanceof Map)) throw damaged("its metadata is no object");
  return meta;
}

/**
 * The fields of a run.
 *
 * @throws {ArtifactIntegrityError} If one is missing, out of its range or of another version.
 */
export function readMeta(meta: JsonObject): PeerMetadata {
  if (meta.get("name") !== NAME || meta.get("format_version") !== FORMAT_VERSION) {
    throw damaged("it is not of format version 1 of the package 'rewind'");
  }
  if (meta.get("seed_derivation") !== SEED_DERIVATION) {
    throw damaged(`its block seeds are not derived by "${SEED_DERIVATION}"`);
  }
  const steps = readCount(meta, "n_steps");
  const blockSize = readCount(meta, "block_size");
  if (Math.ceil(steps / blockSize) > PEER_CHECKPOINTS_MAX) {
    throw damaged(`it has more than ${PEER_CHECKPOINTS_MAX} checkpoints`);
  }
  const stepId = meta.get("step_id") ?? "";
  if (typeof stepId !== "string" || stepId.length > STEP_ID_LENGTH_MAX) {
    throw wrong("step_id", "a short text");
  }
  return {
    steps,
    seed: readSeed(meta),
    blockSize,
    rng: readChoice(meta, "backend", ["python", "numpy"]),
    stepId,
    observed: readObserved(meta.get("observed")),
    branchPoint: meta.get("branch_point") === null ? undefined : readIndex(meta, "branch_point"),
    parentHash: meta.get("parent_hash") === null ? undefined : readHash(meta, "parent_hash"),
    contentHash: readHash(meta, "content_hash"),
    encoding: readChoice(meta, "anchor_encoding", ["npz", "pickle"]),
  };
}

/** The metadata that the Python package writes for a run, without its content hash. */
export function makeMeta(record: RunRecord, encoding: CheckpointEncoding): JsonObject {
  const { branchPoint, parentHash } = record;
  return new Map<string, JsonValue>([
    ["anchor_encoding", encoding],
    ["backend", record.rng],
    ["block_size", BigInt(record.blockSize)],
    ["branch_point", branchPoint === undefined ? null : BigInt(branchPoint)],
    ["format_version", FORMAT_VERSION],
    ["master_seed", record.seed],
    ["n_steps", BigInt(record.steps)],
    ["name", NAME],
    ["observed", makeObserved(record.observed)],
    ["parent_hash", parentHash ?? null],
    ["seed_derivation", SEED_DERIVATION],
    ["step_id", record.stepId],
  ]);
}

function readCount(meta: JsonObject, key: string): number {
  const count = readIndex(meta, key);
  if (count === 0) throw wrong(key, "at least 1");
  return count;
}

function readIndex(meta: JsonObject, key: string): number {
  const value = meta.get(key);
  if (typeof value !== "bigint" || value < 0n || value > STEPS_MAX) {
    throw wrong(key, `an integer from 0 to ${STEPS_MAX}`);
  }
  return Number(value);
}

function readSeed(meta: JsonObject): bigint {
  const seed = meta.get("master_seed");
  if (typeof seed !== "bigint") throw wrong("master_seed", "an integer");
  return seed;
}

function readChoice<Choice extends string>(
  meta: JsonObject,
  key: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((candidate) => candidate === meta.get(key));
  if (choice === undefined) throw wrong(key, `one of ${choices.join(", ")}`);
  return choice;
}

function readHash(meta: JsonObject, key: string): string {
  const hash = meta.get(key);
  if (typeof hash !== "string" || !HASH.test(hash)) throw wrong(key, "64 hexadecimal digits");
  return hash;
}

function readObserved(value: JsonValue | undefined): Record<string, Stats> {
  if (!(value instanceof Map)) throw wrong("observed", "an object");
  const observed = [...value].map(([name, stats]) => [name, readStats(stats)] as const);
  return Object.fromEntries(observed);
}

function readStats(value: JsonValue): Stats {
  if (!(value instanceof Map)) throw wrong("observed", "an object of statistics");
  const count = readCount(value, "count");
  const mean = value.get("mean");
  if (Array.isArray(mean)) {
    const covariance = value.get("covariance");
    if (!Array.isArray(covariance)) throw wrong("covariance", "a list of lists of numbers");
    return { count, mean: readNumbers(mean), covariance: covariance.map(readNumbers) };
  }
  return {
    count,
    mean: readNumber(mean),
    variance: readNumber(value.get("variance")),
    std: readNumber(value.get("std")),
    min: NaN,
    max: NaN,
  };
}

function readNumbers(value: JsonValue): number[] {
  if (!Array.isArray(value)) throw wrong("observed", "lists of numbers");
  return value.map(readNumber);
}

function readNumber(value: JsonValue | undefined): number {
  if (value instanceof JsonFloat) return value.value;
  if (typeof value === "bigint") return Number(value);
  throw wrong("observed", "numbers");
}

function makeObserved(observed: Readonly<Record<string, Stats>>): JsonObject {
  return new Map(Object.entries(observed).map(([name, stats]) => [name, makeStats(stats)]));
}

function makeStats(stats: Stats): JsonObject {
  const object: JsonObject = new Map([["count", BigInt(stats.count)]]);
  if ("covariance" in stats) {
    object.set("mean", makeFloats(stats.mean));
    object.set("covariance", stats.covariance.map(makeFloats));
  } else {
    for (const key of ["mean", "variance", "std"] as const) {
      object.set(key, new JsonFloat(stats[key]));
    }
  }
  return object;
}

function makeFloats(values: readonly number[]): JsonValue[] {
  return values.map((value) => new JsonFloat(value));
}

function wrong(key: string, expected: string): Error {
  return damaged(`'${key}' in its metadata is not ${expected}`);
}
