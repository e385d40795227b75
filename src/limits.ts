/**
 * The bounds of states and runs, each with its unit in the name; checked before anything is allocated. Those of one
 * room are in a file of this name in it.
 * This module is browser compatible.
 *
 * @module
 */

/** Most states a run may have; keeps `steps * 2` and every t an exact integer. */
export const STEPS_MAX = 2 ** 52;

/**
 * Deepest nesting within the encoding of a state, and of whatever is written from one for people. Objects of a
 * state that are first reached deeper are encoded one after another behind it.
 */
export const STATE_DEPTH_MAX = 200;

/** Largest canonical encoding of one state, in bytes. */
export const STATE_BYTES_MAX = 2 ** 30;

/** How long a pipe may take to be opened by a writer, in milliseconds. */
export const LOG_PIPE_OPEN_MS = 3_000;

/** How long nothing may come through a pipe, in milliseconds. */
export const LOG_PIPE_IDLE_MS = 60_000;

/** Longest vector that an observable may give; its covariance has this number squared of entries. */
export const VECTOR_LENGTH_MAX = 256;

/** Most bits that one call of `getrandbits` may draw; the largest bigint that V8 can hold. */
export const GETRANDBITS_BITS_MAX = 2 ** 30;

/**
 * Most nodes of one state: each value in an array, object, Map or Set is one (keys of a Map too), and
 * each object costs {@linkcode STATE_OBJECT_NODES} or {@linkcode STATE_BUFFER_NODES} more; the elements of
 * typed arrays are free.
 */
export const STATE_NODES_MAX = 2 ** 24;

/** What an array, plain object, Map, Set or Date costs in nodes, for the room and time it takes. */
export const STATE_OBJECT_NODES = 8;

/** What a typed array, ArrayBuffer or DataView costs in nodes, as it has memory of its own. */
export const STATE_BUFFER_NODES = 32;

/** Values of a state among which the one that an error is about is looked for, to name its path. */
export const PATH_SEARCH_PARTS_MAX = 2 ** 20;

/** Most of a foreign text (error, name, title) that is shown to a person, in UTF-16 units. */
export const FOREIGN_TEXT_UNITS_MAX = 400;

/** Resident memory that all children of one sandboxed pass may take together, in bytes. */
export const SANDBOX_MEMORY_BYTES_MAX = 500_000_000;

/** Time that one sandboxed pass may take, in milliseconds. */
export const SANDBOX_TIMEOUT_MS = 60_000;

/** Canonical bytes of inputs from which a chunk of them ends at the next block's start. */
export const INPUT_CHUNK_BYTES_MIN = 16 * 2 ** 10;

/** Canonical bytes of inputs at which a chunk of them ends at once. */
export const INPUT_CHUNK_BYTES_MAX = 64 * 2 ** 10;

/** Most inputs, equal ones in a row counted once, that a recording keeps decoded. */
export const INPUT_ROWS_KEPT = 2 ** 21;

/** Most blocks of a run that can be saved; lists of them are made when it is verified. */
export const BLOCKS_MAX = 2 ** 23;

/** Canonical bytes of states that a guard keeps, step by step, of the first blocks of a recording. */
export const GUARD_BYTES_MAX = 2 ** 17;

/** Most bins of a histogram. */
export const HISTOGRAM_BINS_MAX = 2 ** 16;

/** Most states of the first blocks that the guards encode one by one: some milliseconds, however small they are. */
export const GUARD_STATES_MAX = 4096;

/** Most objects of a live state that a guard compares with what decoding its bytes gives. */
export const GUARD_OBJECTS_MAX = 2 ** 16;

/** Longest master seed, in bits: its decimal digits are hashed for every block. */
export const SEED_BITS_MAX = 2 ** 16;

/** Regenerated states that a run whose states are numbers keeps for later reads: 16 MiB. */
export const NUMBER_CACHE_STATES = 2 ** 21;
