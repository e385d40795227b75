/**
 * `rewind trace`: the random draws of one step.
 *
 * @module
 */

import { stateToJson } from "../codec/json_state.ts";
import { formatValue } from "../codec/format_value.ts";
import { escapeText } from "../text/escape_text.ts";
import { optionSwitch, readInteger } from "./args.ts";
import { type Command, type CommandContext, JSON_OPTION } from "./command.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { openRun, REPLAY_OPTIONS } from "./sandbox_options.ts";

/** The verb. */
export const traceCommand: Command = {
  name: "trace",
  summary: "the random draws of the step that made a state",
  usage: "<run.replay> <t>",
  positionals: [2, 2],
  options: [...REPLAY_OPTIONS, JSON_OPTION],
  details: ["Lists the calls to rng of the step that made state t, in order; state 0 has none."],
  examples: [
    { command: "rewind trace walk.replay 842137", note: "what the coin showed" },
    { command: "rewind trace nan.replay -1 --json", note: "of the last step, as JSON" },
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { args, output } = context;
  const t = readInteger(args.positionals[1]!, "t");
  await using recorded = await openRun(context);
  const entries = await recorded.trace(t);
  if (optionSwitch(args, "json")) {
    output.json(entries.map(({ method, args: given, result }) => ({
      method,
      args: given.map(stateToJson),
      result: stateToJson(result),
    })));
    return EXIT_OK;
  }
  if (entries.length === 0) output.note("no draws");
  for (const { method, args: given, result } of entries) {
    const list = given.map((value) => formatValue(value, { maxLength: 60 })).join(", ");
    output.line(`${escapeText(method)}(${list}) = ${formatValue(result, { maxLength: 200 })}`);
  }
  return EXIT_OK;
}
