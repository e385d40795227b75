/**
 * What a realm is given by the platform that it runs on, a Deno child or a browser worker: the only ways
 * out of it. The realm itself knows no runtime, file, clock or network.
 * This module is browser compatible.
 *
 * @module
 */

import type { Position } from "../wire/position.ts";

/**
 * Evaluates the text of a module that imports nothing.
 *
 * @param identifier Name of the module in messages of the runtime.
 * @returns What it exports, wrapped: no promise may resolve with a foreign namespace, whose `then`, if it
 * exports one, would be called.
 * @throws {unknown} Whatever compiling or evaluating it throws.
 */
export type EvaluateModule = (
  identifier: string,
  source: string,
) => Promise<{ readonly exports: Record<string, unknown> }>;

/**
 * What of the realm's own code may come later, where it is needed: the jobs, and NumPy's generator. A
 * platform that has all of it at once imports them and gives them out.
 */
export type RealmPart = "jobs" | "numpy";

/** What bounds one job; who enforces them is the platform's business. */
export interface JobLimits {
  /** Word, known to the parent only, with which a death is signed; ASCII. */
  readonly signature: string;
  /** Process id of the parent; the realm dies when its parent is another one. */
  readonly parentPid: number;
  /** Memory of the whole realm at which it is killed, in bytes. */
  readonly memoryBytesMax: number;
  /** Milliseconds from now after which it is killed; Infinity for no limit. */
  readonly timeoutMs: number;
}

/** Input, output and modules of a realm; kept in closures, never given to a step. */
export interface RealmIo {
  /**
   * The next request, undefined where there are no more. A platform that cannot wait gives a promise.
   * The step's own pending callbacks then run while no limit of a job counts.
   */
  request(): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** The next checkpoint of the job at hand, undefined where the input ended: read one by one, at once. */
  checkpoint(): Uint8Array | undefined;
  /** Sends all of `bytes`, which may be used again afterwards. */
  send(bytes: Uint8Array): void;
  /** Memory that the realm takes, in bytes; 0 where the platform does not tell. */
  memoryBytes(): number;
  /** Milliseconds since some moment, for weighing what fresh instances cost and for batching. */
  now(): number;
  /** Milliseconds of the processor that the realm has taken, where the platform tells. */
  worked?(): number;
  /** Where user code is; the realm writes it, whoever watches the realm reads it. */
  readonly position: Position;
  /** From now on these limits are to be enforced. */
  enforce(limits: JobLimits): void;
  /** Loads a part of the realm's own code, once. */
  loadPart(part: RealmPart): Promise<Record<string, unknown>>;
  /** The one way to load any other module. */
  readonly evaluate: EvaluateModule;
}
