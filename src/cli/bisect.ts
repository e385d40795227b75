/**
 * `rewind bisect`: the first commit at which a training command goes bad.
 *
 * @module
 */

import { bisect } from "../training/verbs/bisect_commits.ts";
import { exitCodeOf } from "./exit_codes.ts";
import { bisectLines } from "./training_text.ts";
import { escapeText } from "../text/escape_text.ts";
import { defineCommand } from "./command.ts";
import { flag, integer, JSON_OPTION, number, path, seconds, text, texts } from "./options.ts";
import { printReport } from "./print_report.ts";
import { finite, namesOf } from "./training_options.ts";

/** The verb. */
export const command = defineCommand({
  operands: {},
  options: {
    good: text("COMMIT", "Commit that is good", { short: "g", required: true }),
    bad: text("COMMIT", "Commit that is bad", { short: "b", fallback: "HEAD" }),
    cmd: text("CMD", "Training command, with --metric and --cmp, or --run", {
      short: "c",
      alias: "command",
    }),
    metric: text("NAME", "Metric whose mean over the last rows decides", { short: "m" }),
    cmp: text("COMPARISON", "What is true of a good commit, such as '> 0.2'"),
    window: integer("N", "Number of last rows to average", { short: "w", min: 1, fallback: "100" }),
    run: path("LOG", "Log of a good run: a commit is good if --cmd reproduces it"),
    metrics: texts("NAMES", "Metrics that must reproduce, with --run", { fallback: "all" }),
    tolerance: number("X", "Relative tolerance, with --run", {
      short: "t",
      min: 0,
      fallback: "0.01",
    }),
    shellPredicate: text(
      "CMD",
      "Shell command that judges a commit by exit code: 0 good, 125 skip, other bad",
    ),
    build: text("CMD", "Build command, run first; a commit that does not build is skipped"),
    link: texts("PATH", "Untracked path to link into the worktree, such as a data set"),
    repo: path("DIR", "Repository", { fallback: "the one of the current folder" }),
    timeout: seconds("Time after which a commit is skipped, 0 for none", { fallback: "none" }),
    metricsFile: path(
      "FILE",
      "Log file written by the command; '{output}' expands to the folder of the commit",
    ),
    noConfirm: flag("Do not test the culprit and the commit before it a second time"),
    noCheckEnds: flag("Trust that the good commit is good and the bad one bad"),
    outputDir: path("DIR", "Folder for the log", { short: "o", fallback: "bisect_results" }),
    json: JSON_OPTION,
  },
  details: [
    "Works in a temporary git worktree: your work tree, index and HEAD stay as they are. Exit code 1 if no " +
    "single commit can be named.",
  ],
  examples: [
    {
      command:
        "rewind bisect --good v1.0 --cmd 'python3 train.py' --metric reward_mean --cmp '> 0.2'",
      note: "Judge each commit by a metric",
    },
    {
      command: "rewind bisect --good v1.0 --cmd 'python3 train.py' --run good.jsonl",
      note: "Judge each commit by a replay",
    },
  ],
  async run(values, { output, signal }) {
    const report = await bisect({
      good: values.good,
      bad: values.bad,
      command: values.cmd,
      metric: values.metric,
      cmp: values.cmp,
      window: values.window,
      shellPredicate: values.shellPredicate,
      run: values.run,
      metrics: namesOf(values.metrics),
      tolerance: values.tolerance,
      build: values.build,
      links: values.link,
      repo: values.repo,
      timeoutMs: finite(values.timeout),
      checkEnds: !values.noCheckEnds,
      confirm: !values.noConfirm,
      metricsFile: values.metricsFile,
      outputDir: values.outputDir,
      signal,
      onProgress: ({ commit, verdict }) =>
        output.note(
          `${verdict}: ${escapeText(commit.sha.slice(0, 10))} ${escapeText(commit.subject)}`,
        ),
    });
    printReport(output, { isJson: values.json, json: report, lines: bisectLines(report) });
    return exitCodeOf(report);
  },
});
