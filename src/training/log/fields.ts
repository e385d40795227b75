/**
 * What the keys of a log mean: which gives the step, which are seeds, names or ids, and which are
 * metrics. Presets and the user's own field map come before the built-in lists.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../../errors.ts";
import { canonicalName, METRIC_ALIASES } from "./canonical_names.ts";
import { isSeedKey } from "./seeds.ts";

/** Keys that count training steps, in order of preference. */
export const STEP_KEYS: readonly string[] = [
  "global_step",
  "step",
  "_step",
  "Step",
  "iteration",
  "Iteration",
  "iter",
  "timestep",
  "step_id",
  "training_step",
  "train_step",
  "trainer_step",
  "completed_steps",
  "epoch_step",
  "train/global_step",
  "trainer/global_step",
  "training/global_step",
  // Of single tools: LLaMA-Factory, ms-swift, Ray, Stable-Baselines and its kin, Spinning Up.
  "current_steps",
  "global_step/max_steps",
  "training_iteration",
  "time/total_timesteps",
  "total_timesteps",
  "misc/total_timesteps",
  "timesteps_total",
  "timesteps",
  "total/steps",
  "TotalEnvInteracts",
];

/** Keys that count something coarser: they give the steps only of a log that has none of the above. */
export const WEAK_STEP_KEYS: readonly string[] = ["update", "batch", "episode", "epoch", "Epoch"];

const NAME_KEYS = ["name", "metric", "metric_name", "key", "metric_key", "tag"];
const VALUE_KEYS = ["value", "metric_value", "scalar", "v", "measurement", "logged_value"];
const PHASE_KEYS = ["phase", "stage", "mode", "train_phase", "training_phase"];
const RUN_ID_KEYS = [
  "run_id",
  "experiment_id",
  "run_name",
  "experiment_name",
  "job_id",
  "run",
];
const GIT_SHA_KEYS = ["git_sha", "commit_hash", "commit_sha", "version", "git_version"];

/** Named field maps, source key to meaning, for `--preset`. */
export const PRESETS: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  ["grpo", { run: "run_id", ...pairs("step", ["trainer_step", "epoch_step"]) }],
  [
    "trl",
    {
      ...pairs("step", ["global_step", "step", "s"]),
      ...pairs("name", ["metric", "metric_name", "key", "metric_key"]),
      ...pairs("value", ["metric_value", "scalar", "v"]),
    },
  ],
  [
    "accelerate",
    {
      ...pairs("step", ["completed_steps", "iteration"]),
      ...pairs("name", ["metric", "metric_name", "event"]),
      ...pairs("value", ["metric_value", "scalar", "logged_value"]),
    },
  ],
  [
    "openrlhf",
    {
      ...pairs("step", ["train/global_step", "eval/global_step", "global_step", "trainer_step"]),
      ...pairs("name", ["metric", "metric_name", "key"]),
      ...pairs("value", ["metric_value", "scalar", "measurement"]),
    },
  ],
  ["verl", pairs("step", ["step", "training/global_step"])],
  ["wandb", pairs("step", ["_step"])],
]);

function pairs(meaning: string, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, meaning]));
}

/** What one key means for the table. */
export type FieldRole =
  | { readonly kind: "metric" }
  /** Gives the step; the lower the rank, the better; weak keys count epochs and the like. */
  | { readonly kind: "step"; readonly rank: number; readonly weak: boolean }
  /** Names the metric of an event row `{step, name, value}`. */
  | { readonly kind: "name" }
  /** Value of an event row; a metric in rows that have no name. */
  | { readonly kind: "value" }
  | { readonly kind: "seed" }
  | { readonly kind: "phase" | "run_id" | "git_sha" };

const METRIC: FieldRole = { kind: "metric" };
const SEED: FieldRole = { kind: "seed" };

const BUILT_IN = builtInRoles();

function builtInRoles(): Map<string, FieldRole> {
  const roles = new Map<string, FieldRole>();
  STEP_KEYS.forEach((key, rank) => roles.set(key, { kind: "step", rank, weak: false }));
  WEAK_STEP_KEYS.forEach((key, rank) => roles.set(key, { kind: "step", rank, weak: true }));
  for (const key of NAME_KEYS) roles.set(key, { kind: "name" });
  for (const key of VALUE_KEYS) roles.set(key, { kind: "value" });
  for (const key of PHASE_KEYS) roles.set(key, { kind: "phase" });
  for (const key of RUN_ID_KEYS) roles.set(key, { kind: "run_id" });
  for (const key of GIT_SHA_KEYS) roles.set(key, { kind: "git_sha" });
  return roles;
}

/** Meanings that a field map may give besides the names of metrics. */
const ROLE_NAMES = new Set(["step", "name", "value", "seed", "phase", "run_id", "git_sha"]);

/**
 * Decides what keys mean. A field map goes from the log's key to its meaning: `step`, `name`,
 * `value`, `seed`, `phase`, `run_id`, `git_sha`, a canonical metric, or any new name for a metric. Its
 * pairs may stand the other way round (`{"step": "it"}`), as long as one side is a known meaning.
 */
export class FieldResolver {
  readonly #roles = new Map<string, FieldRole>();
  readonly #canonical = new Map<string, string>();
  #mapsStep = false;

  /**
   * Takes a preset and a field map; the map wins where both name a key.
   *
   * @throws {RangeError} if the preset is unknown
   * @throws {TypeError} if the map holds anything but strings
   */
  constructor(preset?: string, fieldMap?: Readonly<Record<string, string>>) {
    for (const [key, meaning] of Object.entries(fieldMap ?? {})) {
      if (typeof meaning !== "string") {
        throw new ArgumentTypeError(`Cannot map field "${key}" as its meaning is not a string`);
      }
      if (!isMeaning(meaning) && isMeaning(key)) this.#map(meaning, key);
      else this.#map(key, meaning);
    }
    if (preset === undefined) return;
    const entries = PRESETS.get(preset);
    if (entries === undefined) {
      throw new ArgumentRangeError(
        `Cannot use preset "${preset}": known are ${[...PRESETS.keys()].join(", ")}`,
      );
    }
    for (const [key, meaning] of Object.entries(entries)) this.#map(key, meaning);
  }

  /** Whether a preset or field map says which key gives the step. */
  get mapsStep(): boolean {
    return this.#mapsStep;
  }

  /** The first meaning that a key is given counts, and mapped steps are preferred in the order given. */
  #map(key: string, meaning: string): void {
    if (this.#roles.has(key)) return;
    if (meaning === "step") {
      this.#mapsStep = true;
      this.#roles.set(key, { kind: "step", rank: this.#roles.size - MAPPED_FIRST, weak: false });
    } else if (ROLE_NAMES.has(meaning)) {
      this.#roles.set(key, { kind: meaning as Exclude<FieldRole["kind"], "step"> });
    } else {
      this.#roles.set(key, METRIC);
      this.#canonical.set(key, canonicalName(meaning) ?? meaning);
    }
  }

  /** What the key at this path (parts joined with dots) means. */
  role(path: string): FieldRole {
    return this.#roles.get(path) ?? BUILT_IN.get(path) ??
      (isSeedKey(path) ? SEED : METRIC);
  }

  /** The canonical name that the user gave to this key, if any. */
  canonical(path: string): string | undefined {
    return this.#canonical.get(path);
  }
}

/** Ranks of mapped step keys start below those of the built-in ones. */
const MAPPED_FIRST = 1_000_000;

function isMeaning(name: string): boolean {
  return ROLE_NAMES.has(name) || METRIC_ALIASES.has(name);
}
