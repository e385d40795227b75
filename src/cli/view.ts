/**
 * `rewind view`: a page in which one looks at a run, and makes its states again.
 *
 * @module
 */

import { openRecord } from "../artifact/open_record.ts";
import { CampaignFolder, NAMES } from "../campaign/folder.ts";
import { TOOL } from "../artifact/tool_version.ts";
import { resolveRange } from "../engine/run_bounds.ts";
import type { SandboxedRun } from "../sandbox/host/sandboxed_run.ts";
import { renderRunPage } from "../view/run_page.ts";
import type { NamedObservable } from "../view/choose_plots.ts";
import { type RunSurvey, surveyRun } from "../view/survey_run.ts";
import { printable } from "../text/printable.ts";
import type { LivePageData } from "../view/live_data.ts";
import { renderLivePage } from "../view/live_page.ts";
import type { Output } from "./output.ts";
import { defineCommand, type Values } from "./command.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { readObservables, unknownObservable } from "./observable_option.ts";
import { flag, integer, optionalOperand, path, texts } from "./options.ts";
import { openRun, REPLAY_OPTIONS } from "./sandbox_options.ts";
import { emptyRange, livePage, type MadePage, named, shellLine } from "./live_page_file.ts";
import { checkOutput, FORCE_OPTION, STDOUT, writeOutput } from "./output_path.ts";
import { byteText, counted, grouped } from "./table.ts";
import { UsageError } from "./usage_error.ts";
import { artifactInput } from "./pipe_input.ts";

/** What the page shows, and how. */
const VIEW_OPTIONS = {
  output: path("FILE", "File to write, - for stdout", { short: "o", fallback: "<run>.html" }),
  force: FORCE_OPTION,
  static: flag("Write a page that runs nothing: some states and all plots, made now"),
  empty: flag("Write the page without a run: one drops any .replay file on it"),
  observe: texts(
    "NAME|FUNCTION",
    "Observable to plot: one of the module, FUNCTION or NAME=FUNCTION of the state, such as " +
      "'v=s => s.value'",
    { fallback: "all that the module exports, and the numbers in the states" },
  ),
  from: integer("T", "First state", { fallback: "0" }),
  to: integer("T", "One past the last state", { fallback: "the end of the run" }),
  ...REPLAY_OPTIONS,
};

/** The verb. */
export const command = defineCommand({
  operands: { file: optionalOperand("run.replay") },
  options: VIEW_OPTIONS,
  details: [
    "The page is one HTML file that loads nothing from elsewhere, for any browser. It carries the run and its code, " +
    "which runs there in a sandbox: any state is made again, played, searched, forked and verified.",
    "The page contains the run, which may be private data.",
  ],
  examples: [
    { command: "rewind view walk.replay", note: "Write walk.html" },
    { command: "rewind view --empty -o rewind.html", note: "A page for any .replay file" },
    {
      command:
        "rewind view nan.replay --static --observe 's => s.value' --from 883900 --to 884000 " +
        "-o around.html",
      note: "Plot one number over 100 steps, for paper",
    },
  ],
  async run(values, { output, signal }) {
    const { file, force } = values;
    if (file !== undefined && CampaignFolder.isOne(file)) {
      return await viewCampaign(file, values, output);
    }
    const target = values.output ??
      (file === undefined ? "rewind.html" : `${file.replace(/^.*[\\/]|\.replay$/g, "")}.html`);
    if (values.empty && (file !== undefined || values.static)) {
      throw new UsageError("Invalid option --empty with a run", {
        hint: "the page opens any .replay file that is dropped on it",
      });
    }
    if (file === undefined && !values.empty) {
      throw new UsageError("Missing operand <run.replay>", {
        hint: "--empty writes a page without a run",
      });
    }
    if (target !== STDOUT) checkOutput(target, { force, reads: [file, values.step] });
    const page = file === undefined
      ? { text: emptyPage(), about: "a page for any .replay file" }
      : values.static
      ? await staticPage(file, values, { output, signal })
      : await livePage(file, { ...values, input: await artifactInput(file, signal) });
    if (target === STDOUT) {
      output.line(page.text);
      return EXIT_OK;
    }
    const bytes = new TextEncoder().encode(`${page.text}\n`);
    writeOutput(target, bytes, { force });
    output.line(`wrote ${printable(target)}: ${page.about}, ${byteText(bytes.length)}`);
    return EXIT_OK;
  },
});

/** Writes the page of a campaign, into its folder unless told otherwise. */
async function viewCampaign(
  path: string,
  { output: target, force }: { output: string | undefined; force: boolean },
  output: Output,
): Promise<number> {
  const { pageOfFolder } = await import("./campaign_pages.ts");
  const folder = CampaignFolder.open(path);
  // Links lead to files of the folder.
  const page = `${pageOfFolder(folder, { isInside: target === undefined })}\n`;
  if (target === STDOUT) output.line(page.trimEnd());
  else if (target === undefined) folder.write(NAMES.page, page);
  else writeOutput(target, new TextEncoder().encode(page), { force });
  if (target !== STDOUT) output.line(`wrote ${printable(target ?? folder.of(NAMES.page))}`);
  return EXIT_OK;
}

function emptyPage(): string {
  const data: LivePageData = {
    file: "",
    step: undefined,
    observe: undefined,
    range: undefined,
    getCommand: "rewind get",
  };
  return renderLivePage({ title: "rewind", artifact: undefined, data, tool: TOOL });
}

/** What the verb was called with. */
type ViewValues = Values<typeof VIEW_OPTIONS>;

/** The page that holds what was made here. */
async function staticPage(
  file: string,
  values: ViewValues,
  { output, signal }: { output: Output; signal: AbortSignal },
): Promise<MadePage> {
  const { observe, step } = values;
  await using recorded = await openRun(file, { ...values, signal, output });
  const { steps } = recorded;
  const [from, to] = resolveRange(values.from, values.to, steps);
  if (from === to) throw emptyRange([from, to]);
  const survey = await surveyRun(recorded, {
    from,
    to,
    observe: await observables(observe, recorded),
    onProgress: (t) => output.progress(`step ${grouped(t)} of ${grouped(to)}`),
  });
  const words = { file, step: step === undefined ? [] : [step], observe };
  const text = renderRunPage({
    file,
    info: (await openRecord(await artifactInput(file, signal))).info,
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
  return { text, about: describe(survey) };
}

/** What is to be plotted; undefined for everything. */
async function observables(
  texts: readonly string[],
  recorded: SandboxedRun,
): Promise<NamedObservable[] | undefined> {
  if (texts.length === 0) return undefined;
  const { observe } = await recorded.describe();
  return readObservables(texts).map((given) => {
    const { name, expression } = given;
    if (expression === undefined && !observe.includes(name!)) {
      throw unknownObservable(name!, observe);
    }
    return named(given);
  });
}

function describe({ series, samples, buckets: { from, to } }: RunSurvey): string {
  return `${counted(series.length, "value")} over ${counted(to - from, "state")}, ` +
    `${grouped(samples.length)} of the states in full`;
}
