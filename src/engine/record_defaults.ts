/**
 * What the record of a run says where nothing out of the ordinary was asked for.
 * This module is browser compatible.
 *
 * @module
 */

import type { RunRecord } from "./types.ts";

/** The fields of a run that is no branch, has neither inputs nor observables and stores every checkpoint. */
export const PLAIN_RECORD = {
  observables: [],
  accumulators: {},
  origin: 0,
  gridOffset: 0,
  generatorState: undefined,
  stride: 1,
  budget: undefined,
  inputs: undefined,
  start: "init",
  sourceMap: undefined,
  shims: undefined,
  failure: undefined,
  branchPoint: undefined,
  parentHash: undefined,
} as const satisfies Partial<RunRecord>;
