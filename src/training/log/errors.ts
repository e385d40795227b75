/**
 * The errors of reading training logs. Wrong options are TypeError or RangeError.
 *
 * @module
 */

import { RewindError } from "../../errors.ts";
import type { RewindErrorOptions } from "../../error_types.ts";

/** Where in a log a fault lies, and what led to it. */
export interface TrainingLogErrorOptions extends RewindErrorOptions {
  /** The file (or directory) that was read. */
  path?: string;
  /** 1-based line or record number in it. */
  line?: number;
  /** Names of the runs among which one has to be chosen. */
  runs?: readonly string[];
  /** Whether nothing there looks like a log (default false: there is one that cannot be read). */
  isNoLog?: boolean;
}

/** A training log is missing, damaged beyond use, ambiguous or of no known format. */
export class TrainingLogError extends RewindError {
  /** The file or directory that was read, where one is known. */
  readonly path: string | undefined;
  /** 1-based line (or record number, in formats without lines), where one is known. */
  readonly line: number | undefined;
  /** Names of the runs that the path holds, as `path#name` takes them, where that is why it cannot be read. */
  readonly runs: readonly string[];
  /** Whether nothing there looks like a log: whoever reads all runs of a folder loses none of them. */
  readonly isNoLog: boolean;

  /** Says what cannot be read, why, and where. */
  constructor(message: string, options?: TrainingLogErrorOptions) {
    super("TRAINING_LOG", message, options);
    this.path = options?.path;
    this.line = options?.line;
    this.runs = options?.runs ?? [];
    this.isNoLog = options?.isNoLog ?? false;
  }
}

/** Names shown where a run has to be chosen. */
const NAMES_SHOWN_MAX = 10;

/** Says that a place holds several logs, which they are, and how to name one: by `runs`, where that is not how they are shown. */
export function ambiguousRunError(
  path: string,
  names: readonly string[],
  runs: readonly string[] = names,
): TrainingLogError {
  const shown = names.slice(0, NAMES_SHOWN_MAX).join(", ");
  const rest = names.length > NAMES_SHOWN_MAX ? ", ..." : "";
  return new TrainingLogError(
    `Cannot choose among the ${names.length} runs in ${path}: name one of ${shown}${rest}, ` +
      `as in "${path}#${runs[0]}"`,
    { path, runs },
  );
}
