/**
 * Repeats of a splitting in children: one after the other in a journal if there is a folder, and the same on
 * any number of cores and shards.
 *
 * @module
 */

import { type Json, stateToJson } from "../codec/state_to_json.ts";
import type { ParameterChange } from "../engine/run_options.ts";
import type { Shard } from "../engine/shard.ts";
import { jsonToState } from "../codec/json_state.ts";
import { isRngName, type RngName } from "../rng/backends.ts";
import type { SandboxRecordOptions } from "../sandbox/host/session_options.ts";
import { splitInChild } from "../sandbox/host/rare_in_child.ts";
import { ChildPool } from "./child_pool.ts";
import { CampaignError } from "./campaign_error.ts";
import { CampaignFolder, NAMES, shardName } from "./folder.ts";
import {
  type CampaignModule,
  differenceOf,
  type FolderHead,
  folderHead,
  moduleOf,
} from "./folder_head.ts";
import { Journal, lineOf } from "./journal.ts";
import { checkSettings, type RareResult, rareResult, type RareSettings } from "./rare.ts";
import { type RareRow, rareRowOf, rareShape } from "./rare_row.ts";
import type { CampaignLimits } from "./run_trials.ts";
import { seedJson } from "./trial_row.ts";

/** A splitting as it is asked for. */
export interface RareDefinition extends RareSettings {
  /** The model. */
  readonly module: CampaignModule;
  /** Path of the module as it was given. */
  readonly path: string;
  /** Number of states: the horizon. */
  readonly steps: number;
  /** Master seed. */
  readonly seed: bigint;
  /** Generator backend; what the module exports, or python, if undefined. */
  readonly rng: RngName | undefined;
  /** What changes of the module's parameters. */
  readonly paramChanges: readonly ParameterChange[];
  /** Text of the score, a function of state and t. */
  readonly score: string;
  /** Text of the predicate that ends a trajectory. */
  readonly until: string | undefined;
  /** Whether guards look for mistakes in the model. */
  readonly guards: boolean;
}

/** What the first field of a splitting's head says. */
export const RARE_FORMAT = "rewind splitting";

/** What the file of a splitting says, in its order. */
export interface RareHead extends FolderHead {
  /** Number of states. */
  readonly steps: number;
  /** Master seed. */
  readonly seed: number | string;
  /** Generator backend; null for the module's. */
  readonly rng: string | null;
  /** What changes of the module's parameters. */
  readonly paramChanges: Json;
  /** Text of the score. */
  readonly score: string;
  /** Text of the predicate that ends a trajectory. */
  readonly until: string | null;
  /** The level; infinities are texts. */
  readonly level: Json;
  /** Particles of a repeat. */
  readonly particles: number;
  /** At least so many are killed at a time. */
  readonly kill: number;
  /** Independent repeats. */
  readonly repeats: number;
}

function headOf(definition: RareDefinition): RareHead {
  const { steps, seed, rng, paramChanges, score, until } = definition;
  const { level, particles, kill, repeats } = checkSettings(definition);
  return {
    ...folderHead(RARE_FORMAT, definition),
    ...{ steps, seed: seedJson(seed), rng: rng ?? null },
    paramChanges: stateToJson(paramChanges),
    ...{ score, until: until ?? null, level: stateToJson(level), particles, kill, repeats },
  };
}

/** Begins a splitting in a folder, or finds the same one there; see {@linkcode CampaignFolder.begin}. */
export function beginRare(path: string, definition: RareDefinition): CampaignFolder {
  return CampaignFolder.begin(path, { head: headOf(definition), module: definition.module });
}

/** The splitting in a folder, with its module. @throws {CampaignError} If it is none of this kind. */
export function rareDefinitionIn(folder: CampaignFolder): RareDefinition {
  const head = folder.head<RareHead>(RARE_FORMAT);
  const definition: RareDefinition = {
    module: moduleOf(head, folder.module()),
    ...{ path: head.path, steps: head.steps, seed: BigInt(head.seed), score: head.score },
    rng: isRngName(head.rng) ? head.rng : undefined,
    paramChanges: jsonToState(head.paramChanges) as ParameterChange[],
    until: head.until ?? undefined,
    level: jsonToState(head.level) as number,
    ...{ particles: head.particles, kill: head.kill, repeats: head.repeats },
    guards: true,
  };
  const difference = differenceOf(headOf(definition), head);
  if (difference === undefined) return definition;
  throw new CampaignError(
    `Cannot use the splitting in '${folder.path}': '${difference}' is not as rewind writes it`,
  );
}

/** How the repeats are run. */
export interface RareRunOptions extends CampaignLimits {
  /** Where to keep a journal; none by default. */
  readonly folder?: CampaignFolder | undefined;
  /** The share of the repeats; all by default. */
  readonly shard?: Shard | undefined;
}

