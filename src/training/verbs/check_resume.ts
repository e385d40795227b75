/**
 * Is a resumed run the run? Kills a command at a step, resumes it, and compares what follows with a run that was
 * not interrupted.
 *
 * @module
 */

import { joinCommand, splitCommand } from "../command/command_words.ts";
import type { FingerprintRequest } from "../command/fingerprint_request.ts";
import { type CommandRun, runCommand } from "../command/replay_command.ts";
import { OUTPUT } from "../command/metrics_place.ts";
import { withoutSecrets } from "../command/secrets.ts";
import { injectSeed } from "../command/seed_injection.ts";
import { compareRuns } from "../compare/compare.ts";
import { type MetricSelection, parseMetrics } from "../compare/metric_selection.ts";
import { toJsonText } from "../files/json_text.ts";
import { writeReportFiles } from "../files/write_results.ts";
import { logWarnings } from "../findings/log_warnings.ts";
import { mismatchText } from "../findings/mismatch_text.ts";
import { culpritsInLog, hintOf, shiftHint } from "../findings/resume_hints.ts";
import {
  resumeJson,
  type ResumeOutcome,
  type ResumeReport,
  type ResumeRun,
  type ResumeVerdict,
} from "../findings/resume_report.ts";
import type { RunLog } from "../log/run_log.ts";
import { withFingerprints } from "./resume_fingerprints.ts";
import { checkResumeOptions, type ResumeOptions } from "./resume_options.ts";

/**
 * Runs the command until it is killed at a step, resumes it, then runs it without interruption. Where `{output}`
 * stands in the commands, the killed and the resumed run share a folder for checkpoints and the third has its own.
 *
 * @throws {TrainingCommandError} if a command cannot be started.
 * @throws {TypeError} if an option is malformed.
 * @throws {RangeError} if a number is out of range.
 *
 * @example Usage
 * ```ts
 * import { checkResume } from "@rewind/cli/training";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const row = (step: number) => `echo '{"step": ${step}, "loss": ${step}}' >> "$RLDK_METRICS_PATH"`;
 * await Deno.writeTextFile(`${folder}/train.sh`, [row(0), row(1), "sleep $1", row(2)].join("\n"));
 * await Deno.writeTextFile(`${folder}/resume.sh`, row(2));
 * const report = await checkResume({
 *   command: `sh -c 'case $1 in *killed) sh train.sh 600;; *) sh train.sh 0;; esac' x {output}`,
 *   resumeCommand: "sh resume.sh",
 *   at: 1,
 *   cwd: folder,
 *   outputDir: `${folder}/out`,
 * });
 * await Deno.remove(folder, { recursive: true });
 *
 * assertEquals(report.verdict, "passed");
 * assertEquals(report.resumedAt, 2);
 * ```
 */
export async function checkResume(options: ResumeOptions): Promise<ResumeReport> {
  checkResumeOptions(options);
  const path = await import("node:path");
  const folder = path.resolve(options.outputDir ?? "resume_check");
  const check = new ResumeCheck(options, folder);
  const report = await check.run();
  const { files, failures } = await writeReportFiles(
    { report: path.join(folder, "resume_report.json") },
    { report: () => toJsonText(resumeJson(report)) },
  );
  return { ...report, files: Object.values(files), warnings: [...report.warnings, ...failures] };
}

/** A log, and whether it holds nothing but what its own run wrote. */
interface OwnLog {
  readonly log: RunLog;
  readonly first: number;
  readonly last: number;
}

class ResumeCheck {
  readonly #options: ResumeOptions;
  readonly #folder: string;
  readonly #selection: MetricSelection;
  readonly #commands: { readonly train: Words; readonly resume: Words };
  readonly #fingerprint: FingerprintRequest | undefined;
  readonly #runs: ResumeRun[] = [];
  readonly #warnings: string[] = [];

  constructor(options: ResumeOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
    this.#fingerprint = options.fingerprint === false
      ? undefined
      : options.fingerprint ?? { level: "step" };
    const bounds = { ...options, tolerance: options.tolerance ?? 0 };
    this.#selection = parseMetrics([options.metrics ?? "all"].flat(), bounds);
    const train = prepare(options.command, options);
    const resume = options.resumeCommand === undefined
      ? train
      : prepare(options.resumeCommand, options);
    this.#commands = { train, resume };
    this.#warnings.push(...new Set([...train.warnings, ...resume.warnings]));
  }

