/**
 * What is public of the sandbox.
 *
 * @module
 */

export type { ModuleDescription } from "./claims.ts";
export type { SandboxLimits } from "./host.ts";
export { openSandboxed, type OpenSandboxedOptions } from "./open_sandboxed.ts";
export type { Predicate, SandboxedBranchOptions, SandboxedRun } from "./sandboxed_run.ts";
export type { ObservableChoice } from "./session.ts";
