/**
 * Messages to a sandbox child, each behind its length, as they go to its stdin.
 * This module is browser compatible.
 *
 * @module
 */

import { encodeState } from "../../codec/encode_state.ts";
import type { JobRequest, SessionRequest } from "./requests.ts";

/** A message behind its length, as it goes to the child's stdin. */
export function encodeMessage(bytes: Uint8Array): Uint8Array {
  const message = new Uint8Array(4 + bytes.length);
  new DataView(message.buffer).setUint32(0, bytes.length, true);
  message.set(bytes, 4);
  return message;
}

/** Messages are put together up to this size: each write takes longer than many small blocks. */
const BATCH_BYTES = 64 * 1024;

/** Messages as they go to the child's stdin, small ones together; read as they are asked for. */
export function* encodeMessages(messages: Iterable<Uint8Array>): Generator<Uint8Array> {
  const batch = new Uint8Array(BATCH_BYTES);
  let used = 0;
  for (const bytes of messages) {
    const message = encodeMessage(bytes);
    if (used > 0 && used + message.length > batch.length) {
      yield batch.slice(0, used);
      used = 0;
    }
    if (message.length > batch.length) {
      yield message;
    } else {
      batch.set(message, used);
      used += message.length;
    }
  }
  if (used > 0) yield batch.slice(0, used);
}

/** A request as it goes to the child's stdin. */
export function encodeRequest(request: SessionRequest | JobRequest): Uint8Array {
  return encodeMessage(encodeState(request));
}
