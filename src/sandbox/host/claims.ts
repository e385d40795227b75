/**
 * Checks the shape of what a child says before anything else sees it. Text in it is foreign.
 * This module is browser compatible.
 *
 * @module
 */

import {
  GuardError,
  NondeterministicStepError,
  type RewindError,
  SandboxError,
  StateEncodingError,
  StepError,
  UntracedDrawError,
} from "../../errors.ts";
import {
  partialOfData,
  type PartialStats,
  type PartialStatsData,
} from "../../engine/partial_stats.ts";
import { statsOfPartial } from "../../engine/stats.ts";
import type { RunFailure, Stats } from "../../engine/types.ts";
import type { TraceEntry } from "../../engine/trace.ts";
import { isRngName, RNG_NAMES, type RngName } from "../../rng/backends.ts";
import {
  CONSOLE_LINES_MAX,
  DENIALS_TOLD_MAX,
  FRAMES_MAX,
  OBSERVABLES_MAX,
  SOURCE_BYTES_MAX,
  STEPS_MAX,
} from "../../limits.ts";
import { escapeText } from "../../text/escape_text.ts";
import { type Frame, LOG_LEVELS, type TrialEnd } from "../wire/answers.ts";
import { LOADING } from "../wire/position.ts";
import type { StepLog } from "./session_options.ts";
import { refuse } from "../wire/frame_reader.ts";
import { OBSERVABLE_NAME, type TrialRequest } from "../wire/requests.ts";
import { checkTrialEnd } from "./trial_claim.ts";

/** What a step module exports. */
export interface ModuleDescription {
  /** Whether `init` is exported, and whether as a function. */
  readonly init: "function" | "value" | "none";
  /** Whether `params` is exported. */
  readonly hasParams: boolean;
  /** Canonical bytes of what `params` exports; undefined if that is not data. */
  readonly params: Uint8Array | undefined;
  /** Generator backend that the module asks for, if any. */
  readonly rng: RngName | undefined;
  /** Names of the exported observables; plain words. */
  readonly observe: readonly string[];
  /** Whether `codec` is exported. */
  readonly hasCodec: boolean;
  /** Whether `picture` is exported. */
  readonly hasPicture: boolean;
}

/** What a child says first of a recording. */
export interface RecordHead {
  /** States per block. */
  readonly blockSize: number;
  /** Generator backend. */
  readonly rng: RngName;
  /** Parameters that the steps are given. */
  readonly params: unknown;
  /** Whether the module asked for the time or for random numbers that it is given only while it loads. */
  readonly isLoadUsed: boolean;
}

/** What a child says last of a recording. */
export interface RecordEnd {
  /** Number of states recorded. */
  readonly steps: number;
  /** Canonical bytes of the last state. */
  readonly lastState: Uint8Array;
  /** Names of the observables. */
  readonly observables: readonly string[];
  /** Their statistics. */
  readonly observed: Readonly<Record<string, Stats>>;
  /** The exact sums that these follow from. */
  readonly accumulators: Readonly<Record<string, PartialStatsData>>;
  /** Why the run is shorter than asked for, if the step threw; foreign text. */
  readonly failure: RunFailure | undefined;
  /** What the module looked for in vain while it loaded, as sentences; escaped. */
  readonly notes: readonly string[];
  /** Where the step threw, if it did. */
  readonly frames: readonly Frame[];
  /** What was asked for besides, if the run is a trial of a campaign. */
  readonly trial: TrialEnd | undefined;
}

/** A description of a module, checked. */
export function checkDescription(claim: unknown): ModuleDescription {
  const { init, hasParams, params, rng, observe, hasCodec, hasPicture } = fields(claim);
  if (init !== "function" && init !== "value" && init !== "none") throw malformed();
  if (!Array.isArray(observe) || observe.length > OBSERVABLES_MAX) throw malformed();
  return {
    init,
    hasParams: hasParams === true,
    params: params instanceof Uint8Array ? params : undefined,
    rng: rng === undefined ? undefined : backend(rng),
    observe: observe.map(observableName),
    hasCodec: hasCodec === true,
    hasPicture: hasPicture === true,
  };
}

