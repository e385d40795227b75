/**
 * `metrics.csv` of Lightning's CSVLogger: rows of training and validation apart, blanks for what a row
 * lacks.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { listDirectory, pathKind } from "../file_source.ts";
import { looksLikeCsv, readCsv } from "./csv.ts";
import type { FileHead, FoundLog, LogDirectory, LogFormatDescription } from "./format.ts";

const METRICS = "metrics.csv";

/** See the module. */
export const format: LogFormatDescription = { recognizes: isLightning, find, read: readCsv };

async function isLightning(head: FileHead): Promise<boolean> {
  return head.name === METRICS && looksLikeCsv(head) &&
    await pathKind(join(dirname(head.path), "hparams.yaml")) === "file";
}

async function find({ entries }: LogDirectory): Promise<FoundLog[]> {
  const here = entries.find(({ name }) => name === METRICS);
  if (here !== undefined) return [{ path: here.path, name: METRICS, exact: true }];
  const inner = entries.find(({ name, directory }) => directory && name === "lightning_logs");
  const versions: FoundLog[] = [];
  for (const entry of inner === undefined ? entries : await listDirectory(inner.path)) {
    if (!entry.directory || !entry.name.startsWith("version_")) continue;
    const path = join(entry.path, METRICS);
    if (await pathKind(path) === "file") versions.push({ path, name: entry.name, exact: true });
  }
  return versions;
}
