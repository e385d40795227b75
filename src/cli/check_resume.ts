/**
 * `rewind check-resume`: whether a run that is killed and resumed is the run.
 *
 * @module
 */

import { counted } from "../text/quantity.ts";
import { OWN_CHANGES } from "../training/command/replay_environment.ts";
import { mismatchText } from "../training/findings/mismatch_text.ts";
import {
  resumeJson,
  type ResumeReport,
  type ResumeVerdict,
} from "../training/findings/resume_report.ts";
import { checkResume } from "../training/verbs/check_resume.ts";
import { defineCommand } from "./command.ts";
import { exitCodeOf } from "./exit_codes.ts";
import { logOptions, READ_OPTIONS } from "./log_info.ts";
import {
  choices,
  flag,
  grouped,
  integer,
  JSON_OPTION,
  path,
  seed,
  text,
  texts,
} from "./options.ts";
import { printReport } from "./print_report.ts";
import {
  namesOf,
  RUN_OPTIONS,
  runValues,
  toleranceOptions,
  toleranceValues,
} from "./training_options.ts";

/** The verb. */
export const command = defineCommand({
  operands: {},
  options: {
    command: text("CMD", "Command that trains from the start", {
      short: "c",
      alias: "cmd",
      required: true,
    }),
    resumeCommand: text("CMD", "Command that goes on from the last checkpoint", {
      fallback: "the same command",
    }),
    at: integer("K", "Step at which the command is killed", { min: 0, required: true }),
    metrics: texts("NAMES", "Metrics to compare: a,b or all", { short: "m", fallback: "all" }),
    outputDir: path("DIR", "Folder for the results", { short: "o", fallback: "resume_check" }),
    json: JSON_OPTION,
    ...toleranceOptions("0"),
    ...grouped("Comparison", {
      maxSteps: integer("N", "Last step to compare", { short: "s", min: 0 }),
    }),
    ...grouped("Seed", {
      seed: seed("Seed to put into both commands", { fallback: "they stay as they are" }),
    }),
    ...grouped("Command", {
      noFingerprint: flag("Skip fingerprints of PyTorch's steps, which tell what was not restored"),
      without: choices(OWN_CHANGES, "What of the command's surroundings to leave as it is"),
    }),
    ...RUN_OPTIONS,
    ...READ_OPTIONS,
  },
  details: [
    "The command runs until it has logged step K and is killed; the resume command goes on; then the " +
    "command runs without interruption. '{output}' in the commands is a folder for checkpoints: the killed " +
    "and the resumed run share it, the third has its own. Exit codes: 0 the resumed run is the run, 1 it " +
    "is not, 2 wrong input, 3 nothing could be compared.",
  ],
  examples: [
    {
      command: "rewind check-resume --command 'python3 train.py --out {output}' --resume-command " +
        "'python3 train.py --out {output} --resume' --at 50",
      note: "Kill at step 50, resume, and compare bit for bit",
    },
    {
      command:
        "rewind check-resume --command 'python3 auto.py --dir {output}' --at 50 --max-steps 80",
      note: "A command that resumes by itself, up to step 80",
    },
  ],
  async run(values, { output, signal }) {
    const report = await checkResume({
      ...logOptions(values),
      ...runValues(values),
      ...toleranceValues(values),
      command: values.command,
      resumeCommand: values.resumeCommand,
      at: values.at,
      metrics: namesOf(values.metrics),
      maxSteps: values.maxSteps,
      seed: values.seed,
      without: namesOf(values.without),
      fingerprint: values.noFingerprint ? false : undefined,
      outputDir: values.outputDir,
      signal,
      onProgress: (run, step) => output.progress(`${run} run: step ${step}`),
    });
    printReport(output, {
      isJson: values.json,
      json: resumeJson(report),
      lines: resumeLines(report),
    });
    return exitCodeOf(report);
  },
});

const HEADS: Readonly<Record<ResumeVerdict, string>> = {
  passed: "RESUMES EXACTLY",
  failed: "DOES NOT RESUME",
  ["command_failed"]: "A COMMAND FAILED",
  ["nothing_compared"]: "NOTHING COMPARED",
  interrupted: "INTERRUPTED",
};

/** Mismatches shown; the JSON says how many there are. */
const SHOWN_MAX = 5;

/** A check of resuming, verdict first. */
export function resumeLines(report: ResumeReport): string[] {
  const { comparison, resumedAt } = report;
  const names = comparison?.metrics.filter(({ compared }) => compared > 0).map(({ metric }) =>
    metric
  );
  return [
    `${HEADS[report.verdict]}: ${counted(comparison?.compared ?? 0, "value")} of ${
      names?.join(", ") || "no metric"
    }, killed at step ${report.at}${
      resumedAt === undefined ? "" : `, resumed at step ${resumedAt}`
    }`,
    ...report.warnings.map((warning) => `  warning: ${warning}`),
    ...report.culprits.map(({ part, name, evidence }) =>
      `  not restored: ${part}${name === "" ? "" : ` ${name}`} (${evidence})`
    ),
    ...report.reasons.flatMap((reason) => reason.split("\n")).map((line) => `  ${line}`),
    ...(comparison?.mismatches ?? []).slice(0, SHOWN_MAX).map((mismatch) =>
      `    ${mismatchText(mismatch)}`
    ),
    ...report.runs.map(({ name, steps, command, end }) =>
      `  ${name} run: ${steps === undefined ? "no step" : `steps ${steps[0]} to ${steps[1]}`}, ${
        end.split("\n")[0]
      }: ${command}`
    ),
    ...report.notes.map((note) => `  note: ${note}`),
    ...(report.files ?? []).map((file) => `  wrote ${file}`),
  ];
}
