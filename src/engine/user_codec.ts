/**
 * States to bytes and back, through the codec that the user gave where there is one.
 * This module is browser compatible.
 *
 * @module
 */

import { cloneState } from "../codec/copy_state.ts";
import { decodeState } from "../codec/decode_state.ts";
import { encodeState } from "../codec/encode_state.ts";
import type { StateCodec } from "./types.ts";

/** Bytes of a state, through the user's codec where there is one. */
export function encodeWith<S>(codec: StateCodec<S> | undefined, state: S): Uint8Array {
  return encodeState(codec === undefined ? state : codec.encode(state));
}

/** A fresh state from its bytes, through the user's codec where there is one. */
export function decodeWith<S>(codec: StateCodec<S> | undefined, bytes: Uint8Array): S {
  const data = decodeState(bytes);
  return codec === undefined ? (data as S) : codec.decode(data);
}

/** A fresh state equal to `state`, through the user's codec where there is one. */
export function copyWith<S>(codec: StateCodec<S> | undefined, state: S): S {
  return codec === undefined ? cloneState(state) : codec.decode(cloneState(codec.encode(state)));
}
