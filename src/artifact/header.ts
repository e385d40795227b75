/**
 * The header of an artifact: what is known of a run besides its states, as canonical values made of the
 * fields of `header_fields.ts`. This module is browser compatible.
 *
 * @module
 */

import { decodeState } from "../codec/decode_state.ts";
import { escapeText } from "../text/escape_text.ts";
import { checkFields, HEADER_FIELDS, type HeaderField } from "./header_fields.ts";
import { badHeader, isPlainObject } from "./header_values.ts";
import type { Header, HeaderPart } from "./header_shape.ts";

const ROWS = Object.entries(HEADER_FIELDS) as [keyof Header, HeaderField<unknown>][];

/** Something that a header says, for people. */
export interface HeaderFact {
  /** Name of the field. */
  readonly name: string;
  /** What to call it. */
  readonly label: string;
  /** What to show: one line that is safe to print. */
  readonly text: string;
  /** The value itself, plain data. */
  readonly value: unknown;
}

/**
 * Reads and checks a header.
 *
 * @throws {ArtifactIntegrityError} If a field is missing, unknown, out of order, of another kind or out of
 * range.
 */
export function decodeHeader(parts: Readonly<Record<HeaderPart, Uint8Array>>): Header {
  const values = {
    front: readPart(parts.front, "front"),
    notes: readPart(parts.notes, "notes"),
    end: readPart(parts.end, "end"),
  };
  const header = Object.fromEntries(
    ROWS.map(([name, field]) => [name, field.decode(values[field.part][name], name)]),
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

/**
 * The fields of one part. There is one way to write them: known ones in their order, and none that holds
 * nothing.
 */
function readPart(bytes: Uint8Array, part: HeaderPart): Readonly<Record<string, unknown>> {
  const value = decodeState(bytes);
  if (!isPlainObject(value)) throw badHeader("is no list of fields");
  const known = ROWS.filter(([, field]) => field.part === part).map(([name]) => name as string);
  let next = 0;
  for (const name of Object.keys(value)) {
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
  return value;
}
