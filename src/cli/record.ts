/**
 * `rewind record`: runs a step module in the sandbox and writes its run.
 *
 * @module
 */

import { SavedRecord } from "../artifact/saved_record.ts";
import { encodeState } from "../codec/encode_state.ts";
import type { RunRecord } from "../engine/types.ts";
import { STEPS_MAX } from "../limits.ts";
import type { RngName } from "../rng/rng.ts";
import { escapeText } from "../text/escape_text.ts";
import { SandboxSession } from "../sandbox/host/session.ts";
import { optionInteger, optionSwitch, optionText, optionTexts, readSeed } from "./args.ts";
import { type Command, type CommandContext, JSON_OPTION } from "./command.ts";
import { readObservable } from "./observable_option.ts";
import { reportRunEnd } from "./run_end.ts";
import { checkOutput, FORCE_OPTION, saveRun } from "./save.ts";
import { LIMIT_OPTIONS, sandboxLimits } from "./sandbox_options.ts";
import { readStepSource } from "./step_source.ts";
import { byteText, counted, grouped } from "./table.ts";
import { UsageError } from "./usage_error.ts";
import { integerJson, optionValue, statsJson, statsRows } from "./values.ts";

const RNG_NAMES: readonly string[] = ["python", "numpy", "sfc32"] satisfies RngName[];

/** The verb. */
export const recordCommand: Command = {
  name: "record",
  summary: "run a step module and write its .replay file",
  usage: "<module>",
  positionals: [1, 1],
  options: [
    { name: "steps", value: "N", summary: "number of states, such as 1e6 (required)" },
    { name: "seed", value: "N", summary: "master seed, any integer (required)" },
    {
      name: "output",
      short: "o",
      value: "FILE",
      summary: "file to write (default <module>.replay)",
    },
    { name: "init", value: "JSON", summary: "initial state in place of the module's init" },
    { name: "params", value: "JSON", summary: "parameters in place of the module's params" },
    {
      name: "rng",
      value: "NAME",
      summary: "python, numpy or sfc32 (default: the module's, or python)",
    },
    { name: "block-size", value: "N", summary: "states per block (default ceil(sqrt(steps)))" },
    {
      name: "observe",
      value: "NAME",
      summary:
        "take statistics of this observable of the module only, or of NAME=FUNCTION, such as " +
        "'v=s => s.value' (default: all that the module exports)",
      repeat: true,
    },
    { name: "until", value: "FUNCTION", summary: "end with the first state for which it is true" },
    { name: "self-check", summary: "replay each block at once and stop where it differs" },
    { name: "no-source", summary: "do not embed the step's source in the file" },
    FORCE_OPTION,
    ...LIMIT_OPTIONS.map((option) =>
      option.name === "timeout"
        ? { ...option, summary: "stop the step after this time (default: no limit)" }
        : option
    ),
    JSON_OPTION,
  ],
  details: [
    "The module exports step(state, rng, params, t, input) and init, and may export params, rng, observe and " +
    "codec. It is bundled into one module without imports and runs in the sandbox, so that whoever " +
    "gets the file can replay it. Ctrl-C keeps what was recorded.",
    "The file holds the module's source, parameters and states: look at what you share.",
  ],
  examples: [
    {
      command: "rewind record examples/walk.ts --steps 1e6 --seed 42 -o walk.replay",
      note: "a random walk of a million steps",
    },
    {
      command: `rewind record examples/sir.ts --steps 200 --seed 11 --observe infected --force`,
      note: "an epidemic, with statistics of one observable, to sir.replay",
    },
  ],
  run,
};

