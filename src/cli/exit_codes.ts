/**
 * What the exit codes of the command mean.
 *
 * @module
 */

/** Done, and the answer is yes where there was a question. */
export const EXIT_OK = 0;
/** The answer is no: does not verify, differs, was not found. */
export const EXIT_NO = 1;
/** Wrong usage or input that cannot be read. */
export const EXIT_USAGE = 2;
/** Refused as unsafe, or there was nothing to compare. */
export const EXIT_REFUSED = 3;
/** Stopped by Ctrl-C. */
export const EXIT_INTERRUPTED = 130;

/** Verdicts of the verbs for training runs that do not simply say no. */
const VERDICTS: ReadonlyMap<string, number> = new Map([
  ["passed", EXIT_OK],
  ["warned", EXIT_OK],
  ["match", EXIT_OK],
  ["deterministic", EXIT_OK],
  ["found", EXIT_OK],
  ["dry_run", EXIT_OK],
  ["nothing_compared", EXIT_REFUSED],
  ["not_computable", EXIT_REFUSED],
  ["interrupted", EXIT_INTERRUPTED],
]);

/** The exit code of a report; 1 for every verdict that says no. */
export function exitCodeOf(report: { readonly verdict: string }): number {
  return VERDICTS.get(report.verdict) ?? EXIT_NO;
}
