/**
 * `rewind get`: regenerates states.
 *
 * @module
 */

import { stateToJson } from "../codec/json_state.ts";
import { resolveStep } from "../engine/blocks.ts";
import { optionSwitch, readInteger } from "./args.ts";
import { type Command, type CommandContext, JSON_OPTION } from "./command.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { openRun, REPLAY_OPTIONS } from "./sandbox_options.ts";
import { stateText } from "./values.ts";

/** The verb. */
export const getCommand: Command = {
  name: "get",
  summary: "regenerate the exact state at a step",
  usage: "<run.replay> <t> [<t> ...]",
  positionals: [2, Infinity],
  options: [...REPLAY_OPTIONS, JSON_OPTION],
  details: [
    "Negative t count from the end: -1 is the last state. A state is printed as one line, cut where it " +
    "is long; --json prints all of it, as an object for one t and an array of them for several.",
  ],
  examples: [
    { command: "rewind get walk.replay 842137", note: "one state" },
    { command: "rewind get walk.replay 0 1000 -1 --json", note: "several, as JSON" },
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { args, output } = context;
  const [, ...texts] = args.positionals;
  const steps = texts.map((text) => readInteger(text, "t"));
  await using recorded = await openRun(context);
  // All are checked before the first is printed, so that there is no part of an answer.
  const targets = steps.map((t) => resolveStep(t, recorded.steps));
  const states = [];
  for (const t of targets) states.push({ t, state: await recorded.get(t) });
  if (optionSwitch(args, "json")) {
    const json = states.map(({ t, state }) => ({ t, state: stateToJson(state) }));
    output.json(json.length === 1 ? json[0] : json);
  } else {
    for (const { state } of states) output.line(stateText(state));
  }
  return EXIT_OK;
}