  async run(): Promise<ResumeReport> {
    const { hints = [], doubts = [], ...outcome } = await this.#decide();
    const { comparison } = outcome;
    return {
      culprits: [],
      cause: undefined,
      comparison: undefined,
      resumedAt: undefined,
      notes: [],
      ...outcome,
      reasons: [...outcome.reasons, ...hints],
      warnings: [...this.#warnings, ...doubts, ...outcome.warnings ?? []],
      passed: outcome.verdict === "passed",
      at: this.#options.at,
      firstMismatch: comparison?.firstMismatch,
      runs: this.#runs,
      outputDir: this.#folder,
    };
  }

  async #decide(): Promise<ResumeOutcome> {
    const { at, maxSteps } = this.#options;
    const killed = await this.#start("killed", { killAt: at });
    if (killed.child.end !== "stopped") {
      return ended(killed, {
        exited:
          `the command ended before it could be killed at step ${at}: take an earlier step for --at, or a ` +
          "longer run",
      });
    }
    const before = ownLog(killed);
    if (before === undefined) return withoutMetrics("killed", killed);
    // The killed run's folder is where the resumed one finds its checkpoints.
    const resumed = await this.#start("resumed", {
      output: `${this.#folder}/killed`,
      isResume: true,
      fingerprint: this.#fingerprint,
      maxSteps,
    });
    if (!resumed.completed) return ended(resumed, { failed: "the resume command failed: " });
    const after = ownLog(resumed);
    if (after === undefined) return withoutMetrics("resumed", resumed);
    const whole = await this.#start("whole", { fingerprint: this.#fingerprint, maxSteps });
    if (!whole.completed) return ended(whole, { failed: "the uninterrupted run failed: " });
    const reference = ownLog(whole);
    if (reference === undefined) return withoutMetrics("uninterrupted", whole);
    // In a folder that both share, the log may hold what the killed run wrote.
    const isFresh = !(this.#options.metricsFile ?? "").includes(OUTPUT);
    const outcome = this.#compare(before, after, reference, isFresh);
    return await withFingerprints(outcome, {
      whole: whole.fingerprints[0],
      resumed: resumed.fingerprints[0],
      offset: isFresh ? after.first - reference.first : undefined,
    });
  }

  #compare(before: OwnLog, after: OwnLog, whole: OwnLog, isFresh: boolean): ResumeOutcome {
    const resumedAt = isFresh ? after.first : undefined;
    if (whole.first !== before.first) {
      return {
        verdict: "nothing_compared",
        reasons: [
          `the uninterrupted run began at step ${whole.first}, and the killed one at step ${before.first}: it found a ` +
          "checkpoint of another run; name the folder of checkpoints by {output} in the commands",
        ],
      };
    }
    if (before.last >= whole.last) {
      return {
        verdict: "nothing_compared",
        reasons: [
          `the command had logged its last step, ${before.last}, when it was killed, so that nothing was left to resume: ` +
          "take an earlier step for --at or a longer run, or a log that is written step by step",
        ],
      };
    }
    // What was killed may have been cut off in the middle of its last step.
    const steady = stepsBetween(whole.log, before.first, before.last - 1);
    if (steady.size > 0) {
      const same = compareRuns(whole.log, before.log, {
        metrics: this.#selection,
        steps: steady,
        names: ["uninterrupted run", "killed run"],
      });
      if (same.verdict === "differs") {
        return {
          verdict: "nothing_compared",
          reasons: [
            `two runs of the command differ before it is killed (${
              mismatchText(same.firstMismatch!)
            }): it does not repeat itself, so that nothing can be said about resuming; see check-determinism`,
          ],
        };
      }
    }
    if (resumedAt !== undefined && resumedAt <= before.first) {
      return {
        verdict: "failed",
        reasons: [
          `the resume command began anew, at step ${resumedAt}: it found no checkpoint, or did not load it`,
        ],
        resumedAt,
      };
    }
    const missed = stepsBetween(whole.log, before.last + 1, after.first - 1);
    if (resumedAt !== undefined && missed.size > 0) {
      return {
        verdict: "nothing_compared",
        reasons: [
          `the resumed run began at step ${resumedAt}, and the killed one had logged step ${before.last}: its checkpoint ` +
          "is that of another run (name the folder of checkpoints by {output}), or the command does not flush its log",
        ],
        resumedAt,
      };
    }
    const comparison = compareRuns(whole.log, after.log, {
      metrics: this.#selection,
      steps: new Set([
        ...stepsBetween(whole.log, after.first, Infinity),
        ...stepsBetween(after.log, after.first, Infinity),
      ]),
      maxSteps: this.#options.maxSteps,
      names: ["uninterrupted run", "resumed run"],
    });
    const doubts = isFresh || after.first > before.last ? [] : [
      "the log of the resumed run holds earlier steps too: whether it went on or began anew does not show in it",
    ];
    const verdict: ResumeVerdict = comparison.verdict === "match"
      ? "passed"
      : comparison.verdict === "differs"
      ? "failed"
      : "nothing_compared";
    const shift = resumedAt === undefined || verdict !== "failed"
      ? undefined
      : shiftHint(comparison, { whole: whole.log, resumed: after.log, resumedAt });
    const culprits = shift === undefined
      ? culpritsInLog(comparison, { whole: whole.log, resumedAt })
      : [];
    const hint = shift ??
      (culprits.length > 0 || resumedAt === undefined ? undefined : hintOf(comparison, resumedAt));
    return {
      verdict,
      reasons: verdict === "passed" ? [] : comparison.reasons,
      hints: hint === undefined ? [] : [hint],
      doubts,
      culprits,
      comparison,
      resumedAt,
    };
  }

  async #start(
    name: string,
    { isResume = false, ...how }: {
      isResume?: boolean;
      output?: string;
      killAt?: number;
      maxSteps?: number | undefined;
      fingerprint?: FingerprintRequest | undefined;
    },
  ): Promise<CommandRun> {
    const options = this.#options;
    const { argv, env } = isResume ? this.#commands.resume : this.#commands.train;
    const folder = `${this.#folder}/${name}`;
    const run = await runCommand({
      argv,
      env,
      seed: BigInt(options.seed ?? 42),
      inject: false,
      without: options.without ?? [],
      device: options.device ?? "auto",
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      folder,
      ...(options.metricsFile === undefined ? {} : { metricsFile: options.metricsFile }),
      read: { format: options.format, preset: options.preset, fieldMap: options.fieldMap },
      timeoutMs: options.timeoutMs,
      signal: options.signal,
      onRow: ({ step }) => options.onProgress?.(name, step),
      ...how,
    });
    const { log } = run;
    this.#runs.push({
      name,
      command: joinCommand(withoutSecrets(argv).words),
      steps: log === undefined || log.steps.length === 0
        ? undefined
        : [log.steps[0]!, log.steps.at(-1)!],
      end: run.problem ?? "exited",
      folder,
      log,
    });
    if (log !== undefined) this.#warnings.push(...logWarnings(log, `the log of the ${name} run`));
    return run;
  }
}

