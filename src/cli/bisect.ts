/**
 * `rewind bisect`: the first commit at which a training command goes bad.
 *
 * @module
 */

import { bisect } from "../training/verbs/bisect_commits.ts";
import { exitCodeOf } from "./exit_codes.ts";
import { bisectLines } from "./training_text.ts";
import { escapeText } from "../text/escape_text.ts";
import { optionInteger, optionNumber, optionSwitch, optionText, optionTexts } from "./args.ts";
import { type Command, type CommandContext, JSON_OPTION } from "./command.ts";
import { printReport } from "./print_report.ts";
import { requiredText } from "./training_options.ts";

/** The verb. */
export const bisectCommand: Command = {
  name: "bisect",
  summary: "find the first commit at which a training command goes bad",
  usage: "",
  positionals: [0, 0],
  options: [
    { name: "good", short: "g", value: "COMMIT", summary: "a commit that is good (required)" },
    { name: "bad", short: "b", value: "COMMIT", summary: "a commit that is bad (default HEAD)" },
    {
      name: "cmd",
      alias: "command",
      short: "c",
      value: "CMD",
      summary: "the command, with --metric and --cmp, or --run; also --command",
    },
    {
      name: "metric",
      short: "m",
      value: "NAME",
      summary: "metric whose mean over the last rows decides",
    },
    { name: "cmp", value: "COMPARISON", summary: "what is true of a good commit, such as '> 0.2'" },
    {
      name: "window",
      short: "w",
      value: "N",
      summary: "rows that the mean is taken over (default 100)",
    },
    {
      name: "run",
      value: "LOG",
      summary: "log of a good run: a commit is good if --cmd reproduces it",
    },
    {
      name: "metrics",
      value: "NAMES",
      summary: "metrics that must reproduce, with --run (default all)",
      repeat: true,
    },
    {
      name: "tolerance",
      short: "t",
      value: "X",
      summary: "relative tolerance, with --run (default 0.01)",
    },
    {
      name: "shell-predicate",
      value: "CMD",
      summary: "shell command that says it: 0 good, 125 skip, else bad",
    },
    {
      name: "build",
      value: "CMD",
      summary: "build command, run first; a commit that does not build is skipped",
    },
    {
      name: "link",
      value: "PATH",
      summary: "path that git does not hold, to link into the worktree",
      repeat: true,
    },
    {
      name: "repo",
      value: "DIR",
      summary: "the repository (default: the one of the current folder)",
    },
    { name: "timeout", value: "SECONDS", summary: "skip a commit after this time (default: none)" },
    { name: "no-check-ends", summary: "do not test the good and the bad commit themselves first" },
    {
      name: "output-dir",
      short: "o",
      value: "DIR",
      summary: "folder for the log (default bisect_results)",
    },
    JSON_OPTION,
  ],
  details: [
    "Works in a temporary git worktree: your work tree, index and HEAD stay as they are. Exit code 1 if no " +
    "single commit can be named.",
  ],
  examples: [
    {
      command:
        "rewind bisect --good v1.0 --cmd 'python3 train.py' --metric reward_mean --cmp '> 0.2'",
      note: "by a metric",
    },
    {
      command: "rewind bisect --good v1.0 --cmd 'python3 train.py' --run good.jsonl",
      note: "by a replay",
    },
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { args, output, signal } = context;
  const seconds = optionNumber(args, "timeout", { min: 0 });
  const metrics = optionTexts(args, "metrics");
  const report = await bisect({
    good: requiredText(args, "good", "bisect"),
    bad: optionText(args, "bad"),
    command: optionText(args, "cmd"),
    metric: optionText(args, "metric"),
    cmp: optionText(args, "cmp"),
    window: optionInteger(args, "window", { min: 1 }),
    shellPredicate: optionText(args, "shell-predicate"),
    run: optionText(args, "run"),
    metrics: metrics.length === 0 ? undefined : metrics,
    tolerance: optionNumber(args, "tolerance", { min: 0 }),
    build: optionText(args, "build"),
    links: optionTexts(args, "link"),
    repo: optionText(args, "repo"),
    timeoutMs: seconds === undefined ? undefined : seconds * 1000,
    checkEnds: !optionSwitch(args, "no-check-ends"),
    outputDir: optionText(args, "output-dir"),
    signal,
    onProgress: ({ commit, verdict }) =>
      output.note(
        `${verdict}: ${escapeText(commit.sha.slice(0, 10))} ${escapeText(commit.subject)}`,
      ),
  });
  printReport(context, { json: report, lines: bisectLines(report) });
  return exitCodeOf(report);
}
