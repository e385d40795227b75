/**
 * The bounds of pages and pictures, each with its unit in the name; those of states and runs are
 * in `src/limits.ts`.
 *
 * @module
 */

/** Most plots on the page of a run. */
export const VIEW_SERIES_MAX = 32;

/** Canonical bytes of the states that are taken for the page of a run. */
export const VIEW_STATES_BYTES_MAX = 32 * 2 ** 20;

/** Text of states that the page of a run holds, in UTF-16 units. */
export const VIEW_STATES_TEXT_MAX = 2_000_000;

/** How long a step in a page may give no sign of life, in milliseconds. */
export const PAGE_HANG_MS = 1_000;

/** How long a worker of a page works before another takes its place, in milliseconds: what its step kept goes then. */
export const PAGE_WORKER_MS = 1_000;

/**
 * How long the frame of a page's workers may leave a question unanswered, in milliseconds: it is dead then. It is asked
 * once a step is silent, and has to be found dead before the step is taken to hang.
 */
export const PAGE_FRAME_SILENCE_MS = 700;

/** The same while one of its workers still reads its program, in milliseconds: starting many keeps a frame busy. */
export const PAGE_FRAME_BUSY_MS = 3_000;

/** Most layers of a picture, and lines of one of its layers. */
export const PICTURE_LAYERS_MAX = 32;

/** Most cells of a grid of a picture. */
export const PICTURE_CELLS_MAX = 2 ** 22;

/** Most points, nodes or edges of a layer of a picture. */
export const PICTURE_POINTS_MAX = 2 ** 20;

/** Most bars of a picture. */
export const PICTURE_BARS_MAX = 10_000;

/** Longest text in a picture, in UTF-16 units. */
export const PICTURE_TEXT_UNITS_MAX = 200;

/** Canonical bytes of stored states that a page keeps unpacked, of each run. */
export const PAGE_STORED_BYTES_MAX = 128 * 2 ** 20;

/** Canonical bytes of the states that a page keeps, of each run. */
export const PAGE_FRAMES_BYTES_MAX = 32 * 2 ** 20;
