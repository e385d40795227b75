/**
 * `rewind find`: the first state that satisfies a predicate.
 *
 * @module
 */

import { stateToJson } from "../codec/state_to_json.ts";
import { defineCommand } from "./command.ts";
import { EXIT_NO, EXIT_OK } from "./exit_codes.ts";
import { flag, integer, JSON_OPTION, operand, text } from "./options.ts";
import { shownState } from "../sandbox/host/shown_states.ts";
import { noteMissing } from "./missing_note.ts";
import { openRun, REPLAY_OPTIONS } from "./sandbox_options.ts";
import { UsageError } from "./usage_error.ts";
import { stateText } from "./print_values.ts";

/** The verb. */
export const command = defineCommand({
  operands: { file: operand("run.replay") },
  options: {
    where: text("FUNCTION", "Predicate of the state and t, such as 's => s.value > 3'", {
      required: true,
    }),
    from: integer("T", "First step to search", { fallback: "0" }),
    to: integer("T", "One past the last step to search", { fallback: "the end of the run" }),
    bisect: flag(
      "Use binary search, about log2(T) states; requires a predicate that stays true once true",
    ),
    ...REPLAY_OPTIONS,
    json: JSON_OPTION,
  },
  details: ["Exit code 1 if there is no such step. The function runs in the sandbox."],
  examples: [
    {
      command: "rewind find nan.replay --where 's => Number.isNaN(s.value)'",
      note: "Find the first NaN",
    },
    {
      command: "rewind find walk.replay --where 'x => x < -1000' --from 500000",
      note: "Search the second half",
    },
  ],
  async run({ file, where, from, to, bisect, json, ...replay }, { output, signal }) {
    if (bisect && (from !== undefined || to !== undefined)) {
      throw new UsageError(
        "Invalid option --bisect with --from or --to: it searches the whole run",
      );
    }
    await using recorded = await openRun(file, { ...replay, signal, output });
    const t = bisect ? await recorded.bisect(where) : await recorded.find(where, {
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
    if (t === undefined) {
      if (json) output.json({ found: false, t: null, state: null });
      else output.note("no step satisfies the predicate");
      await noteMissing(output, where, recorded);
      return EXIT_NO;
    }
    const state = await shownState(recorded, t);
    if (json) {
      output.json({ found: true, t, state: stateToJson(state) });
    } else {
      output.line(`${t}`);
      output.note(`state ${t}: ${stateText(state)}`);
    }
    return EXIT_OK;
  },
});
