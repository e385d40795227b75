/**
 * Which seed a replay takes: the one that was given, or one that the original's log holds.
 *
 * @module
 */

import { TrainingLogError } from "../log/errors.ts";
import type { RunLog, SeedFinding } from "../log/run_log.ts";

/** The user's seed, else the one under a key that is just `seed`, else the first that was found. */
export function chooseSeed(
  original: RunLog,
  given: number | bigint | undefined,
): { seed: bigint; note: string | undefined } {
  if (given !== undefined) return { seed: BigInt(given), note: undefined };
  const plain = original.seeds.find((finding) => /(?:^|[./])seed$/.test(finding.path));
  const chosen = plain ?? original.seeds[0];
  if (chosen === undefined) {
    throw new TrainingLogError(
      `Cannot replay ${original.source} as no seed was found in it or beside it; give it with --seed`,
      { path: original.source },
    );
  }
  const distinct = new Set(original.seeds.map((finding) => finding.value));
  return {
    seed: chosen.value,
    note: distinct.size < 2
      ? undefined
      : `seed ${describeSeed(chosen)} was taken of ${distinct.size} different ones: ` +
        original.seeds.map(describeSeed).join(", ") + "; choose another with --seed",
  };
}

function describeSeed({ value, source, path }: SeedFinding): string {
  return `${value} (${path} in ${source})`;
}
