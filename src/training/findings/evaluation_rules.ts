/**
 * What can be said of a run from its log alone: each rule shows its threshold and what it measured, and
 * says "not computable" where the log does not hold what it needs.
 * This module is browser compatible.
 *
 * @module
 */

import type { EvaluationRule } from "./evaluation_rule.ts";
import { constantMetrics, endsEarly, finiteValues, logIntegrity, spikes } from "./log_rules.ts";
import {
  clipping,
  entropyCollapse,
  gradientBalance,
  klController,
  klDrift,
  klSpike,
  rewardHacking,
} from "./policy_rules.ts";
import { progress, regression, stability, throughput } from "./progress_rules.ts";

const RULES: readonly EvaluationRule[] = [
  finiteValues,
  endsEarly,
  logIntegrity,
  constantMetrics,
  spikes,
  progress,
  regression,
  stability,
  klSpike,
  klController,
  klDrift,
  entropyCollapse,
  clipping,
  gradientBalance,
  rewardHacking,
  throughput,
];

/** Suites by name, each a list of rules. */
export const EVALUATION_SUITES: ReadonlyMap<string, readonly EvaluationRule[]> = new Map([
  ["quick", [
    finiteValues,
    endsEarly,
    logIntegrity,
    constantMetrics,
    spikes,
    progress,
    regression,
    entropyCollapse,
  ]],
  ["comprehensive", RULES],
  ["safety", [
    finiteValues,
    klSpike,
    klController,
    klDrift,
    entropyCollapse,
    clipping,
    rewardHacking,
  ]],
  ["integrity", [finiteValues, endsEarly, logIntegrity, constantMetrics]],
  ["performance", [progress, regression, stability, throughput]],
  ["trust", [finiteValues, endsEarly, logIntegrity, constantMetrics, stability, klDrift]],
  ["training_metrics", [
    progress,
    regression,
    stability,
    spikes,
    klSpike,
    klDrift,
    gradientBalance,
    throughput,
  ]],
]);
