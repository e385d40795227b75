/**
 * The error for a command line that cannot be understood.
 *
 * @module
 */

/** Wrong usage: ends the command with exit code 2 and a hint at the help. */
export class UsageError extends Error {
  /** Verb whose help explains the usage; undefined for the command as a whole. */
  readonly verb: string | undefined;

  /** Says what is wrong with the command line. */
  constructor(message: string, verb?: string) {
    super(message);
    this.name = "UsageError";
    this.verb = verb;
  }
}