/** Runs the repeats of a splitting that are missing; gives the row of each as it is done. */
export async function* runRepeats(
  definition: RareDefinition,
  { folder, shard = { index: 0, count: 1 }, ...limits }: RareRunOptions,
): AsyncGenerator<RareRow, void> {
  const { repeats } = checkSettings(definition);
  using held = new DisposableStack();
  const name = shardName(NAMES.results, shard);
  if (folder !== undefined) held.use(folder.lock(name));
  const journal = folder &&
    Journal.open(folder.disk, folder.of(name), rareShape(repeats));
  held.defer(() => journal?.close());
  const missing: number[] = [];
  for (let repeat = shard.index; repeat < repeats; repeat += shard.count) {
    const row = journal?.row(repeat);
    if (row === undefined) missing.push(repeat);
    else yield row;
  }
  await using pool = new ChildPool({ ...limits, ...definition.module });
  const done = pool.run(missing, async function* (session, some) {
    const { level, particles, kill, score } = { ...definition, ...checkSettings(definition) };
    for (const repeat of some) {
      const startedAt = performance.now();
      const result = await splitInChild(session, recordOptions(definition, repeat), {
        ...{ score, level, particles, kill, repeat },
      });
      yield [{ result, elapsedMs: performance.now() - startedAt, memoryBytes: 0 }];
    }
  });
  for await (const tasks of done) {
    for (const { task, result, death } of tasks) {
      // A repeat that is cut short would make the estimate wrong: there is none without it.
      if (result === undefined) throw death;
      const row = rareRowOf(task, result, checkSettings(definition).particles);
      journal?.append(row);
      yield row;
    }
  }
  journal?.writeOrdered();
}

/** What the trajectories of a repeat are recorded as. */
function recordOptions(definition: RareDefinition, repeat: number): SandboxRecordOptions {
  const { steps, seed, rng, paramChanges, until, guards } = definition;
  return {
    ...{ steps, seed, paramChanges, observe: {} },
    ...(rng === undefined ? {} : { rng }),
    ...(until === undefined ? {} : { until }),
    // The model is tried once: it breaks the rules in every repeat.
    guards: guards && repeat === 0,
  };
}

/** What all repeats come to; their order does not matter. */
export function resultOfRows(
  definition: Pick<RareDefinition, keyof RareSettings>,
  rows: Iterable<RareRow>,
): RareResult {
  const { particles, repeats } = checkSettings(definition);
  const ordered = [...rows].sort((a, b) => a.trial - b.trial);
  const sum = (of: (row: RareRow) => number) => ordered.reduce((total, row) => total + of(row), 0);
  const reached = ordered.find(({ lineage }) => lineage !== null);
  return rareResult(ordered.map(({ estimate }) => estimateOf(estimate)), {
    ...{ particles, repeats: Math.min(repeats, ordered.length) },
    steps: sum(({ steps }) => steps),
    firstSteps: sum(({ firstSteps }) => firstSteps),
    lineage: reached?.lineage === null || reached === undefined ? undefined : {
      reachedAt: reached.lineage.reachedAt,
      runs: reached.lineage.runs.map(({ seed, origin }) => ({ seed: BigInt(seed), origin })),
    },
  });
}

/** JSON has no -Infinity, which the logarithm of 0 is. */
function estimateOf({ logP, ...rest }: RareRow["estimate"]) {
  return { ...rest, logP: logP ?? -Infinity };
}

/** The rows of a splitting that are in its folder, in order. */
export function rowsIn(folder: CampaignFolder): RareRow[] {
  const { repeats } = folder.head<RareHead>(RARE_FORMAT);
  const rows = new Map<number, RareRow>();
  for (const journal of folder.journals(rareShape(repeats))) {
    for (const row of journal.rows()) rows.set(row.trial, row);
    journal.close();
  }
  return [...rows.values()].sort((a, b) => a.trial - b.trial);
}

/**
 * Joins the repeats of the shards of a splitting into one `results.jsonl`.
 *
 * @throws {CampaignError} If repeats are missing, or differ between two files.
 */
export function mergeRepeats(
  folders: readonly CampaignFolder[],
  target: CampaignFolder,
): RareRow[] {
  const head = target.head<RareHead>(RARE_FORMAT);
  const { repeats } = head;
  const rows = new Map<number, RareRow>();
  for (const folder of folders) {
    const difference = differenceOf(folder.head<RareHead>(RARE_FORMAT), head);
    if (difference !== undefined) {
      throw new CampaignError(
        `Cannot merge '${folder.path}' and '${target.path}': they are different: '${difference}' differs`,
      );
    }
    for (const journal of folder.journals(rareShape(repeats))) {
      for (const row of journal.rows()) {
        const known = rows.get(row.trial);
        if (known !== undefined && JSON.stringify(known) !== JSON.stringify(row)) {
          throw new CampaignError(`Cannot merge: repeat ${row.trial} has two different results`, {
            hint: "one was made with another version of rewind, or the model is not deterministic",
          });
        }
        rows.set(row.trial, row);
      }
      journal.close();
    }
  }
  const missing = Array.from({ length: repeats }, (_, i) => i).filter((i) => !rows.has(i));
  if (missing.length > 0) {
    throw new CampaignError(`Cannot merge: repeat ${missing[0]} of ${repeats} is missing`, {
      hint: "run the missing shards again with the same command",
    });
  }
  const ordered = [...rows.values()].sort((a, b) => a.trial - b.trial);
  target.write(NAMES.results, ordered.map(lineOf).join(""));
  return ordered;
}
