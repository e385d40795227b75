/**
 * `rewind view`: a page in which one looks at a run.
 *
 * @module
 */

import { join } from "shlex";
import { openRecord } from "../artifact/open_record.ts";
import { TOOL } from "../artifact/tool.ts";
import { resolveRange } from "../engine/blocks.ts";
import { escapeText } from "../text/escape_text.ts";
import type { SandboxedRun } from "../sandbox/host/sandboxed_run.ts";
import { renderRunPage } from "../view/run_page.ts";
import { type NamedObservable, type RunSurvey, surveyRun } from "../view/survey_run.ts";
import { printable } from "../text/printable.ts";
import { defineCommand } from "./command.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { readObservable, unknownObservable } from "./observable_option.ts";
import { integer, operand, path, texts } from "./options.ts";
import { openRun, REPLAY_OPTIONS } from "./sandbox_options.ts";
import { checkOutput, FORCE_OPTION, writeOutput } from "./save.ts";
import { byteText, counted, grouped } from "./table.ts";
import { InputError } from "./usage_error.ts";

/** Stands for stdout where a file is asked for. */
const STDOUT = "-";

/** Longest heading of a plot. */
const NAME_UNITS_MAX = 120;

/** The verb. */
export const command = defineCommand({
  operands: { file: operand("run.replay") },
  options: {
    output: path("FILE", "File to write, - for stdout", { short: "o", fallback: "<run>.html" }),
    force: FORCE_OPTION,
    observe: texts(
      "NAME|FUNCTION",
      "Observable to plot: one of the module, FUNCTION or NAME=FUNCTION of the state, such as " +
        "'v=s => s.value'",
      { fallback: "all that the module exports, and the numbers in the states" },
    ),
    from: integer("T", "First state", { fallback: "0" }),
    to: integer("T", "One past the last state", { fallback: "the end of the run" }),
    ...REPLAY_OPTIONS,
  },
  details: [
    "The report is one HTML file that loads nothing from elsewhere, for any browser. Plots show the exact " +
    "smallest and largest value of each part of the run, so a spike of one step stays visible.",
    "The page contains states of the run, which may be private data.",
  ],
  examples: [
    { command: "rewind view walk.replay", note: "Write walk.html" },
    {
      command: "rewind view nan.replay --observe 's => s.value' --from 883900 --to 884000 " +
        "-o around.html",
      note: "Plot one number over 100 steps",
    },
  ],
  async run(values, { output, signal }) {
    const { file, force, observe, step } = values;
    const target = values.output ?? `${file.replace(/^.*[\\/]|\.replay$/g, "")}.html`;
    if (target !== STDOUT) checkOutput(target, { force });
    await using recorded = await openRun(file, { ...values, signal });
    const { steps } = recorded;
    const [from, to] = resolveRange(values.from, values.to, steps);
    if (from === to) {
      throw new InputError(`Cannot show the states from ${from} to ${to}: there are none`);
    }
    const survey = await surveyRun(recorded, {
      from,
      to,
      observe: await observables(observe, recorded),
      onProgress: (t) => output.progress(`step ${grouped(t)} of ${grouped(to)}`),
    });
    const words = { file, step: step === undefined ? [] : [step], observe };
    const page = renderRunPage({
      file,
      info: (await openRecord(file)).info,
      source: step === undefined ? recorded.record.source : undefined,
      stepFile: step,
      survey,
      commands: {
        get: shellLine("get", { ...words, observe: [] }),
        view: shellLine("view", words),
        verify: shellLine("verify", { ...words, observe: [] }),
      },
      tool: TOOL,
    });
    if (target === STDOUT) {
      output.line(page);
      return EXIT_OK;
    }
    const bytes = new TextEncoder().encode(`${page}\n`);
    writeOutput(target, bytes, { force });
    output.line(`wrote ${printable(target)}: ${describe(survey)}, ${byteText(bytes.length)}`);
    return EXIT_OK;
  },
});

/** What is to be plotted; undefined for everything. */
async function observables(
  texts: readonly string[],
  recorded: SandboxedRun,
): Promise<NamedObservable[] | undefined> {
  if (texts.length === 0) return undefined;
  const { observe } = await recorded.describe();
  return texts.map((text) => {
    const { name = text, expression } = readObservable(text);
    if (expression === undefined && !observe.includes(name)) throw unknownObservable(name, observe);
    return {
      name: escapeText(name, { maxLength: NAME_UNITS_MAX }),
      choice: expression === undefined ? { name } : { expression },
    };
  });
}

/** A command line for the same run, as one would type it; t may follow. */
function shellLine(
  verb: string,
  { file, step, observe }: { file: string; step: readonly string[]; observe: readonly string[] },
): string {
  return join([
    "rewind",
    verb,
    // It would be taken for an option.
    file.startsWith("-") ? `./${file}` : file,
    ...step.flatMap((text) => ["--step", text]),
    ...observe.flatMap((text) => ["--observe", text]),
  ]);
}

function describe({ series, samples, buckets: { from, to } }: RunSurvey): string {
  return `${counted(series.length, "value")} over ${counted(to - from, "state")}, ` +
    `${grouped(samples.length)} of the states in full`;
}
