/**
 * Every bound that rewind enforces, with its unit in the name; checked before anything is allocated.
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

/** Largest step source that an artifact may carry, in bytes of UTF-8. */
export const SOURCE_BYTES_MAX = 4 * 2 ** 20;

/** Largest source map that an artifact may carry, in bytes of UTF-8: its decoded form takes 20 times that. */
export const SOURCE_MAP_BYTES_MAX = 4 * 2 ** 20;

/** Examples kept per kind of oddity of a training log; all of them are counted. */
export const LOG_ISSUE_EXAMPLES_MAX = 20;

/** Longest line, or largest record, of a training log, in bytes; a longer one is damaged. */
export const LOG_LINE_BYTES_MAX = 64 * 2 ** 20;

/** Size from which a second log is read in a worker, whose start costs as much as reading 8 MiB. */
export const LOG_WORKER_BYTES_MIN = 16 * 2 ** 20;

/** Deepest nesting of objects in a row of a training log. */
export const LOG_DEPTH_MAX = 64;

/** Most cells (rows times metrics) of a training log's table; nine bytes each. */
export const LOG_CELLS_MAX = 2 ** 28;

/** Most different metric names of one training log. */
export const LOG_METRICS_MAX = 100_000;

/** Bytes that a gzip file may unpack to whatever its own size. */
export const LOG_UNPACKED_BYTES_FREE = 64 * 2 ** 20;

/** How many times its size a gzip file may unpack to beyond that; gzip reaches 20 on logs, 1030 on zeros. */
export const LOG_GZIP_RATIO_MAX = 100;

/** Most zeros in a row in a log, in bytes: a sparse file would be read for ever. */
export const LOG_ZERO_BYTES_MAX = 64 * 2 ** 20;

/** How long a pipe may take to be opened by a writer, in milliseconds. */
export const LOG_PIPE_OPEN_MS = 3_000;

/** How long nothing may come through a pipe, in milliseconds. */
export const LOG_PIPE_IDLE_MS = 60_000;

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

/** Longest vector that an observable may give; its covariance has this number squared of entries. */
export const VECTOR_LENGTH_MAX = 256;

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

/** Values that the JSON of one state may repeat, where an object is reached in several ways. */
export const JSON_REPEATS_MAX = 100_000;

/** Values of a state among which the one that an error is about is looked for, to name its path. */
export const PATH_SEARCH_PARTS_MAX = 2 ** 20;

/** Most of a foreign text (error, name, title) that is shown to a person, in UTF-16 units. */
export const FOREIGN_TEXT_UNITS_MAX = 400;

/** Resident memory that all children of one sandboxed pass may take together, in bytes. */
export const SANDBOX_MEMORY_BYTES_MAX = 500_000_000;

/** Time that one sandboxed pass may take, in milliseconds. */
export const SANDBOX_TIMEOUT_MS = 60_000;

/** What the children of one sandboxed pass may send, in bytes. */
export const SANDBOX_OUTPUT_BYTES_MAX = 256 * 2 ** 20;

/** What a sandbox child may write to stderr before it is killed, in bytes; none of it is shown. */
export const SANDBOX_STDERR_BYTES_MAX = 64 * 2 ** 10;

/** Most frames of an error's stack that are told. */
export const FRAMES_MAX = 10;

/** Most named observables that a step module may export. */
export const OBSERVABLES_MAX = 100;

/** Longest line that a step may write to `console`, in UTF-16 units. */
export const CONSOLE_LINE_UNITS_MAX = 200;

/** Canonical bytes of the states that are compared at a time, to see whether they depend on what was replayed before. */
export const REPLAY_ORDER_BYTES_MAX = 16 * 2 ** 20;

/** Most lines of what steps wrote that are shown at a time. */
export const CONSOLE_LINES_MAX = 1000;

/** Most things that a step module may have been denied at a time and that are kept, to be told. */
export const DENIALS_TOLD_MAX = 32;

/** Canonical bytes of states that one chunk of an artifact aims at; a larger state fills one alone. */
export const CHUNK_BYTES_TARGET = 64 * 2 ** 10;

/**
 * Largest section of an artifact that is compressed, in bytes before that; a larger one is stored as it
 * is, so that a small file cannot ask for much memory.
 */
export const DEFLATED_BYTES_MAX = 64 * 2 ** 20;

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

/** Most different values of a series that are counted one by one. */
export const DISTINCT_VALUES_MAX = 2 ** 16;

/** Most bins of a histogram. */
export const HISTOGRAM_BINS_MAX = 2 ** 16;

/** Most states of the first blocks that the guards encode one by one: some milliseconds, however small they are. */
export const GUARD_STATES_MAX = 4096;

/** Most objects of a live state that a guard compares with what decoding its bytes gives. */
export const GUARD_OBJECTS_MAX = 2 ** 16;

