/**
 * What every reader of one format is given.
 *
 * @module
 */

import type { LogBuilder } from "../log_builder.ts";

/** A log to be read, and the table to read it into. */
export interface LogInput {
  /** File or directory. */
  readonly path: string;
  /** The table to fill. */
  readonly builder: LogBuilder;
  /** Which run to take where the log holds several. */
  readonly run: string | undefined;
  /** Stops the reading. */
  readonly signal: AbortSignal | undefined;
}

/** Reads a log of one format into its table. */
export type LogAdapter = (input: LogInput) => Promise<void>;
