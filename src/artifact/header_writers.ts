/**
 * How the fields of an artifact's header are written, one row each. It is apart from how they are read, as a sandbox
 * child hashes runs and reads none.
 * This module is browser compatible.
 *
 * @module
 */

import { sha256Sync } from "../bytes/sha256.ts";
import { encodeState } from "../codec/encode_state.ts";
import type { RunRecord } from "../engine/types.ts";
import { ArgumentRangeError } from "../errors.ts";
import { HEADER_BYTES_MAX } from "../limits.ts";
import { type Header, type HeaderPart, SEED_DERIVATION } from "./header_shape.ts";
import { cutText, hashBytes } from "./header_values.ts";
import { encodeObserved } from "./observed_field.ts";

/** How a field is written. */
export interface HeaderWriter {
  /** Where it stands. */
  readonly part: HeaderPart;
  /** The value to write, plain data; undefined leaves the field out. */
  encode(record: RunRecord): unknown;
}

/** All fields, in the order in which they are shown and, within their part, written. */
export const HEADER_WRITERS: { readonly [K in keyof Header]-?: HeaderWriter } = {
  stepId: { part: "front", encode: ({ stepId }) => stepId },
  steps: { part: "end", encode: ({ steps }) => steps },
  seed: {
    part: "front",
    encode: ({ seed }) => Number.isSafeInteger(Number(seed)) ? Number(seed) : seed,
  },
  rng: { part: "front", encode: ({ rng }) => rng },
  seeds: { part: "front", encode: () => SEED_DERIVATION },
  blockSize: { part: "front", encode: ({ blockSize }) => blockSize },
  params: { part: "front", encode: ({ params }) => params },
  sourceHash: {
    part: "front",
    encode: ({ source, sourceHash }) =>
      source === undefined ? hashBytes(sourceHash) : sha256Sync(new TextEncoder().encode(source)),
  },
  origin: { part: "front", encode: ({ origin }) => origin === 0 ? undefined : origin },
  gridOffset: {
    part: "front",
    encode: ({ gridOffset }) => gridOffset === 0 ? undefined : gridOffset,
  },
  generatorState: { part: "front", encode: ({ generatorState }) => generatorState },
  budget: {
    part: "front",
    encode: ({ budget }) => budget && [budget.bytesMax, budget.checkpointsMax],
  },
  stride: { part: "end", encode: ({ stride }) => stride === 1 ? undefined : stride },
  start: { part: "front", encode: ({ start }) => start === "given" ? start : undefined },
  shims: { part: "front", encode: ({ shims }) => shims },
  branchPoint: { part: "front", encode: ({ branchPoint }) => branchPoint },
  parentHash: { part: "front", encode: ({ parentHash }) => hashBytes(parentHash) },
  observables: {
    part: "front",
    encode: ({ observables }) => observables.length === 0 ? undefined : [...observables],
  },
  observed: { part: "end", encode: encodeObserved },
  failure: {
    part: "end",
    encode: ({ failure }) =>
      failure === undefined ? undefined : { t: failure.t, error: cutText(failure.error) },
  },
  math: { part: "notes", encode: ({ math }) => math },
  unguarded: { part: "notes", encode: ({ unguarded }) => unguarded },
};

/** Those of each part. */
const WRITERS: Readonly<Record<HeaderPart, readonly (readonly [string, HeaderWriter])[]>> = {
  front: writersOf("front"),
  notes: writersOf("notes"),
  end: writersOf("end"),
};

function writersOf(part: HeaderPart): [string, HeaderWriter][] {
  return Object.entries(HEADER_WRITERS).filter(([, writer]) => writer.part === part);
}

/** Canonical bytes of one part of the header of a run. */
export function encodeHeader(record: RunRecord, part: HeaderPart): Uint8Array {
  const value: Record<string, unknown> = {};
  for (const [name, writer] of WRITERS[part]) {
    const fieldValue = writer.encode(record);
    if (fieldValue !== undefined) value[name] = fieldValue;
  }
  const bytes = encodeState(value);
  if (bytes.length > HEADER_BYTES_MAX) {
    throw new ArgumentRangeError(
      `Cannot save the run: its header takes ${bytes.length} bytes, of which ${HEADER_BYTES_MAX} are ` +
        "allowed",
      { hint: "keep large data out of params" },
    );
  }
  return bytes;
}
