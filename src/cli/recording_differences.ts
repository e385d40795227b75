/**
 * What a recording that is to go on was asked for otherwise than the command line asks now: to go on with
 * another model would give a run that nobody recorded.
 *
 * @module
 */

import type { RecordingSettings } from "../artifact/grow/position.ts";
import { equalBytes } from "../codec/compare_states.ts";
import { decodeState } from "../codec/decode_state.ts";
import { encodeState } from "../codec/encode_state.ts";
import { formatValue } from "../codec/format_value.ts";
import { defaultBlockSize } from "../engine/run_bounds.ts";
import type { ParameterChange } from "../engine/run_options.ts";
import { keepParameterKind } from "../engine/given_value.ts";
import { changeParameters } from "../engine/same_kind.ts";
import type { RunRecord, Shims, StorageBudget } from "../engine/types.ts";
import type { RngName } from "../rng/backends.ts";
import type { ModuleDescription } from "../sandbox/host/claims.ts";
import { escapeText } from "../text/escape_text.ts";

/** What the command line asks for. */
export interface Asked {
  readonly steps: number | undefined;
  readonly seed: bigint;
  readonly source: string;
  readonly stepId: string;
  readonly noSource: boolean;
  readonly init: { readonly value: unknown } | undefined;
  /** Changes of the module's parameters. */
  readonly changes: readonly ParameterChange[];
  readonly rng: RngName | undefined;
  readonly blockSize: number | undefined;
  readonly budget: StorageBudget | undefined;
  readonly until: string | undefined;
  readonly selfCheck: boolean;
  readonly observe: Readonly<Record<string, string | undefined>> | undefined;
  readonly shims: Shims | undefined;
}

/** One difference: what, as it was recorded, and as it is asked for. */
export interface RecordingDifference {
  readonly name: string;
  readonly recorded: string;
  readonly asked: string;
}

/**
 * All differences; none if the recording can go on.
 *
 * @param recorded The recording.
 * @param options What is asked for, what the module exports, and how the recording was to go on; a finished
 * one does not say that.
 */
export function recordingDifferences(
  recorded: RunRecord,
  { asked, module, settings }: {
    asked: Asked;
    module: ModuleDescription;
    settings: RecordingSettings | undefined;
  },
): RecordingDifference[] {
  const found: RecordingDifference[] = [];
  const compare = comparer(found);
  const isSame = recorded.source === undefined || asked.noSource ||
    recorded.source === asked.source;
  if (!isSame) found.push(sourceDifference(recorded.source!, asked.source));
  compare("source in the file", recorded.source !== undefined, !asked.noSource);
  compare("seed", recorded.seed, asked.seed, String);
  compare("rng", recorded.rng, asked.rng ?? module.rng ?? "python");
  const { steps } = asked;
  if (settings !== undefined) compare("steps", settings.steps, steps);
  const blockSize = asked.blockSize ?? (steps === undefined ? undefined : defaultBlockSize(steps));
  if (blockSize !== undefined) compare("block size", recorded.blockSize, blockSize);
  compare("params", recorded.params, paramsOf(module, asked.changes));
  compare("init", startOf(recorded), asked.init === undefined ? "of the module" : asked.init.value);
  compare("budget", { ...recorded.budget }, { ...asked.budget });
  const names = asked.observe === undefined ? module.observe : Object.keys(asked.observe);
  compare("observables", [...recorded.observables], [...names]);
  compare("shims", chosen(recorded.shims), chosen(asked.shims));
  if (settings !== undefined) {
    compare("until", settings.until, asked.until);
    compare("self-check", settings.selfCheck ?? false, asked.selfCheck);
    compare("functions of observables", { ...settings.expressions }, expressionsOf(asked.observe));
  }
  return found;
}

/**
 * All differences between a branch that was begun and the one that is asked for.
 *
 * @param recorded The recording.
 * @param begun The first state of the other one, with all that is said of it.
 * @param steps How many states they are to have.
 */
export function compareBranches(
  recorded: RunRecord,
  begun: RunRecord,
  steps: { readonly before: number | undefined; readonly now: number },
): RecordingDifference[] {
  const found: RecordingDifference[] = [];
  const compare = comparer(found);
  const { source = "" } = begun;
  if (recorded.source !== begun.source) {
    found.push(sourceDifference(recorded.source ?? "", source));
  }
  compare("parent", recorded.parentHash, begun.parentHash);
  compare("branch point", recorded.branchPoint, begun.branchPoint);
  compare("seed", recorded.seed, begun.seed, String);
  compare("grid offset", recorded.gridOffset, begun.gridOffset);
  compare("steps", steps.before, steps.now);
  compare("block size", recorded.blockSize, begun.blockSize);
  compare("params", recorded.params, begun.params);
  compare(
    "first state",
    decodeState(recorded.checkpoints.bytesAt(0)),
    decodeState(begun.checkpoints.bytesAt(0)),
  );
  compare("budget", { ...recorded.budget }, { ...begun.budget });
  compare("observables", [...recorded.observables], [...begun.observables]);
  compare("guards", recorded.unguarded !== true, begun.unguarded !== true);
  return found;
}

/** Texts of the observables that are not the module's, by name. */
export function expressionsOf(
  observe: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const given = Object.entries(observe).filter((entry): entry is [string, string] =>
    entry[1] !== undefined
  );
  return Object.fromEntries(given);
}

/** Holds two values against each other; what differs is added to the list. */
function comparer(
  found: RecordingDifference[],
): (name: string, before: unknown, now: unknown, text?: (value: unknown) => string) => void {
  return (name, before, now, text = textOf) => {
    if (equalBytes(encodeState(before), encodeState(now))) return;
    found.push({ name, recorded: text(before), asked: text(now) });
  };
}

function paramsOf({ params }: ModuleDescription, changes: readonly ParameterChange[]): unknown {
  return changeParameters(params && decodeState(params), changes, keepParameterKind);
}

/** X_0 as `--init` gives it, where it was given so. */
function startOf({ start, checkpoints }: RunRecord): unknown {
  return start === "given" ? decodeState(checkpoints.bytesAt(0)) : "of the module";
}

/** What is offered for loading is taken only if it is asked for. */
function chosen(shims: Shims | undefined): unknown {
  const { clock, random } = shims ?? {};
  return { clock: clock && { ...clock }, random };
}

function sourceDifference(recorded: string, asked: string): RecordingDifference {
  const before = recorded.split("\n");
  const now = asked.split("\n");
  let line = 0;
  while (line < before.length && before[line] === now[line]) line++;
  const at = (lines: readonly string[]): string =>
    line < lines.length ? `line ${line + 1}: ${escapeText(lines[line]!.trim())}` : "ends before";
  return { name: "step module", recorded: at(before), asked: at(now) };
}

function textOf(value: unknown): string {
  return value === undefined ? "none" : formatValue(value, { maxLength: 200 });
}