/** Largest tail file of an unfinished artifact, in bytes: it may hold the last state twice. */
export const TAIL_FILE_BYTES_MAX: number = 2 * STATE_BYTES_MAX + 2 ** 28;

/** Canonical bytes of states and inputs after which a recording that grows on disk is flushed. */
export const FLUSH_BYTES = 8 * 2 ** 20;

/** Longest line of a file of inputs, in UTF-16 units. */
export const INPUT_LINE_UNITS_MAX = 16 * 2 ** 20;

/** How long a stream of inputs may be silent before it is asked how far the recording is, in milliseconds. */
export const INPUT_IDLE_MS = 200;

/** Longest time that a recording whose stream of inputs broke has to come to what came in before, in milliseconds. */
export const INPUT_SETTLE_MS = 10_000;

/** Canonical bytes of checkpoints after which a recording in the sandbox says how far it is. */
export const MARK_BYTES = 4 * 2 ** 20;

/** How often it does so otherwise, in milliseconds: what is made since the last time is lost with the child. */
export const MARK_MS = 200;

/** Longest time between two flushes of such a recording, by default, in seconds. */
export const FLUSH_SECONDS = 5;

/** Longest master seed, in bits: its decimal digits are hashed for every block. */
export const SEED_BITS_MAX = 2 ** 16;

/** Most bytes of a `.replay` file that comes through a pipe: all of it is held in memory. */
export const PIPE_BYTES_MAX = 256 * 2 ** 20;

/** Largest file of `--params @FILE`, in bytes. */
export const PARAMS_FILE_BYTES_MAX = 16 * 2 ** 20;

/** Largest header of an artifact, in bytes; parameters and recorded statistics are in it. */
export const HEADER_BYTES_MAX = 64 * 2 ** 20;

/** Largest index of an artifact, in bytes. */
export const INDEX_BYTES_MAX = 256 * 2 ** 20;

/** Largest note on where an artifact was recorded, in bytes. */
export const PROVENANCE_BYTES_MAX = 64 * 2 ** 10;

/** Canonical bytes of stored states that an open artifact keeps decompressed. */
export const CHUNK_CACHE_BYTES = 32 * 2 ** 20;

/** Memory that the inputs of an open artifact take that were read last, in bytes. */
export const INPUT_CACHE_BYTES = 64 * 2 ** 20;

/** Regenerated states that a run whose states are numbers keeps for later reads: 16 MiB. */
export const NUMBER_CACHE_STATES = 2 ** 21;

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

/** Most shards that a run may be cut into. */
export const SHARDS_MAX = 2 ** 20;

/** Largest part that a shard writes and `merge` reads, in bytes of JSON. */
export const PART_BYTES_MAX = 64 * 2 ** 20;

/** Most values (commas and brackets) in the JSON of a part: each takes many times its bytes once read. */
export const PART_VALUES_MAX = 2 ** 21;

/** Deepest nesting of the JSON of a part. */
export const PART_DEPTH_MAX = 8;

/** Longest text about one bad block in a part, in UTF-16 units; paths and errors are cut far below it. */
export const PART_TEXT_UNITS_MAX = 2 ** 15;

/** Most plots on the page of a run. */
export const VIEW_SERIES_MAX = 32;

/** Canonical bytes of the states that are taken for the page of a run. */
export const VIEW_STATES_BYTES_MAX = 32 * 2 ** 20;

/** Text of states that the page of a run holds, in UTF-16 units. */
export const VIEW_STATES_TEXT_MAX = 2_000_000;

/** Most trials of a campaign: what is kept in memory of each is a few dozen bytes. */
export const CAMPAIGN_TRIALS_MAX = 2 ** 22;

/** Longest line of a campaign's journal, in bytes. */
export const CAMPAIGN_ROW_BYTES_MAX = 2 ** 20;

/** Largest description of a campaign, in bytes. */
export const CAMPAIGN_HEAD_BYTES_MAX = 64 * 2 ** 20;

/** Longest JSON of the value that `--final` gives, in UTF-16 units. */
export const CAMPAIGN_FINAL_UNITS_MAX = 65_536;

/** How long a step in a page may give no sign of life, in milliseconds. */
export const PAGE_HANG_MS = 1_500;

/** How long a worker of a page works before another takes its place, in milliseconds: what its step kept goes then. */
export const PAGE_WORKER_MS = 1_000;

/** How long the frame of a page's workers may leave a question unanswered, in milliseconds: it is dead then. */
export const PAGE_FRAME_SILENCE_MS = 1_000;

/** Largest artifact that a page carries, in bytes; as text it takes a third more. */
export const PAGE_ARTIFACT_BYTES_MAX = 32 * 2 ** 20;

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

/** Most frames of a moving picture. */
export const PICTURE_FRAMES_MAX = 1_000;

/** Most particles of a splitting, and most repeats. */
export const RARE_PARTICLES_MAX = 1_000_000;
