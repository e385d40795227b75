/**
 * The errors that rewind raises on purpose: those of its own domain, and those for wrong arguments, which are
 * TypeErrors, RangeErrors or SyntaxErrors with a stable `code`. Any other error is a defect.
 * This module is browser compatible.
 *
 * @module
 */

import type {
  AuthorPlace,
  FileFailure,
  GuardKind,
  RewindErrorOptions,
  SandboxFailure,
} from "./error_types.ts";

function withHint(problem: string, hint: string | undefined): string {
  return hint === undefined ? problem : `${problem}; ${hint}`;
}

/**
 * Base class of every error that rewind raises for a reason of its own domain. Programs branch on
 * `code`, which never changes; the wording of `message` may improve.
 *
 * @example Usage
 * ```ts
 * import { RewindError } from "@rewind/cli";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new RewindError("EXAMPLE", "Cannot read step 1200: the run has 1000 steps");
 * assertEquals(error.code, "EXAMPLE");
 * ```
 */
export class RewindError extends Error {
  /** Stable identifier of the kind of failure. */
  readonly code: string;
  /** What to do about it; the message ends with it. */
  readonly hint: string | undefined;
  /** The message without the hint. */
  readonly problem: string;

  /** Makes an error with a stable code, a message, perhaps a hint and, in `options.cause`, what led to it. */
  constructor(code: string, problem: string, options?: RewindErrorOptions) {
    super(withHint(problem, options?.hint), options);
    this.name = new.target.name;
    this.code = code;
    this.hint = options?.hint;
    this.problem = problem;
  }
}

/** An argument is of the wrong kind, or is missing. */
export class ArgumentTypeError extends TypeError {
  /** Stable identifier of the kind of failure. */
  readonly code = "ARGUMENT_TYPE";
  /** What to do about it; the message ends with it. */
  readonly hint: string | undefined;

  /** Names the argument and says what is required. */
  constructor(problem: string, options?: RewindErrorOptions) {
    super(withHint(problem, options?.hint), options);
    this.hint = options?.hint;
  }
}

/** An argument is of the right kind but beyond what is allowed. */
export class ArgumentRangeError extends RangeError {
  /** Stable identifier of the kind of failure. */
  readonly code = "ARGUMENT_RANGE";
  /** What to do about it; the message ends with it. */
  readonly hint: string | undefined;

  /** Names the argument, its bounds and its value. */
  constructor(problem: string, options?: RewindErrorOptions) {
    super(withHint(problem, options?.hint), options);
    this.hint = options?.hint;
  }
}

/** A text is not in the form that it must have. */
export class ArgumentSyntaxError extends SyntaxError {
  /** Stable identifier of the kind of failure. */
  readonly code = "ARGUMENT_SYNTAX";
  /** What to do about it; the message ends with it. */
  readonly hint: string | undefined;

  /** Names the text and says what is required. */
  constructor(problem: string, options?: RewindErrorOptions) {
    super(withHint(problem, options?.hint), options);
    this.hint = options?.hint;
  }
}

/** The step gave two different results for the same state, seed and parameters. */
export class NondeterministicStepError extends RewindError {
  /** Index of the first state that differed between two replays, or of its block's end. */
  readonly t: number;

  /** Names the first state at which two replays of the same block parted. */
  constructor(t: number, message: string, options?: RewindErrorOptions) {
    super("NONDETERMINISTIC_STEP", message, options);
    this.t = t;
  }
}

/** A step drew by a way that its trace cannot show. */
export class UntracedDrawError extends RewindError {
  /** Says what the trace misses. */
  constructor(message: string, options?: RewindErrorOptions) {
    super("UNTRACED_DRAW", message, options);
  }
}

/** A run that something is to be compared with does not do again what it did when it was recorded. */
export class BaselineError extends RewindError {
  /** Says how that shows. */
  constructor(message: string, options?: RewindErrorOptions) {
    super("BASELINE_DIFFERS", message, options);
  }
}

/** A replay did not give the recorded states; `report` lists every block that failed. */
export class NondeterministicReplayError<R = unknown> extends RewindError {
  /** All that the verification found. */
  readonly report: R;

  /** Carries the whole report of a failed verification. */
  constructor(report: R, message: string, options?: RewindErrorOptions) {
    super("NONDETERMINISTIC_REPLAY", message, options);
    this.report = report;
  }
}

/** An artifact is damaged, cut short, oversized or not an artifact at all. */
export class ArtifactIntegrityError extends RewindError {
  /** Byte offset in the file at which the fault was seen, where one is known. */
  readonly offset: number | undefined;

