/**
 * Which programs recorded a run: each stretch of it, by what and on what. It lies outside the content hash,
 * and tells neither time nor place, so that a run recorded again has the same bytes.
 * This module is browser compatible.
 *
 * @module
 */

import { decodeState } from "../codec/decode_state.ts";
import { encodeState } from "../codec/encode_state.ts";
import { fieldsOf, listOf } from "../codec/exact_fields.ts";
import { STEPS_MAX } from "../limits.ts";
import { damaged } from "./damaged.ts";

/** The program that writes an artifact, and what it runs on. */
export interface Writer {
  /** Program and version. */
  readonly tool: string;
  /** JavaScript engine and version. */
  readonly engine: string;
  /** Fingerprint of that engine's `Math`, hexadecimal. */
  readonly mathFingerprint: string;
}

/** A stretch of a run that one program recorded. */
export interface RecordedStretch extends Writer {
  /** Its first t: 0, or where a recording was resumed or extended. */
  readonly from: number;
}

/** Most stretches that a run keeps account of; what comes after is told by the last one. */
const STRETCHES_MAX = 256;

/** Adds what goes on from t; a program that goes on where the same one stopped stands once. */
export function addStretch(
  stretches: readonly RecordedStretch[],
  { tool, engine, mathFingerprint }: Writer,
  from: number,
): readonly RecordedStretch[] {
  // A stretch that got nowhere is none.
  const before = stretches.filter((stretch) => stretch.from < from);
  const last = before.at(-1);
  const isSame = last !== undefined && last.tool === tool && last.engine === engine &&
    last.mathFingerprint === mathFingerprint;
  if (isSame) return before;
  return [...before.slice(0, STRETCHES_MAX - 1), { from, tool, engine, mathFingerprint }];
}

/** Canonical bytes of the account. */
export function encodeStretches(stretches: readonly RecordedStretch[]): Uint8Array {
  return encodeState(
    stretches.map(({ from, tool, engine, mathFingerprint }) => ({
      from,
      tool,
      engine,
      mathFingerprint,
    })),
  );
}

/**
 * Reads an account.
 *
 * @throws {ArtifactIntegrityError} If it is none.
 */
export function decodeStretches(bytes: Uint8Array): readonly RecordedStretch[] {
  const stretches = listOf(decodeState(bytes), stretchOf);
  const isInOrder = stretches?.every(({ from }, i) =>
    i === 0 ? from === 0 : from > stretches[i - 1]!.from
  );
  if (!isInOrder || stretches!.length === 0 || stretches!.length > STRETCHES_MAX) {
    throw damaged("its account of what recorded it is not one of format version 2");
  }
  return stretches!;
}

function stretchOf(claim: unknown): RecordedStretch | undefined {
  const fields = fieldsOf(claim, ["from", "tool", "engine", "mathFingerprint"]);
  if (fields === undefined) return undefined;
  const { from, tool, engine, mathFingerprint } = fields;
  const isStep = Number.isInteger(from) && (from as number) >= 0 && (from as number) <= STEPS_MAX;
  return isStep && [tool, engine, mathFingerprint].every((text) => typeof text === "string")
    ? fields as unknown as RecordedStretch
    : undefined;
}
