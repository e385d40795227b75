/**
 * The bounds of reading, comparing and replaying training runs, each with its unit in the name; those of states and runs are
 * in `src/limits.ts`.
 *
 * @module
 */

/** Examples kept per kind of oddity of a training log; all of them are counted. */
export const LOG_ISSUE_EXAMPLES_MAX = 20;

/** Longest line, or largest record, of a training log, in bytes; a longer one is damaged. */
export const LOG_LINE_BYTES_MAX = 64 * 2 ** 20;

/** Size from which a second log is read in a worker, whose start costs as much as reading 8 MiB. */
export const LOG_WORKER_BYTES_MIN = 16 * 2 ** 20;

/** Deepest nesting of objects in a row of a training log. */
export const LOG_DEPTH_MAX = 64;

/** Most headers of a CSV file; what looks like one after them is a row. */
export const LOG_HEADERS_MAX = 1000;

/** Most cells (rows times metrics) of a training log's table; nine bytes each. */
export const LOG_CELLS_MAX = 2 ** 28;

/** Cells that such a table may have however few values there are. */
export const LOG_CELLS_FREE = 2 ** 24;

/** Most cells for each value beyond that: a table with fewer values than one in these is nearly empty. */
export const LOG_CELLS_PER_VALUE_MAX = 32;

/** Most different metric names of one training log. */
export const LOG_METRICS_MAX = 100_000;

/** Most different keys of its records, those that hold text included. */
export const LOG_KEYS_MAX = 150_000;

/** Bytes that a gzip file may unpack to whatever its own size. */
export const LOG_UNPACKED_BYTES_FREE = 64 * 2 ** 20;

/** How many times its size a gzip file may unpack to beyond that; gzip reaches 20 on logs, 1030 on zeros. */
export const LOG_GZIP_RATIO_MAX = 100;

/** Most zeros in a row in a log, in bytes: a sparse file would be read for ever. */
export const LOG_ZERO_BYTES_MAX = 64 * 2 ** 20;

/** Most values of a key, such as `rank`, by which records of one step are told apart. */
export const LOG_SPLIT_VALUES_MAX = 1000;

/** Most combinations of such values. */
export const LOG_PARTS_MAX = 100_000;

/** Most values of one metric at one step that are kept side by side; with more, rows are counted. */
export const LOG_OCCURRENCES_MAX = 64;

/** Longest list of numbers in a row whose elements become metrics; those after are counted as missed. */
export const LOG_LIST_LENGTH_MAX = 256;

/** Most runs of a folder that are compared every two: 190 comparisons. */
export const DIFF_RUNS_MAX = 20;

/** Most records of one step in a stream of fingerprints: a thousand modules forward and backward are 10,000. */
export const FINGERPRINT_STEP_RECORDS_MAX = 1_000_000;

/** Longest line of a stream of fingerprints, in UTF-16 units. */
export const FINGERPRINT_LINE_UNITS_MAX = 2 ** 20;

/** Longest line of printed text that is searched for names, in bytes: a longer one is data. */
export const LOG_TEXT_LINE_BYTES_MAX = 2 ** 16;

/** Most lines of printed text that are held back until a step comes. */
export const LOG_TEXT_HELD_LINES_MAX = 10_000;

/** Most different names that printed text is taken to have; numbers under others are missed. */
export const LOG_TEXT_NAMES_MAX = 10_000;

/** Most files and directories that are looked at below a directory of logs. */
export const LOG_DIRECTORY_ENTRIES_MAX = 100_000;

/** How long SQLite may take to answer one question about a file, in milliseconds. */
export const LOG_DATABASE_ANSWER_MS = 4_000;

/** Largest file beside a log (YAML, JSON, pickle) that is searched for seeds, in bytes. */
export const LOG_CONFIG_BYTES_MAX = 2 * 2 ** 20;

/** Seeds listed from one log; those after are left out. */
export const LOG_SEEDS_MAX = 100;

/** Most of a training command's stdout, and of its stderr, that is kept in a file, in bytes. */
export const CHILD_OUTPUT_BYTES_MAX = 64 * 2 ** 20;

/** How much of the end of a training command's stderr is shown when it fails, in bytes. */
export const CHILD_STDERR_TAIL_BYTES = 4096;

/** Largest file of which a baseline keeps a digest; of larger ones it keeps size and time, in bytes. */
export const BASELINE_FILE_BYTES_MAX = 256 * 2 ** 20;

/** Most uncommitted files that a baseline tells apart. */
export const BASELINE_CODE_FILES_MAX = 1000;

/** Largest file that describes a baseline, in bytes. */
export const BASELINE_BYTES_MAX = 16 * 2 ** 20;

/** Violations listed by `replay`, `diff` and `check-determinism`, per metric; all of them are counted. */
export const MISMATCHES_LISTED_MAX = 10_000;

/** Most replicas that `replay` and `check-determinism` run. */
export const REPLICAS_MAX = 1000;
