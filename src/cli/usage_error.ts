/**
 * The errors for what a person gave the command: a command line that cannot be understood, and input that
 * cannot be used. Both end the command with exit code 2.
 *
 * @module
 */

/** What an {@linkcode InputError} has besides its message. */
export interface InputErrorOptions extends ErrorOptions {
  /** The one thing to do about it, printed on a line of its own. */
  readonly hint?: string | undefined;
}

/** Input that cannot be used, such as a file that exists already; the usage as such is right. */
export class InputError extends Error {
  /** The one thing to do about it. */
  readonly hint: string | undefined;

  /** Says what cannot be used and why; may have several lines. */
  constructor(message: string, { hint, ...options }: InputErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.hint = hint;
  }
}

/** Wrong usage: without a hint of its own the message is followed by one at the help of the verb. */
export class UsageError extends InputError {}
