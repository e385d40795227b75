/**
 * Waits for work no longer than a time and a signal allow.
 * This module is browser compatible.
 *
 * @module
 */

/** How long to wait for a result of type T. */
export interface TimeLimit<T> {
  /** The time, in milliseconds. */
  ms: number;
  /** Ends the waiting at once. */
  signal: AbortSignal | undefined;
  /** The error of a wait that took too long. */
  why: () => Error;
  /** Takes a result that nobody waits for any more. */
  late?: (value: T) => void;
}

/** The result of `work`, if it comes within the time and before the signal. */
export async function withLimit<T>(
  work: Promise<T>,
  { ms, signal, why, late }: TimeLimit<T>,
): Promise<T> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  let isLate = false;
  const stop = (reason: unknown) => {
    isLate = true;
    reject(reason);
  };
  const abort = () => stop(signal!.reason);
  const timer = setTimeout(() => stop(why()), ms);
  signal?.addEventListener("abort", abort, { once: true });
  // It may have been asked to stop before it began to wait.
  if (signal?.aborted) abort();
  work.then((value) => isLate && late?.(value), () => {});
  if (signal?.aborted) abort();
  try {
    return await Promise.race([work, stopped]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