/** The start of a recording, checked. */
export function checkRecordHead(claim: unknown): RecordHead {
  const { blockSize, rng, params, isLoadUsed } = fields(claim);
  if (!isCount(blockSize, STEPS_MAX)) throw malformed();
  return { blockSize, rng: backend(rng), params, isLoadUsed: isLoadUsed === true };
}

/** The end of a recording, checked against what was asked for and what came before. */
export function checkRecordEnd(
  claim: unknown,
  known: { steps: number; trial?: TrialRequest | undefined },
): RecordEnd {
  const { steps, lastState, accumulators, failure, notes, frames, trial } = fields(claim);
  if (!isCount(steps, known.steps)) throw malformed();
  if (!(lastState instanceof Uint8Array)) throw malformed();
  return {
    steps,
    lastState,
    ...checkAccumulators(accumulators, steps),
    failure: failure === undefined ? undefined : checkFailure(failure),
    notes: checkNotes(notes),
    frames: checkFrames(frames),
    trial: known.trial && checkTrialEnd(trial, known.trial, { steps, observables: accumulators }),
  };
}

/** The exact sums of observables of `count` states, checked, and the statistics that follow from them. */
function checkAccumulators(
  claim: unknown,
  count: number,
): Pick<RecordEnd, "observables" | "observed" | "accumulators"> {
  const accumulators = fields(claim);
  const observables = Object.keys(accumulators).map(observableName);
  const observed = observables.map((name) =>
    [name, statsOfPartial(checkPartialStats(accumulators[name], count))] as const
  );
  return {
    observables,
    observed: Object.fromEntries(observed),
    accumulators: accumulators as Record<string, PartialStatsData>,
  };
}

/** Statistics, checked. */
export function checkStats(claim: unknown): Stats {
  const { count, mean, variance, std, min, max, covariance } = fields(claim);
  if (!isCount(count, Number.MAX_SAFE_INTEGER)) throw malformed();
  if (Array.isArray(mean)) {
    if (!Array.isArray(covariance) || covariance.length !== mean.length) throw malformed();
    return {
      count,
      mean: mean.map(number),
      covariance: covariance.map((row: unknown) => {
        if (!Array.isArray(row) || row.length !== mean.length) throw malformed();
        return row.map(number);
      }),
    };
  }
  return {
    count,
    mean: number(mean),
    variance: number(variance),
    std: number(std),
    min: number(min),
    max: number(max),
  };
}

/** Partial statistics of `count` states, checked. */
export function checkPartialStats(claim: unknown, count: number): PartialStats {
  const partial = partialOfData(claim, count);
  if (partial === undefined) throw malformed();
  return partial;
}

/** The answer to a search of [from, to), checked. */
export function checkFound(
  claim: unknown,
  range: { from: number; to: number },
): number | undefined {
  if (claim === undefined) return undefined;
  if (typeof claim !== "number" || !Number.isInteger(claim)) throw malformed();
  if (claim < range.from || claim >= range.to) throw malformed();
  return claim;
}

/** Whether something is a t of a range. */
export function isInRange(t: unknown, { from, to }: { from: number; to: number }): t is number {
  return Number.isSafeInteger(t) && (t as number) >= from && (t as number) < to;
}

/** The draws of one step, checked; method names are escaped. */
export function checkTrace(claim: unknown): TraceEntry[] {
  if (!Array.isArray(claim)) throw malformed();
  return claim.map((entry: unknown) => {
    const { method, args, result } = fields(entry);
    if (typeof method !== "string" || !Array.isArray(args)) throw malformed();
    return { method: escapeText(method), args, result };
  });
}

