/**
 * The comparison of two streams of fingerprints, for `rewind diff`.
 *
 * @module
 */

import { fingerprintJson, fingerprintLines } from "../training/findings/fingerprint_finding.ts";
import { compareFingerprints } from "../training/fingerprints/compare_fingerprints.ts";
import { exitCodeOf } from "./exit_codes.ts";
import type { Output } from "./output.ts";
import { printReport } from "./print_report.ts";

const VERDICTS = { agree: "match", differ: "differs", ["nothing_compared"]: "nothing_compared" };

/** Compares two streams and prints the cause of the first difference. */
export async function diffFingerprints(
  { a, b }: { readonly a: string; readonly b: string },
  { json, maxSteps, output }: {
    readonly json: boolean;
    readonly maxSteps: number | undefined;
    readonly output: Output;
  },
): Promise<number> {
  const comparison = await compareFingerprints(a, b, { maxSteps });
  const finding = {
    comparison,
    between: "the first run and the second run",
    problem: undefined,
    files: [],
  };
  printReport(output, {
    isJson: json,
    json: fingerprintJson(finding)!,
    lines: [
      `${VERDICTS[comparison.verdict].toUpperCase().replaceAll("_", " ")} (fingerprints)`,
      ...fingerprintLines(finding).map((line) => `  ${line}`),
    ],
  });
  return exitCodeOf({ verdict: VERDICTS[comparison.verdict] });
}
