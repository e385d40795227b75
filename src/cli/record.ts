/**
 * `rewind record`: runs a step module in the sandbox and writes its run.
 *
 * @module
 */

import { SavedRecord } from "../artifact/saved_record.ts";
import { encodeState } from "../codec/encode_state.ts";
import type { RunRecord } from "../engine/types.ts";
import { STEPS_MAX } from "../limits.ts";
import { RNG_NAMES } from "../rng/backends.ts";
import { escapeText } from "../text/escape_text.ts";
import { SandboxSession } from "../sandbox/host/session.ts";
import { type CommandContext, defineCommand } from "./command.ts";
import { observables } from "./observable_option.ts";
import { choice, flag, integer, JSON_OPTION, operand, path, seed, text, texts } from "./options.ts";
import { PARAM_OPTIONS, paramChanges } from "./param_options.ts";
import { reportRunEnd } from "./run_end.ts";
import {
  RECORDED_MODULE_OPTIONS,
  sandboxLimits,
  stepModule,
  UNTIMED_LIMIT_OPTIONS,
} from "./sandbox_options.ts";
import { stateJson } from "./state_option.ts";
import { checkOutput, FORCE_OPTION, saveRun } from "./save.ts";
import { SHIM_OPTION } from "./shim_option.ts";
import { byteText, counted, grouped } from "./table.ts";
import { integerJson, statsJson, statsRows } from "./values.ts";

/** Told where a package was given what only its being loaded asks for. */
const LOAD_SHIM_NOTE =
  "a package reads the clock or draws from Math.random while it loads: it is given 2000-01-01 and " +
  "draws from the seed (--shim load)";

/** The verb. */
export const command = defineCommand({
  operands: { module: operand("module") },
  options: {
    steps: integer("N", "Number of states to record, such as 1e6", {
      required: true,
      min: 1,
      max: STEPS_MAX,
    }),
    seed: seed("Master seed, any integer", { required: true }),
    output: path("FILE", "File to write", { short: "o", fallback: "<module>.replay" }),
    force: FORCE_OPTION,
    init: stateJson("Initial state", { fallback: "the module's init" }),
    rng: choice(RNG_NAMES, "Generator", { fallback: "the module's, or python" }),
    blockSize: integer("N", "Number of states in a block", {
      min: 1,
      max: STEPS_MAX,
      fallback: "ceil(sqrt(steps))",
    }),
    observe: texts(
      "NAME",
      "Observable of the module, or NAME=FUNCTION such as 'v=s => s.value', to compute statistics of",
      { fallback: "all that the module exports" },
    ),
    ...PARAM_OPTIONS,
    until: text("FUNCTION", "Predicate of the state that ends the run when it is true"),
    selfCheck: flag("Replay each block at once and stop where it differs"),
    noGuards: flag("Do not try the first blocks again to find mistakes in the model"),
    noSource: flag("Leave the source of the step module out of the file"),
    ...UNTIMED_LIMIT_OPTIONS,
    ...RECORDED_MODULE_OPTIONS,
    shim: SHIM_OPTION,
    json: JSON_OPTION,
  },
  details: [
    "The module exports step(state, rng, params, t, input) and init, and may export params, rng, " +
    "observe and codec. It is bundled into one module without imports and runs in the sandbox, so anyone who gets " +
    "the file can replay it. Ctrl-C keeps what was recorded.",
    "The file contains the module's source, parameters and states: check them before you share it.",
  ],
  examples: [
    {
      command: "rewind record examples/walk.ts --steps 1e6 --seed 42 -o walk.replay",
      note: "Record a random walk of a million steps",
    },
    {
      command: `rewind record examples/sir.ts --steps 200 --seed 11 --observe infected --force`,
      note: "Record an epidemic to sir.replay, with statistics of one observable",
    },
  ],
  async run(values, { output, signal }) {
    const { module, steps, seed, force, init, rng, blockSize, until } = values;
    const target = values.output ?? `${module.replace(/^.*[\\/]|\.[^./\\]*$/g, "")}.replay`;
    checkOutput(target, { force });
    const { source, sourceMap, stepId, notes, mayShimLoad } = await stepModule(module, values);
    const shims = mayShimLoad ? { ...values.shim, load: true as const } : values.shim;
    const observe = observables(values.observe);
    const changes = paramChanges(values);
    const start = performance.now();
    let failurePlace: string | undefined;
    let record: RunRecord;
    {
      await using session = new SandboxSession({
        source,
        sourceMap,
        stepId,
        shims,
        signal,
        ...sandboxLimits(values, { timeoutMs: Infinity }),
      });
      record = await session.record({
        steps,
        seed,
        stepId,
        selfCheck: values.selfCheck,
        guards: !values.noGuards,
        ...(rng === undefined ? {} : { rng }),
        ...(blockSize === undefined ? {} : { blockSize }),
        paramChanges: changes,
        ...(init === undefined ? {} : { start: encodeState(init.value) }),
        ...(until === undefined ? {} : { until }),
        ...(observe === undefined ? {} : { observe }),
        onNote: (note) => output.note(`note: ${note}`),
        onFailure: (place) => {
          failurePlace = place;
        },
        onProgress: (t) => output.progress(progressText(t, steps, performance.now() - start)),
      });
    }
    // A terminal sends Ctrl-C to the sandbox's process too, which may end before the signal is seen here.
    const interrupted = signal.aborted ||
      (record.steps < steps && until === undefined && record.failure === undefined);
    if (values.noSource) record = { ...record, source: undefined, sourceMap: undefined };
    const saved = await saveRun(new SavedRecord(record), target, { force });
    const recorded = { record, saved, target, interrupted };
    if (values.json) output.json(recordedJson(recorded));
    else printRecorded(output, recorded, performance.now() - start);
    for (const note of notes) output.note(`warning: ${note}`);
    if (record.shims?.load === true && values.shim?.load !== true) {
      output.note(`warning: ${LOAD_SHIM_NOTE}`);
    }
    const { failure } = record;
    return reportRunEnd({ steps: record.steps, failure, failurePlace, interrupted }, output);
  },
});

/** A run that was just recorded, and its file. */
interface Recorded {
  readonly record: RunRecord;
  readonly saved: { readonly fileBytes: number; readonly contentHash: string };
  readonly target: string;
  readonly interrupted: boolean;
}

function recordedJson({ record, saved, target, interrupted }: Recorded): Record<string, unknown> {
  return {
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
  };
}

function printRecorded(
  output: CommandContext["output"],
  { record, saved, target }: Recorded,
  elapsedMs: number,
): void {
  output.line(
    `recorded ${counted(record.steps, "step")} with seed ${record.seed} in ${
      (elapsedMs / 1000).toFixed(2)
    } s: ${target}, ${byteText(saved.fileBytes)}`,
  );
  for (const [name, stats] of Object.entries(record.observed)) {
    const rows = statsRows(stats).map(([key, value]) => `${key} ${value}`);
    output.line(`  ${escapeText(name)}: ${rows.join(", ")}`);
  }
}

function progressText(t: number, steps: number, elapsedMs: number): string {
  const share = t / steps;
  const left = share > 0 ? (elapsedMs / share - elapsedMs) / 1000 : 0;
  return `step ${grouped(t)} of ${grouped(steps)} (${Math.floor(share * 100)}%), ${
    left.toFixed(0)
  } s left`;
}
