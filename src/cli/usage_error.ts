/**
 * The errors for what a person gave the command: a command line that cannot be understood, and input that
 * cannot be used. Both end the command with exit code 2.
 *
 * @module
 */

/** Input that cannot be used, such as a file that exists already; the usage as such is right. */
export class InputError extends Error {
  /** Says what cannot be used, why, and what to do; may have several lines. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Wrong usage: a hint at the help follows the message. */
export class UsageError extends InputError {
  /** Verb whose help explains the usage; that of the command line if undefined. */
  readonly verb: string | undefined;

  /** Says what is wrong with the command line. */
  constructor(message: string, verb?: string) {
    super(message);
    this.verb = verb;
  }
}
