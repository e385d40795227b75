/**
 * The error of a training command.
 * This module is browser compatible.
 *
 * @module
 */

import { RewindError } from "../../errors.ts";

/** A command that could not be started at all, or not as it was to be. */
export class TrainingCommandError extends RewindError {
  /** The program that was to be run. */
  readonly program: string;

  /** Says why it could not be started. */
  constructor(program: string, message: string, options?: ErrorOptions) {
    super("TRAINING_COMMAND", message, options);
    this.program = program;
  }
}