/** What steps wrote, checked; texts are escaped. */
export function checkLog(claim: unknown, { from, to }: { from: number; to: number }): StepLog {
  const { lines, isCut, failed } = fields(claim);
  if (!Array.isArray(lines) || lines.length > CONSOLE_LINES_MAX) throw malformed();
  return {
    lines: lines.map((line: unknown) => {
      const { t, level, text } = fields(line);
      const isPlace = t === LOADING || isInRange(t, { from, to });
      const known = LOG_LEVELS.find((name) => name === level);
      if (!isPlace || known === undefined || typeof text !== "string") throw malformed();
      return { t, level: known, text: escapeText(text) };
    }),
    isCut: isCut === true,
    error: failed === undefined ? undefined : errorOfClaim(failed),
  };
}

/** The error that a child tells of, as the library's own; its text is escaped. */
export function errorOfClaim(claim: unknown): RewindError {
  const { kind, message, t, path } = fields(claim);
  if (typeof message !== "string" || typeof t !== "number" || typeof path !== "string") {
    throw malformed();
  }
  const text = escapeText(message);
  switch (kind) {
    case "step":
      return new StepError(
        t,
        `Cannot make state ${t}: ${t === 0 ? "init" : "the step"} failed: ${text}`,
      );
    case "denied":
      return new StepError(t, text);
    case "encoding": {
      const place = escapeText(path);
      const why = text.startsWith(`${place} `) ? text.slice(place.length + 1) : text;
      return new StateEncodingError(place, `${why} (${t < 0 ? "while loading" : `at t=${t}`})`);
    }
    case "untraced":
      return new UntracedDrawError(text);
    case "nondeterministic":
      return new NondeterministicStepError(t, text, {
        hint: "draw all randomness from rng, and nothing from variables outside the step",
      });
    case "params":
    case "observer":
    case "lost":
    case "given":
      return new GuardError({ kind, path: escapeText(path), t }, text);
    case "load":
      return new SandboxError("refused", `Cannot load the step module: ${text}`);
    case "expression":
      return new SandboxError("refused", `Cannot use the expression: ${text}`);
    default:
      return new SandboxError("refused", `Cannot go on: ${text}`);
  }
}

/** Frames of a stack, checked. */
export function checkFrames(claim: unknown): Frame[] {
  if (!Array.isArray(claim) || claim.length > FRAMES_MAX) throw malformed();
  return claim.map((frame: unknown) => {
    const { line, column, name } = fields(frame);
    if (!isCount(line, SOURCE_BYTES_MAX) || !isCount(column, SOURCE_BYTES_MAX)) throw malformed();
    if (typeof name !== "string") throw malformed();
    return { line, column, name };
  });
}

/** Where the child says that an error was thrown. */
export function framesOfClaim(claim: unknown): Frame[] {
  return checkFrames(fields(claim).frames);
}

function checkNotes(claim: unknown): string[] {
  if (!Array.isArray(claim) || claim.length > DENIALS_TOLD_MAX) throw malformed();
  return claim.map((text: unknown) => {
    if (typeof text !== "string") throw malformed();
    return escapeText(text);
  });
}

function checkFailure(claim: unknown): RunFailure {
  const { t, error } = fields(claim);
  if (!isCount(t, Number.MAX_SAFE_INTEGER) || typeof error !== "string") throw malformed();
  return { t, error };
}

/** Own properties of a plain object that was decoded from bytes. */
/** The properties of what should be an object. */
export function fields(claim: unknown): Record<string, unknown> {
  if (typeof claim !== "object" || claim === null || Array.isArray(claim)) throw malformed();
  return claim as Record<string, unknown>;
}

/** Whether something is a whole number from 1 to `max`. */
export function isCount(value: unknown, max: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= max;
}

function number(value: unknown): number {
  if (typeof value !== "number") throw malformed();
  return value;
}

function backend(value: unknown): RngName {
  if (!isRngName(value)) {
    throw new SandboxError(
      "refused",
      `Cannot use the step module: its \`rng\` is not one of ${RNG_NAMES.join(", ")}`,
    );
  }
  return value;
}

function observableName(value: unknown): string {
  if (typeof value !== "string" || !OBSERVABLE_NAME.test(value)) throw malformed();
  return value;
}

/** The error for an answer that is not of the expected shape. */
export function malformed(): SandboxError {
  return refuse("it is not of the expected shape");
}
