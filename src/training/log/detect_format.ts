/**
 * Finds out what kind of log a path is, by the layout of a directory or the first bytes of a file, and
 * which file in a directory it is about. Names are hints; content decides. Several logs in a directory
 * are never guessed at.
 *
 * @module
 */

import { binaryKind } from "./binary_data.ts";
import { ambiguousRunError, TrainingLogError } from "./errors.ts";
import { fileError, listDirectory, pathKind } from "./file_source.ts";
import { FINGERPRINT_FILES, isFingerprintHeader } from "./fingerprint_files.ts";
import { FileHead, type FoundLog, type LogFormatDescription } from "./formats/format.ts";
import { loadFormat, LOG_FORMATS, type LogFormat } from "./formats/list.ts";
import { LogFile } from "./log_file.ts";

const HEAD_BYTES = 1 << 16;

/** What stands in the place of a file that Git LFS has not fetched. */
const LFS_POINTER = "version https://git-lfs.github.com/spec/";

/** What is to be read, and how. */
export interface DetectedLog {
  /** Its format. */
  readonly format: LogFormat;
  /** What the format says about itself. */
  readonly description: LogFormatDescription;
  /** The file or directory that the reader of this format takes. */
  readonly path: string;
  /** The file, open; undefined for a directory. */
  readonly file: LogFile | undefined;
  /** Other logs in the directory, which hold the same run and are not read. */
  readonly passedOver: readonly string[];
}

/** Settings of {@linkcode detectFormat}. */
export interface DetectFormatOptions {
  /** Format that is given, so that only the file has to be found. */
  format?: LogFormat | undefined;
  /** Which of several runs is meant. */
  run?: string | undefined;
  /** Stops the reading. */
  signal?: AbortSignal | undefined;
}

/**
 * The format of the log at `path`, and the file in it if `path` is a directory. Whoever calls closes
 * the file.
 *
 * @throws {TrainingLogError} if there is nothing, nothing that is known, or several logs to choose from
 */
export async function detectFormat(
  path: string,
  options: DetectFormatOptions = {},
): Promise<DetectedLog> {
  const kind = await pathKind(path);
  if (kind === undefined) throw fileError(path, Object.assign(new Error(), { code: "ENOENT" }));
  if (kind === "directory") return await detectInDirectory(path, options);
  return await detectFile(path, options);
}

/** Opens a file; `isNamed` says that it has the name of a log, so that nothing in it means a lost one. */
async function detectFile(
  path: string,
  { format: forced, signal, isNamed = false }: DetectFormatOptions & { isNamed?: boolean },
): Promise<DetectedLog> {
  const file = await LogFile.open(path, signal);
  try {
    const format = forced ?? await recognize(file, isNamed);
    return { format, description: await loadFormat(format), path, file, passedOver: [] };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The format of an open file, by its first bytes. */
async function recognize(file: LogFile, isNamed: boolean): Promise<LogFormat> {
  const { path } = file;
  const head = new FileHead(file, await file.head(HEAD_BYTES));
  if (head.bytes.length === 0) {
    throw new TrainingLogError(`Cannot read ${path} as it is empty`, {
      path,
      isNoLog: !isNamed,
    });
  }
  if (head.text.startsWith(LFS_POINTER)) {
    throw new TrainingLogError(
      `Cannot read ${path} as it is a pointer of Git LFS, not the file itself: run git lfs pull`,
      { path },
    );
  }
  if (isFingerprintHeader(head.text)) {
    throw new TrainingLogError(
      `Cannot read ${path} as a log: it holds fingerprints of steps; compare two of them with 'rewind diff'`,
      { path, isNoLog: true },
    );
  }
  const [first, second] = head.bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new TrainingLogError(
      `Cannot read ${path} as it is UTF-16 text: convert it to UTF-8 (PowerShell's > writes UTF-16)`,
      { path },
    );
  }
  const binary = binaryKind(head.bytes);
  for (const name of LOG_FORMATS) {
    const { isBinary, recognizes } = await loadFormat(name);
    if (binary !== undefined && !isBinary) continue;
    if (await recognizes?.(head)) return name;
  }
  throw new TrainingLogError(
    `Cannot read ${path} as it is ${binary ?? "no log of a known format"}`,
    { path, isNoLog: !isNamed },
  );
}

interface Candidate extends FoundLog {
  readonly format: LogFormat;
}

/**
 * Tools that write one run into several files of a directory: the name of the log that is read, and
 * the formats or names of those that hold the same. A printed log never stands against another.
 */
const TWINS: readonly (readonly [main: RegExp, twins: RegExp])[] = [
  // The Trainer, with LLaMA-Factory's and ms-swift's logs and what it gives to TensorBoard.
  [
    /^(?:trainer_state\.json|checkpoint-\d+)$/,
    /^(?:tensorboard|trainer_log\.jsonl|logging\.jsonl)$/,
  ],
  // DVCLive, whose metrics.json has only the last values.
  [/^dvclive\/?$/, /^metrics\.json$/],
  // Ray Tune.
  [/^result\.json$/, /^(?:tensorboard|progress\.csv)$/],
  // OpenAI Baselines and Stable-Baselines.
  [/^progress\.csv$/, /^(?:tensorboard|progress\.json)$/],
];

async function detectInDirectory(
  path: string,
  { format, run, signal }: DetectFormatOptions,
): Promise<DetectedLog> {
  const listed = await listDirectory(path);
  const entries = listed.filter(({ name }) => !FINGERPRINT_FILES.test(name));
  const directory = { path, entries, run };
  const candidates: Candidate[] = [];
  for (const name of format === undefined ? LOG_FORMATS : [format]) {
    const { find } = await loadFormat(name);
    if (name === "text" && candidates.length > 0) break;
    for (const found of await find?.(directory) ?? []) {
      if (candidates.every((known) => known.path !== found.path)) {
        candidates.push({ ...found, format: name });
      }
    }
  }
  if (candidates.length === 0) {
    throw new TrainingLogError(
      `Cannot read ${path} as it holds no ${format ?? "training"} log: name the log itself`,
      { path, isNoLog: true },
    );
  }
  const { chosen, passedOver } = choose(path, candidates, run);
  const exact = format ?? (chosen.exact === true ? chosen.format : undefined);
  const detected = await pathKind(chosen.path) === "directory"
    ? {
      format: chosen.format,
      description: await loadFormat(chosen.format),
      path: chosen.path,
      file: undefined,
    }
    : await detectFile(chosen.path, { format: exact, signal, isNamed: true });
  return { ...detected, passedOver };
}

/** The one candidate, or that which `run` names; several without a name are refused. */
function choose(
  path: string,
  candidates: readonly Candidate[],
  run: string | undefined,
): { chosen: Candidate; passedOver: string[] } {
  if (candidates.length === 1) return { chosen: candidates[0]!, passedOver: [] };
  const named = run === undefined ? undefined : candidates.find(({ name }) => name === run) ??
    candidates.find(({ name }) => name.includes(run));
  if (named !== undefined) return { chosen: named, passedOver: [] };
  for (const [main, twins] of TWINS) {
    const chosen = candidates.find(({ name }) => main.test(name));
    const others = candidates.filter((candidate) => candidate !== chosen);
    if (
      chosen !== undefined &&
      others.every(({ name, format }) => twins.test(name) || twins.test(format))
    ) {
      return { chosen, passedOver: others.map((other) => other.path) };
    }
  }
  throw ambiguousRunError(path, candidates.map(({ name, format }) => name === "." ? format : name));
}
