/**
 * Verifies a run in the page: replays all blocks and compares, with the code and the causes of the command line.
 *
 * @module
 */

/// <reference lib="dom" />

import type { ArtifactInfo } from "../../../artifact/open_record.ts";
import { spanCount } from "../../../engine/block_grid.ts";
import { CAUSES, describeBad, goodBlocks } from "../../../engine/verify_text.ts";
import type { MismatchCause, VerifyReport } from "../../../engine/verify_types.ts";
import { mismatchCause } from "../../../sandbox/host/mismatch_cause.ts";
import { verifySandboxed } from "../../../sandbox/host/verify_sandboxed.ts";
import { grouped } from "../../../text/quantity.ts";
import { byId, make, messageOf } from "./dom.ts";
import type { LiveRun } from "./live_run.ts";

/** Bad blocks that are listed. */
const SHOWN_MAX = 5;

/** What a verification found. */
export interface Verdict {
  readonly report: VerifyReport;
  readonly cause: MismatchCause | undefined;
}

/** Replays every block. */
export async function verifyRun(
  { record, child }: LiveRun,
  { info, signal, onProgress = () => {} }: {
    info: Pick<ArtifactInfo, "recordedBy">;
    signal?: AbortSignal;
    onProgress?: (done: number) => void;
  },
): Promise<Verdict> {
  const options = { ...child, ...(signal === undefined ? {} : { signal }) };
  const report = await verifySandboxed(record, { ...options, full: true, onProgress });
  const restMs = () => Infinity;
  const cause = report.ok
    ? undefined
    : await mismatchCause(record, { report, info, child: options, restMs });
  return { report, cause };
}

/** The button, and what comes of it. */
export class VerifyPanel {
  readonly #live: LiveRun;
  readonly #info: ArtifactInfo;
  readonly #whose: string;
  readonly #button = byId<HTMLButtonElement>("verify");
  readonly #progress = byId<HTMLProgressElement>("verify-progress");
  readonly #verdict = byId("verdict");
  #running: AbortController | undefined;

  /** Waits for the button. */
  constructor(live: LiveRun, { info, whose }: { info: ArtifactInfo; whose: string }) {
    this.#live = live;
    this.#info = info;
    this.#whose = whose;
    this.#verdict.textContent = `Not verified yet. The page runs ${whose}.`;
    this.#button.addEventListener("click", () => {
      if (this.#running === undefined) void this.#run();
      else this.#running.abort();
    });
  }

  async #run(): Promise<void> {
    const running = this.#running = new AbortController();
    const total = spanCount(this.#live.record);
    this.#button.textContent = "Stop";
    this.#progress.hidden = false;
    this.#progress.max = total;
    this.#progress.value = 0;
    this.#verdict.className = "";
    this.#verdict.textContent = "Replaying all blocks...";
    const started = performance.now();
    try {
      const { report, cause } = await verifyRun(this.#live, {
        info: this.#info,
        signal: running.signal,
        onProgress: (done) => this.#progress.value = done,
      });
      const seconds = ((performance.now() - started) / 1000).toFixed(2);
      if (report.ok) this.#tellGood(report, seconds);
      else this.#tellBad(report, cause);
    } catch (error) {
      this.#verdict.textContent = running.signal.aborted
        ? "Stopped: no verdict."
        : `No verdict: ${messageOf(error)}`;
    }
    this.#progress.hidden = true;
    this.#button.textContent = "Verify again";
    this.#running = undefined;
  }

  #tellGood({ checked, blocks, otherSharing }: VerifyReport, seconds: string): void {
    const notes: string[] = [];
    if (checked < blocks) notes.push("The end of the last block is not stored in this format. ");
    if (otherSharing.length > 0) {
      notes.push(`${grouped(otherSharing.length)} of them with equal values share other objects. `);
    }
    this.#verdict.className = "good";
    this.#verdict.replaceChildren(
      make("strong", "", [`Verified: ${goodBlocks(checked, blocks)}`]),
      ` (${seconds} s in this browser: ${engineName()}). ${
        notes.join("")
      }It ran ${this.#whose}: that it ` +
        "gives these states does not make it honest.",
    );
  }

  #tellBad({ badBlocks, checked }: VerifyReport, cause: MismatchCause | undefined): void {
    this.#verdict.className = "bad";
    const more = badBlocks.length - SHOWN_MAX;
    this.#verdict.replaceChildren(
      make("strong", "", [
        `Not verified: ${grouped(badBlocks.length)} of ${
          grouped(checked)
        } blocks do not replay to the ` +
        "recorded state",
      ]),
      make(
        "ul",
        "",
        badBlocks.slice(0, SHOWN_MAX).map((bad) => make("li", "", [describeBad(bad)])),
      ),
      ...(more > 0 ? [`and ${grouped(more)} more. `] : []),
      ...(cause === undefined ? [] : [`Cause: ${cause}: ${CAUSES[cause]}. `]),
      `Run in this browser: ${engineName()}; it ran ${this.#whose}.`,
    );
  }
}

/** Which JavaScript engine this is. */
export function engineName(): string {
  const { userAgent } = navigator;
  const firefox = /Firefox\/([\d.]+)/.exec(userAgent);
  if (firefox !== null) return `SpiderMonkey of Firefox ${firefox[1]}`;
  const chrome = /(?:Chrome|Chromium)\/([\d.]+)/.exec(userAgent);
  if (chrome !== null) return `V8 of Chrome ${chrome[1]}`;
  const safari = /Version\/([\d.]+).*Safari/.exec(userAgent);
  return safari === null ? userAgent : `JavaScriptCore of Safari ${safari[1]}`;
}
