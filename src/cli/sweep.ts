/**
 * `rewind sweep`: many runs of one module over seeds and parameters.
 *
 * @module
 */

import { type Axis, combine, readAxis, readDesign } from "../campaign/axes.ts";
import { beginCampaign, Campaign, type Keep } from "../campaign/campaign.ts";
import type { CampaignDefinition } from "../campaign/definition.ts";
import { SeedList } from "../campaign/seed_list.ts";
import type { CiTarget } from "../campaign/stop_rule.ts";
import { FileError } from "../errors.ts";
import { STEPS_MAX } from "../limits.ts";
import { RNG_NAMES } from "../rng/backends.ts";
import { defineCommand } from "./command.ts";
import { observables } from "./observable_option.ts";
import {
  choice,
  flag,
  grouped as group,
  integer,
  JSON_OPTION,
  operand,
  path,
  text,
  texts,
} from "./options.ts";
import { campaignModule, LIMIT_OPTIONS, MODULE_OPTIONS, sandboxLimits } from "./sandbox_options.ts";
import { readShard } from "./shard_option.ts";
import { SHIM_OPTION } from "./shim_option.ts";
import { paramChanges } from "./param_options.ts";
import { SweepProgress } from "./sweep_progress.ts";
import { printDryRun, reportCampaign } from "./sweep_report.ts";
import { InputError, UsageError } from "./usage_error.ts";
import { inputText } from "./pipe_input.ts";

const KEEP: readonly [Keep, Keep, Keep] = ["hits", "all", "none"];

/** The verb. */
export const command = defineCommand({
  operands: { module: operand("module") },
  options: {
    steps: integer("N", "Number of states of each trial, such as 1e4", {
      required: true,
      min: 1,
      max: STEPS_MAX,
    }),
    seeds: text("LIST", "Seeds: ranges with both ends and lists, such as 0..999 or 1,5,9", {
      required: true,
    }),
    output: path("DIR", "Folder of the campaign; the same command goes on with it", {
      short: "o",
      required: true,
    }),
    param: texts(
      "NAME=VALUES",
      "Values of a parameter: beta=0.1,0.2 or beta=0.1:0.5:0.1 (from, to included, by); repeatable, all " +
        "combinations run",
    ),
    design: path("FILE", "CSV table of parameter sets: names in its first line"),
    params: text("JSON|@FILE", "Parameters of all trials, merged over the module's"),
    where: text("FUNCTION", "Event to look for: predicate of the state and t"),
    final: text("FUNCTION", "Value to keep of the last state, such as 's => s.recovered'"),
    observe: texts("NAME", "Observable of the module, or NAME=FUNCTION such as 'v=s => s.value'", {
      fallback: "all that the module exports",
    }),
    until: text("FUNCTION", "Predicate of the state that ends a trial when it is true"),
    points: integer("N", "Values of each observable to keep over a trial", {
      min: 0,
      max: 10_000,
      default: 33,
    }),
    rng: choice(RNG_NAMES, "Generator", { fallback: "the module's, or python" }),
    blockSize: integer("N", "Number of states in a block", {
      min: 1,
      max: STEPS_MAX,
      fallback: "ceil(sqrt(steps))",
    }),
    keep: choice(KEEP, "Which runs to keep as .replay files; hits are events and failures", {
      default: "none",
    }),
    pages: flag(
      "Write a live page beside the .replay file of each kept trial that campaign.html lists; it leads there",
    ),
    noGuards: flag("Do not try the first trial of each parameter set again to find mistakes"),
    ...group("Campaign", {
      dryRun: flag("Run four trials, and print how long all would take and their size"),
      retryFailed: flag("Run failed trials again"),
      maxFailures: integer("N", "Stop when more trials than this have failed", { min: 0 }),
      untilCi: text(
        "WIDTH[:NAME]",
        "Stop when the 95% interval is this narrow in every parameter set: of the probability of --where, " +
          "or of the mean of an observable or 'final'",
      ),
      shard: text(
        "I/N",
        "Run share I of N, counted from 0; 'auto' or 'auto/N' reads I and N from the scheduler",
      ),
      jobs: integer("N", "Trials at a time", { min: 1, max: 1024, fallback: "one per core" }),
    }),
    ...LIMIT_OPTIONS,
    ...MODULE_OPTIONS,
    shim: SHIM_OPTION,
    json: JSON_OPTION,
  },
  details: [
    "Every seed runs with every parameter set. Each trial is the run that 'rewind record' would make, and " +
    "leaves one line in results.jsonl, which is the same file whoever ran which trial when. A trial that throws, hangs " +
    "or takes too much memory is a line too. Limits hold for each trial.",
    "Exit code 1 if a trial failed, or the interval of --until-ci is not reached. Ctrl-C keeps what is done; the same command goes on.",
  ],
  examples: [
    {
      command:
        "rewind sweep examples/sir.ts --steps 200 --seeds 0..19 --param contact=0.0002:0.0004:0.0001 " +
        "--where 's => s.infected > 300' -o sir-campaign",
      note: "How often an epidemic gets large, for three contact rates",
    },
    {
      command:
        "rewind sweep examples/walk.ts --steps 1000 --seeds 0..99 --final 'x => x' -o walk-campaign --json",
      note: "Where a hundred walks end",
    },
  ],
  async run(values, { output, signal }) {
    const shard = values.shard === undefined ? undefined : readShard(values.shard, output.note);
    const definition = await definitionOfOptions(values, { note: output.note, signal });
    if (values.pages && values.keep === "none") {
      throw new UsageError("Missing option --keep hits for --pages: a page needs a kept run");
    }
    if (values.pages && (shard?.count ?? 1) > 1) {
      throw new UsageError(
        "Invalid option --pages with --shard: the pages are of the whole campaign",
        {
          hint: "'rewind view DIR/trials/N.replay -o DIR/trials/N.html' writes one of them",
        },
      );
    }
    const limits = {
      ...sandboxLimits(values),
      signal,
      children: values.jobs,
    };
    if (values.dryRun) return await printDryRun(output, definition, { ...limits, ...values });
    const folder = beginCampaign(values.output, definition);
    const campaign = new Campaign(folder, definition, {
      ...limits,
      shard,
      keep: values.keep,
      retryFailed: values.retryFailed,
      maxFailures: values.maxFailures,
    });
    const progress = new SweepProgress(output, definition, shard);
    try {
      for await (const done of campaign.run()) progress.add(done);
    } catch (error) {
      if (signal.aborted || error instanceof FileError) {
        output.note(
          `stopped: what is done is in '${folder.path}'; the same command goes on`,
        );
      }
      throw error;
    }
    return await reportCampaign(output, folder, {
      ...{ definition, limits },
      end: campaign.end!,
      isShard: (shard?.count ?? 1) > 1,
      json: values.json,
      pages: values.pages,
    });
  },
});

