/**
 * What a debugged process is told, as canonical bytes in a file.
 * This module is browser compatible.
 *
 * @module
 */

import type { MathKind } from "../../engine/types.ts";
import type { ReplayShape } from "./requests.ts";

/** A step to stop in. */
export interface DebugJob {
  /** The recorded run. */
  run: ReplayShape;
  /** Which `Math` the step is to see. */
  math: MathKind;
  /** Address of the module that is debugged. */
  module: string;
  /** Address of the same module for replays, in which no breakpoint is set. */
  quiet: string;
  /** Index of the state that the first step makes. */
  t: number;
  /** Whether the next stop is one step before, and so on. */
  isReverse: boolean;
  /** Whether the step is known to fail there. */
  isFailing: boolean;
  /** Indices of the spans whose checkpoints are there, ascending. */
  spans: Uint32Array;
  /** Canonical bytes of those checkpoints. */
  checkpoints: Uint8Array[];
  /** Inputs of those spans, as the bytes of an `InputChunk` each; none in a run without. */
  inputs: Uint8Array[];
}

/** Line by which the debugged process says that it is done: the runtime would wait for debuggers to disconnect. */
export const DEBUG_END = "that was the end of the debug session";

/** Name of the global object by which the debugged process is steered. */
export const DEBUG_GLOBAL = "__rewind";
