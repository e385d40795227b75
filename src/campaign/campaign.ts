/**
 * A campaign in a folder: runs what is missing, keeps a journal of it, and completes it.
 *
 * @module
 */

import { SavedRecord } from "../artifact/saved_record.ts";
import { guard } from "../disk/write_file.ts";
import type { Shard } from "../engine/shard.ts";
import { CampaignError } from "./campaign_error.ts";
import { CsvTable } from "./rows_csv.ts";
import {
  type CampaignDefinition,
  type CampaignHead,
  definitionOf,
  headOf,
  parameterNames,
  planOf,
  SWEEP_FORMAT,
} from "./definition.ts";
import { CampaignFolder, NAMES, shardName } from "./folder.ts";
import { Journal } from "./journal.ts";
import type { TrialPlan } from "./plan.ts";
import { type CampaignLimits, type DoneTrial, TrialRunner } from "./run_trials.ts";
import { BATCH_SEEDS, StopRule } from "./stop_rule.ts";
import { hasFailed, type TrialRow, trialShape } from "./trial_row.ts";

/** Which runs are kept as `.replay` files: those that satisfied `--where` or failed, all, or none. */
export type Keep = "hits" | "all" | "none";

/** How a campaign in a folder is run. */
export interface CampaignRunOptions extends CampaignLimits {
  /** The share of the trials; all by default. */
  shard?: Shard | undefined;
  /** Which runs are kept. @default {"none"} */
  keep?: Keep;
  /** Whether trials that failed run again. @default {false} */
  retryFailed?: boolean;
  /** Failed trials with which it stops; no limit by default. */
  maxFailures?: number | undefined;
}

/** What there is of a campaign when a run of it ends. */
export interface CampaignEnd {
  /** Whether all trials, or as many as the interval needed, are done. */
  readonly isComplete: boolean;
  /** Number of trials that are done. */
  readonly done: number;
  /** How many of them failed. */
  readonly failed: number;
  /** Number of trials of the campaign, or of the shard; fewer where an interval was narrow enough before. */
  readonly trials: number;
  /** Whether it stopped as too many failed. */
  readonly hasTooManyFailures: boolean;
  /** Whether the interval is as narrow as it was to be in every set; undefined where none was asked for. */
  readonly isPrecise: boolean | undefined;
}

/** Runs a campaign in its folder. */
export class Campaign {
  readonly #definition: CampaignDefinition;
  readonly #folder: CampaignFolder;
  readonly #plan: TrialPlan;
  readonly #options: CampaignRunOptions;
  #end: CampaignEnd | undefined;

  /** Over a folder that {@linkcode beginCampaign} gave. */
  constructor(
    folder: CampaignFolder,
    definition: CampaignDefinition,
    options: CampaignRunOptions = {},
  ) {
    if (definition.untilCi !== undefined && (options.shard?.count ?? 1) > 1) {
      throw new CampaignError(
        "Cannot stop a shard at the width of an interval: it does not see the trials of the others",
        { hint: "leave out --until-ci or --shard" },
      );
    }
    this.#folder = folder;
    this.#definition = definition;
    this.#plan = planOf(definition);
    this.#options = options;
  }

  /** How the last run of it ended. */
  get end(): CampaignEnd | undefined {
    return this.#end;
  }

