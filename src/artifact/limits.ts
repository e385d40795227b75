/**
 * The bounds of `.replay` files, each with its unit in the name; those of states and runs are
 * in `src/limits.ts`.
 * This module is browser compatible.
 *
 * @module
 */

import { STATE_BYTES_MAX } from "../limits.ts";

/** Canonical bytes of states that one chunk of an artifact aims at; a larger state fills one alone. */
export const CHUNK_BYTES_TARGET = 64 * 2 ** 10;

/**
 * Largest section of an artifact that is compressed, in bytes before that; a larger one is stored as it
 * is, so that a small file cannot ask for much memory.
 */
export const DEFLATED_BYTES_MAX = 64 * 2 ** 20;

/** Largest tail file of an unfinished artifact, in bytes: it may hold the last state twice. */
export const TAIL_FILE_BYTES_MAX: number = 2 * STATE_BYTES_MAX + 2 ** 28;

/** Canonical bytes of states and inputs after which a recording that grows on disk is flushed. */
export const FLUSH_BYTES = 8 * 2 ** 20;

/** Steps of a recording that grows on disk from one look at the clock to the next, at most. */
export const LOOK_STEPS_MAX = 256;

/** Time from one look to the next that is aimed at, in milliseconds: a look takes 0.0002. */
export const LOOK_MS_TARGET = 0.05;

/** Looks at the clock that lie between two flushes, at least, whatever the steps take. */
export const LOOKS_PER_FLUSH_MIN = 200;

/** Largest header of an artifact, in bytes; parameters and recorded statistics are in it. */
export const HEADER_BYTES_MAX = 64 * 2 ** 20;

/** Largest index of an artifact, in bytes. */
export const INDEX_BYTES_MAX = 256 * 2 ** 20;

/** Largest note on where an artifact was recorded, in bytes. */
export const PROVENANCE_BYTES_MAX = 64 * 2 ** 10;

/** Memory for the chunks of a lane that an open artifact keeps, in bytes. */
export const CHUNK_CACHE_BYTES = 64 * 2 ** 20;

/** Largest artifact of the Python package, in bytes. */
export const PEER_FILE_BYTES_MAX = 64 * 2 ** 20;

/** Largest metadata of an artifact of the Python package, in bytes of JSON. */
export const PEER_META_BYTES_MAX = 4 * 2 ** 20;

/** Most bytes that the checkpoints of an artifact of the Python package take once decompressed. */
export const PEER_CHECKPOINTS_BYTES_MAX = 64 * 2 ** 20;

/** Most checkpoints that an artifact of the Python package may have. */
export const PEER_CHECKPOINTS_MAX = 2 ** 20;

/** Deepest nesting of a value in a pickle: CPython's pickler ends at its limit of 1,000 calls. */
export const PEER_DEPTH_MAX = 900;

/** Most values, marks and memo entries in the pickle of an artifact of the Python package. */
export const PEER_VALUES_MAX = 2 ** 21;

/** Most values (commas and brackets) in the JSON of a part: each takes many times its bytes once read. */
export const PART_VALUES_MAX = 2 ** 21;

/** Deepest nesting of the JSON of a part. */
export const PART_DEPTH_MAX = 8;

/** Longest text about one bad block in a part, in UTF-16 units; paths and errors are cut far below it. */
export const PART_TEXT_UNITS_MAX = 2 ** 15;

/** Largest step source that an artifact may carry, in bytes of UTF-8. */
export const SOURCE_BYTES_MAX = 4 * 2 ** 20;

/** Largest source map that an artifact may carry, in bytes of UTF-8: its decoded form takes 20 times that. */
export const SOURCE_MAP_BYTES_MAX = 4 * 2 ** 20;

/** Largest part that a shard writes and `merge` reads, in bytes of JSON. */
export const PART_BYTES_MAX = 64 * 2 ** 20;

/** Longest time between two flushes of such a recording, by default, in seconds. */
export const FLUSH_SECONDS = 5;
