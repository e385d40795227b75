/**
 * Writes the parts of an artifact's header.
 * This module is browser compatible.
 *
 * @module
 */

import { encodeState } from "../codec/encode_state.ts";
import type { RunRecord } from "../engine/types.ts";
import { ArgumentRangeError } from "../errors.ts";
import { HEADER_BYTES_MAX } from "./limits.ts";
import { HEADER_FIELDS } from "./header_fields.ts";
import type { HeaderPart } from "./header_shape.ts";

const ROWS = Object.entries(HEADER_FIELDS);

/** Canonical bytes of one part of the header of a run. */
export function encodeHeader(record: RunRecord, part: HeaderPart): Uint8Array {
  const value: Record<string, unknown> = {};
  for (const [name, field] of ROWS) {
    const fieldValue = field.part === part ? field.encode(record) : undefined;
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