  /** Says what is wrong and, where known, at which byte. */
  constructor(message: string, options?: RewindErrorOptions & { offset?: number }) {
    super("ARTIFACT_INTEGRITY", message, options);
    this.offset = options?.offset;
  }
}

/** An artifact asks for something that could run code or leave its bounds; nothing was run. */
export class UnsafeArtifactError extends RewindError {
  /** Says what the artifact asked for. */
  constructor(message: string, options?: RewindErrorOptions) {
    super("UNSAFE_ARTIFACT", message, options);
  }
}

/** A file cannot be written where it is wanted; what was there before is unharmed. */
export class FileError extends RewindError {
  /** Its path. */
  readonly path: string;
  /** Why. */
  readonly reason: FileFailure;
  /** Why, in words. */
  readonly why: string;

  /** Names the file, then says why and what to do. */
  constructor(
    path: string,
    reason: FileFailure,
    { why, ...options }: RewindErrorOptions & { why: string },
  ) {
    super("FILE", `Cannot write '${path}': ${why}`, options);
    this.path = path;
    this.reason = reason;
    this.why = why;
  }
}

/** Parts of a run's shards do not belong together, one of them is missing, or one is damaged. */
export class ShardError extends RewindError {
  /** Name of the part concerned, as given to what merges them; undefined if it is none of them. */
  readonly part: string | undefined;

  /** Says which part cannot be merged, why, and what to do. */
  constructor(message: string, options?: RewindErrorOptions & { part?: string }) {
    super("SHARD", message, options);
    this.part = options?.part;
  }
}

/** A state, or something in it, is not data that can be stored losslessly. */
export class StateEncodingError extends RewindError {
  /** Path of the offending value, such as `state.agents[3].onTick`. */
  readonly path: string;

  /** Names the path of the offending value, then why it was refused. */
  constructor(path: string, why: string, options?: RewindErrorOptions) {
    super("STATE_ENCODING", `${path} ${why}`, options);
    this.path = path;
  }
}

/** A step module cannot be made into one that the sandbox runs. */
export class StepModuleError extends RewindError {
  /** Where in the author's files, if at one place. */
  readonly place: AuthorPlace | undefined;

  /** Says what is wrong with the module, and where. */
  constructor(
    message: string,
    options: RewindErrorOptions & { place?: AuthorPlace | undefined } = {},
  ) {
    super("STEP_MODULE", message, options);
    this.place = options.place;
  }
}

/** The user's `step` (or `init`) threw; `cause` is what it threw. */
export class StepError extends RewindError {
  /** Where in the author's files it was thrown, if that is known. */
  place: AuthorPlace | undefined;

  /** Index of the state that the failing call was to make; 0 for `init`. */
  readonly t: number;

  /** Names the state that could not be made. */
  constructor(t: number, message: string, options?: RewindErrorOptions) {
    super("STEP_FAILED", message, options);
    this.t = t;
  }
}

/**
 * An ordinary mistake in a model that would make answers differ from those of a plain loop: found by a
 * guard, which names who did it and where.
 */
export class GuardError extends RewindError {
  /** What was found. */
  readonly kind: GuardKind;
  /** Path of the first value that differs, such as `state.wealth[2]` or `params.beta`. */
  readonly path: string;
  /** Index of the state at which it shows; 0 for what was given. */
  readonly t: number;

  /** Says who changed or lost which value, at which state. */
  constructor(
    found: { kind: GuardKind; path: string; t: number },
    message: string,
    options?: RewindErrorOptions,
  ) {
    super("GUARD", message, options);
    this.kind = found.kind;
    this.path = found.path;
    this.t = found.t;
  }
}

/** The sandbox refused to run a step, or stopped it. */
export class SandboxError extends RewindError {
  /** Which bound was hit, or why nothing ran. */
  readonly reason: SandboxFailure;

  /** Says which bound was hit and what to do. */
  constructor(reason: SandboxFailure, message: string, options?: RewindErrorOptions) {
    super("SANDBOX", message, options);
    this.reason = reason;
  }
}

/** A broken invariant: a defect in rewind itself, never a fault of the user's. */
export class InvariantError extends RewindError {
  /** Says which invariant does not hold. */
  constructor(message: string) {
    super("INVARIANT", message, { hint: "this is a defect in rewind, please report it" });
  }
}

/** Stops the program if an invariant of rewind itself does not hold, in releases too. */
export function assertInvariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
