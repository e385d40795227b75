/**
 * A long job, cut into jobs over fewer spans whose answers make up its own: between two of them another worker can
 * take over.
 * This module is browser compatible.
 *
 * @module
 */

import type { JobInput } from "../../../sandbox/wire/requests.ts";

/** How long a part should take, in milliseconds. */
const PART_MS = 250;

/** Spans, or groups of them, of the first part. */
const FIRST_UNITS = 1;

/** A part grows, or shrinks, by this at most. */
const GROWTH_MAX = 4;

/** The parts of one job, one after another. */
export class JobParts {
  readonly #job: JobInput;
  /** How many spans, or groups of them, there are to share out; 0 for a job that is one. */
  readonly #units: number;
  #size = FIRST_UNITS;
  #done = 0;
  #spans = 0;

  /** Of a job; only those whose parts do not depend on each other are cut. */
  constructor(job: JobInput) {
    this.#job = job;
    this.#units = unitsOf(job);
  }

  /** Whether parts are left. */
  get isOpen(): boolean {
    return this.#done < Math.max(1, this.#units);
  }

  /** The next part, and how many messages follow it: all that there are if undefined. */
  next(): { readonly job: JobInput; readonly messages: number | undefined } {
    const job = this.#job;
    const from = this.#done;
    this.#done = this.#units === 0 ? 1 : Math.min(this.#units, from + this.#size);
    if (this.#units === 0 || !("spans" in job)) return { job, messages: undefined };
    const groups = job.kind === "stats" ? job.groups.slice(from, this.#done) : undefined;
    const count = groups?.reduce((sum, size) => sum + size, 0) ?? this.#done - from;
    const spans = job.spans.slice(this.#spans, this.#spans += count);
    return {
      job: { ...job, spans, ...(groups && { groups }) } as JobInput,
      messages: count * (job.run.hasInputs ? 2 : 1),
    };
  }

  /** The part has taken so long: the next ones are to take {@linkcode PART_MS}. */
  took(ms: number): void {
    const factor = Math.min(GROWTH_MAX, Math.max(1 / GROWTH_MAX, PART_MS / Math.max(1, ms)));
    this.#size = Math.max(1, Math.floor(this.#size * factor));
  }
}

function unitsOf(job: JobInput): number {
  switch (job.kind) {
    case "replay":
      return job.oneInstance ? 0 : job.spans.length;
    case "states":
      return job.spans.length;
    case "stats":
      return job.groups.length;
    default:
      return 0;
  }
}
