/**
 * `rewind why`: which steps decided an outcome.
 *
 * @module
 */

import { join } from "shlex";
import { openRecord } from "../artifact/open_record.ts";
import { definitionIn } from "../campaign/campaign.ts";
import { CampaignFolder } from "../campaign/folder.ts";
import { recordTrial } from "../campaign/record_trial.ts";
import { explain, type ExplainedJump, type WhyReport } from "../campaign/why.ts";
import { renderWhyPage } from "../campaign/page/why_page.ts";
import type { WhyPoint } from "../campaign/why_search.ts";
import type { RunRecord } from "../engine/types.ts";
import type { ChildOptions } from "../sandbox/host/sandbox_child.ts";
import { childOf } from "../sandbox/host/open_run.ts";
import { SandboxedRun } from "../sandbox/host/sandboxed_run.ts";
import { escapeText } from "../text/escape_text.ts";
import { type CommandContext, defineCommand } from "./command.ts";
import { EXIT_NO, EXIT_OK } from "./exit_codes.ts";
import { noteMissing } from "./missing_note.ts";
import { integer, JSON_OPTION, operand, path, text } from "./options.ts";
import { checkOutput, FORCE_OPTION, writeOutput } from "./output_path.ts";
import { REPLAY_OPTIONS, sandboxLimits, stepModule } from "./sandbox_options.ts";
import { counted, grouped } from "./table.ts";
import { drawText } from "./trace.ts";
import { UsageError } from "./usage_error.ts";
import { artifactInput } from "./pipe_input.ts";

/** Longest value of a state that is printed. */
const VALUE_UNITS_MAX = 60;

/** The verb. */
export const command = defineCommand({
  operands: { file: operand("run.replay or campaign folder") },
  options: {
    where: text("FUNCTION", "Event to explain: predicate of the state and t", {
      fallback: "that the run failed, or the event of the campaign",
    }),
    trial: integer("N", "Trial of the campaign to explain", { min: 0 }),
    forks: integer("N", "Most forks to make", { min: 100, max: 1_000_000, default: 4000 }),
    jobs: integer("N", "Forks at a time", { min: 1, max: 1024, fallback: "one per core" }),
    output: path("FILE", "HTML page to write", { short: "o" }),
    force: FORCE_OPTION,
    ...REPLAY_OPTIONS,
    json: JSON_OPTION,
  },
  details: [
    "Forks with fresh seeds from chosen states tell how likely the event was from there. Where that changes, " +
    "more forks are made, down to the single steps that decided: they are printed with their draws and what they " +
    "changed, the largest change first.",
    "Exit code 1 if no fork and not the run has the event.",
  ],
  examples: [
    {
      command: "rewind why nan.replay --where 's => Number.isNaN(s.value)' --forks 100",
      note: "Which step doomed the run",
    },
    {
      command:
        "rewind why sir-campaign --trial 4 --where 's => s.infected > 300' --forks 100 --json",
      note: "Explain a trial of a campaign",
    },
  ],
  async run(values, { output, signal }) {
    const { file, trial, forks, jobs, json, force } = values;
    const target = values.output;
    if (target !== undefined) checkOutput(target, { force, reads: [file] });
    const limits = { ...sandboxLimits(values), signal };
    const { record, child, where: known, ...end } = CampaignFolder.isOne(file)
      ? await trialOf(file, trial, limits)
      : await runOf(values, limits);
    const where = values.where ?? known;
    const report = await explain(record, child, {
      ...end,
      where,
      forks,
      children: jobs,
      onProgress: (done) => output.progress(`fork ${grouped(done)} of at most ${grouped(forks)}`),
    });
    if (target !== undefined) {
      const page = renderWhyPage({
        name: trial === undefined ? file : `trial ${trial} of ${file}`,
        where,
        report,
        commands: trial === undefined ? stepCommands(file) : undefined,
      });
      writeOutput(target, new TextEncoder().encode(`${page}\n`), { force });
      output.note(`page: ${target}`);
    }
    if (json) output.json(reportJson(report));
    else printReport(output, report);
    if (report.failedForks > 0) {
      output.note(
        `warning: ${
          counted(report.failedForks, "fork")
        } failed or hit a limit, and count as forks without the event`,
      );
    }
    const isPossible = report.happenedAt !== undefined || report.curve.some(({ hits }) => hits > 0);
    if (!isPossible && where !== undefined) {
      await using run = new SandboxedRun(record, child);
      await noteMissing(output, where, run);
    }
    return isPossible ? EXIT_OK : EXIT_NO;
  },
});

