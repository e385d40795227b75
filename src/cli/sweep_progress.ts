/**
 * How far a campaign has come, while it runs: rate, events, failures and time left.
 *
 * @module
 */

import { type CampaignDefinition, planOf } from "../campaign/definition.ts";
import type { DoneTrial } from "../campaign/run_trials.ts";
import { hasFailed } from "../campaign/trial_row.ts";
import type { Shard } from "../engine/shard.ts";
import { describeRowFailure } from "./sweep_report.ts";
import type { Output } from "./output.ts";
import { counted, grouped } from "./table.ts";

/** Failures that are told as they come; all are counted. */
const TOLD_MAX = 5;

/** Where there is no terminal, a line comes this often. */
const LINE_MS = 60_000;

/** Shows how a campaign goes on. */
export class SweepProgress {
  readonly #output: Output;
  readonly #trials: number;
  readonly #hasWhere: boolean;
  readonly #started = performance.now();
  #saidAt = performance.now();
  #done = 0;
  #hits = 0;
  #failed = 0;

  /** Starts the clock. */
  constructor(output: Output, definition: CampaignDefinition, shard: Shard | undefined) {
    this.#output = output;
    this.#trials = Math.ceil(planOf(definition).count / (shard?.count ?? 1));
    this.#hasWhere = definition.where !== undefined;
  }

  /** Takes in trials that are done. */
  add(done: readonly DoneTrial[]): void {
    for (const { row } of done) {
      this.#done++;
      if (row.first !== null) this.#hits++;
      if (hasFailed(row)) {
        this.#failed++;
        if (this.#failed <= TOLD_MAX) this.#output.note(`warning: ${describeRowFailure(row)}`);
        if (this.#failed === TOLD_MAX) {
          this.#output.note("warning: further failures are only counted");
        }
      }
    }
    const text = this.#text();
    this.#output.progress(text);
    const now = performance.now();
    if (now - this.#saidAt < LINE_MS) return;
    this.#saidAt = now;
    if (!Deno.stderr.isTerminal()) this.#output.note(text);
  }

  #text(): string {
    const seconds = (performance.now() - this.#started) / 1000;
    const rate = this.#done / seconds;
    const left = Math.max(0, this.#trials - this.#done) / rate;
    return [
      `${grouped(this.#done)} trials, ${rate.toPrecision(3)} a second`,
      ...(this.#hasWhere ? [counted(this.#hits, "event")] : []),
      ...(this.#failed > 0 ? [counted(this.#failed, "failure")] : []),
      `${Math.ceil(left)} s left`,
    ].join(", ");
  }
}
