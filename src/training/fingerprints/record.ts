/**
 * The records of a stream of fingerprints, as docs/fingerprints.md specifies them.
 * This module is browser compatible.
 *
 * @module
 */

/** One record: what something was in one step. */
export interface FingerprintRecord {
  /** Step, counted from 0. */
  readonly step: number;
  /** What it is of, such as `batch` or `weight`; streams of others may have more kinds. */
  readonly kind: string;
  /** Name of the parameter, module, loader or generator. */
  readonly name: string;
  /** Equal if and only if the values are. */
  readonly hash: string;
  /** Element types and shapes, such as `float32[32,10]`. */
  readonly type?: string;
  /** Hashes of what it was computed from, where its kind does not imply them. */
  readonly inputs?: readonly string[];
  /** The value itself, where it is small. */
  readonly value?: unknown;
}

/** The first line of a stream. */
export interface FingerprintHeader {
  /** Version of the format: 1. */
  readonly version: number;
  /** How much of a step is recorded, such as `step` or `full`. */
  readonly level: string;
  /** Steps 0, K, 2K, ... are recorded. */
  readonly every: number;
  /** Name of the algorithm that made the hashes. */
  readonly hash: string;
}

/** How a stream ends: `exit` with the process, `error` as its writer failed, `cut` as the process was killed. */
export interface FingerprintEnd {
  /** Which of them. */
  readonly how: "exit" | "error" | "cut";
  /** Why the writer failed. */
  readonly why?: string | undefined;
}

/** A record from a line of JSON; undefined for what is none. */
export function toRecord(value: unknown): FingerprintRecord | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { step, kind, name, hash, type, inputs } = value as Record<string, unknown>;
  if (!Number.isSafeInteger(step) || typeof kind !== "string" || typeof hash !== "string") {
    return undefined;
  }
  return {
    step: step as number,
    kind,
    name: typeof name === "string" ? name : "",
    hash,
    ...(typeof type === "string" ? { type } : {}),
    ...(Array.isArray(inputs) ? { inputs: inputs.map(String) } : {}),
    ...("value" in value ? { value: value.value } : {}),
  };
}

/** What identifies a record in its step. */
export function keyOf({ kind, name }: FingerprintRecord): string {
  return `${kind} ${name}`;
}
