/**
 * `rewind stats`: exact statistics over a whole run.
 *
 * @module
 */

import type { ObservableChoice } from "../sandbox/session.ts";
import { optionSwitch, optionText } from "./args.ts";
import { type Command, type CommandContext, JSON_OPTION } from "./command.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { openRun, REPLAY_OPTIONS } from "./sandbox_options.ts";
import { printRows } from "./table.ts";
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
  const stats = await recorded.stats(observableOf(optionText(args, "of")));
  if (optionSwitch(args, "json")) output.json(statsJson(stats));
  else printRows(output, statsRows(stats));
  return EXIT_OK;
}

function observableOf(text: string | undefined): ObservableChoice | undefined {
  if (text === undefined) return undefined;
  return /^[\w$]+$/.test(text) ? { name: text } : { expression: text };
}
