/**
 * The log formats, a name and a line each, in the order in which a log is asked whether it is one: those with
 * the surest marks first. A description is loaded when a log is to be read, so that whoever only needs
 * the names pays for nothing else.
 *
 * @module
 */

import type { LogFormatDescription } from "./format.ts";

/** A module of this folder, which exports the description of its format. */
type Loading = Promise<{ readonly format: LogFormatDescription }>;

/** Name of a format that `readRun` knows. */
export type LogFormat =
  | "wandb"
  | "mlflow"
  | "trackio"
  | "tensorboard"
  | "dvclive"
  | "ray"
  | "sacred"
  | "hf"
  | "lightning"
  | "verl"
  | "columns"
  | "jsonl"
  | "json"
  | "csv"
  | "text";

const LOADERS: Readonly<Record<LogFormat, () => Loading>> = {
  wandb: () => import("./wandb.ts"),
  mlflow: () => import("./mlflow.ts"),
  trackio: () => import("./trackio.ts"),
  tensorboard: () => import("./tensorboard.ts"),
  dvclive: () => import("./dvclive.ts"),
  ray: () => import("./ray.ts"),
  sacred: () => import("./sacred.ts"),
  hf: () => import("./hf.ts"),
  lightning: () => import("./lightning.ts"),
  verl: () => import("./verl.ts"),
  columns: () => import("./columns.ts"),
  jsonl: () => import("./jsonl.ts"),
  json: () => import("./json.ts"),
  csv: () => import("./csv.ts"),
  text: () => import("./text.ts"),
};

/** Formats that `readRun` knows; the names are those of `--format`. */
export const LOG_FORMATS: readonly LogFormat[] = Object.keys(LOADERS) as LogFormat[];

/** Loads the description of a format. */
export async function loadFormat(name: LogFormat): Promise<LogFormatDescription> {
  return (await LOADERS[name]()).format;
}
