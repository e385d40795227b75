/**
 * What tells a good commit from a bad one: the mean of a metric, a shell command, or a replay.
 *
 * @module
 */

import { ArgumentRangeError, ArgumentTypeError } from "../../errors.ts";
import { type ChildResult, runChild } from "../command/child_process.ts";
import { splitCommand } from "../command/command_words.ts";
import { GitError } from "../command/git_worktree.ts";
import { runCommand } from "../command/replay_command.ts";
import { splitNames } from "../compare/metric_selection.ts";
import { holds, parseComparison } from "../compare/comparison_expression.ts";
import type { BisectStep } from "../findings/bisect_report.ts";
import { column } from "../log/run_log.ts";
import { summarize } from "../statistics/summary.ts";
import type { BisectOptions } from "./bisect_options.ts";
import { replay } from "./replay.ts";

/** Verdict and reason. */
type Outcome = Pick<BisectStep, "verdict" | "why">;
/** Tests the commit that is checked out in `tree`; what it prints goes into `place`. */
export type Predicate = (tree: string, place: string) => Promise<Outcome>;

/**
 * The test that `options` ask for, after `build` if there is one.
 *
 * @throws {TypeError} if not exactly one way to tell good from bad is given.
 * @throws {SyntaxError} if `cmp` is no comparison.
 */
export function makePredicate(options: BisectOptions): Predicate {
  const ways = [options.metric, options.shellPredicate, options.run].filter((way) =>
    way !== undefined
  );
  if (ways.length !== 1) {
    throw new ArgumentTypeError(
      "Cannot bisect without exactly one way to tell good from bad: --metric with --cmp, " +
        `--shell-predicate, or --run; ${ways.length} are given`,
    );
  }
  const judge = options.shellPredicate !== undefined
    ? shellJudge(options, options.shellPredicate)
    : options.run !== undefined
    ? replayJudge(options, options.run, requireCommand(options))
    : metricJudge(options, options.metric!, requireCommand(options));
  if (options.build === undefined) return judge;
  const build = splitCommand(options.build);
  return async (tree, place) => {
    const result = await runHere(options, build.argv, build.env, tree, place, "build");
    if (result.end !== "exited" || result.exitCode !== 0) {
      return { verdict: "skip", why: `it does not build (${describeExit(result)})` };
    }
    return await judge(tree, place);
  };
}

function requireCommand(options: BisectOptions): string {
  if (options.command !== undefined) return options.command;
  throw new ArgumentTypeError(
    "Cannot bisect by metrics without a command that makes them; give --command",
  );
}

function metricJudge(options: BisectOptions, metric: string, command: string): Predicate {
  if (options.cmp === undefined) {
    throw new ArgumentTypeError(
      `Cannot judge by "${metric}" without a comparison; give one, such as --cmp "> 0.2"`,
    );
  }
  const comparison = parseComparison(options.cmp);
  const words = splitCommand(command);
  const window = options.window ?? 100;
  if (!Number.isInteger(window) || window < 1) {
    throw new ArgumentRangeError(
      `Cannot bisect as 'window' must be at least 1: current value is ${window}`,
    );
  }
  return async (tree, place) => {
    const run = await runCommand({
      argv: words.argv,
      env: words.env,
      seed: 42n,
      inject: false,
      device: "auto",
      cwd: tree,
      folder: `${place}/run`,
      metricsFile: options.metricsFile,
      read: {},
      timeoutMs: options.timeoutMs,
      signal: options.signal,
    });
    if (!run.completed) return { verdict: "skip", why: run.problem ?? "the command failed" };
    const found = run.log === undefined ? undefined : column(run.log, metric);
    if (found === undefined) {
      return { verdict: "skip", why: run.metricsProblem ?? `its log has no "${metric}"` };
    }
    const parts = splitNames(run.log!, metric);
    if (parts.length > 1) {
      throw new GitError(
        `Cannot judge by "${metric}": its log tells ${parts.join(" and ")} apart; name one of them`,
      );
    }
    const values = Array.from(found.values).filter((_, row) => found.present[row] === 1).slice(
      -window,
    );
    const { mean } = summarize(values);
    const verdict = holds(comparison, mean) ? "good" : "bad";
    return { verdict, why: `${metric} is ${mean} over its last ${values.length} rows` };
  };
}

function shellJudge(options: BisectOptions, text: string): Predicate {
  return async (tree, place) => {
    const result = await runHere(options, ["sh", "-c", text], {}, tree, place, "predicate");
    const code = result.exitCode;
    if (result.end === "timeout") return { verdict: "skip", why: describeExit(result) };
    if (result.end !== "exited" || code === undefined || code > 127) {
      throw new GitError(
        `Cannot go on with the bisection as the predicate was stopped: ${describeExit(result)}`,
      );
    }
    if (code === 126 || code === 127) {
      throw new GitError(`Cannot run the predicate, as the shell says: ${result.stderrTail}`);
    }
    return {
      verdict: code === 0 ? "good" : code === 125 ? "skip" : "bad",
      why: describeExit(result),
    };
  };
}

function replayJudge(options: BisectOptions, run: string, command: string): Predicate {
  return async (tree, place) => {
    const report = await replay({
      run,
      command,
      metrics: options.metrics ?? "all",
      tolerance: options.tolerance,
      cwd: tree,
      outputDir: place,
      metricsFile: options.metricsFile,
      failFast: true,
      diagnose: false,
      renderPage: false,
      timeoutMs: options.timeoutMs,
      signal: options.signal,
    });
    const why = report.reasons[0] ?? `the run reproduces (${report.compared} values compared)`;
    if (report.verdict === "passed") return { verdict: "good", why };
    return { verdict: report.verdict === "failed" ? "bad" : "skip", why };
  };
}

async function runHere(
  options: BisectOptions,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  tree: string,
  place: string,
  label: string,
): Promise<ChildResult> {
  const { default: process } = await import("node:process");
  return await runChild(argv, {
    env: { ...process.env as Record<string, string>, ...env },
    cwd: tree,
    stdoutPath: `${place}/${label}_stdout.log`,
    stderrPath: `${place}/${label}_stderr.log`,
    timeoutMs: options.timeoutMs,
    ...(options.signal === undefined ? {} : { signal: options.signal, interruptsBySignal: true }),
  });
}

function describeExit(result: ChildResult): string {
  return result.end === "timeout"
    ? "it took too long"
    : result.exitCode === undefined
    ? `killed by ${result.killedBy}`
    : `exit code ${result.exitCode}`;
}
