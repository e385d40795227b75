/**
 * The form of an answer: frames under a nonce, numbered, with a length each.
 * This module is browser compatible.
 *
 * @module
 */

/** Bytes of the secret that begins every frame; the step cannot know it. */
export const NONCE_BYTES = 16;

/** Nonce, job, index, kind and payload length. */
export const FRAME_HEAD_BYTES = NONCE_BYTES + 4 + 4 + 1 + 4;

/** Where in a head the kind stands. */
export const FRAME_KIND_OFFSET: number = NONCE_BYTES + 8;

/** Kinds of frames. */
export const FRAME_KIND = { items: 1, end: 2, error: 3 } as const;

/** Set in the length of an item that is an account, of an error or of how far a recording is, and no state. */
export const ACCOUNT_FLAG: number = 1 << 31;

/** Head of a frame; the payload follows it. */
export function encodeFrameHead(
  nonce: Uint8Array,
  job: number,
  frame: { index: number; kind: number; length: number },
): Uint8Array {
  const head = new Uint8Array(FRAME_HEAD_BYTES);
  head.set(nonce);
  const view = new DataView(head.buffer, NONCE_BYTES);
  view.setUint32(0, job, true);
  view.setUint32(4, frame.index, true);
  view.setUint8(8, frame.kind);
  view.setUint32(9, frame.length, true);
  return head;
}
