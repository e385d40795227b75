/**
 * Runs tasks a few at a time.
 * This module is browser compatible.
 *
 * @module
 */

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