/** What the options ask for. */
interface SweepValues {
  readonly module: string;
  readonly steps: number;
  readonly seeds: string;
  readonly param: readonly string[];
  readonly design: string | undefined;
  readonly params: string | undefined;
  readonly where: string | undefined;
  readonly final: string | undefined;
  readonly observe: readonly string[];
  readonly until: string | undefined;
  readonly points: number;
  readonly rng: CampaignDefinition["rng"];
  readonly blockSize: number | undefined;
  readonly noGuards: boolean;
  readonly untilCi: string | undefined;
  readonly shim: CampaignDefinition["module"]["shims"];
  readonly allowNet: boolean;
  readonly allowData: readonly string[];
}

async function definitionOfOptions(
  values: SweepValues,
  { note, signal }: { note: (text: string) => void; signal: AbortSignal },
): Promise<CampaignDefinition> {
  const untilCi = ciTarget(values);
  const axes: Axis[] = values.param.map((given) => asUsage("--param", () => readAxis(given)));
  if (values.design !== undefined) {
    const table = await inputText(values.design, signal);
    axes.unshift(asUsage("--design", () => readDesign(table)));
  }
  const sets = asUsage("--param", () => combine(axes));
  const seeds = asUsage("--seeds", () => SeedList.parse(values.seeds));
  return {
    module: await campaignModule(values.module, values, note),
    path: values.module,
    seeds,
    sets,
    steps: values.steps,
    params: paramChanges({ param: [], params: values.params })[0],
    rng: values.rng,
    blockSize: values.blockSize,
    observe: observables(values.observe),
    where: values.where,
    until: values.until,
    final: values.final,
    points: values.points,
    guards: !values.noGuards,
    untilCi,
  };
}

/** `--until-ci 0.1:infected` */
function ciTarget({ untilCi, where, final }: SweepValues): CiTarget | undefined {
  if (untilCi === undefined) return undefined;
  const [, number, of] = /^([^:]+)(?::(.+))?$/s.exec(untilCi) ?? [];
  const width = Number(number);
  if (!(width > 0) || !Number.isFinite(width)) {
    throw new UsageError(
      `Invalid value '${untilCi}' for --until-ci: it must be WIDTH or WIDTH:NAME, such as 0.05`,
    );
  }
  if (of === undefined && where === undefined) {
    throw new UsageError("Missing option --where FUNCTION for --until-ci", {
      hint: "or name an observable or 'final': --until-ci WIDTH:NAME",
    });
  }
  if (of === "final" && final === undefined) {
    throw new UsageError("Missing option --final FUNCTION for --until-ci WIDTH:final");
  }
  return { width, of };
}

/** Reads what a person wrote; what is wrong with it is a matter of usage. */
function asUsage<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    throw new InputError(`Invalid value for ${name}: ${message}`, { hint });
  }
}
