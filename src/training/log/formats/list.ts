/**
 * The log formats, one line each, in the order in which a log is asked whether it is one: those with
 * the surest marks first. A description is loaded when a log is to be read, so that whoever only needs
 * the names pays for nothing else.
 *
 * @module
 */

import type { LogFormatDescription } from "./format.ts";

const LOADERS = {
  wandb: () => import("./wandb.ts"),
  mlflow: () => import("./mlflow.ts"),
  trackio: () => import("./trackio.ts"),
  tensorboard: () => import("./tensorboard.ts"),
  hf: () => import("./hf.ts"),
  lightning: () => import("./lightning.ts"),
  verl: () => import("./verl.ts"),
  jsonl: () => import("./jsonl.ts"),
  json: () => import("./json.ts"),
  csv: () => import("./csv.ts"),
  text: () => import("./text.ts"),
} as const satisfies Record<string, () => Promise<{ readonly format: LogFormatDescription }>>;

/** Name of a format that `readRun` knows. */
export type LogFormat = keyof typeof LOADERS;

/** Formats that `readRun` knows; the names are those of `--format`. */
export const LOG_FORMATS: readonly LogFormat[] = Object.keys(LOADERS) as LogFormat[];

/** Loads the description of a format. */
export async function loadFormat(name: LogFormat): Promise<LogFormatDescription> {
  return (await LOADERS[name]()).format;
}
