/**
 * `rewind find`: the first state that satisfies a predicate.
 *
 * @module
 */

import { stateToJson } from "../codec/json_state.ts";
import { optionInteger, optionSwitch, optionText } from "./args.ts";
import { type Command, type CommandContext, JSON_OPTION } from "./command.ts";
import { EXIT_NO, EXIT_OK } from "./exit_codes.ts";
import { openRun, REPLAY_OPTIONS } from "./sandbox_options.ts";
import { UsageError } from "./usage_error.ts";
import { stateText } from "./values.ts";

/** The verb. */
export const findCommand: Command = {
  name: "find",
  summary: "the first step whose state satisfies a predicate",
  usage: "<run.replay>",
  positionals: [1, 1],
  options: [
    {
      name: "where",
      value: "FUNCTION",
      summary: "predicate of the state and t, such as 's => s.value > 3' (required)",
    },
    { name: "from", value: "T", summary: "first step to look at (default 0)" },
    { name: "to", value: "T", summary: "one past the last step to look at (default: the end)" },
    {
      name: "bisect",
      summary:
        "search by halves: for a predicate that stays true once it is; looks at log2(T) states",
    },
    ...REPLAY_OPTIONS,
    JSON_OPTION,
  ],
  details: ["Exit code 1 if there is no such step. The function runs in the sandbox."],
  examples: [
    {
      command: "rewind find nan.replay --where 's => Number.isNaN(s.value)'",
      note: "where a run went bad",
    },
    {
      command: "rewind find walk.replay --where 'x => x < -1000' --from 500000",
      note: "in a part",
    },
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { args, output } = context;
  const where = optionText(args, "where");
  if (where === undefined) throw new UsageError("find needs --where FUNCTION", "find");
  const from = optionInteger(args, "from");
  const to = optionInteger(args, "to");
  await using recorded = await openRun(context);
  const isBisect = optionSwitch(args, "bisect");
  if (isBisect && (from !== undefined || to !== undefined)) {
    throw new UsageError("--bisect searches the whole run: leave out --from and --to", "find");
  }
  const t = isBisect ? await recorded.bisect(where) : await recorded.find(where, {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  });
  if (t === undefined) {
    if (optionSwitch(args, "json")) output.json({ found: false, t: null, state: null });
    else output.note("no step satisfies the predicate");
    return EXIT_NO;
  }
  const state = await recorded.get(t);
  if (optionSwitch(args, "json")) {
    output.json({ found: true, t, state: stateToJson(state) });
  } else {
    output.line(`${t}`);
    output.note(`state ${t}: ${stateText(state)}`);
  }
  return EXIT_OK;
}