/** Commands that look at a step of a run. */
function stepCommands(file: string): { trace(t: number): string; branch(t: number): string } {
  return {
    trace: (t) => join(["rewind", "trace", file, `${t}`]),
    branch: (t) => join(["rewind", "branch", file, `${t}`, "-o", "fork.replay"]),
  };
}

/** What is to be explained. */
interface Subject {
  readonly record: RunRecord;
  readonly child: ChildOptions;
  readonly where: string | undefined;
  /** Most states that it could have had; as many as it has if undefined. */
  readonly steps?: number;
  /** Text of the predicate that would have ended it. */
  readonly until?: string | undefined;
}

type Limits = Pick<ChildOptions, "timeoutMs" | "memoryBytesMax"> & {
  readonly signal: AbortSignal;
};

async function trialOf(
  path: string,
  trial: number | undefined,
  limits: Limits,
): Promise<Subject> {
  if (trial === undefined) {
    throw new UsageError("Missing option --trial N: which trial of the campaign to explain");
  }
  const definition = definitionIn(CampaignFolder.open(path));
  const { record, child } = await recordTrial(definition, trial, limits);
  const where = record.failure === undefined ? definition.where : undefined;
  return { record, child, where, steps: definition.steps, until: definition.until };
}

async function runOf(
  { file, step, trial, ...values }: {
    file: string;
    step: string | undefined;
    trial: number | undefined;
    allowNet: boolean;
    allowData: readonly string[];
  },
  limits: Limits,
): Promise<Subject> {
  if (trial !== undefined) {
    throw new UsageError(`Invalid option --trial: '${file}' is no folder of a campaign`);
  }
  const { record } = await openRecord(await artifactInput(file, limits.signal));
  const module = step === undefined ? undefined : await stepModule(step, values);
  return { record, child: childOf(record, { ...limits, ...module }), where: undefined };
}

function printReport(output: CommandContext["output"], report: WhyReport): void {
  const { happenedAt, isFailure, jumps, curve, forks } = report;
  const event = isFailure ? "the failure" : "the event";
  output.line(
    happenedAt === undefined
      ? `${event} did not happen in this run`
      : `${event} happened first at t = ${grouped(happenedAt)}`,
  );
  const [start] = curve as [WhyPoint];
  if (start.forks > 0) output.line(`at the start its chance was ${chanceText(start)}`);
  if (jumps.length === 0) {
    output.line(
      start.forks === 0
        ? "the first state decides it: no draw does"
        : isSettled(start, report)
        ? "so it was settled from the start: no step decided"
        : "no single step decided: the chance moved in many small ones",
    );
  }
  for (const jump of jumps) printJump(output, jump);
  output.line(
    output.paint(`${counted(forks, "fork")} from ${counted(curve.length - 1, "state")}`, "dim"),
  );
  if (report.isCut) {
    output.note("all forks are used up: with more (--forks) the answer may become sharper");
  }
}

/** Whether the outcome of the run was as good as certain from the start. */
function isSettled({ p }: WhyPoint, { happenedAt }: WhyReport): boolean {
  return happenedAt === undefined ? p <= 0.05 : p >= 0.95;
}

function printJump(
  output: CommandContext["output"],
  { t, before, after, draws, changes }: ExplainedJump,
): void {
  output.line(
    `${output.bold(`t = ${grouped(t)}`)}: ${chanceText(before)} before, ${chanceText(after)} after`,
  );
  if (draws !== undefined) {
    output.line(`  draws: ${draws.length === 0 ? "none" : draws.map(drawText).join(", ")}`);
  }
  for (const change of changes ?? []) {
    const value = (json: unknown) =>
      escapeText(json === undefined ? "nothing" : JSON.stringify(json), {
        maxLength: VALUE_UNITS_MAX,
      });
    output.line(`  ${escapeText(change.path)}: ${value(change.before)} -> ${value(change.after)}`);
  }
}

function chanceText({ p, low, high, forks }: WhyPoint): string {
  return forks === 0 ? percent(p) : `${percent(p)} (95%: ${percent(low)} to ${percent(high)})`;
}

function percent(p: number): string {
  return `${Number((100 * p).toPrecision(3))}%`;
}

function reportJson(report: WhyReport): unknown {
  return {
    ...report,
    happenedAt: report.happenedAt ?? null,
    jumps: report.jumps.map(({ t, before, after, draws, changes }) => ({
      t,
      before: before.p,
      after: after.p,
      beforeBand: [before.low, before.high],
      afterBand: [after.low, after.high],
      draws: draws?.map(drawText) ?? null,
      changes: changes?.map((change) => ({
        path: change.path,
        before: change.before ?? null,
        after: change.after ?? null,
      })) ?? null,
    })),
  };
}
