/**
 * `rewind stats`: exact statistics over a whole run.
 *
 * @module
 */

import { escapeText } from "../sandbox/escape_text.ts";
import type { SandboxedRun } from "../sandbox/sandboxed_run.ts";
import type { Stats } from "../engine/types.ts";
import { optionSwitch, optionText } from "./args.ts";
import { type Command, type CommandContext, JSON_OPTION } from "./command.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { openRun, REPLAY_OPTIONS } from "./sandbox_options.ts";
import { printRows } from "./table.ts";
import { suggestion } from "./suggestion.ts";
import { InputError } from "./usage_error.ts";
import { statsJson, statsRows } from "./values.ts";

/** The verb. */
export const statsCommand: Command = {
  name: "stats",
  summary: "exact statistics over the whole run, in one pass",
  usage: "<run.replay>",
  positionals: [1, 1],
  options: [
    {
      name: "of",
      value: "NAME|FUNCTION",
      summary: "an observable that the module exports, or a function of the state that gives a " +
        "number or a vector (default: the state itself)",
    },
    ...REPLAY_OPTIONS,
    JSON_OPTION,
  ],
  details: [
    "Mean and variance (divisor n-1) are correctly rounded: sums are exact, whatever the order.",
  ],
  examples: [
    { command: "rewind stats walk.replay", note: "of the states themselves" },
    { command: "rewind stats sir.replay --of 's => s.infected' --json", note: "of an observable" },
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { args, output } = context;
  await using recorded = await openRun(context);
  const of = optionText(args, "of");
  if (of === undefined) await checkObservable(recorded);
  const stats = of === undefined ? await recorded.stats() : await statsOf(recorded, of);
  if (optionSwitch(args, "json")) output.json(statsJson(stats));
  else printRows(output, statsRows(stats));
  return EXIT_OK;
}

/** Refuses to take statistics of states that are neither numbers nor vectors, before the whole run is replayed. */
async function checkObservable(recorded: SandboxedRun): Promise<void> {
  const first = await recorded.get(0);
  if (typeof first === "number" || Array.isArray(first) || ArrayBuffer.isView(first)) return;
  const names = Object.keys(recorded.observed).map((name) => escapeText(name));
  throw new InputError(
    "Cannot take statistics of the states themselves as they are not numbers or vectors: give a function " +
      `with --of, such as 's => s.value'${
        names.length === 0 ? "" : `, or one of ${names.join(", ")}`
      }`,
  );
}

/** Statistics of an observable; one that the module does not export is named with those that it does. */
async function statsOf(recorded: SandboxedRun, text: string): Promise<Stats> {
  if (!/^[\w$]+$/.test(text)) return await recorded.stats({ expression: text });
  try {
    return await recorded.stats({ name: text });
  } catch (error) {
    const { observe } = await recorded.describe();
    if (observe.includes(text)) throw error;
    throw unknownObservable(text, observe);
  }
}

function unknownObservable(text: string, observe: readonly string[]): InputError {
  const known = observe.length === 0 ? "it exports none" : `it has ${observe.join(", ")}`;
  return new InputError(
    `Cannot find an observable '${text}' in the step module` +
      (suggestion(text, observe) || `: ${known}`),
  );
}
