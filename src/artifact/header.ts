/**
 * The header of an artifact: what is known of a run besides its states, as one canonical value.
 * This module is browser compatible.
 *
 * @module
 */

import { decodeState } from "../codec/decode_state.ts";
import { encodeState } from "../codec/encode_state.ts";
import { blockCount } from "../engine/blocks.ts";
import type { RunFailure, RunRecord, Stats } from "../engine/types.ts";
import { ArtifactIntegrityError } from "../errors.ts";
import { HEADER_BYTES_MAX, SEED_BITS_MAX, STEPS_MAX } from "../limits.ts";
import { isSeed } from "../rng/derive_seed.ts";
import type { RngName } from "../rng/rng.ts";

/** How block and branch seeds are derived. */
export const SEED_DERIVATION = "blake2b-v1";

/** A header, checked. */
export interface Header {
  /** Number of states. */
  readonly steps: number;
  /** Master seed. */
  readonly seed: bigint;
  /** States per block. */
  readonly blockSize: number;
  /** Generator backend. */
  readonly rng: RngName;
  /** Free text that names the step. */
  readonly stepId: string;
  /** Parameters handed to every step. */
  readonly params: unknown;
  /** Statistics computed while recording. */
  readonly observed: Readonly<Record<string, Stats>>;
  /** Why the run is shorter than asked for. */
  readonly failure: RunFailure | undefined;
  /** For a branch: where it started. */
  readonly branchPoint: number | undefined;
  /** For a branch: content hash of its parent, 32 bytes. */
  readonly parentHash: Uint8Array | undefined;
  /** SHA-256 of the embedded source's UTF-8 bytes. */
  readonly sourceHash: Uint8Array | undefined;
}

/** Longest step name, failure text and observable name, in UTF-16 units. */
const TEXT_MAX = 4096;

const RNG_NAMES: readonly string[] = ["python", "numpy", "sfc32"] satisfies RngName[];

const KEYS = [
  "steps",
  "seed",
  "blockSize",
  "rng",
  "seeds",
  "stepId",
  "params",
  "observed",
  "failure",
  "branchPoint",
  "parentHash",
  "sourceHash",
];

/** Canonical bytes of the header of a run. */
export function encodeHeader(
  record: RunRecord,
  hashes: { parentHash: Uint8Array | undefined; sourceHash: Uint8Array | undefined },
): Uint8Array {
  const { seed, failure } = record;
  const small = seed >= -BigInt(Number.MAX_SAFE_INTEGER) && seed <= BigInt(Number.MAX_SAFE_INTEGER);
  const bytes = encodeState({
    steps: record.steps,
    seed: small ? Number(seed) : seed,
    blockSize: record.blockSize,
    rng: record.rng,
    seeds: SEED_DERIVATION,
    stepId: record.stepId,
    params: record.params,
    observed: { ...record.observed },
    failure: failure === undefined ? undefined : { t: failure.t, error: cut(failure.error) },
    branchPoint: record.branchPoint,
    parentHash: hashes.parentHash,
    sourceHash: hashes.sourceHash,
  });
  if (bytes.length > HEADER_BYTES_MAX) {
    throw new RangeError(
      `Cannot save the run as its header takes ${bytes.length} bytes, of which ${HEADER_BYTES_MAX} are ` +
        "allowed: keep large data out of params",
    );
  }
  return bytes;
}

/**
 * Reads and checks a header.
 *
 * @throws {ArtifactIntegrityError} If a field is missing, unknown, of another kind or out of range.
 */
