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
import { partialOfData } from "../../engine/partial_stats.ts";
import type { PartialStats, Stats } from "../../engine/types.ts";
import { isRngName, RNG_NAMES, type RngName } from "../../rng/backends.ts";
import { CONSOLE_LINES_MAX, FRAMES_MAX, OBSERVABLES_MAX } from "../wire/limits.ts";
import { SOURCE_BYTES_MAX } from "../../artifact/limits.ts";
import { escapeText } from "../../text/escape_text.ts";
import { type Frame, LOG_LEVELS, type MissingRead } from "../wire/answers.ts";
import { LOADING } from "../wire/position.ts";
import type { StepLog } from "./session_options.ts";
import { refuse } from "../wire/frame_reader.ts";
import { OBSERVABLE_NAME, READS_MAX } from "../wire/requests.ts";

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

/** What steps wrote, checked; texts are escaped, what a step threw stays a claim. */
export function checkLog(
  claim: unknown,
  { from, to }: { from: number; to: number },
): Omit<StepLog, "error"> & { readonly failed: unknown } {
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
    failed,
  };
}

/** Names that no state has, checked; texts are escaped. */
export function checkReads(claim: unknown): MissingRead[] {
  if (!Array.isArray(claim) || claim.length > READS_MAX) throw malformed();
  return claim.map((read: unknown) => {
    const { path, hint } = fields(read);
    if (typeof path !== "string" || typeof hint !== "string") throw malformed();
    return { path: escapeText(path), hint: escapeText(hint) };
  });
}

/** A function that was asked about the states of a trial threw, or gave what it must not. */
export class LookFailure extends SandboxError {
  /** What happened, as a sentence. */
  readonly text: string;
  /** Index of the state. */
  readonly t: number;

  /** Says what happened and at which state. */
  constructor(text: string, t: number) {
    super("refused", `Cannot go on: ${text} (at t=${t})`);
    this.text = text;
    this.t = t;
  }
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
    case "look":
      return new LookFailure(text, t);
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

/** Own properties of a plain object that was decoded from bytes. */
export function fields(claim: unknown): Record<string, unknown> {
  if (typeof claim !== "object" || claim === null || Array.isArray(claim)) throw malformed();
  return claim as Record<string, unknown>;
}

/** Whether it is a whole number from 1 to `max`. */
export function isCount(value: unknown, max: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= max;
}

function number(value: unknown): number {
  if (typeof value !== "number") throw malformed();
  return value;
}

/** A generator's name, checked. */
export function backend(value: unknown): RngName {
  if (!isRngName(value)) {
    throw new SandboxError(
      "refused",
      `Cannot use the step module: its \`rng\` is not one of ${RNG_NAMES.join(", ")}`,
    );
  }
  return value;
}

/** An observable's name, checked. */
export function observableName(value: unknown): string {
  if (typeof value !== "string" || !OBSERVABLE_NAME.test(value)) throw malformed();
  return value;
}

/** The error for an answer of another shape. */
export function malformed(): SandboxError {
  return refuse("it is not of the expected shape");
}
