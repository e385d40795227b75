/**
 * The log formats, one line each, in the order in which a log is asked whether it is one: those with
 * the surest marks first. A description is loaded when a log is to be read, so that whoever only needs
 * the names pays for nothing else.
 *
 * @module
 */

import type { LogFormatDescription } from "./format.ts";

/** A module of this folder, which exports the description of its format. */
type Loading = Promise<{ readonly format: LogFormatDescription }>;

const LOADERS = {
  wandb: (): Loading => import("./wandb.ts"),
  mlflow: (): Loading => import("./mlflow.ts"),
  trackio: (): Loading => import("./trackio.ts"),
  tensorboard: (): Loading => import("./tensorboard.ts"),
  dvclive: (): Loading => import("./dvclive.ts"),
  ray: (): Loading => import("./ray.ts"),
  sacred: (): Loading => import("./sacred.ts"),
  hf: (): Loading => import("./hf.ts"),
  lightning: (): Loading => import("./lightning.ts"),
  verl: (): Loading => import("./verl.ts"),
  columns: (): Loading => import("./columns.ts"),
  jsonl: (): Loading => import("./jsonl.ts"),
  json: (): Loading => import("./json.ts"),
  csv: (): Loading => import("./csv.ts"),
  text: (): Loading => import("./text.ts"),
};

/** Name of a format that `readRun` knows. */
export type LogFormat = keyof typeof LOADERS;

/** Formats that `readRun` knows; the names are those of `--format`. */
export const LOG_FORMATS: readonly LogFormat[] = Object.keys(LOADERS) as LogFormat[];

/** Loads the description of a format. */
export async function loadFormat(name: LogFormat): Promise<LogFormatDescription> {
  return (await LOADERS[name]()).format;
}
