/**
 * Looks for seeds, and for the command that was run, in the files that trainers leave beside a log:
 * `hparams.yaml`, Hydra's `.hydra`, W&B's `files`, the Trainer's `training_args.bin`.
 *
 * @module
 */

import { unzipSync } from "fflate";
import { dirname, join } from "node:path";
import { LOG_CONFIG_BYTES_MAX } from "../limits.ts";
import { parseConfigText } from "./config_text.ts";
import { listDirectory, pathKind, readSmallFile } from "./file_source.ts";
import type { LogBuilder } from "./log_builder.ts";
import { pickleIntegers } from "./pickle_integers.ts";
import { isSeedKey, seedInPath, seedsInArguments, seedsInConfig } from "./seeds.ts";

/** Text files that hold a configuration, relative to the log's directory. */
const CONFIG_FILES: readonly string[] = [
  "hparams.yaml",
  "config.yaml",
  "config.yml",
  "config.json",
  "args.json",
  "args.yaml",
  "hyperparameters.json",
  "params.json",
  "params.yaml",
  "metadata.json",
  ".hydra/config.yaml",
  ".hydra/overrides.yaml",
  "files/config.yaml",
];

const METADATA_FILES: readonly string[] = ["wandb-metadata.json", "files/wandb-metadata.json"];

const TRAINING_ARGUMENTS: readonly string[] = ["training_args.bin", "../training_args.bin"];

/** Adds to a table what the files beside its log say, and the seed that its path names. */
export async function readSiblingConfigs(path: string, builder: LogBuilder): Promise<void> {
  const directory = await pathKind(path) === "directory" ? path : dirname(path);
  for (const name of CONFIG_FILES) {
    const file = join(directory, name);
    const bytes = file === path ? undefined : await readSmallFile(file);
    if (bytes === undefined) continue;
    const text = new TextDecoder().decode(bytes);
    if (!/seed/i.test(text)) continue;
    const config = parseConfigText(text);
    if (config === undefined) {
      builder.issue("note", { detail: `${file} could not be parsed for seeds` });
    }
    for (const seed of seedsInConfig(config)) builder.seed(seed, { source: file });
  }
  for (const name of METADATA_FILES) await readWandbMetadata(join(directory, name), builder);
  const checkpoint = await lastCheckpoint(directory);
  for (const name of [...TRAINING_ARGUMENTS, ...checkpoint]) {
    await readTrainingArguments(join(directory, name), builder);
  }
  const inPath = seedInPath(path);
  if (inPath !== undefined) builder.seed(inPath);
}

/** The arguments in the last checkpoint: the Trainer keeps them there, and beside its log only where told to. */
async function lastCheckpoint(directory: string): Promise<string[]> {
  const entries = await listDirectory(directory).catch(() => []);
  const last = entries.filter((entry) => entry.directory && /^checkpoint-\d+$/.test(entry.name))
    .at(-1);
  return last === undefined ? [] : [`${last.name}/training_args.bin`];
}

async function readWandbMetadata(file: string, builder: LogBuilder): Promise<void> {
  const bytes = await readSmallFile(file);
  if (bytes === undefined) return;
  const root = parseConfigText(new TextDecoder().decode(bytes));
  if (!(root instanceof Map)) return;
  const program: unknown = root.get("program");
  const list: unknown = root.get("args");
  const words = Array.isArray(list) ? list.map(String) : [];
  if (typeof program === "string") builder.metadata.command ??= [program, ...words];
  for (const { value, path } of seedsInArguments(words)) {
    builder.seed({ value, path: `args.${path}` }, { source: file });
  }
  const git: unknown = root.get("git");
  const commit: unknown = git instanceof Map ? git.get("commit") : undefined;
  if (typeof commit === "string") builder.metadata.gitSha ??= commit;
}

/** `training_args.bin` is a zip that PyTorch wrote, with a pickle of the Trainer's arguments in it. */
async function readTrainingArguments(file: string, builder: LogBuilder): Promise<void> {
  const bytes = await readSmallFile(file);
  if (bytes === undefined) return;
  let pickle: Uint8Array | undefined;
  try {
    const entries = unzipSync(bytes, {
      filter: ({ name, originalSize }) =>
        /(?:^|\/)data\.pkl$/.test(name) && originalSize <= LOG_CONFIG_BYTES_MAX,
    });
    pickle = Object.values(entries)[0];
  } catch {
    // No zip: files of PyTorch before 1.6 are a pickle from the first byte on.
    pickle = bytes[0] === 0x80 ? bytes : undefined;
  }
  if (pickle === undefined) {
    builder.issue("note", { detail: `${file} could not be read for seeds` });
    return;
  }
  for (const { key, value } of pickleIntegers(pickle)) {
    if (isSeedKey(key)) builder.seed({ value, path: key }, { source: file });
  }
}
