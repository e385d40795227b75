/**
 * Tells artifacts of the Python package by their first bytes.
 * This module is browser compatible.
 *
 * @module
 */

import { LOCAL_SIGNATURE } from "./zip_layout.ts";

/** Whether bytes start as a zip file does; an artifact of our own format does not. */
export function isPeerArtifact(bytes: Uint8Array): boolean {
  return bytes.length >= 4 &&
    new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === LOCAL_SIGNATURE;
}
