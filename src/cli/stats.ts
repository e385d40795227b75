/**
 * `rewind stats`: exact statistics over a whole run.
 *
 * @module
 */

import { escapeText } from "../text/escape_text.ts";
import type { ObservableChoice } from "../sandbox/host/session_options.ts";
import type { SandboxedRun } from "../sandbox/host/sandboxed_run.ts";
import type { Stats } from "../engine/types.ts";
import { defineCommand } from "./command.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { unknownObservable } from "./observable_option.ts";
import { JSON_OPTION, operand, text } from "./options.ts";
import type { Output } from "./output.ts";
import { isNotANumber, noteMissing } from "./missing_note.ts";
import { openRun, REPLAY_OPTIONS } from "./sandbox_options.ts";
import { SHARD_OPTIONS, shardingOf, writePart } from "./shard_option.ts";
import { counted, printRows } from "./table.ts";
import { InputError } from "./usage_error.ts";
import { statsJson, statsRows } from "./values.ts";

/** The verb. */
export const command = defineCommand({
  operands: { file: operand("run.replay") },
  options: {
    of: text(
      "NAME|FUNCTION",
      "Observable that the module exports, or function of the state that gives a number or a vector",
      { fallback: "the state itself" },
    ),
    ...REPLAY_OPTIONS,
    ...SHARD_OPTIONS,
    json: JSON_OPTION,
  },
  details: [
    "Mean and variance (divisor n-1) are correctly rounded: sums are exact, whatever the order.",
  ],
  examples: [
    { command: "rewind stats walk.replay", note: "Compute statistics of the states themselves" },
    {
      command: "rewind stats sir.replay --of 's => s.infected' --json",
      note: "Compute statistics of a function of the state",
    },
    {
      command: "rewind stats walk.replay --shard 0/2 --out stats-0.json",
      note: "Process the first half; 'rewind merge' joins the shard results",
    },
  ],
  async run({ file, of, json, ...values }, { output, signal }) {
    const sharding = shardingOf(values, output);
    await using recorded = await openRun(file, { ...values, signal });
    if (of === undefined) await checkObservable(recorded);
    if (sharding !== undefined) {
      const { shard, text, path } = sharding;
      const part = await observing(recorded, of, (choice) => recorded.statsShard(shard, choice));
      writePart(sharding, part, values);
      if (json) output.json(part);
      else {output.line(
          `shard ${text}: ${counted(part.partial.count, "state")}, written to ${path}`,
        );}
      return EXIT_OK;
    }
    const stats = await observing(recorded, of, (choice) => recorded.stats(choice));
    printStats(output, stats, json);
    if (of !== undefined && !isName(of) && isNotANumber(stats)) {
      await noteMissing(output, of, recorded);
    }
    return EXIT_OK;
  },
});

/** Prints statistics, whether one process took them or several shards. */
export function printStats(output: Output, stats: Stats, isJson: boolean): void {
  if (isJson) output.json(statsJson(stats));
  else printRows(output, statsRows(stats));
}

/** Refuses to take statistics of states that are neither numbers nor vectors, before the whole run is replayed. */
async function checkObservable(recorded: SandboxedRun): Promise<void> {
  const first = await recorded.get(0);
  if (typeof first === "number" || Array.isArray(first) || ArrayBuffer.isView(first)) return;
  const names = Object.keys(recorded.observed).map((name) => escapeText(name));
  throw new InputError("Cannot compute statistics of the states: they are not numbers or vectors", {
    hint: `pass a function with --of, such as 's => s.value'${
      names.length === 0 ? "" : `, or one of ${names.join(", ")}`
    }`,
  });
}

/**
 * What `take` gives for an observable; one that the module does not export is named with those that it does.
 */
async function observing<T>(
  recorded: SandboxedRun,
  text: string | undefined,
  take: (observable: ObservableChoice | undefined) => Promise<T>,
): Promise<T> {
  if (text === undefined) return await take(undefined);
  if (!isName(text)) return await take({ expression: text });
  try {
    return await take({ name: text });
  } catch (error) {
    const { observe } = await recorded.describe();
    if (observe.includes(text)) throw error;
    throw unknownObservable(text, observe);
  }
}

/** Whether a text is the name of an observable, and no function. */
function isName(text: string): boolean {
  return /^[\w$]+$/.test(text);
}
