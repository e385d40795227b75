/**
 * `rewind view`: a page in which one looks at a run.
 *
 * @module
 */

import { join } from "shlex";
import { inspect } from "../artifact/open_record.ts";
import { TOOL } from "../artifact/tool.ts";
import { resolveRange } from "../engine/blocks.ts";
import { escapeText } from "../text/escape_text.ts";
import type { SandboxedRun } from "../sandbox/host/sandboxed_run.ts";
import { renderRunPage } from "../view/run_page.ts";
import { type NamedObservable, type RunSurvey, surveyRun } from "../view/survey_run.ts";
import { optionInteger, optionText, optionTexts } from "./args.ts";
import type { Command, CommandContext, ParsedArgs } from "./command.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { readObservable, unknownObservable } from "./observable_option.ts";
import { printable } from "../text/printable.ts";
import { openRun, REPLAY_OPTIONS } from "./sandbox_options.ts";
import { checkOutput, FORCE_OPTION, writeOutput } from "./save.ts";
import { byteText, counted, grouped } from "./table.ts";
import { InputError } from "./usage_error.ts";

/** Stands for stdout where a file is asked for. */
const STDOUT = "-";

/** Longest heading of a plot. */
const NAME_UNITS_MAX = 120;

/** The verb. */
export const viewCommand: Command = {
  name: "view",
  summary: "write a page in which to look at a run: plots of every number, and states to scrub",
  usage: "<run.replay>",
  positionals: [1, 1],
  options: [
    {
      name: "output",
      short: "o",
      value: "FILE",
      summary: "file to write, - for stdout (default <run>.html)",
    },
    {
      name: "observe",
      value: "NAME|FUNCTION",
      summary: "plot this observable of the module, FUNCTION or NAME=FUNCTION of the state, such " +
        "as 'v=s => s.value' (default: all that the module exports, and the numbers in the states)",
      repeat: true,
    },
    { name: "from", value: "T", summary: "first state (default 0)" },
    { name: "to", value: "T", summary: "one past the last state (default: the end)" },
    ...REPLAY_OPTIONS,
    FORCE_OPTION,
  ],
  details: [
    "One HTML file that loads nothing from elsewhere, for any browser. Plots show the exact smallest and " +
    "largest value of each part of the run, so that a spike of one step is seen.",
    "The page holds states of the run, which may be private data.",
  ],
  examples: [
    { command: "rewind view walk.replay", note: "writes walk.html" },
    {
      command: "rewind view nan.replay --observe 's => s.value' --from 883900 --to 884000 " +
        "-o around.html",
      note: "one number, closer",
    },
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { args, output } = context;
  const file = args.positionals[0]!;
  const target = optionText(args, "output") ??
    `${file.replace(/^.*[\\/]|\.replay$/g, "")}.html`;
  if (target !== STDOUT) await checkOutput(target, args);
  await using recorded = await openRun(context);
  const { steps } = recorded;
  const [from, to] = resolveRange(optionInteger(args, "from"), optionInteger(args, "to"), steps);
  if (from === to) {
    throw new InputError(`Cannot show the states from ${from} to ${to}: there are none`);
  }
  const survey = await surveyRun(recorded, {
    from,
    to,
    observe: await observables(args, recorded),
    onProgress: (t) => output.progress(`step ${grouped(t)} of ${grouped(to)}`),
  });
  const step = optionText(args, "step");
  const page = renderRunPage({
    file,
    info: await inspect(file),
    source: step === undefined ? recorded.record.source : undefined,
    stepFile: step,
    survey,
    commands: {
      get: shellLine(args, "get", ["step"]),
      view: shellLine(args, "view", ["step", "observe"]),
      verify: shellLine(args, "verify", ["step"]),
    },
    tool: TOOL,
  });
  if (target === STDOUT) {
    output.line(page);
    return EXIT_OK;
  }
  const bytes = new TextEncoder().encode(`${page}\n`);
  await writeOutput(target, bytes, args);
  output.line(`wrote ${printable(target)}: ${describe(survey)}, ${byteText(bytes.length)}`);
  return EXIT_OK;
}

/** What is to be plotted; undefined for everything. */
async function observables(
  args: ParsedArgs,
  recorded: SandboxedRun,
): Promise<NamedObservable[] | undefined> {
  const texts = optionTexts(args, "observe");
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
function shellLine(args: ParsedArgs, verb: string, options: readonly string[]): string {
  const file = args.positionals[0]!;
  return join([
    "rewind",
    verb,
    // It would be taken for an option.
    file.startsWith("-") ? `./${file}` : file,
    ...options.flatMap((name) => optionTexts(args, name).flatMap((text) => [`--${name}`, text])),
  ]);
}

function describe({ series, samples, buckets: { from, to } }: RunSurvey): string {
  return `${counted(series.length, "value")} over ${counted(to - from, "state")}, ` +
    `${grouped(samples.length)} of the states in full`;
}
