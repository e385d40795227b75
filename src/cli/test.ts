/**
 * `rewind test`: recorded runs as regression tests of the code of today.
 *
 * @module
 */

import { openRecord } from "../artifact/open_record.ts";
import { SavedRecord } from "../artifact/saved_record.ts";
import { ArtifactIntegrityError } from "../errors.ts";
import type { RunRecord } from "../engine/types.ts";
import type { StepSource } from "../sandbox/recorder/read_step.ts";
import { type GoldenOptions, recordGolden, testGolden } from "../testing/golden.ts";
import { printable, printableLine } from "../text/printable.ts";
import { defineCommand } from "./command.ts";
import { COMPARE_OPTIONS } from "./compare_options.ts";
import { describeError } from "./error_report.ts";
import { EXIT_NO, EXIT_OK, EXIT_REFUSED, EXIT_USAGE } from "./exit_codes.ts";
import { goldenFiles, ModuleFinder } from "./golden_files.ts";
import {
  goldenAnnotations,
  goldenJson,
  goldenJunit,
  goldenMarkdown,
  type GoldenResult,
  reasonLines,
  statusOf,
} from "./golden_report.ts";
import { flag, grouped as groupedOptions, JSON_OPTION, operands, path, texts } from "./options.ts";
import type { Output } from "./output.ts";
import { LIMIT_OPTIONS, MODULE_OPTIONS, sandboxLimits, stepModule } from "./sandbox_options.ts";
import { saveRun, writeOutput } from "./output_path.ts";
import { counted, grouped } from "./table.ts";
import { InputError } from "./usage_error.ts";

/** The verb. */
export const command = defineCommand({
  operands: { places: operands("folder", { min: 0, usage: "[<folder or run.replay>...]" }) },
  options: {
    module: texts("PATH", "Step module, or folder in which modules are looked for by name", {
      fallback: "next to the run, above it, below the working directory",
    }),
    update: flag("Record anew the runs that differ"),
    changed: flag("Test only runs whose module is not the one in the file"),
    ...COMPARE_OPTIONS,
    ...groupedOptions("Reports", {
      junit: path("FILE", "File for a JUnit report"),
      summary: path("FILE", "File for a summary in Markdown"),
      annotate: flag("Print annotations of GitHub Actions, too"),
    }),
    ...LIMIT_OPTIONS,
    ...MODULE_OPTIONS,
    json: JSON_OPTION,
  },
  details: [
    "Replays each .replay file of a folder with the step module that it came from, as that is today, and reports the " +
    "first step and the part of the state that differ. Exit codes: 0 all pass, 1 some differ, 2 some could not be " +
    "tested, 3 there are no runs.",
  ],
  examples: [
    {
      command: "rewind test golden --module src",
      note: "Test the runs in golden with the modules in src",
    },
    { command: "rewind test golden --module src --update", note: "Accept what differs" },
  ],
  async run(values, { output, signal }) {
    const { update, changed, ignore, json } = values;
    const files = await goldenFiles(values.places.length === 0 ? ["."] : values.places);
    const finder = new ModuleFinder(values.module);
    const tester = new GoldenTester({
      finder,
      read: (file) => stepModule(file, values),
      golden: {
        ...{ ...sandboxLimits(values), signal, ignore, changedOnly: changed },
        everyState: values.everyState ? true : undefined,
      },
      update,
    });
    const results: GoldenResult[] = [];
    const started = performance.now();
    for await (const result of inOrder(files, (file) => tester.test(file))) {
      signal.throwIfAborted();
      results.push(result);
      if (!json) printResult(output, result);
    }
    const seconds = (performance.now() - started) / 1000;
    if (finder.guesses.size > 0) {
      const paths = printableLine([...finder.guesses].sort().join(", "));
      output.note(`note: found by their names below this folder: ${paths}; --module names them`);
    }
    report(output, results, { ...values, seconds });
    if (results.length === 0) {
      output.note("there are no .replay files");
      return EXIT_REFUSED;
    }
    const statuses = results.map(statusOf);
    if (statuses.includes("failed")) return EXIT_NO;
    return statuses.includes("error") ? EXIT_USAGE : EXIT_OK;
  },
});

/** Tests golden runs. */
class GoldenTester {
  readonly #finder: ModuleFinder;
  readonly #read: (file: string) => Promise<StepSource>;
  readonly #golden: GoldenOptions;
  readonly #update: boolean;
  /** Modules by path: many runs come from one. */
  readonly #modules = new Map<string, Promise<StepSource>>();

