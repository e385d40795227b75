/**
 * What is public of the sandbox.
 *
 * @module
 */

export type { ModuleDescription } from "./host/claims.ts";
export type { SandboxLimits } from "./host/sandbox_limits.ts";
export { openSandboxed } from "./host/open_sandboxed.ts";
export type { OpenSandboxedOptions } from "./host/sandboxed_run_options.ts";
export type { SandboxedRecord } from "./host/sandboxed_record.ts";
export type { SandboxedRun } from "./host/sandboxed_run.ts";
export type { ChildOptions } from "./host/sandbox_child.ts";
export type {
  Predicate,
  SandboxedBranchOptions,
  WalkOptions,
} from "./host/sandboxed_run_options.ts";
export type { LogLevel, LogLine } from "./wire/answers.ts";
export type { ObservableChoice, StatesRange, StepLog } from "./host/session_options.ts";
export type { FramesRange, StateFrame } from "./host/state_frames.ts";
