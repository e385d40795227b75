/**
 * What the keys of a log mean: which gives the step, which are seeds, names or ids, and which are
 * metrics. Presets and the user's own field map come before the built-in lists.
 * This module is browser compatible.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../../errors.ts";
import { canonicalName } from "./canonical_names.ts";
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
  "Iter",
  "timestep",
  "Timestep",
  "step_id",
  "training_step",
  "train_step",
  "trainer_step",
  "completed_steps",
  "epoch_step",
  "train/global_step",
  "trainer/global_step",
  "training/global_step",
  // Of single tools: fairseq, LLaMA-Factory, ms-swift, Ray, Stable-Baselines and its kin, Spinning Up.
  "num_updates",
  "current_steps",
  "global_step/max_steps",
  "training_iteration",
  "time/total_timesteps",
  "total_timesteps",
  "misc/total_timesteps",
  "timesteps_total",
  "timesteps",
  "Timesteps",
  "total/steps",
  "TotalEnvInteracts",
];

/** Keys that count something coarser: they give the steps only of a log that has none of the above. */
export const WEAK_STEP_KEYS: readonly string[] = [
  "update",
  "Update",
  "batch",
  "Batch",
  "episode",
  "Episode",
  "epoch",
  "Epoch",
  // Of pandas.
  "index",
];

const NAME_KEYS = ["name", "metric", "metric_name", "key", "metric_key", "tag"];
const VALUE_KEYS = ["value", "metric_value", "scalar", "v", "measurement", "logged_value"];
/** Keys whose value names a part of the training: `eval` makes `eval/loss`. */
const PHASE_KEYS = [
  "phase",
  "split",
  "stage",
  "mode",
  "subset",
  "loop",
  "train_phase",
  "training_phase",
  "job_type",
];
/** Keys that tell records of one step apart: `rank` makes `rank=1/loss`. */
const LABEL_KEYS = [
  "rank",
  "local_rank",
  "global_rank",
  "process",
  "process_index",
  "process_id",
  "worker",
  "worker_id",
  "worker_index",
  "env",
  "env_id",
  "env_index",
  "env_name",
  "agent",
  "agent_id",
  "policy_id",
  "replica",
  "replica_id",
  "device",
  "device_id",
  "gpu",
  "gpu_id",
  "host",
  "hostname",
  "node",
  "node_rank",
  "fold",
  "trial",
  "trial_id",
  "experiment",
  "task",
  "task_id",
  "dataset",
  "model",
];
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
  /**
   * Tells records of one step apart, by a phase whose value stands alone or by a label; the run's
   * identity is no metric, even as a number.
   */
  | { readonly kind: "split"; readonly bare: boolean; readonly identity: boolean }
  | { readonly kind: "git_sha" };

const METRIC: FieldRole = { kind: "metric" };

/** Meanings that a field map may give other than metrics and steps. */
const NAMED_ROLES: ReadonlyMap<string, FieldRole> = new Map<string, FieldRole>([
  ["name", { kind: "name" }],
  ["value", { kind: "value" }],
  ["seed", { kind: "seed" }],
  ["phase", { kind: "split", bare: true, identity: false }],
  ["label", { kind: "split", bare: false, identity: false }],
  ["run_id", { kind: "split", bare: false, identity: true }],
  ["git_sha", { kind: "git_sha" }],
]);

const BUILT_IN = builtInRoles();

function builtInRoles(): Map<string, FieldRole> {
  const roles = new Map<string, FieldRole>();
  STEP_KEYS.forEach((key, rank) => roles.set(key, { kind: "step", rank, weak: false }));
  WEAK_STEP_KEYS.forEach((key, rank) => roles.set(key, { kind: "step", rank, weak: true }));
  const named: readonly (readonly [string, readonly string[]])[] = [
    ["name", NAME_KEYS],
    ["value", VALUE_KEYS],
    ["phase", PHASE_KEYS],
    ["label", LABEL_KEYS],
    ["run_id", RUN_ID_KEYS],
    ["git_sha", GIT_SHA_KEYS],
  ];
  for (const [meaning, keys] of named) {
    for (const key of keys) roles.set(key, NAMED_ROLES.get(meaning)!);
  }
  return roles;
}

/**
 * Decides what keys mean. A field map goes from the log's key to its meaning: `step`, `name`,
 * `value`, `seed`, `phase`, `label`, `run_id`, `git_sha`, a canonical metric, or any new name for a metric. Its
 * pairs may stand the other way round (`{"step": "it"}`), as long as one side is a known meaning.
 */
export class FieldResolver {
  readonly #roles = new Map<string, FieldRole>();
  readonly #canonical = new Map<string, string>();
  /** The user's pairs, and which of their names the log has. */
  readonly #pairs = new Map<string, string>();
  readonly #seen = new Set<string>();
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
      const [from, to] = !isMeaning(meaning) && isMeaning(key) ? [meaning, key] : [key, meaning];
      this.#pairs.set(from, to);
      this.#map(from, to);
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
      return;
    }
    const role = NAMED_ROLES.get(meaning);
    if (role !== undefined) this.#roles.set(key, role);
    else {
      this.#roles.set(key, METRIC);
      this.#canonical.set(key, canonicalName(meaning) ?? meaning);
    }
  }

  /** What the key at this path (parts joined with dots) means. */
  role(path: string): FieldRole {
    this.see(path);
    return this.#roles.get(path) ?? BUILT_IN.get(path) ?? stepRole(path) ??
      (isSeedKey(path) ? NAMED_ROLES.get("seed")! : METRIC);
  }

  /** Takes note of a name that the log has. */
  see(name: string): void {
    if (this.#pairs.size > 0) this.#seen.add(name);
  }

  /**
   * Keys of the user's map that the log does not have, once it is read. Where both sides of a pair are
   * meanings (`{"reward": "score"}`) and the log has the second only, the pair stands the other way round.
   */
  unused(): string[] {
    const unused: string[] = [];
    for (const [key, meaning] of this.#pairs) {
      if (this.#seen.has(key)) continue;
      const canonical = canonicalName(key);
      if (canonical !== undefined && this.#seen.has(meaning)) {
        this.#canonical.set(meaning, canonical);
      } else unused.push(key);
    }
    return unused;
  }

  /** The canonical name that the user gave to this key, if any. */
  canonical(path: string): string | undefined {
    return this.#canonical.get(path);
  }
}

/** Steps whose name is written as people write it in tables: `Total Timesteps`, `globalStep`, `Env-Steps`. */
function stepRole(path: string): FieldRole | undefined {
  const plain = path.trim().replace(/(?<=[a-z])(?=[A-Z])/g, "_").replace(/[\s-]+/g, "_")
    .toLowerCase();
  const role = plain === path ? undefined : BUILT_IN.get(plain);
  return role?.kind === "step" ? role : undefined;
}

/** Ranks of mapped step keys start below those of the built-in ones. */
const MAPPED_FIRST = 1_000_000;

function isMeaning(name: string): boolean {
  return name === "step" || NAMED_ROLES.has(name) || canonicalName(name) !== undefined;
}
