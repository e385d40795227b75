/**
 * `rewind rare`: the probability of what hardly ever happens.
 *
 * @module
 */

import type { CampaignFolder } from "../campaign/folder.ts";
import {
  beginRare,
  type RareDefinition,
  resultOfRows,
  runRepeats,
} from "../campaign/rare_campaign.ts";
import type { RareRow } from "../campaign/rare_row.ts";
import { RARE_PARTICLES_MAX } from "../campaign/limits.ts";
import { STEPS_MAX } from "../limits.ts";
import { RNG_NAMES } from "../rng/backends.ts";
import { defineCommand } from "./command.ts";
import { EXIT_OK } from "./exit_codes.ts";
import {
  choice,
  flag,
  grouped as group,
  integer,
  JSON_OPTION,
  number,
  operand,
  path,
  seed,
  text,
} from "./options.ts";
import { PARAM_OPTIONS, paramChanges } from "./param_options.ts";
import { reportRare } from "./rare_report.ts";
import {
  campaignModule,
  MODULE_OPTIONS,
  sandboxLimits,
  UNTIMED_LIMIT_OPTIONS,
} from "./sandbox_options.ts";
import { readShard } from "./shard_option.ts";
import { SHIM_OPTION } from "./shim_option.ts";
import { counted } from "./table.ts";
import { UsageError } from "./usage_error.ts";

/** The verb. */
export const command = defineCommand({
  operands: { module: operand("module") },
  options: {
    score: text("FUNCTION", "How near a state is to the event, greater is nearer: 's => s.load'", {
      required: true,
    }),
    level: number("L", "The score at which the event has happened", { required: true }),
    steps: integer("N", "Number of states within which it may happen", {
      required: true,
      min: 1,
      max: STEPS_MAX,
    }),
    seed: seed("Master seed, any integer", { required: true }),
    until: text("FUNCTION", "Predicate of the state that ends a trajectory, such as ruin"),
    particles: integer("N", "Particles of a repeat", {
      min: 2,
      max: RARE_PARTICLES_MAX,
      default: 100,
    }),
    kill: integer("K", "At least so many are killed at a time", { min: 1, default: 1 }),
    repeats: integer("N", "Independent repeats", {
      min: 1,
      max: RARE_PARTICLES_MAX,
      default: 10,
    }),
    output: path(
      "DIR",
      "Folder to keep the repeats and a run that gets there in; needed to go on or to shard",
      {
        short: "o",
      },
    ),
    rng: choice(RNG_NAMES, "Generator", { fallback: "the module's, or python" }),
    noGuards: flag("Do not try the first blocks again to find mistakes in the model"),
    ...PARAM_OPTIONS,
    ...group("Campaign", {
      shard: text(
        "I/N",
        "Run share I of N of the repeats, counted from 0; 'auto' or 'auto/N' asks the scheduler",
      ),
      jobs: integer("N", "Repeats at a time", { min: 1, max: 1024, fallback: "one per core" }),
    }),
    ...UNTIMED_LIMIT_OPTIONS,
    ...MODULE_OPTIONS,
    shim: SHIM_OPTION,
    json: JSON_OPTION,
  },
  details: [
    "Adaptive multilevel splitting: of many particles those with the lowest scores are replaced by forks of the " +
    "others, until all reach the level. The estimate is unbiased whatever the score; a good score makes the interval " +
    "narrow. Warnings say where the score is a poor guide.",
    "With -o, a run that gets there is written as a chain of branches: 'rewind view', 'rewind why' and " +
    "'rewind verify' take each.",
  ],
  examples: [
    {
      command:
        "rewind rare examples/walk.ts --score 'x => x' --level 60 --steps 200 --seed 1 --repeats 4",
      note: "How likely a walk gets to 60 within 200 steps",
    },
    {
      command:
        "rewind rare examples/sir.ts --score 's => s.infected' --level 450 --steps 100 --seed 1 " +
        "--particles 20 --repeats 2 -o rare-sir --json",
      note: "A wave of 450 infected, with a run that gets there",
    },
  ],
  async run(values, { output, signal }) {
    const shard = values.shard === undefined ? undefined : readShard(values.shard, output.note);
    const isShard = (shard?.count ?? 1) > 1;
    if (isShard && values.output === undefined) {
      throw new UsageError("Missing option --output DIR for the results of the shard");
    }
    const definition = await definitionOf(values, output.note);
    const folder: CampaignFolder | undefined = values.output === undefined
      ? undefined
      : beginRare(values.output, definition);
    const limits = { ...sandboxLimits(values, { timeoutMs: Infinity }), signal };
    const rows: RareRow[] = [];
    const repeats = runRepeats(definition, { ...limits, children: values.jobs, folder, shard });
    for await (const row of repeats) {
      rows.push(row);
      output.progress(`repeat ${rows.length} of ${values.repeats}`);
    }
    if (isShard) {
      output.line(`${counted(rows.length, "repeat")} of this shard`);
      output.note(`'rewind merge ${values.output}' joins the shards when all are done`);
      return EXIT_OK;
    }
    return await reportRare(output, resultOfRows(definition, rows), {
      ...{ definition, folder, limits, json: values.json },
    });
  },
});

/** What the options ask for. */
interface RareValues
  extends Pick<RareDefinition, "score" | "until" | "level" | "steps" | "seed" | "rng"> {
  readonly module: string;
  readonly particles: number;
  readonly kill: number;
  readonly repeats: number;
  readonly noGuards: boolean;
  readonly param: readonly string[];
  readonly params: string | undefined;
  readonly shim: RareDefinition["module"]["shims"];
  readonly allowNet: boolean;
  readonly allowData: readonly string[];
}

async function definitionOf(
  values: RareValues,
  note: (text: string) => void,
): Promise<RareDefinition> {
  const { particles, kill, repeats, level, steps, seed, score, until, rng } = values;
  if (kill >= particles) {
    throw new UsageError(`Invalid value '${kill}' for --kill: it must be less than --particles`);
  }
  return {
    module: await campaignModule(values.module, values, note),
    path: values.module,
    ...{ steps, seed, rng, score, until, level, particles, kill, repeats },
    paramChanges: paramChanges(values),
    guards: !values.noGuards,
  };
}
