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
