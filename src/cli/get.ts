/**
 * `rewind get`: regenerates states.
 *
 * @module
 */

import { stateToJson } from "../codec/json_state.ts";
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
  details: ["Negative t count from the end: -1 is the last state."],
  examples: [
    { command: "rewind get walk.replay 842137", note: "one state" },
    { command: "rewind get walk.replay 0 1000 -1 --json", note: "several, as JSON" },
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { args, output } = context;
  const [, ...texts] = args.positionals;
  const steps = texts.map((text) => readInteger(text, "t", { min: -Number.MAX_SAFE_INTEGER }));
  await using recorded = await openRun(context);
  const json = [];
  for (const t of steps) {
    const state = await recorded.get(t);
    if (optionSwitch(args, "json")) {
      json.push({ t: t < 0 ? t + recorded.steps : t, state: stateToJson(state) });
    } else {
      output.line(stateText(state));
    }
  }
  if (optionSwitch(args, "json")) output.json(json.length === 1 ? json[0] : json);
  return EXIT_OK;
}
