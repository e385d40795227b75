/**
 * `rewind seeds`: what runs of several seeds show, and whether B is better than A.
 *
 * @module
 */

import { seedsJson } from "../training/findings/seeds_report.ts";
import { seeds } from "../training/verbs/seeds.ts";
import { defineCommand } from "./command.ts";
import { exitCodeOf } from "./exit_codes.ts";
import { LOG_OPTIONS, logOptions } from "./log_info.ts";
import {
  choice,
  flag,
  grouped,
  integer,
  JSON_OPTION,
  number,
  operand,
  optionalOperand,
  text,
  texts,
} from "./options.ts";
import { printReport } from "./print_report.ts";
import { seedsLines } from "./seeds_text.ts";

/** The verb. */
export const command = defineCommand({
  operands: { a: operand("a"), b: optionalOperand("b") },
  options: {
    metrics: texts("NAMES", "Metrics to compare: a,b or all whose direction is known", {
      short: "m",
      required: true,
    }),
    ...grouped("Value of a run", {
      over: choice(["last", "best", "mean"], "Value that counts", { default: "last" }),
      window: integer("N", "Number of last values to average", { min: 1, default: 1 }),
      maxSteps: integer("N", "Last step that counts", { min: 0 }),
      better: choice(["higher", "lower"], "Direction of the metrics", { fallback: "by the name" }),
      allowMissing: flag("Leave out runs without a finite value and cut longer runs"),
    }),
    ...grouped("Seed", {
      seedKey: text("NAME", "Place of the seed in the logs; 'none': each run is a seed", {
        fallback: "the one that differs",
      }),
      unpaired: flag("Compare runs of one seed as independent ones"),
      seed: integer("N", "Seed of the bootstrap", { min: 0, default: 42 }),
    }),
    ...grouped("Test", {
      alpha: number("P", "Level of all intervals and tests together", {
        above: 0,
        below: 1,
        default: 0.05,
      }),
      effect: number("X", "Difference to plan for", { above: 0, fallback: "the observed one" }),
    }),
    ...LOG_OPTIONS,
    json: JSON_OPTION,
  },
  details: [
    "A group is a folder with one log or one folder for each seed, or a store that holds several runs. " +
    "Exit codes: 0 B is better (or one group was described), 1 it is worse or that was not shown, " +
    "2 wrong input, 3 too few seeds or values that cannot be compared.",
  ],
  examples: [
    { command: "rewind seeds runs/ppo --metrics reward_mean", note: "Describe ten seeds" },
    {
      command: "rewind seeds runs/old runs/new --metrics eval_loss --effect 0.01",
      note: "Is new better than old, and how many seeds show a difference of 0.01",
    },
  ],
  async run({ json, unpaired, ...values }, { output, signal }) {
    const { format: _, preset: __, fieldMap: ___, strict: ____, ...own } = values;
    const report = await seeds({ ...own, ...logOptions(values), pairing: !unpaired, signal });
    printReport(output, { isJson: json, json: seedsJson(report), lines: seedsLines(report) });
    return exitCodeOf(report);
  },
});