export function decodeHeader(bytes: Uint8Array): Header {
  const value = decodeState(bytes);
  if (!isRecord(value) || Object.keys(value).join() !== KEYS.join()) {
    throw bad("does not have the fields of format version 2");
  }
  const steps = integerIn(value.steps, 1, STEPS_MAX, "steps");
  const blockSize = integerIn(value.blockSize, 1, STEPS_MAX, "blockSize");
  if (value.seeds !== SEED_DERIVATION) throw bad("names an unknown way to derive seeds");
  const failure = readFailure(value.failure, steps);
  return {
    steps,
    seed: readSeed(value.seed),
    blockSize,
    rng: oneOf(value.rng, RNG_NAMES, "rng") as RngName,
    stepId: text(value.stepId, "stepId"),
    params: value.params,
    observed: readObserved(value.observed),
    failure,
    branchPoint: value.branchPoint === undefined
      ? undefined
      : integerIn(value.branchPoint, 0, STEPS_MAX, "branchPoint"),
    parentHash: readHash(value.parentHash, "parentHash"),
    sourceHash: readHash(value.sourceHash, "sourceHash"),
  };
}

/** Number of states an artifact with this header stores: one per block, and the last one. */
export function storedStates(header: { steps: number; blockSize: number }): number {
  return blockCount(header.steps, header.blockSize) + 1;
}

function readSeed(value: unknown): bigint {
  if (typeof value === "bigint") {
    // One form per seed: what fits a safe integer is stored as one.
    if (Number.isSafeInteger(Number(value))) {
      throw bad("stores 'seed' in a longer form than needed");
    }
    if (!isSeed(value)) throw bad(`has a 'seed' of more than ${SEED_BITS_MAX} bits`);
    return value;
  }
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return BigInt(value as number);
  throw bad("has no integer as 'seed'");
}

function readFailure(value: unknown, steps: number): RunFailure | undefined {
  if (value === undefined) return undefined;
  if (!isRecord(value) || Object.keys(value).join() !== "t,error") throw bad("has a bad 'failure'");
  if (value.t !== steps) throw bad("names a failure at another step than the run's end");
  return { t: steps, error: text(value.error, "failure.error") };
}

function readObserved(value: unknown): Record<string, Stats> {
  if (!isRecord(value)) throw bad("has a bad 'observed'");
  for (const [name, stats] of Object.entries(value)) {
    text(name, "observed");
    if (!isScalarStats(stats) && !isVectorStats(stats)) throw bad("has a bad entry in 'observed'");
  }
  return value as Record<string, Stats>;
}

function isScalarStats(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).join() === "count,mean,variance,std,min,max" &&
    Object.values(value).every((field) => typeof field === "number");
}

function isVectorStats(value: unknown): boolean {
  if (!isRecord(value) || Object.keys(value).join() !== "count,mean,covariance") return false;
  const { mean, covariance } = value;
  return typeof value.count === "number" && isNumbers(mean) && Array.isArray(covariance) &&
    covariance.length === mean.length &&
    covariance.every((row) => isNumbers(row) && row.length === mean.length);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "number");
}

function readHash(value: unknown, field: string): Uint8Array | undefined {
  if (value === undefined) return undefined;
  if (value instanceof Uint8Array && value.length === 32) return value;
  throw bad(`has no 32 bytes as '${field}'`);
}

function integerIn(value: unknown, min: number, max: number, field: string): number {
  const isInteger = typeof value === "number" && Number.isInteger(value) && !Object.is(value, -0);
  if (isInteger && value >= min && value <= max) return value;
  throw bad(`has no integer from ${min} to ${max} as '${field}'`);
}

function oneOf(value: unknown, names: readonly string[], field: string): string {
  if (typeof value === "string" && names.includes(value)) return value;
  throw bad(`has none of ${names.join(", ")} as '${field}'`);
}

function text(value: unknown, field: string): string {
  if (typeof value === "string" && value.length <= TEXT_MAX) return value;
  throw bad(`has no text of at most ${TEXT_MAX} characters as '${field}'`);
}

function cut(value: string): string {
  return value.length <= TEXT_MAX ? value : value.slice(0, TEXT_MAX);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === Object.prototype;
}

function bad(why: string): ArtifactIntegrityError {
  return new ArtifactIntegrityError(`Cannot read the artifact as its header ${why}`);
}
