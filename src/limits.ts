/**
 * Every bound that rewind enforces, with its unit in the name; checked before anything is allocated.
 * This module is browser compatible.
 *
 * @module
 */

/** Most states a run may have; keeps `steps * 2` and every t an exact integer. */
export const STEPS_MAX = 2 ** 52;

/** Deepest nesting of a state; a deeper one is refused on encoding and on decoding. */
export const STATE_DEPTH_MAX = 200;

/** Largest canonical encoding of one state, in bytes. */
export const STATE_BYTES_MAX = 2 ** 30;

/** Largest step source that an artifact may carry, in bytes of UTF-8. */
export const SOURCE_BYTES_MAX = 4 * 2 ** 20;
