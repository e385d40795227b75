/**
 * `rewind get`: regenerates states.
 *
 * @module
 */

import { plainToJson } from "../codec/state_to_json.ts";
import { resolveStep } from "../engine/run_bounds.ts";
import { defineCommand } from "./command.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { integerOperands, JSON_OPTION, operand } from "./options.ts";
import { shownState } from "../sandbox/host/shown_states.ts";
import { openRun, REPLAY_OPTIONS } from "./sandbox_options.ts";
import { LOG_OPTIONS, printLog } from "./step_log.ts";
import { stateText } from "./print_values.ts";

const CODEC_NOTE = "note: states are shown as the module's codec decodes them: " +
  "as --where, --set and --mutate see them; where an object has private fields only, as it encodes them";

/** The verb. */
export const command = defineCommand({
  operands: { file: operand("run.replay"), steps: integerOperands("t") },
  options: { ...LOG_OPTIONS, ...REPLAY_OPTIONS, json: JSON_OPTION },
  details: [
    "Negative t count from the end: -1 is the last state. A state is printed as one line, cut where it " +
    "is long; --json prints all of it, as an object for one t and an array of them for several.",
  ],
  examples: [
    { command: "rewind get walk.replay 842137", note: "Regenerate one state" },
    { command: "rewind get walk.replay 0 1000 -1 --json", note: "Print several as JSON" },
    {
      command: "rewind get walk.replay 1000 --log --from 990",
      note: "Print also what the steps before it wrote with console",
    },
  ],
  async run({ file, steps, json, log, from, to, ...replay }, { output, signal }) {
    await using recorded = await openRun(file, { ...replay, signal, output });
    // All are checked before the first is printed, so that there is no part of an answer.
    const targets = steps.map((t) => resolveStep(t, recorded.steps));
    const states = [];
    for (const t of targets) states.push({ t, state: await shownState(recorded, t) });
    if (await recorded.hasCodec()) output.note(CODEC_NOTE);
    await printLog(recorded, { log, from, to }, { steps: targets, output, file });
    if (json) {
      const values = states.map(({ t, state }) => ({ t, state: plainToJson(state) }));
      output.json(values.length === 1 ? values[0] : values);
    } else {
      for (const { state } of states) output.line(stateText(state));
    }
    return EXIT_OK;
  },
});