interface Words {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

/** A command with the seed in it, if one was named. */
function prepare(command: string, options: ResumeOptions): Words {
  const words = splitCommand(command);
  const isNamed = options.seed !== undefined || options.seedArg !== undefined ||
    options.seedEnv !== undefined;
  if (!isNamed) return words;
  const { argv, env, warnings } = injectSeed(words.argv, BigInt(options.seed ?? 42), options);
  return { argv, env: { ...words.env, ...env }, warnings: [...words.warnings, ...warnings] };
}

function ended(run: CommandRun, texts: { exited?: string; failed?: string }): ResumeOutcome {
  if (run.child.end === "interrupted") {
    return { verdict: "interrupted", reasons: [run.problem!] };
  }
  if (run.completed && texts.exited !== undefined) {
    return { verdict: "nothing_compared", reasons: [texts.exited] };
  }
  return {
    verdict: "command_failed",
    reasons: [`${texts.failed ?? ""}${run.problem ?? "it did not end as it should"}`],
  };
}

function withoutMetrics(name: string, run: CommandRun): ResumeOutcome {
  return {
    verdict: "nothing_compared",
    reasons: [`the ${name} run: ${run.metricsProblem ?? "its log holds no step"}`],
  };
}

function ownLog({ log }: CommandRun): OwnLog | undefined {
  if (log === undefined || log.steps.length === 0) return undefined;
  return { log, first: log.steps[0]!, last: log.steps.at(-1)! };
}

function stepsBetween({ steps }: RunLog, first: number, last: number): Set<number> {
  return new Set(steps.filter((step) => step >= first && step <= last));
}
