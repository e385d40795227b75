/**
 * `rewind check-determinism`: runs a training command several times and says where the runs part.
 *
 * @module
 */

import { checkDeterminism } from "../training/verbs/check_determinism.ts";
import { determinismCard } from "../training/files/determinism_files.ts";
import { type Perturbation, PERTURBATIONS } from "../training/findings/perturbation.ts";
import { exitCodeOf } from "./exit_codes.ts";
import { determinismLines } from "./training_text.ts";
import { optionInteger, optionText, optionTexts, readSeed } from "./args.ts";
import { type Command, type CommandContext, JSON_OPTION } from "./command.ts";
import {
  CHILD_OPTIONS,
  childOptions,
  requiredText,
  TOLERANCE_OPTIONS,
  toleranceOptions,
} from "./training_options.ts";
import { printReport } from "./print_report.ts";
import { suggestion } from "../text/suggestion.ts";
import { UsageError } from "./usage_error.ts";

/** The verb. */
export const checkDeterminismCommand: Command = {
  name: "check-determinism",
  summary: "run a training command several times with one seed and say where the runs part",
  usage: "",
  positionals: [0, 0],
  options: [
    {
      name: "cmd",
      short: "c",
      alias: "command",
      value: "CMD",
      summary: "the command (required); also --command",
    },
    {
      name: "compare",
      short: "m",
      value: "NAMES",
      summary: "metrics to compare: a,b or all (default all)",
      repeat: true,
    },
    { name: "steps", short: "s", value: "N", summary: "stop each run after this step" },
    {
      name: "replicas",
      short: "r",
      alias: "runs",
      value: "N",
      summary: "number of runs, at least 2 (default 5); also --runs",
    },
    {
      name: "perturb",
      value: "NAMES",
      summary: `change these one at a time: ${PERTURBATIONS.join(",")}`,
    },
    {
      name: "seed",
      value: "N",
      summary: "seed to put into the command (default: it is left as it is)",
    },
    ...TOLERANCE_OPTIONS.map((option) =>
      option.name === "tolerance"
        ? { ...option, summary: `${option.summary.replace("0.01", "0")}` }
        : option
    ),
    ...CHILD_OPTIONS,
    {
      name: "output-dir",
      short: "o",
      value: "DIR",
      summary: "folder for the results (default determinism_analysis)",
    },
    { name: "stride", value: "N", summary: "accepted as by rldk; every step is compared" },
    { name: "gate", summary: "accepted as by rldk; the exit code always tells" },
    JSON_OPTION,
  ],
  details: [
    "Exit codes: 0 deterministic, 1 not, 2 wrong input or a command that fails, 3 nothing could be compared.",
  ],
  examples: [
    {
      command: "rewind check-determinism --cmd 'python3 train.py --seed 1'",
      note: "five runs, all metrics",
    },
    {
      command:
        "rewind check-determinism --cmd 'python3 train.py' --replicas 2 --perturb threads,hashseed,cwd",
      note: "and what it depends on",
    },
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { args, signal } = context;
  const metrics = optionTexts(args, "compare");
  const seed = optionText(args, "seed");
  const perturb = (optionText(args, "perturb") ?? "").split(",").filter((name) => name !== "");
  for (const name of perturb) {
    if (!(PERTURBATIONS as readonly string[]).includes(name)) {
      throw new UsageError(
        `--perturb knows ${PERTURBATIONS.join(", ")}, not '${name}'${
          suggestion(name, PERTURBATIONS)
        }`,
      );
    }
  }
  const report = await checkDeterminism({
    ...toleranceOptions(args),
    ...childOptions(args),
    command: requiredText(args, "cmd", "check-determinism"),
    metrics: metrics.length === 0 ? undefined : metrics,
    replicas: optionInteger(args, "replicas", { min: 2 }),
    perturb: perturb as Perturbation[],
    seed: seed === undefined ? undefined : readSeed(seed),
    steps: optionInteger(args, "steps", { min: 0 }),
    outputDir: optionText(args, "output-dir"),
    signal,
  });
  printReport(context, { json: determinismCard(report), lines: determinismLines(report) });
  return exitCodeOf(report);
}
