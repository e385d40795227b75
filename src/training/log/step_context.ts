/**
 * Where records belong that do not say it themselves.
 * This module is browser compatible.
 *
 * @module
 */

/** See the module. */
export interface StepContext {
  /** Name of what gives the step. */
  readonly key: string;
  /** The step. */
  readonly step: number;
  /** The epoch; NaN for none. */
  readonly epoch: number;
  /** Number of steps in an epoch; 0 where it is not known. */
  readonly epochSteps: number;
  /** How far the step can be trusted. */
  readonly source: "step" | "weak";
}
