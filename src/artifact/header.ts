/**
 * The header of an artifact: what is known of a run besides its states, as canonical values made of the
 * fields of `header_fields.ts`. This module is browser compatible.
 *
 * @module
 */

import { decodeState } from "../codec/decode_state.ts";
import { encodeState } from "../codec/encode_state.ts";
import { blockCount } from "../engine/blocks.ts";
import type { RunRecord } from "../engine/types.ts";
import { HEADER_BYTES_MAX } from "../limits.ts";
import { escapeText } from "../text/escape_text.ts";
import { checkFields, type Header, HEADER_FIELDS, type HeaderField } from "./header_fields.ts";
import { badHeader, isPlainObject } from "./header_values.ts";

const ROWS = Object.entries(HEADER_FIELDS) as [keyof Header, HeaderField<unknown>][];

/** Something that a header says, for people. */
export interface HeaderFact {
  /** Name of the field. */
  readonly name: keyof Header;
  /** What to call it. */
  readonly label: string;
  /** What to show: one line that is safe to print. */
  readonly text: string;
  /** The value itself, plain data. */
  readonly value: unknown;
}

/** Canonical bytes of the header of a run. */
export function encodeHeader(record: RunRecord): Uint8Array {
  const value: Record<string, unknown> = {};
  for (const [name, field] of ROWS) {
    const fieldValue = field.encode(record);
    if (fieldValue !== undefined) value[name] = fieldValue;
  }
  const bytes = encodeState(value);
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
 * @throws {ArtifactIntegrityError} If a field is missing, unknown, out of order, of another kind or out of
 * range.
 */
export function decodeHeader(bytes: Uint8Array): Header {
  const value = decodeState(bytes);
  if (!isPlainObject(value)) throw badHeader("is no list of fields");
  checkNames(Object.keys(value), value);
  const header = Object.fromEntries(
    ROWS.map(([name, field]) => [name, field.decode(value[name], name)]),
  ) as unknown as Header;
  checkFields(header);
  return header;
}

/** What a header says, for people, in the order of its fields. */
export function headerFacts(header: Header): HeaderFact[] {
  const facts: HeaderFact[] = [];
  for (const [name, { label, text }] of ROWS) {
    const value = header[name];
    const shown = text?.(value, header);
    if (label !== undefined && shown !== undefined) facts.push({ name, label, text: shown, value });
  }
  return facts;
}

/** Number of states an artifact with this header stores: one per block, and the last one. */
export function storedStates(header: { steps: number; blockSize: number }): number {
  return blockCount(header.steps, header.blockSize) + 1;
}

/** There is one way to write a header: known fields in their order, and none that holds nothing. */
function checkNames(names: readonly string[], value: Readonly<Record<string, unknown>>): void {
  const known = ROWS.map(([name]) => name as string);
  let next = 0;
  for (const name of names) {
    const at = known.indexOf(name, next);
    if (at < 0) {
      throw badHeader(
        known.includes(name)
          ? "has its fields out of order"
          : `has the field ${
            escapeText(name, { quote: true })
          }, which format version 2 does not know`,
      );
    }
    if (value[name] === undefined) throw badHeader(`has an empty '${name}'`);
    next = at + 1;
  }
}