async function run({ args, output, signal }: CommandContext): Promise<number> {
  const path = args.positionals[0]!;
  const steps = optionInteger(args, "steps", { min: 1, max: STEPS_MAX });
  const seed = optionText(args, "seed");
  if (steps === undefined) throw new UsageError("record needs --steps N", "record");
  if (seed === undefined) throw new UsageError("record needs --seed N", "record");
  const rng = optionText(args, "rng");
  if (rng !== undefined && !RNG_NAMES.includes(rng)) {
    throw new UsageError(`--rng must be one of ${RNG_NAMES.join(", ")}, not '${rng}'`);
  }
  const target = optionText(args, "output") ??
    `${path.replace(/^.*[\\/]|\.[^./\\]*$/g, "")}.replay`;
  await checkOutput(target, args);
  const { source, stepId } = await readStepSource(path);
  const blockSize = optionInteger(args, "block-size", { min: 1, max: STEPS_MAX });
  const init = optionValue(args, "init");
  const params = optionValue(args, "params");
  const until = optionText(args, "until");
  const observe = observables(optionTexts(args, "observe"));
  const start = performance.now();
  let record: RunRecord;
  {
    await using session = new SandboxSession({
      source,
      signal,
      ...sandboxLimits(args, { timeoutMs: Infinity }),
    });
    record = await session.record({
      steps,
      seed: readSeed(seed),
      stepId,
      selfCheck: optionSwitch(args, "self-check"),
      ...(rng === undefined ? {} : { rng: rng as RngName }),
      ...(blockSize === undefined ? {} : { blockSize }),
      ...(params === undefined ? {} : { params }),
      ...(init === undefined ? {} : { start: encodeState(init.value) }),
      ...(until === undefined ? {} : { until }),
      ...(observe === undefined ? {} : { observe }),
      onProgress: (t) => output.progress(progressText(t, steps, performance.now() - start)),
    });
  }
  // A terminal sends Ctrl-C to the sandbox's process too, which may end before the signal is seen here.
  const interrupted = signal.aborted ||
    (record.steps < steps && until === undefined && record.failure === undefined);
  if (optionSwitch(args, "no-source")) record = { ...record, source: undefined };
  const saved = await saveRun(
    new SavedRecord(record),
    target,
    args,
  );
  if (optionSwitch(args, "json")) {
    output.json({
      file: target,
      fileBytes: saved.fileBytes,
      contentHash: saved.contentHash,
      steps: record.steps,
      seed: integerJson(record.seed),
      rng: record.rng,
      blockSize: record.blockSize,
      blocks: record.checkpoints.length,
      observed: Object.fromEntries(
        Object.entries(record.observed).map(([name, stats]) => [name, statsJson(stats)]),
      ),
      failure: record.failure ?? null,
      interrupted,
    });
  } else {
    output.line(
      `recorded ${counted(record.steps, "step")} with seed ${record.seed} in ${
        ((performance.now() - start) / 1000).toFixed(2)
      } s: ${target}, ${byteText(saved.fileBytes)}`,
    );
    for (const [name, stats] of Object.entries(record.observed)) {
      const rows = statsRows(stats).map(([key, value]) => `${key} ${value}`);
      output.line(`  ${escapeText(name)}: ${rows.join(", ")}`);
    }
  }
  if (usesPowerOperator(source)) {
    output.note(
      "the step uses **, the engine's own power, whose last bit another engine may give otherwise: " +
        "Math.pow gives the same bits everywhere",
    );
  }
  const { failure } = record;
  return reportRunEnd({ steps: record.steps, failure, interrupted }, output);
}

/** `--observe` values as observables of the module (undefined) or texts of functions, by name. */
function observables(texts: readonly string[]): Record<string, string | undefined> | undefined {
  if (texts.length === 0) return undefined;
  const chosen: Record<string, string | undefined> = {};
  for (const text of texts) {
    const { name, expression } = readObservable(text);
    if (name === undefined) {
      throw new UsageError(`--observe needs a name for a function: 'name=${text}'`);
    }
    chosen[name] = expression;
  }
  return chosen;
}

/**
 * Whether a text seems to use `**`, the one operator that the sandbox cannot replace. It is looked for
 * behind comments and without a parser: at worst a note is printed in vain.
 */
function usesPowerOperator(source: string): boolean {
  const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
  return /[\w$)\]]\s*\*\*=?\s*[\w$(.+-]/.test(code);
}

function progressText(t: number, steps: number, elapsedMs: number): string {
  const share = t / steps;
  const left = share > 0 ? (elapsedMs / share - elapsedMs) / 1000 : 0;
  return `step ${grouped(t)} of ${grouped(steps)} (${Math.floor(share * 100)}%), ${
    left.toFixed(0)
  } s left`;
}