  constructor({ finder, read, golden, update }: {
    finder: ModuleFinder;
    read: (file: string) => Promise<StepSource>;
    golden: GoldenOptions;
    update: boolean;
  }) {
    this.#finder = finder;
    this.#read = read;
    this.#golden = golden;
    this.#update = update;
  }

  async test(file: string): Promise<GoldenResult> {
    const started = performance.now();
    const blank = { file, module: undefined, steps: 0, isUpdated: false, error: undefined };
    let known: Pick<GoldenResult, "module" | "steps"> = blank;
    const seconds = (): number => (performance.now() - started) / 1000;
    try {
      const { record, checkAll } = await openRecord(file);
      checkAll();
      known = { module: undefined, steps: record.steps };
      const path = await this.#choose(file, record);
      known = { module: path, steps: record.steps };
      const module = await this.#moduleAt(path);
      const verdict = await testGolden(record, module, this.#golden);
      const isBad = verdict.kind !== "same" && verdict.kind !== "skipped";
      if (isBad && this.#update) {
        const again = await recordGolden(record, module, this.#golden);
        await saveRun(new SavedRecord(again), file, { force: true });
      }
      return { ...blank, ...known, verdict, isUpdated: isBad && this.#update, seconds: seconds() };
    } catch (error) {
      this.#golden.signal?.throwIfAborted();
      const about = error instanceof ArtifactIntegrityError ? file : undefined;
      const hint = error instanceof InputError && error.hint ? `; ${error.hint}` : "";
      const text = `${describeError(error, about)}${printableLine(hint)}`;
      return { ...blank, ...known, verdict: undefined, error: text, seconds: seconds() };
    }
  }

  /** The module of a run: of several that have its name the one that the file has. */
  async #choose(file: string, { stepId, source }: RunRecord): Promise<string> {
    const paths = await this.#finder.modulesOf(file, stepId);
    if (paths.length === 1) return paths[0]!;
    for (const path of paths) {
      const module = await this.#moduleAt(path).catch(() => undefined);
      if (module?.source === source) return path;
    }
    throw new InputError(
      `Cannot tell which module '${file}' came from: ${
        paths.join(", ")
      } have its name, and none is the one in the file`,
      { hint: "test its runs by themselves, with their folder or file as --module" },
    );
  }

  #moduleAt(path: string): Promise<StepSource> {
    let module = this.#modules.get(path);
    if (module === undefined) this.#modules.set(path, module = this.#read(path));
    return module;
  }
}

/** Works on some items at a time; gives the results in the order of the items. */
async function* inOrder<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, void> {
  const width = Math.max(1, navigator.hardwareConcurrency);
  const running: Promise<R>[] = [];
  let next = 0;
  while (next < items.length || running.length > 0) {
    while (running.length < width && next < items.length) running.push(work(items[next++]!));
    yield await running.shift()!;
  }
}

const WORDS = {
  passed: "ok",
  failed: "FAILED",
  error: "ERROR",
  skipped: "skipped",
  updated: "updated",
} as const;

function printResult(output: Output, result: GoldenResult): void {
  const status = statusOf(result);
  const color = status === "passed" || status === "updated"
    ? "good"
    : status === "skipped"
    ? "dim"
    : "bad";
  const what = status === "passed" ? ` (${counted(result.steps, "state")})` : "";
  output.line(`${output.paint(WORDS[status], color)} ${printable(result.file)}${what}`);
  if (status === "passed" || status === "skipped") return;
  for (const line of reasonLines(result)) output.line(`  ${line}`);
}

function report(
  output: Output,
  results: readonly GoldenResult[],
  { json, junit, summary, annotate, seconds }: {
    readonly json: boolean;
    readonly junit: string | undefined;
    readonly summary: string | undefined;
    readonly annotate: boolean;
    readonly seconds: number;
  },
): void {
  const encoder = new TextEncoder();
  const write = (path: string, text: string): void =>
    writeOutput(path, encoder.encode(text), { force: true });
  if (junit !== undefined) write(junit, goldenJunit(results, new Date()));
  if (summary !== undefined) write(summary, goldenMarkdown(results));
  if (annotate) { for (const line of goldenAnnotations(results)) output.note(line); }
  if (json) return output.json(goldenJson(results));
  const { passed, failed, errors, skipped, updated } = goldenJson(results);
  const parts = [
    `${grouped(passed)} passed`,
    ...[[failed, "differ"], [errors, "not tested"], [updated, "updated"], [skipped, "skipped"]]
      .filter(([count]) => count !== 0).map(([count, word]) =>
        `${grouped(count as number)} ${word}`
      ),
  ];
  output.line(`${parts.join(", ")} (${seconds.toFixed(2)} s)`);
}
