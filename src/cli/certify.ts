/**
 * Tells an author who has just recorded a run that it does not replay, where a parser finds that it may not.
 *
 * @module
 */

import { openRecord } from "../artifact/open_record.ts";
import { NondeterministicStepError } from "../errors.ts";
import type { Doubt } from "../sandbox/wire/answers.ts";
import { changedReason, heldReason, partReason } from "../sandbox/wire/doubt_text.ts";
import type { ChildOptions } from "../sandbox/host/sandbox_child.ts";
import { AskedReasons, type Reasons } from "../sandbox/recorder/ask_reasons.ts";
import type { Output } from "./output.ts";

/** Functions given as texts, by name; undefined for those that the module exports. */
type Expressions = Readonly<Record<string, string | undefined>>;

/** What is certified. */
export interface Certifying {
  /** What the run was recorded with. */
  readonly child: ChildOptions;
  /** Its observables. */
  readonly observe: Expressions | undefined;
}

/** What is done with a reason why a run may not replay, if there is one. */
export interface HiddenStateLook {
  /** Called with what the recording itself found. */
  readonly onDoubt: (doubt: Doubt) => void;
  /** Replays the finished file. */
  certify(file: string, output: Output): Promise<void>;
  /** The error of the recording: that of a run which does not replay, with the reason. */
  explain(error: unknown): Promise<unknown>;
}

/** What is done without guards. */
const NO_LOOK: HiddenStateLook = {
  onDoubt() {},
  certify: () => Promise.resolve(),
  explain: (error) => Promise.resolve(error),
};

/**
 * Begins to look for a reason why a run may not replay, while it is recorded on another core.
 *
 * @param certifying What is recorded; undefined without guards.
 */
export function lookForHiddenState(certifying: Certifying | undefined): HiddenStateLook {
  if (certifying === undefined) return NO_LOOK;
  const { child, observe } = certifying;
  const expressions = Object.values(observe ?? {}).filter((text) => text !== undefined);
  const asked = new AskedReasons(child, expressions);
  const reasons = asked.find();
  // What it throws is told where it is waited for.
  reasons.catch(() => {});
  const doubts: Partial<Record<Doubt["kind"], string>> = {};
  return {
    onDoubt({ kind, name }) {
      doubts[kind] = name;
    },
    async certify(file, output) {
      const { hidden, kept } = await reasons;
      const found = hidden ?? await reasonForChange(asked, doubts.changed) ?? kept;
      const held = doubts.held === undefined ? undefined : heldReason(doubts.held);
      if (found === undefined && held === undefined) return;
      if (found !== undefined) await refuseSwallowed(asked);
      const what = found === undefined
        ? "the run is made once more without copies"
        : "all blocks are replayed";
      output.note(`note: ${found ?? held}: ${what}, to see whether the run depends on it`);
      const { certifyPlain, certifyRecording } = await import(
        "../sandbox/host/certify_recording.ts"
      );
      const { record } = await openRecord(file);
      const options = { ...child, shims: record.shims };
      if (found === undefined) await certifyPlain(record, { ...options, reason: held! });
      else await certifyRecording(record, { ...options, reason: found, held, observe });
    },
    async explain(error) {
      if (!(error instanceof NondeterministicStepError)) return error;
      const { t, problem, hint } = error;
      const { what, place } = partReason(problem);
      const { hidden, kept } = await reasons.catch(() => ({} as Reasons));
      const found = hidden ?? (await asked.module()).handedOn(place) ??
        (place === undefined ? kept : undefined);
      if (found === undefined) return error;
      return new NondeterministicStepError(t, `${what}: ${found}`, { hint, cause: error });
    },
  };
}

/** Refuses a run whose step went on where a plain loop would have changed a built-in object. */
async function refuseSwallowed(asked: AskedReasons): Promise<void> {
  const found = (await asked.module()).swallowed();
  if (found === undefined) return;
  throw new NondeterministicStepError(
    0,
    `Cannot certify the run: built-in objects cannot be changed in the sandbox, and a step that goes on then makes ` +
      `another run than a plain loop: ${found}`,
    { hint: "keep what it is in a variable of the module, or in the state" },
  );
}

/** What changed by another name than its own, and where it got that name. */
async function reasonForChange(
  asked: AskedReasons,
  place: string | undefined,
): Promise<string | undefined> {
  if (place === undefined) return undefined;
  return (await asked.module()).handedOn(place) ?? changedReason(place);
}
