/**
 * The card that a determinism check leaves: rldk's fields, and ours.
 *
 * @module
 */

import { fingerprintJson } from "../findings/fingerprint_finding.ts";
import type { DeterminismReport } from "../findings/determinism_report.ts";

/** The report as `determinism_card.json` holds it: rldk's fields, and ours. */
export function determinismCard(report: DeterminismReport): Record<string, unknown> {
  return {
    version: "1.0",
    passed: report.passed,
    culprit: report.culprit,
    fixes: report.fixes,
    replica_variance: Object.fromEntries(
      report.spread.map((spread) => [spread.metric, spread.meanStd ** 2]),
    ),
    rng_map: report.environment,
    mismatches: report.mismatches.map((mismatch) => ({
      replica: mismatch.replica,
      step: mismatch.step,
      metric: mismatch.metric,
      reference_value: mismatch.original,
      replica_value: mismatch.replay,
      difference: mismatch.absoluteDiff,
      issue: mismatch.kind,
    })),
    dataloader_notes: report.hints,
    verdict: report.verdict,
    reasons: report.reasons,
    warnings: report.warnings,
    search: report.search,
    power: report.power,
    replicas: report.replicas,
    compared: report.compared,
    metrics_compared: report.metricsCompared,
    skipped: report.skipped,
    violations: report.violations,
    one_sided: report.oneSided,
    first_metric: report.firstMismatch?.metric,
    first_step: report.firstMismatch?.step,
    perturbations: report.perturbations,
    command: report.command,
    fingerprints: fingerprintJson(report.fingerprints),
  };
}
