/**
 * The line that a trial leaves: what a campaign keeps of it, in the one form in which it is written and read.
 * This module is browser compatible.
 *
 * @module
 */

import { fieldsOf } from "../codec/exact_fields.ts";
import { type Json, stateToJson } from "../codec/state_to_json.ts";
import type { PartialStatsData, Stats } from "../engine/types.ts";
import { RewindError, SandboxError } from "../errors.ts";
import { CAMPAIGN_FINAL_UNITS_MAX } from "./limits.ts";
import { LookFailure } from "../sandbox/host/claims.ts";
import type { RecordedTrial } from "../sandbox/host/trials_in_child.ts";
import type { ParameterSet } from "./axes.ts";
import { CampaignError } from "./campaign_error.ts";
import type { JournalShape } from "./journal.ts";
import type { Trial, TrialPlan } from "./plan.ts";

/**
 * How a trial ended: after all its steps, by `--until`, because the step or `init` failed, or because it hit a
 * limit of the sandbox.
 */
export type TrialOutcome = "complete" | "until" | "failed" | "killed";

/** Why a trial failed. */
export interface TrialFailure {
  /**
   * `step`: step or `init` threw; `state`: a state is not data; `look`: a function that was asked about a state, such
   * as `--where` or an observable, threw or gave no number; else which limit it hit.
   */
  readonly kind:
    | "step"
    | "state"
    | "look"
    | "timeout"
    | "memory"
    | "output"
    | "crashed"
    | "protocol";
  /** The state that could not be made; null where that is not certain. */
  readonly t: number | null;
  /** What went wrong; foreign text, not escaped. */
  readonly error: string;
}

/** What an observable gave over a trial; vectors have lists, and a covariance in place of a variance. */
export type ObservedRow = Readonly<Record<string, Json>>;

/** What a campaign keeps of a trial. NaN is null; infinities are the texts "Infinity" and "-Infinity". */
export interface TrialRow {
  /** Number of the trial, from 0. */
  readonly trial: number;
  /** Index of its parameter set. */
  readonly set: number;
  /** Its master seed; decimal text where a number would not be exact. */
  readonly seed: number | string;
  /** The parameters that the campaign varies. */
  readonly params: ParameterSet;
  /** How it ended. */
  readonly outcome: TrialOutcome;
  /** Number of states recorded. */
  readonly steps: number;
  /** Why it failed, if it did. */
  readonly failure: TrialFailure | null;
  /** First t at which `--where` holds; null if nowhere, or without. */
  readonly first: number | null;
  /** Value of `--final` for the last state; null without. */
  readonly final: Json;
  /** Statistics of each observable over the trial. */
  readonly observed: Readonly<Record<string, ObservedRow>>;
  /** Values of each observable at the campaign's points. */
  readonly points: Readonly<Record<string, readonly Json[]>>;
  /** The exact sums that the statistics follow from. */
  readonly exact: Readonly<Record<string, PartialStatsData>>;
  /** Content hash of the run; null if there is none. */
  readonly hash: string | null;
}

/** What came of a trial: its run, or why there is none. */
export type TrialEnding =
  | { readonly trial: Omit<RecordedTrial, "record" | "memoryBytes" | "frames"> }
  | { readonly trial?: undefined; readonly error: unknown };

/** The row of a trial. */
export function rowOf(
  plan: TrialPlan,
  { trial: number, set, seed }: Trial,
  ending: TrialEnding,
  steps: number,
): TrialRow {
  const head = { trial: number, set, seed: seedJson(seed), params: plan.sets[set]! };
  if (ending.trial === undefined) {
    const failure = failureOf(ending.error);
    const outcome = FAILED.includes(failure.kind) ? "failed" : "killed";
    const nothing = { first: null, final: null, observed: {}, points: {}, exact: {}, hash: null };
    return { ...head, outcome, steps: failure.t ?? 0, failure, ...nothing };
  }
  const { trial } = ending;
  const { failure, first, final, points } = trial;
  return {
    ...head,
    outcome: failure !== undefined ? "failed" : trial.steps < steps ? "until" : "complete",
    steps: trial.steps,
    failure: failure === undefined ? null : { kind: "step", ...failure },
    first: first ?? null,
    final: final.length === 0 ? null : finalJson(final[0]),
    observed: mapValues(trial.observed, observedRow),
    points: Object.fromEntries(
      trial.observables.map((name, i) => [name, Array.from(points[i]!, numberJson)]),
    ),
    exact: trial.accumulators,
    hash: trial.hash ?? null,
  };
}

