/**
 * Runs tasks a few at a time.
 *
 * @module
 */

import { ArgumentTypeError } from "../../errors.ts";
import { isSharedLog } from "./metrics_place.ts";

/**
 * Runs `task(0)` .. `task(count - 1)`, at most `jobs` at once; results in order. The first task to
 * throw keeps further ones from starting; its error is thrown once the running ones have ended.
 */
export async function runBounded<T>(
  count: number,
  jobs: number,
  task: (index: number) => Promise<T>,
): Promise<T[]> {
  const results = new Array<T>(count);
  const errors: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count && errors.length === 0) {
      const index = next++;
      try {
        results[index] = await task(index);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, count) }, worker));
  if (errors.length > 0) throw errors[0];
  return results;
}

/**
 * How many of `count` runs go at once: `jobs` if given, else one per core; one where they share a log.
 *
 * @throws {TypeError} if runs that share a log are to go at once.
 */
export async function chooseJobs(
  count: number,
  { jobs, metricsFile }: { jobs?: number; metricsFile?: string },
): Promise<number> {
  if (count > 1 && isSharedLog(metricsFile)) {
    if ((jobs ?? 1) === 1) return 1;
    throw new ArgumentTypeError(
      `Cannot run replicas at once as all of them write ${metricsFile}; leave --jobs away, or give each its ` +
        "own log by {output} in the command and in --metrics-file",
    );
  }
  const { cpus } = await import("node:os");
  return jobs ?? Math.max(1, cpus().length);
}
