/**
 * The bounds of what the command line reads and writes, each with its unit in the name; those of states and runs are
 * in `src/limits.ts`.
 *
 * @module
 */

/** Longest line of a file of inputs, in UTF-16 units. */
export const INPUT_LINE_UNITS_MAX = 16 * 2 ** 20;

/** Most bytes of a `.replay` file that comes through a pipe: all of it is held in memory. */
export const PIPE_BYTES_MAX = 256 * 2 ** 20;

/** Largest file of `--params @FILE`, in bytes. */
export const PARAMS_FILE_BYTES_MAX = 16 * 2 ** 20;

/** Largest artifact that a page carries, in bytes; as text it takes a third more. */
export const PAGE_ARTIFACT_BYTES_MAX = 32 * 2 ** 20;

/** Most frames of a moving picture. */
export const PICTURE_FRAMES_MAX = 1_000;