/** Whether a trial gave no result. */
export function hasFailed({ outcome }: Pick<TrialRow, "outcome">): boolean {
  return outcome === "failed" || outcome === "killed";
}

/** Failures of a trial that gave an answer. */
const FAILED: readonly TrialFailure["kind"][] = ["step", "state", "look"];

/** What went wrong, without what depends on the machine or the moment. */
function failureOf(error: unknown): TrialFailure {
  if (error instanceof LookFailure) return { kind: "look", t: error.t, error: error.text };
  if (error instanceof SandboxError) {
    const { reason } = error;
    const kind = reason === "timeout" || reason === "memory" || reason === "output" ||
        reason === "protocol"
      ? reason
      : "crashed";
    return { kind, t: null, error: KILLED[kind] };
  }
  const problem = error instanceof RewindError ? error.problem : String(error);
  const t = (error as { t?: unknown }).t;
  const kind = error instanceof RewindError && error.code === "STATE_ENCODING" ? "state" : "step";
  return { kind, t: typeof t === "number" && t >= 0 ? t : null, error: problem };
}

const KILLED = {
  timeout: "it exceeded the limit for time and was killed",
  memory: "it exceeded the limit for memory and was killed",
  output: "it wrote more than the limit for output and was killed",
  protocol: "it gave an answer that cannot be trusted",
  crashed: "its process ended before it answered",
} as const;

/** A seed as JSON: a number where that is exact. */
export function seedJson(seed: bigint): number | string {
  const number = Number(seed);
  return Number.isSafeInteger(number) ? number : `${seed}`;
}

function numberJson(value: number): Json {
  return Number.isNaN(value) ? null : Number.isFinite(value) ? value : String(value);
}

function finalJson(value: unknown): Json {
  if (value === undefined) return null;
  const json = typeof value === "number" ? numberJson(value) : stateToJson(value);
  if (JSON.stringify(json).length <= CAMPAIGN_FINAL_UNITS_MAX) return json;
  throw new CampaignError(
    `Cannot keep the value of --final: its JSON is longer than ${CAMPAIGN_FINAL_UNITS_MAX} characters`,
    { hint: "give a number or a small object" },
  );
}

function observedRow(stats: Stats): ObservedRow {
  return mapValues(stats as unknown as Record<string, unknown>, plainJson);
}

/** Numbers and lists of numbers, as tools read them. */
function plainJson(value: unknown): Json {
  return Array.isArray(value) ? value.map(plainJson) : numberJson(value as number);
}

function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  of: (value: A) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, of(value)]));
}

/** Fields of a row, in order. */
const FIELDS = [
  ...["trial", "set", "seed", "params", "outcome", "steps", "failure", "first", "final"],
  ...["observed", "points", "exact", "hash"],
] as const;

const OUTCOMES: readonly unknown[] = ["complete", "until", "failed", "killed"];

/** A row that somebody wrote; undefined if it is none of a campaign of these trials. */
function readRow(claim: unknown, plan: TrialPlan): TrialRow | undefined {
  const row = fieldsOf(claim, FIELDS);
  if (row === undefined) return undefined;
  const { trial, set, seed, params, outcome, steps, failure, first, hash } = row;
  const isIndex = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  const isObject = (value: unknown) => typeof value === "object" && value !== null;
  if (!isIndex(trial) || (trial as number) >= plan.count) return undefined;
  const planned = plan.at(trial as number);
  const fits = set === planned.set && seed === seedJson(planned.seed) && isIndex(steps) &&
    isObject(params) &&
    OUTCOMES.includes(outcome) && isObject(row.observed) && isObject(row.points) &&
    isObject(row.exact) && (first === null || isIndex(first)) &&
    (hash === null || (typeof hash === "string" && /^[0-9a-f]{64}$/.test(hash))) &&
    (failure === null || typeof (failure as Partial<TrialFailure>).error === "string");
  return fits ? claim as TrialRow : undefined;
}

/** What the journal of a campaign of these trials holds. */
export function trialShape(plan: TrialPlan): JournalShape<TrialRow> {
  return { read: (claim) => readRow(claim, plan), hasFailed };
}

/** The t at which the observables' values are kept: at most `count`, evenly over the run, both ends included. */
export function pointsOf(steps: number, count: number): Float64Array {
  if (count < 1) return new Float64Array();
  const last = Math.max(1, Math.min(count, steps) - 1);
  const points = Array.from(
    { length: Math.min(count, steps) },
    (_, i) => Math.round((i * (steps - 1)) / last),
  );
  return Float64Array.from(points);
}
