/**
 * What the exit codes of the command mean. They never depend on who reads the output.
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

/** Signals that ask the command to stop: it keeps what was recorded first. Windows knows only the first. */
export const STOP_SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** A signal of {@linkcode STOP_SIGNALS}. */
export type StopSignal = keyof typeof STOP_SIGNALS;

/** The exit code after a signal, as shells count it: 130 for Ctrl-C. */
export function signalExitCode(signal: StopSignal): number {
  return 128 + STOP_SIGNALS[signal];
}

/** Stopped by Ctrl-C. */
export const EXIT_INTERRUPTED: number = signalExitCode("SIGINT");

/** Every exit code with its meaning, for help and docs. */
export const EXIT_CODES: readonly (readonly [code: string, meaning: string])[] = [
  [`${EXIT_OK}`, "Success"],
  [`${EXIT_NO}`, "Negative result: verification failed, inputs differ, no match"],
  [`${EXIT_USAGE}`, "Wrong usage, or input that cannot be used"],
  [`${EXIT_REFUSED}`, "Refused as unsafe, or nothing comparable"],
  ["128 + N", `Stopped by signal N; ${EXIT_INTERRUPTED} is Ctrl-C`],
];

/** Verdicts of the verbs for training runs that do not simply say no. */
const VERDICTS: ReadonlyMap<string, number> = new Map([
  ["passed", EXIT_OK],
  ["warned", EXIT_OK],
  ["match", EXIT_OK],
  ["deterministic", EXIT_OK],
  ["found", EXIT_OK],
  ["kept", EXIT_OK],
  ["better", EXIT_OK],
  ["described", EXIT_OK],
  ["dry_run", EXIT_OK],
  ["nothing_compared", EXIT_REFUSED],
  ["not_computable", EXIT_REFUSED],
  ["incomplete", EXIT_REFUSED],
  ["too_few", EXIT_REFUSED],
  ["interrupted", EXIT_INTERRUPTED],
]);

/** The exit code of a report; 1 for every verdict that says no. */
export function exitCodeOf(report: { readonly verdict: string }): number {
  return VERDICTS.get(report.verdict) ?? EXIT_NO;
}
