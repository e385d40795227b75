/**
 * Whether a run that was just recorded replays, for a module of which a parser says that it may not.
 *
 * @module
 */

import { equalBytes } from "../../codec/compare_states.ts";
import { encodeState } from "../../codec/encode_state.ts";
import type { RunRecord, Stats } from "../../engine/types.ts";
import { NondeterministicStepError, StateEncodingError } from "../../errors.ts";
import { escapeText } from "../../text/escape_text.ts";
import { otherInPlainLoop } from "./plain_pass.ts";
import { otherInOrder } from "./replay_orders.ts";
import { otherFromWithin } from "./replay_within.ts";
import type { ChildOptions } from "./sandbox_child.ts";
import { SandboxSession } from "./session.ts";
import type { SharedPassOptions } from "./shared_pass.ts";
import { statsSandboxed, type StatsSandboxedOptions } from "./stats_sandboxed.ts";
import { verifySandboxed } from "./verify_sandboxed.ts";

/** Options of {@linkcode certifyRecording}. */
export interface CertifyOptions extends SharedPassOptions {
  /** Why it may not replay, as a sentence: "step assigns `births` (model.ts:12)". */
  readonly reason: string;
  /** Why it may not be that of a plain loop, if there is another reason for that. */
  readonly held?: string | undefined;
  /** The observables that are texts, by name; all others are exported by the module. */
  readonly observe?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * Replays all blocks of a run in other processes, each with instances of the module that the recording did not
 * have, runs the plain loop that it stands for, and takes the recorded statistics again.
 *
 * @throws {NondeterministicStepError} If a block leads to another state, or has others within it where other blocks were
 * replayed before, or a state within the only block leads to another end, or a plain loop reaches another state, or an
 * observable gives other statistics.
 * @throws What `verifySandboxed` throws.
 */
export async function certifyRecording(
  record: RunRecord,
  { reason, held, observe = {}, ...options }: CertifyOptions,
): Promise<void> {
  const report = await verifySandboxed(record, { ...options, isBackwards: true });
  if (!report.ok) {
    const { block, to, error } = report.badBlocks[0]!;
    const what = error === undefined ? `leads to another state ${to}` : "fails";
    throw new NondeterministicStepError(
      to,
      `Cannot certify the run: block ${block} ${what} when replayed: ${reason}`,
      { hint: "keep what changes in the state" },
    );
  }
  const other = await otherInOrder(record, options);
  if (other !== undefined) {
    throw new NondeterministicStepError(
      other,
      `Cannot certify the run: state ${other} is another one where other blocks were replayed before: ${reason}`,
      { hint: "keep what changes in the state" },
    );
  }
  const within = await otherFromWithin(record, options);
  if (within !== undefined) {
    throw new NondeterministicStepError(
      within,
      `Cannot certify the run: state ${within} leads to another last state where those before it were not made: ${reason}`,
      { hint: "keep what changes in the state" },
    );
  }
  await certifyPlain(record, { ...options, reason: held ?? reason });
  const differing = await differingObservable(record, (name) => {
    const expression = observe[name];
    return expression === undefined ? { name } : { expression };
  }, options);
  if (differing === undefined) return;
  throw new NondeterministicStepError(
    0,
    `Cannot certify the run: observe.${
      escapeText(differing)
    } gives other statistics when taken again: ${reason}`,
    {
      hint:
        "let an observable depend on its state only: put what it needs of the state before into the state",
    },
  );
}

/**
 * Runs the plain loop that a run stands for.
 *
 * @throws {NondeterministicStepError} If it reaches another state.
 */
export async function certifyPlain(
  record: RunRecord,
  { reason, ...options }: Pick<CertifyOptions, "reason"> & ChildOptions,
): Promise<void> {
  const plain = await otherInPlainLoop(record, options);
  if (plain === undefined) return;
  throw new NondeterministicStepError(
    plain.t,
    `Cannot certify the run: a plain loop would give another state ${plain.t}, where ${plain.text}: ${reason}`,
    {
      hint:
        "keep what changes in the state, and no object of it in a variable or a WeakMap; compare values or names, " +
        "not whether two objects are one",
    },
  );
}

/** The first recorded observable whose statistics are others when they are taken again; undefined if there is none. */
export async function differingObservable(
  record: RunRecord,
  choose: (name: string) => { name: string } | { expression: string } | undefined,
  options: SharedPassOptions,
): Promise<string | undefined> {
  for (const name of record.observables) {
    const observable = choose(name);
    if (observable === undefined) continue;
    if (
      !await givesAgain(record, record.observed[name]!, {
        ...options,
        observable,
        isBackwards: true,
      })
    ) {
      return name;
    }
  }
  return undefined;
}

/** The first recorded observable of which a step module gives other statistics; those that it lacks are left out. */
export async function otherObservable(
  record: RunRecord,
  child: ChildOptions,
): Promise<string | undefined> {
  if (record.observables.length === 0) return undefined;
  await using session = new SandboxSession(child);
  const { observe } = await session.describe();
  const choose = (name: string) => observe.includes(name) ? { name } : undefined;
  return await differingObservable(record, choose, child);
}

async function givesAgain(
  record: RunRecord,
  recorded: Stats,
  options: StatsSandboxedOptions,
): Promise<boolean> {
  try {
    const again = (await statsSandboxed(record, options)).moments.result();
    return equalBytes(encodeState(again), encodeState(recorded));
  } catch (error) {
    // It says something else of one state at a second look.
    if (error instanceof StateEncodingError) return false;
    throw error;
  }
}
