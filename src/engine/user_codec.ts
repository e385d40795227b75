/**
 * States to bytes and back, through the codec that the user gave where there is one.
 * This module is browser compatible.
 *
 * @module
 */

import type { ByteSlab } from "../codec/byte_sink.ts";
import { cloneState } from "../codec/copy_state.ts";
import { decodeState } from "../codec/decode_state.ts";
import { encodeState } from "../codec/encode_state.ts";
import type { StateCodec } from "./types.ts";

/** Bytes of a state, through the user's codec where there is one. */
export function encodeWith<S>(
  codec: StateCodec<S> | undefined,
  state: S,
  slab?: ByteSlab,
): Uint8Array {
  return encodeState(codec === undefined ? state : codec.encode(state), slab);
}

/** A fresh state from its bytes, through the user's codec where there is one. */
export function decodeWith<S>(codec: StateCodec<S> | undefined, bytes: Uint8Array): S {
  const data = decodeState(bytes);
  return codec === undefined ? (data as S) : codec.decode(data);
}

/** A copy of the plain data that a state is, or that the user's codec encodes it to. */
export function dataWith<S>(codec: StateCodec<S> | undefined, state: S): unknown {
  return cloneState(codec === undefined ? state : codec.encode(state));
}

/**
 * A fresh state from such data: what decoding its bytes would give, but with objects of the hidden classes of the
 * original, for which V8 has compiled the step. A step that meets others besides takes up to twice the time from then on.
 */
export function stateWith<S>(codec: StateCodec<S> | undefined, data: unknown): S {
  const copy = cloneState(data);
  return codec === undefined ? copy as S : codec.decode(copy);
}

/** A fresh state equal to `state`, through the user's codec where there is one. */
export function copyWith<S>(codec: StateCodec<S> | undefined, state: S): S {
  return codec === undefined ? cloneState(state) : codec.decode(dataWith(codec, state));
}
