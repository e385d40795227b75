/**
 * `rewind trace`: the random draws of one step.
 *
 * @module
 */

import { formatValue } from "../codec/format_value.ts";
import { drawsToJson } from "../codec/state_to_json.ts";
import { resolveStep } from "../engine/run_bounds.ts";
import { escapeText } from "../text/escape_text.ts";
import { defineCommand } from "./command.ts";
import { describeError } from "./error_report.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { integerOperand, JSON_OPTION, operand } from "./options.ts";
import { openRun, REPLAY_OPTIONS } from "./sandbox_options.ts";
import { LOG_OPTIONS, printLog } from "./step_log.ts";
import type { TraceEntry } from "../engine/types.ts";

/** The verb. */
export const command = defineCommand({
  operands: { file: operand("run.replay"), t: integerOperand("t") },
  options: { ...LOG_OPTIONS, ...REPLAY_OPTIONS, json: JSON_OPTION },
  details: [
    "Lists the calls to rng of the step that made state t, in order; state 0 has none. Where the step threw while it was " +
    "recorded, t may be that of the state that it did not make: the calls up to there.",
  ],
  examples: [
    { command: "rewind trace walk.replay 842137", note: "Show what the coin gave" },
    { command: "rewind trace nan.replay -1 --json", note: "Print the last step's draws as JSON" },
  ],
  async run({ file, t, json, log, from, to, ...replay }, { output, signal }) {
    await using recorded = await openRun(file, { ...replay, signal, output });
    const entries = await recorded.trace(t);
    const isFailing = t === recorded.steps && recorded.failure !== undefined;
    const steps = [isFailing ? t : resolveStep(t, recorded.steps)];
    await printLog(recorded, { log, from, to }, { steps, output, file });
    if (isFailing) {
      const { error } = await recorded.log({ from: t, to: t + 1 });
      output.note(
        `up to where the step threw: ${error === undefined ? "" : describeError(error, file)}`,
      );
    }
    if (json) {
      output.json(drawsToJson(entries));
      return EXIT_OK;
    }
    if (entries.length === 0) output.note("no draws");
    for (const entry of entries) output.line(drawText(entry));
    return EXIT_OK;
  },
});

/** A draw as one line for people. */
export function drawText({ method, args: given, result }: TraceEntry): string {
  const list = given.map((value) => formatValue(value, { maxLength: 60 })).join(", ");
  return `${escapeText(method)}(${list}) = ${formatValue(result, { maxLength: 200 })}`;
}
