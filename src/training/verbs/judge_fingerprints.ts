/**
 * Compares the fingerprints of runs with those of a first one, stream by stream.
 *
 * @module
 */

import { TrainingLogError } from "../log/errors.ts";
import { FINGERPRINT_FILE, listFingerprints } from "../log/fingerprint_files.ts";
import type { FingerprintFinding } from "../findings/fingerprint_finding.ts";
import {
  compareFingerprints,
  type FingerprintComparison,
} from "../fingerprints/compare_fingerprints.ts";

/** One run and the streams that its processes wrote. */
export interface FingerprintedRun {
  /** What it is called, such as `run 0`. */
  readonly name: string;
  /** Its streams. */
  readonly files: readonly string[];
}

const WROTE_NONE =
  "wrote no fingerprints: no Python process of it made a step with PyTorch (2.0 or later), " +
  "or it does not read PYTHONPATH";

/**
 * Compares each run with the first. Of several that differ, the one that does so at the earliest step is told.
 * A stream that cannot be read is told, too: the metrics are judged without it.
 */
export async function judgeFingerprints(
  runs: readonly FingerprintedRun[],
  { maxSteps }: { maxSteps?: number | undefined } = {},
): Promise<FingerprintFinding> {
  const files = runs.flatMap((run) => run.files);
  const [first, ...others] = runs;
  const silent = runs.find((run) => run.files.length === 0);
  const nothing = { comparison: undefined, between: "", files };
  if (silent !== undefined) return { ...nothing, problem: `${silent.name} ${WROTE_NONE}` };
  if (first === undefined || others.length === 0) {
    return {
      ...nothing,
      problem: "they were recorded, and there is no other run to compare them with",
    };
  }
  let best: FingerprintFinding | undefined;
  for (const other of others) {
    for (const [a, b] of pairs(first.files, other.files)) {
      let comparison: FingerprintComparison;
      try {
        comparison = await compareFingerprints(a, b, { names: [first.name, other.name], maxSteps });
      } catch (error) {
        if (!(error instanceof TrainingLogError)) throw error;
        best ??= { ...nothing, problem: error.message };
        continue;
      }
      const found = {
        comparison,
        between: `${first.name} and ${other.name}`,
        problem: undefined,
        files,
      };
      if (best === undefined || isWorse(comparison, best.comparison)) best = found;
    }
  }
  return best ?? { ...nothing, problem: "no stream of one run has a stream of the other" };
}

/** Streams of the same name: of the same rank, or the n-th process. */
function pairs(a: readonly string[], b: readonly string[]): [string, string][] {
  const byName = new Map(b.map((path) => [baseName(path), path]));
  return a.flatMap((path): [string, string][] => {
    const other = byName.get(baseName(path));
    return other === undefined ? [] : [[path, other]];
  });
}

function baseName(path: string): string {
  return path.replace(/^.*[/\\]/, "");
}

function isWorse(
  one: FingerprintComparison,
  other: FingerprintComparison | undefined,
): boolean {
  if (one.cause === undefined) return other === undefined;
  return other?.cause === undefined || one.cause.step < other.cause.step;
}

/** Streams that lie in a folder, or beside a log; none where there are none. */
export async function findFingerprints(path: string): Promise<string[]> {
  const [fs, { dirname }] = await Promise.all([
    import("node:fs/promises"),
    import("node:path"),
  ]);
  const info = await fs.stat(path).catch(() => undefined);
  const folder = info?.isDirectory() ? path : dirname(path);
  const found = await listFingerprints(folder);
  return found.some((file) => baseName(file) === FINGERPRINT_FILE) ? found : [];
}
