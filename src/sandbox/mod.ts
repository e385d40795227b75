/**
 * What is public of the sandbox.
 *
 * @module
 */

export type { ModuleDescription } from "./host/claims.ts";
export type { SandboxLimits } from "./host/host.ts";
export { openSandboxed, type OpenSandboxedOptions } from "./host/open_sandboxed.ts";
export type { Predicate, SandboxedBranchOptions, SandboxedRun } from "./host/sandboxed_run.ts";
export type { ObservableChoice } from "./host/session.ts";