  /**
   * Runs the trials that are missing; gives them once their lines are in the journal, as many together as come
   * together. When the campaign is complete the lines are put in the order of the trials.
   */
  async *run(): AsyncGenerator<readonly DoneTrial[], void> {
    const { shard = { index: 0, count: 1 }, signal } = this.#options;
    const folder = this.#folder;
    const name = shardName(NAMES.results, shard);
    using _lock = folder.lock(name);
    const shape = trialShape(this.#plan);
    const journal = Journal.open(folder.disk, folder.of(name), shape);
    using timings = new Timings(folder.of(shardName(NAMES.timings, shard)));
    try {
      const rule = this.#stopRule(journal);
      const isRetried = new Set<number>();
      await using runners = new AsyncDisposableStack();
      let runner: TrialRunner | undefined;
      let to = 0;
      let hasTooManyFailures = false;
      while (to < this.#plan.count && !hasTooManyFailures) {
        const from = to;
        to = rule === undefined
          ? this.#plan.count
          : Math.min(this.#plan.count, from + BATCH_SEEDS * this.#plan.sets.length);
        const numbers = this.#missing({ from, to, shard, journal, isRetried });
        const first = numbers.next();
        if (!first.done) {
          runner ??= runners.use(await TrialRunner.prepare(this.#definition, this.#options));
          for await (const all of runner.run(chain(first.value, numbers))) {
            const done = this.#untilTooManyFailed(all, journal);
            for (const trial of done) await this.#keep(trial);
            const rows = done.map(({ row }) => row);
            journal.append(...rows);
            timings.add(done);
            for (const row of rows) rule?.add(row);
            yield done;
            if (journal.failed > (this.#options.maxFailures ?? Infinity)) {
              hasTooManyFailures = true;
              break;
            }
          }
        }
        signal?.throwIfAborted();
        if (rule?.isReached(to)) break;
      }
      const trials = countOf(this.#plan.numbers(0, to, shard));
      const isComplete = !hasTooManyFailures && journal.count >= trials;
      if (isComplete) journal.writeOrdered(undefined, to);
      const { count: done, failed } = journal;
      const isPrecise = rule?.isReached(to);
      this.#end = { isComplete, done, failed, trials, hasTooManyFailures, isPrecise };
    } finally {
      journal.close();
    }
  }

  /** Those up to the one with which too many have failed. */
  #untilTooManyFailed(
    done: readonly DoneTrial[],
    journal: Journal<TrialRow>,
  ): readonly DoneTrial[] {
    const { maxFailures = Infinity } = this.#options;
    let { failed } = journal;
    const last = done.findIndex(({ row }) => {
      failed += Number(hasFailed(row)) - Number(journal.hasFailed(row.trial));
      return failed > maxFailures;
    });
    return last < 0 ? done : done.slice(0, last + 1);
  }

  *#missing({ from, to, shard, journal, isRetried }: {
    from: number;
    to: number;
    shard: Shard;
    journal: Journal<TrialRow>;
    isRetried: Set<number>;
  }): Generator<number> {
    const { retryFailed = false } = this.#options;
    for (const trial of this.#plan.numbers(from, to, shard)) {
      const isDone = journal.has(trial) && !this.#isUnkept(journal, trial);
      if (isDone && !(retryFailed && journal.hasFailed(trial) && !isRetried.has(trial))) continue;
      isRetried.add(trial);
      yield trial;
    }
  }

  /** Whether a trial is done whose run is to be kept and is not, as others were when it was done. */
  #isUnkept(journal: Journal<TrialRow>, trial: number): boolean {
    if ((this.#options.keep ?? "none") === "none") return false;
    const row = journal.row(trial)!;
    // Of a trial that was killed there is no run.
    if (row.hash === null || !this.#isKept(row)) return false;
    return this.#folder.disk.entry(this.#folder.of(keptName(trial))) === undefined;
  }

  #isKept(row: TrialRow): boolean {
    const { keep = "none" } = this.#options;
    return keep === "all" || (keep === "hits" && (row.first !== null || hasFailed(row)));
  }

  #stopRule(journal: Journal<TrialRow>): StopRule | undefined {
    const { untilCi } = this.#definition;
    if (untilCi === undefined) return undefined;
    const rule = new StopRule(untilCi, this.#plan.sets.length);
    for (const row of journal.rows()) rule.add(row);
    return rule;
  }

  /** Writes the run of a trial before its line: where the line is, the file is. */
  async #keep({ row, record }: DoneTrial): Promise<void> {
    if (record === undefined || !this.#isKept(row)) return;
    Deno.mkdirSync(this.#folder.of(NAMES.trials), { recursive: true });
    const { sourceMap } = this.#definition.module;
    this.#folder.write(
      keptName(row.trial),
      await new SavedRecord({ ...record, sourceMap }).toBytes(),
    );
  }
}

/** Begins a campaign in a folder, or finds the same one there; see {@linkcode CampaignFolder.begin}. */
export function beginCampaign(path: string, definition: CampaignDefinition): CampaignFolder {
  return CampaignFolder.begin(path, {
    head: headOf(definition),
    module: definition.module,
    labels: LABELS,
  });
}

/** What fields are called where a person reads of them. */
const LABELS: Partial<Record<keyof CampaignHead, string>> = {
  module: "step module",
  sourceHash: "module's text (sha256)",
  sets: "list of parameter sets (--param, --design)",
  params: "list of parameters (--params)",
};

/** The campaign in a folder, with its module. @throws {CampaignError} If it is none of this kind. */
export function definitionIn(folder: CampaignFolder): CampaignDefinition {
  return definitionOf(folder.head<CampaignHead>(SWEEP_FORMAT), folder.module());
}

/** Where the run of a trial is, if it is kept. */
export function keptName(trial: number): string {
  return `${NAMES.trials}/${trial}.replay`;
}

/** The rows of a campaign as far as it has come, in the order of the trials. */
export class CampaignRows implements Disposable {
  readonly #journals: readonly Journal<TrialRow>[];

  private constructor(journals: readonly Journal<TrialRow>[]) {
    this.#journals = journals;
  }

  /** Reads the journal of a folder, and those of its shards that are there. */
  static of(folder: CampaignFolder, definition: CampaignDefinition): CampaignRows {
    const shape = trialShape(planOf(definition));
    return new CampaignRows(folder.journals(shape));
  }

  /** The row of a trial; undefined if it is not done. */
  row(trial: number): TrialRow | undefined {
    return this.#journals.find((journal) => journal.has(trial))?.row(trial);
  }

  /** The rows, in the order of the trials. */
  *[Symbol.iterator](): Generator<TrialRow> {
    const [only] = this.#journals;
    if (this.#journals.length === 1) return yield* only!.rows();
    const rows = this.#journals.map((journal) => journal.rows());
    const heads = rows.map((row) => row.next());
    for (;;) {
      let least = -1;
      let trial = Infinity;
      heads.forEach((head, i) => {
        if (head.done || head.value.trial >= trial) return;
        least = i;
        trial = head.value.trial;
      });
      if (least < 0) return;
      yield heads[least]!.value!;
      // A shard that was merged has the same line.
      heads.forEach((head, i) => {
        if (!head.done && head.value.trial === trial) heads[i] = rows[i]!.next();
      });
    }
  }

  [Symbol.dispose](): void {
    for (const journal of this.#journals) journal.close();
  }
}

/** Writes the table of a campaign beside its journal. */
export function writeCsv(
  folder: CampaignFolder,
  definition: CampaignDefinition,
  rows: Iterable<TrialRow>,
): void {
  // One that did not fail has all observables that there are.
  const sample = Iterator.from(rows).find((row) => !hasFailed(row)) ??
    Iterator.from(rows).find(({ observed }) => Object.keys(observed).length > 0);
  const table = new CsvTable({ parameters: parameterNames(definition.sets), sample });
  const lines = [table.head()];
  for (const row of rows) lines.push(table.line(row));
  folder.write(NAMES.csv, lines.join(""));
}

/** When and where trials ran: what differs between two runs of one campaign. */
class Timings implements Disposable {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  readonly #encoder = new TextEncoder();
  readonly #host = hostName();

  constructor(path: string) {
    this.#path = path;
    this.#file = Deno.openSync(path, { append: true, create: true });
  }

  add(done: readonly DoneTrial[]): void {
    const at = new Date().toISOString();
    const lines = done.map(({ row: { trial }, elapsedMs }) => {
      const line = { trial, ms: Math.round(elapsedMs * 10) / 10, host: this.#host, at };
      return `${JSON.stringify(line)}\n`;
    });
    const bytes = this.#encoder.encode(lines.join(""));
    guard(this.#path, () => this.#file.writeSync(bytes));
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

function hostName(): string | null {
  try {
    return Deno.hostname();
  } catch {
    return null;
  }
}

function* chain<T>(first: T, rest: Iterable<T>): Generator<T> {
  yield first;
  yield* rest;
}

function countOf(items: Iterable<unknown>): number {
  let count = 0;
  for (const _ of items) count++;
  return count;
}
