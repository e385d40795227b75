/**
 * `rewind stats`: exact statistics over a run, or a range of it.
 *
 * @module
 */

import { escapeText } from "../text/escape_text.ts";
import type { ObservableChoice } from "../sandbox/host/session_options.ts";
import type { SandboxedRun } from "../sandbox/host/sandboxed_run.ts";
import { HISTOGRAM_BINS_MAX } from "../limits.ts";
import type { SeriesOptions } from "../engine/series_stats.ts";
import { defineCommand, type Values } from "./command.ts";
import { EXIT_OK } from "./exit_codes.ts";
import { checkOfState, unknownObservable } from "./observable_option.ts";
import { isNotANumber, noteMissing } from "./missing_note.ts";
import { flag, integer, JSON_OPTION, operand, text, texts } from "./options.ts";
import { printStats } from "./print_stats.ts";
import { finiteNumber } from "./read_number.ts";
import { openRun, REPLAY_OPTIONS } from "./sandbox_options.ts";
import { SHARD_OPTIONS, shardingOf, writePart } from "./shard_option.ts";
import { counted } from "./table.ts";
import { InputError, UsageError } from "./usage_error.ts";

/** Which states, and what besides their moments. */
const SERIES_OPTIONS = {
  from: integer("T", "First state; negative T count from the end", { fallback: "0" }),
  to: integer("T", "One past the last state", { fallback: "the end of the run" }),
  every: integer("N", "Distance between two states", { min: 1, fallback: "1" }),
  quantiles: texts("Q,Q", "Exact quantiles, such as 0.05,0.5,0.95"),
  histogram: integer("BINS", "Histogram with so many bins from the smallest to the largest value", {
    min: 1,
    max: HISTOGRAM_BINS_MAX,
  }),
  autocorrelation: flag("Standard error of the mean, effective sample size, autocorrelation time"),
};

/** The verb. */
export const command = defineCommand({
  operands: { file: operand("run.replay") },
  options: {
    of: text(
      "NAME|FUNCTION",
      "Observable that the module exports, or function of the state that gives a number or a vector",
      { fallback: "the state itself" },
    ),
    ...SERIES_OPTIONS,
    ...REPLAY_OPTIONS,
    ...SHARD_OPTIONS,
    json: JSON_OPTION,
  },
  details: [
    "Mean and variance (divisor n-1) are correctly rounded: sums are exact, whatever the order. Quantiles are exact " +
    "too, between two values linear. All of it takes the same memory however long the run is.",
    "The standard error knows that states depend on those before them: it is found by blocking (Flyvbjerg and " +
    "Petersen 1989), with the test of Jonsson 2018 for the size of the blocks.",
  ],
  examples: [
    { command: "rewind stats walk.replay", note: "Compute statistics of the states themselves" },
    {
      command: "rewind stats sir.replay --of 's => s.infected' --json",
      note: "Compute statistics of a function of the state",
    },
    {
      command:
        "rewind stats chain.replay --of energy --from 1e4 --quantiles 0.05,0.5,0.95 --autocorrelation",
      note: "Leave out the first ten thousand states, and ask how good the mean is",
    },
    {
      command: "rewind stats walk.replay --shard 0/2 --out stats-0.json",
      note: "Process the first half; 'rewind merge' joins the shard results",
    },
  ],
  async run({ file, of, json, ...values }, { output, signal }) {
    const sharding = shardingOf(values, { output, reads: [file, values.step] });
    await using recorded = await openRun(file, { ...values, signal, output });
    if (of === undefined) await checkObservable(recorded);
    const series = seriesOptions(values);
    if (sharding !== undefined) {
      const { shard, text, path } = sharding;
      const part = await observing(
        recorded,
        of,
        (choice) => recorded.statsShard(shard, choice, series),
      );
      writePart(sharding, part, values);
      if (json) output.json(part);
      else {output.line(
          `shard ${text}: ${counted(part.partial.count, "state")}, written to ${path}`,
        );}
      return EXIT_OK;
    }
    const stats = await observing(recorded, of, (choice) => recorded.stats(choice, series));
    printStats(output, stats, { json, quantiles: series.quantiles ?? [] });
    if (of !== undefined && !isName(of) && isNotANumber(stats)) {
      await noteMissing(output, of, recorded);
    }
    return EXIT_OK;
  },
});

function seriesOptions(
  { from, to, every, quantiles, histogram, autocorrelation }: Values<typeof SERIES_OPTIONS>,
): SeriesOptions {
  const probabilities = quantiles.flatMap((text) => text.split(",")).map((text) => {
    const q = finiteNumber(text.trim());
    if (q !== undefined && q >= 0 && q <= 1) return q;
    throw new UsageError(`Invalid value '${text}' for --quantiles: it must be numbers from 0 to 1`);
  });
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(every === undefined ? {} : { every }),
    ...(probabilities.length === 0 ? {} : { quantiles: probabilities }),
    ...(histogram === undefined ? {} : { histogram }),
    autocorrelation,
  };
}

/** Refuses to take statistics of states that are neither numbers nor vectors, before the whole run is replayed. */
async function checkObservable(recorded: SandboxedRun): Promise<void> {
  const first = await recorded.get(0);
  if (typeof first === "number" || Array.isArray(first) || ArrayBuffer.isView(first)) return;
  const names = Object.keys(recorded.observed).map((name) => escapeText(name));
  throw new InputError("Cannot compute statistics of the states: they are not numbers or vectors", {
    hint: `pass a function with --of, such as 's => s.value'${
      names.length === 0 ? "" : `, or one of ${names.join(", ")}`
    }`,
  });
}

/**
 * What `take` gives for an observable; one that the module does not export is named with those that it does.
 */
async function observing<T>(
  recorded: SandboxedRun,
  text: string | undefined,
  take: (observable: ObservableChoice | undefined) => Promise<T>,
): Promise<T> {
  if (text === undefined) return await take(undefined);
  if (!isName(text)) {
    checkOfState(text, "--of");
    return await take({ expression: text });
  }
  try {
    return await take({ name: text });
  } catch (error) {
    const { observe } = await recorded.describe();
    if (observe.includes(text)) throw error;
    throw unknownObservable(text, observe);
  }
}

/** Whether a text is the name of an observable, and no function. */
function isName(text: string): boolean {
  return /^[\w$]+$/.test(text);
}
